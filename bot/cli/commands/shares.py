"""`howdah list` and `howdah show`: what the store knows of shares. Nobody is asked."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

import click

from bot.cli.options import account_option, earlier, site_option
from bot.cli.session import Session, known_account, known_site, pass_session
from bot.cli.terminal.output import on_terminal, say, say_json
from bot.report.json_lines import post_object, share_line
from bot.report.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from bot.domain.models import Attempt, PageKey, Share, SharePage
    from bot.ports import Store

    Histories = list[tuple[Share, tuple[Attempt, ...]]]

NEWEST = 50
_PAGE = 500
# Of what a search or a date leaves, no more are counted: of a million that takes minutes.
_MOST_COUNTED = 1000
STATES = ("pending", "sending", "shared", "failed", "skipped", "held", "unknown")


@click.command("list")
@site_option("Of this site alone.")
@account_option("On this account alone.")
@click.option("--state", type=click.Choice(STATES), metavar="STATE", help=f"In this state alone: {', '.join(STATES)}.")
@click.option("--since", metavar="DATE", type=earlier, help='Queued since then: "2026-12-01", or "3d" for three days.')
@click.option("--search", metavar="TEXT", default="", help="With this in the title or the link.")
@click.option("--limit", type=click.IntRange(min=1, max=10**9), metavar="N", help=f"At most so many; else {NEWEST}.")
@click.option("--all", "every", is_flag=True, help="Without a limit, and with what the first look only remembered.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a line.")
@pass_session
def list_shares(
    session: Session,
    *,
    site: str | None,
    account: str | None,
    state: str | None,
    since: datetime | None,
    search: str,
    limit: int | None,
    every: bool,
    as_json: bool,
) -> None:
    """List shares, newest first.

    The newest 50 unless told otherwise. Posts that were there before the first
    look are only counted, unless --all or --state skipped asks for them.

    \b
    howdah list --state failed
    howdah list --site uk --since 7d --search elephants
    """
    from bot.domain.models import State
    from bot.wiring import open_store

    config = session.config()
    for name, known in ((site, known_site), (account, known_account)):
        if name is not None:
            known(config, name)
    with open_store(config) as store:
        page = partial(store.page, site=site, account=account, state=State(state) if state else None, search=search)
        remembered = every or state == "skipped"
        most = limit or (None if every else NEWEST)
        shares = _walk(partial(page, remembered=remembered), since, first=min(_PAGE, (most or _PAGE) + 1))
        _print(islice(shares, most), as_json=as_json)  # as they are read: all of them are not to be in memory
        hidden = 0 if remembered or state or search or since else store.remembered(site=site, account=account)
        kept = None if search or since else partial(_kept, store, (site, account, state))
        left = _left(shares, kept, shown=hidden + (most or 0))
    if hidden and not as_json:
        _say_aside(f"{counted(hidden, 'post')} that the first look only remembered: --all lists them")
    if left:
        click.echo(f"{left} more: --limit N or --all lists them", err=True)


def _left(rest: Iterator[Share], kept: Callable[[], int] | None, *, shown: int) -> str:
    """How many shares a list has past those that were shown; '' for none.

    kept: how many there are of them, where that is known; else so many are counted.
    """
    if next(rest, None) is None:
        return ""
    if kept is not None:
        return str(kept() - shown)
    counted = 1 + sum(1 for _ in islice(rest, _MOST_COUNTED))
    return str(counted) if counted <= _MOST_COUNTED else f"over {_MOST_COUNTED}"


def _kept(store: Store, wanted: tuple[str | None, ...]) -> int:
    """How many shares there are of this site, account and state, where any are wanted."""
    return sum(
        number
        for key, number in store.counts().items()
        if all(want in (None, str(one)) for one, want in zip(key, wanted, strict=True))
    )


def _walk(page: Callable[..., SharePage], since: datetime | None, *, first: int) -> Iterator[Share]:
    """All shares of a list, page by page, back to an instant where one is given. first: how many the first page has."""
    after: PageKey | None = None
    limit = first
    while True:
        found = page(after=after, limit=limit)
        limit = _PAGE  # what is shown stands on the first mostly; the others are counted
        for share in found.shares:
            if since is not None and share.created_at < since:
                return
            yield share
        after = found.next
        if after is None or (since is not None and after[0] < since):
            return


def _print(shares: Iterable[Share], *, as_json: bool) -> None:
    if not as_json:
        _say_table(shares)
        return
    for share in shares:
        say_json(share_line(share))


def _say_aside(text: str) -> None:
    """For people: programs read a row in each line of stdout."""
    if on_terminal():
        say(text)
    else:
        click.echo(text, err=True)


@click.command()
@click.argument("post")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_session
def show(session: Session, post: str, *, as_json: bool) -> None:
    """Show all that is known of a post.

    Its shares, each with its state, its text as it was sent, and every attempt.

    \b
    howdah show uk/393174
    """
    from bot.cli.post_names import known_post, shares_of
    from bot.wiring import open_store

    config = session.config()
    with open_store(config) as store:
        name = known_post(post, config=config, store=store)
        shares = sorted(shares_of(name, store), key=lambda share: share.id)
        known = [(share, store.attempts(share)) for share in shares]
    if as_json:
        say_json(post_object(name.site, name.post_id, known))
    else:
        _say(known)


def _say_table(shares: Iterable[Share]) -> None:
    from bot.cli.terminal.share_table import say_shares

    say_shares(shares, now=datetime.now(UTC))


def _say(known: Histories) -> None:
    from bot.cli.terminal.share_table import outcome

    newest, _ = known[-1]
    say(newest.title)
    say(newest.link)
    for share, history in known:
        say()
        say(f"{share.name}, number {share.number}: {share.state}")
        say(f"  {share.url or share.error or outcome(share)}")
        if share.url and share.error:
            say(f"  doesn't follow its post: {share.error}")
        for attempt in history:
            detail = f": {attempt.detail}" if attempt.detail else ""
            say(f"  {attempt.at:%Y-%m-%d %H:%M:%S}Z  {attempt.step}: {attempt.outcome}{detail}")
        if share.status is not None:
            say("  The status:")
            say("\n".join(f"  | {text}".rstrip() for text in share.status.text.split("\n")))
