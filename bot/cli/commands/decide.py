"""`howdah retry` and `howdah skip`: a person decides about shares that are stuck."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from bot.cli.failures import Problems
from bot.cli.options import account_option, site_option
from bot.cli.session import Session, known_account, known_site, pass_session
from bot.cli.terminal.output import say, say_json
from bot.errors import RefusedError
from bot.report.json_lines import share_line
from bot.report.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bot.config import Config
    from bot.crosspost.context import Context
    from bot.domain.models import Share

    Choose = Callable[[Iterable[Share]], list[Share]]

_site = site_option("Of this site alone.")
_account = account_option("On this account alone.")
_yes = click.option("--yes", is_flag=True, help="Ask nothing, however many there are.")
_json = click.option("--json", "as_json", is_flag=True, help="Print each share as JSON, as `list --json` does.")


class _Wanted(Struct, frozen=True, kw_only=True):
    """Which shares a person means: of named posts, or all in some states; of one site, on one account, where given."""

    posts: tuple[str, ...]
    states: tuple[str, ...]
    site: str | None
    account: str | None

    def check(self, config: Config) -> None:
        """UserError where there is no such site or account."""
        if self.site is not None:
            known_site(config, self.site)
        if self.account is not None:
            known_account(config, self.account)


@click.command()
@click.argument("posts", metavar="[POST...]", nargs=-1)
@click.option("--failed", is_flag=True, help="All shares that failed.")
@click.option("--held", is_flag=True, help="All shares that are held for a person.")
@_site
@_account
@_yes
@_json
@pass_session
def retry(
    session: Session,
    posts: tuple[str, ...],
    *,
    failed: bool,
    held: bool,
    site: str | None,
    account: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Try shares anew that failed or are held.

    So is a skipped one, where its post is named. They are queued, and go the
    ordinary way: filters, min_interval and quiet_hours count. A running daemon
    sends them, or the next `howdah sync`. One that may be on the account already
    is looked for there first. Those of several posts are asked about.

    \b
    howdah retry uk/393174
    howdah retry --held --site uk
    """
    if not (posts or failed or held):
        raise click.UsageError("Say which: POST…, --failed or --held.")
    from bot.crosspost.share import retry as try_anew
    from bot.crosspost.share import to_retry

    states = tuple(state for state, asked in (("failed", failed), ("held", held)) if asked)
    wanted = _Wanted(posts=posts, states=states, site=site, account=account)
    config = session.config()
    problems = Problems()
    with _offline_context(config) as context:
        chosen = _chosen(config, context, wanted, choose=to_retry, problems=problems)
        _confirm(chosen, "queue", several=_posts_of(chosen) > 1, yes=yes)
        queued = _decided(try_anew, context, chosen, problems=problems)
        for name in {share.account for share in queued}:
            context.store.resume(name)  # a person asks: a pause ends
    _tell(queued, "queued", wanted, as_json=as_json)
    problems.end(done=bool(queued))


@click.command()
@click.argument("posts", metavar="[POST...]", nargs=-1)
@click.option("--held", is_flag=True, help="All shares that are held for a person.")
@_site
@_account
@_yes
@_json
@pass_session
def skip(
    session: Session,
    posts: tuple[str, ...],
    *,
    held: bool,
    site: str | None,
    account: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Drop the shares of posts that are not to be.

    Those that are queued, failed, held, or of unknown outcome. What is on the
    account already stays there, and one that doesn't follow its post is told no
    more. All that are held are asked about.

    \b
    howdah skip uk/393174
    howdah skip --held --site uk
    """
    if not (posts or held):
        raise click.UsageError("Say which: POST… or --held.")
    from bot.crosspost.share import skip as drop
    from bot.crosspost.share import to_skip

    wanted = _Wanted(posts=posts, states=("held",) if held else (), site=site, account=account)
    config = session.config()
    problems = Problems()
    with _offline_context(config) as context:
        chosen = _chosen(config, context, wanted, choose=to_skip, problems=problems)
        _confirm(chosen, "skip", several=held and len(chosen) > 1, yes=yes)
        skipped = _decided(drop, context, chosen, problems=problems)
    _tell(skipped, "skipped", wanted, as_json=as_json)
    problems.end(done=bool(skipped))


@contextmanager
def _offline_context(config: Config) -> Iterator[Context]:
    """A context in which nothing is sent: no token is read."""
    import threading

    from bot.wiring import no_tokens, open_context

    with open_context(config, stop=threading.Event(), token_of=no_tokens) as context:
        yield context


def _chosen(config: Config, context: Context, wanted: _Wanted, *, choose: Choose, problems: Problems) -> list[Share]:
    """The shares that are meant, each once, those in a state first, oldest first."""
    wanted.check(config)
    found = [share for state in wanted.states for share in _in_state(context, wanted, state)]
    named = _of_posts(config, context, wanted.posts, choose=choose, problems=problems)
    asked = [share for share in named if wanted.site in (None, share.site) and wanted.account in (None, share.account)]
    return list({share.id: share for share in (*found, *asked)}.values())


def _in_state(context: Context, wanted: _Wanted, state: str) -> Iterable[Share]:
    """All shares in a state, oldest first."""
    from bot.domain.models import State

    return reversed(context.store.shares(state=State(state), site=wanted.site, account=wanted.account))


def _of_posts(
    config: Config, context: Context, posts: Sequence[str], *, choose: Choose, problems: Problems
) -> list[Share]:
    from bot.cli.post_names import known_post, shares_of

    chosen: list[Share] = []
    for text in posts:
        with problems.kept():
            post = known_post(text, config=config, store=context.store)
            chosen += choose(shares_of(post, context.store))
    return chosen


def _posts_of(shares: Iterable[Share]) -> int:
    return len({(share.site, share.post_id) for share in shares})


def _confirm(shares: Sequence[Share], verb: str, *, several: bool, yes: bool) -> None:
    """Ask a person whether so many are meant; RefusedError where nobody agrees, or nobody can be asked."""
    if yes or not several:
        return
    import sys

    from bot.cli.prompts import agree

    where = sorted({f"{share.site} on {share.account}" for share in shares})
    what = f"{counted(len(shares), 'share')} of {counted(_posts_of(shares), 'post')} ({', '.join(where)})"
    if not sys.stdin.isatty():
        raise RefusedError(f"this would {verb} {what}, and there is no terminal to ask in: nothing was done (--yes)")
    if not agree(f"{verb.capitalize()} {what}?", default=False):
        raise RefusedError("nothing was done")


def _decided(
    act: Callable[[Context, Share], Share], context: Context, shares: Iterable[Share], *, problems: Problems
) -> list[Share]:
    """The shares that were decided, as they are now; problems hold why others weren't."""
    decided = []
    for share in shares:
        with problems.kept():
            decided.append(act(context, share))
    return decided


def _tell(decided: Sequence[Share], outcome: str, wanted: _Wanted, *, as_json: bool) -> None:
    for share in decided:
        if as_json:
            say_json(share_line(share))
        else:
            say(f"{share.name}: {'left as it is' if share.state == 'shared' else outcome}")
    if not (decided or wanted.posts or as_json):
        say(f"No share is {' or '.join(wanted.states)}.")
