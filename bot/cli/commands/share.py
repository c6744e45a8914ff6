"""`howdah share`: a person asks for a post to be shared now, and sees what came of it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from bot.cli.failures import Problems
from bot.cli.options import account_option, own_words
from bot.cli.session import Session, known_account, pass_session, tokens
from bot.cli.terminal.output import say, say_json
from bot.errors import AlreadySharedError, RefusedError
from bot.report.json_lines import share_line

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import timedelta

    from bot.cli.commands.share_delivery import Standing
    from bot.cli.post_names import PostName
    from bot.cli.terminal.spinner import Spinner
    from bot.config import Config
    from bot.crosspost.context import Context
    from bot.domain.models import Share

    Ask = Callable[[Context, PostName, str, int], Share]


_ENDED = {"pending": "isn't shared yet", "failed": "failed", "skipped": "was skipped", "held": "is held for a person"}


@click.command()
@click.argument("posts", metavar="POST...", nargs=-1, required=True)
@account_option("On this account alone; else on every account of the post's site.")
@click.option("--again", is_flag=True, help="A new status, even where the post is shared already.")
@click.option("--text", metavar="TEXT", help="These words instead of the template's; the link is added.")
@click.option("--now", is_flag=True, help="Several posts at once, too, past min_interval and quiet_hours.")
@click.option("--every", metavar="DURATION", help="Several posts so far apart (2h, 30m), instead of min_interval.")
@click.option("--dry-run", is_flag=True, help="Show the status as it would be, like preview; send and store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print each share as JSON, as `list --json` does.")
@pass_session
def share(
    session: Session,
    posts: tuple[str, ...],
    *,
    account: str | None,
    again: bool,
    text: str | None,
    now: bool,
    every: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Share posts by hand, now.

    One post goes at once, past filters, min_interval and quiet_hours. Several
    are queued, and go one after the other, in the rhythm of their account or
    --every so often, unless --now.

    A post that is shared already is refused with its url, unless --again asks for a new status. One that failed,
    was skipped or is held is tried anew. A daemon may run meanwhile.

    \b
    howdah share https://www.example.org/2026/elephants/
    howdah share uk/393174 --account uk
    howdah share 393174 --again --text "Once more, because it matters:"
    """
    words = "" if text is None else own_words(text)
    if now and every is not None:
        raise click.UsageError("--now and --every exclude each other.")
    apart = _apart(every)
    config = session.config()
    if dry_run:
        from bot.cli.commands.preview import preview_posts

        preview_posts(config, posts, account=account, text=words, as_json=as_json)
        return
    ask = _asking(again=again, text=words, queued=len(posts) > 1 and not now, every=apart)
    _share(session, config, posts, account=account, ask=ask, as_json=as_json)


def _apart(every: str | None) -> timedelta | None:
    if every is None:
        return None
    from bot.config import parse_duration
    from bot.config.checks import within

    try:
        return within("0s", "30d")(parse_duration(every))
    except ValueError as error:
        raise click.UsageError(f"--every: {error}") from error


def _asking(*, again: bool, text: str, queued: bool, every: timedelta | None) -> Ask:
    """How the shares are asked for: of one post after the other, each with its place in the row, from 0."""
    from bot.crosspost.share import Wish, request, request_again

    def ask(context: Context, post: PostName, account: str, place: int) -> Share:
        due = context.clock.now() + place * every if queued and every is not None and place else None
        wish = Wish(text=text, queued=queued, due=due)
        try:
            return (request_again if again else request)(context, post.site, post.post_id, account=account, wish=wish)
        except AlreadySharedError as error:
            raise RefusedError(f"{error} (--again for a new status)") from error

    return ask


def _share(
    session: Session, config: Config, posts: Collection[str], *, account: str | None, ask: Ask, as_json: bool
) -> None:
    import threading

    from bot.cli.stop import stop_on_signal
    from bot.cli.terminal.spinner import Spinner

    named = [known_account(config, account)] if account is not None else None
    problems = Problems()
    stop = threading.Event()
    with (
        _context(config, named, stop) as context,
        Spinner("asking the site …", quiet=session.quiet) as spinner,
    ):
        # Until something is sent, Ctrl-C ends it at once: each share is recorded whole or not at all.
        asked = _ask_for_all(config, context, posts, accounts=named, ask=ask, problems=problems)
        with stop_on_signal(stop):
            standings = _deliver(context, asked, stop=stop, spinner=spinner)
    for standing in standings:
        _say(standing, as_json=as_json, problems=problems)
    problems.end(done=bool(asked))


@contextmanager
def _context(config: Config, accounts: Sequence[str] | None, stop: threading.Event) -> Iterator[Context]:
    from bot.wiring import open_context

    with open_context(config, stop=stop, token_of=tokens(config, accounts)) as context:
        yield context


def _ask_for_all(
    config: Config,
    context: Context,
    posts: Collection[str],
    *,
    accounts: Sequence[str] | None,
    ask: Ask,
    problems: Problems,
) -> list[Share]:
    """Ask post by post and account by account, so that one refusal doesn't keep the others back."""
    from bot.cli.post_names import find_post

    asked: dict[int, Share] = {}

    def ask_for(post: PostName, place: int) -> None:
        for account in accounts or config.sites[post.site].accounts:
            with problems.kept():
                share = ask(context, post, account, place)
                asked[share.id] = share

    for place, text in enumerate(posts):
        with problems.kept():
            ask_for(find_post(text, config=config, context=context), place)
    return list(asked.values())


def _deliver(
    context: Context, asked: Collection[Share], *, stop: threading.Event, spinner: Spinner
) -> tuple[Standing, ...]:
    if not asked:
        return ()
    from bot.cli.commands.share_delivery import deliver

    return deliver(context, asked, stop=stop, spinner=spinner)


def _say(standing: Standing, *, as_json: bool, problems: Problems) -> None:
    """The url on stdout where the post is shared, else the reason on stderr."""
    share = standing.share
    if as_json:
        say_json(share_line(share))
    elif share.state == "shared":
        say(share.url)
    if _is_queued(standing):
        if not as_json:
            say(f"{share.name}: queued, to go from {standing.again_at:%Y-%m-%d %H:%M:%S} UTC on")
    elif share.state != "shared":
        problems.add(_left_undone(standing))


def _is_queued(standing: Standing) -> bool:
    """Whether a share waits for its turn, as it was asked for, and for nothing else."""
    share = standing.share
    return share.asked == "queued" and share.state == "pending" and not standing.reason


def _left_undone(standing: Standing) -> str:
    share = standing.share
    if share.state == "unknown":
        return (
            f"{share.name}: nobody knows yet whether it was sent ({standing.reason}). The daemon or the next "
            f"`howdah sync` looks for it; `howdah show {share.post_name}` tells what they find."
        )
    if standing.again_at is None:
        return f"{share.name} {_ENDED.get(share.state, share.state)}: {standing.reason}"
    reason = f": {standing.reason.rstrip('.')}" if standing.reason else ""
    return (
        f"{share.name} isn't shared yet{reason}. It stays queued; the daemon or a `howdah sync` tries it "
        f"from {standing.again_at:%Y-%m-%d %H:%M:%S} UTC on."
    )
