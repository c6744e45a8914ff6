"""`howdah retry` and `howdah skip`: a person decides about shares that are stuck."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bot.cli.failures import Problems
from bot.cli.session import Session, pass_session
from bot.cli.terminal.output import say
from bot.errors import RefusedError
from bot.report.lines import name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from bot.config import Config
    from bot.crosspost.context import Context
    from bot.domain.models import Share

    Choose = Callable[[Iterable[Share]], list[Share]]


@click.command()
@click.argument("posts", metavar="[POST...]", nargs=-1)
@click.option("--failed", is_flag=True, help="All shares that failed.")
@click.option("--held", is_flag=True, help="All shares that are held for a person.")
@pass_session
def retry(session: Session, posts: tuple[str, ...], *, failed: bool, held: bool) -> None:
    """Try shares anew that failed or are held.

    So is a skipped one, where its post is named. They are queued; a running daemon sends them within a second or
    two, `howdah sync` at once. One that may be on the account already is looked for there first.

    \b
    howdah retry uk/393174
    howdah retry --held
    """  # noqa: D301 - \b is click's mark for lines to be left as they are
    if not (posts or failed or held):
        raise click.UsageError("Say which: POST…, --failed or --held.")
    from bot.crosspost.share import retry as try_anew

    states = [state for state, asked in (("failed", failed), ("held", held)) if asked]
    config = session.config()
    problems = Problems()
    with _offline_context(config) as context:
        chosen = [share for state in states for share in _in_state(context, state)]
        chosen += _of_posts(config, context, posts, choose=_stuck, problems=problems)
        queued = _decided(try_anew, context, _once(chosen), problems=problems)
        for account in {share.account for share in queued}:
            context.store.resume(account)  # a person asks: a pause ends
    for share in queued:
        say(f"{name_of(share)}: queued")
    if not queued and not posts:
        say(f"No share is {' or '.join(states)}.")
    problems.end(done=bool(queued))


@click.command()
@click.argument("posts", metavar="POST...", nargs=-1, required=True)
@pass_session
def skip(session: Session, posts: tuple[str, ...]) -> None:
    """Drop the shares of posts that are not to be.

    Those that are queued, failed, held, or of unknown outcome. What is on the account already stays there.

    \b
    howdah skip uk/393174
    """  # noqa: D301 - \b is click's mark for lines to be left as they are
    from bot.crosspost.share import skip as drop

    config = session.config()
    problems = Problems()
    with _offline_context(config) as context:
        chosen = _of_posts(config, context, posts, choose=_open, problems=problems)
        skipped = _decided(drop, context, _once(chosen), problems=problems)
    for share in skipped:
        say(f"{name_of(share)}: skipped")
    problems.end(done=bool(skipped))


@contextmanager
def _offline_context(config: Config) -> Iterator[Context]:
    """A context in which nothing is sent: no token is read."""
    import threading

    from bot.wiring import no_tokens, open_context

    with open_context(config, stop=threading.Event(), token_of=no_tokens) as context:
        yield context


def _in_state(context: Context, state: str) -> tuple[Share, ...]:
    """All shares in a state, oldest first."""
    from bot.domain.models import State

    return tuple(reversed(context.store.shares(state=State(state))))


def _of_posts(
    config: Config, context: Context, posts: Sequence[str], *, choose: Choose, problems: Problems
) -> list[Share]:
    from bot.cli.post_names import known_post

    chosen: list[Share] = []
    for text in posts:
        with problems.kept():
            post = known_post(text, config=config, store=context.store)
            shares = context.store.shares(site=post.site, post_id=post.post_id)
            if not shares:
                raise RefusedError(f"{post}: howdah has no share of this post. `howdah share {post}` shares it.")
            chosen += choose(shares)
    return chosen


def _stuck(shares: Iterable[Share]) -> list[Share]:
    """The last share on each account, whatever its state: what can't be tried anew is refused with its reason."""
    last: dict[str, Share] = {}
    for share in sorted(shares, key=lambda share: share.number):
        last[share.account] = share
    stuck = [share for share in last.values() if share.state in ("failed", "held", "skipped")]
    return stuck or list(last.values())


def _open(shares: Iterable[Share]) -> list[Share]:
    """The shares that aren't settled; all of them where each is, so that each is refused with its reason."""
    every = list(shares)
    return [share for share in every if share.state not in ("shared", "skipped")] or every


def _once(shares: Iterable[Share]) -> list[Share]:
    return list({share.id: share for share in shares}.values())


def _decided(
    act: Callable[[Context, Share], Share], context: Context, shares: Iterable[Share], *, problems: Problems
) -> list[Share]:
    """The shares that were decided, as they are now; problems hold why others weren't."""
    decided = []
    for share in shares:
        with problems.kept():
            decided.append(act(context, share))
    return decided
