"""`howdah adopt`, `import` and `backfill`: what was before howdah, and what is to be shared of it all the same."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.commands.other_tools import TOOLS
from bot.cli.failures import Failed, Problems
from bot.cli.options import account_option, earlier, site_names, site_option
from bot.cli.session import Session, hidden_tokens, known_account, known_site, pass_session, tokens
from bot.cli.terminal.output import say, say_json
from bot.errors import UserError
from bot.report.wording import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from bot.cli.terminal.spinner import Spinner
    from bot.config import Config
    from bot.crosspost.adopt import Adopted
    from bot.crosspost.backfill import Span
    from bot.crosspost.context import Context
    from bot.crosspost.move_in import MovedIn
    from bot.domain.selecting.plan import SeenPost

_ACCOUNT = account_option("Of this account alone; else of each account of the site.")
_STOPPED = "stopped before the end: what is done stays done, and the same command goes on"


@click.command()
@click.argument("site", shell_complete=site_names)
@_ACCOUNT
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each account.")
@pass_session
def adopt(session: Session, site: str, *, account: str | None, as_json: bool) -> None:
    """Mark what an account has shared already.

    Reads all of the account's own statuses, whoever made them, and marks the posts of SITE that they link to as shared,
    with their urls. Nothing is published. It takes a second and a half for each forty statuses; it may be stopped,
    and called again: it goes on where it was.

    \b
    howdah adopt blog
    """
    from bot.crosspost.adopt import adopt as adopt_from

    with _opened(session, site, account, needs_tokens=True) as (config, context, accounts, spinner):
        adopt_of = partial(adopt_from, context, site, address=config.sites[site].url)
        problems = Problems()
        adopted: list[Adopted] = []
        for one in accounts:
            with problems.kept(f"account {one}"):
                adopted.append(adopt_of(account=one, on_progress=lambda so_far: spinner.say(_adopted(so_far))))
                _say_adopted(site, one, adopted[-1], as_json=as_json)
        if not all(each.done for each in adopted):
            problems.add(_STOPPED)
        problems.end(done=bool(adopted))


@click.command("import")
@click.argument("tool", metavar="TOOL", type=click.Choice(TOOLS))
@click.argument("file", type=click.Path(path_type=Path))
@site_option("The site whose posts the tool has shared.", required=True)
@_ACCOUNT
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object for each account.")
@pass_session
def import_state(session: Session, tool: str, file: Path, *, site: str, account: str | None, as_json: bool) -> None:
    """Mark what another tool has shared already.

    TOOL and FILE, its own state: feed2toot, the cachefile; feediverse, ~/.feediverse; feed2fedi, cache.sqlite;
    share-on-mastodon, the site's REST listing with share_on_mastodon in it, saved as JSON. The posts in it are marked
    as shared on the account; nothing is published. A listing tells whose each status is: only the account's own count.

    \b
    howdah import feed2toot ~/.config/feed2toot/feed2toot.db --site blog
    """
    from bot.cli.commands.other_tools import read_state
    from bot.crosspost.move_in import move_in

    entries = read_state(tool, file.expanduser())
    with _opened(session, site, account, needs_tokens=False) as (_, context, accounts, spinner):
        for one in accounts:
            moved = move_in(context, site, entries, account=one, on_progress=lambda so_far: spinner.say(_moved(so_far)))
            _say_moved(site, one, moved, as_json=as_json)
        _refuse_stopped(context)


@click.command()
@click.argument("site", shell_complete=site_names)
@click.option(
    "--since", type=earlier, metavar="DATE", required=True, help='Posts dated since then: "2026-01-31", "90d".'
)
@click.option("--until", type=earlier, metavar="DATE", help="And before then; else up to now.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many, the oldest; else all.")
@_ACCOUNT
@click.option("--dry-run", is_flag=True, help="Say how many there are and how long it takes; queue nothing.")
@click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object: posts, and seconds until the last is out."
)
@pass_session
def backfill(
    session: Session,
    site: str,
    *,
    since: datetime,
    until: datetime | None,
    limit: int | None,
    account: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Queue older posts.

    A daemon, or `howdah sync`, publishes them: the oldest first, after all that is new, as fast as the account's limits
    and rhythm allow, however old they are. What was shared already, or decided about, is left out. Whoever comes from
    another tool adopts first. It may be stopped, and called again.

    \b
    howdah backfill blog --since 2026-01-01 --dry-run
    howdah backfill blog --since 90d --limit 50
    """
    from bot.crosspost.backfill import Span, find_older

    if until is not None and until <= since:
        raise UserError("--until is no later than --since: there is nothing in between")
    with _opened(session, site, account, needs_tokens=False) as (_, context, accounts, spinner):
        span = Span(since=since, until=until, limit=limit)
        posts = find_older(context, site, span, on_progress=lambda n: spinner.say(f"{counted(n, 'post')} found …"))
        _backfill(context, site, posts, span, accounts=accounts, spinner=spinner, dry_run=dry_run, as_json=as_json)


def _backfill(
    context: Context,
    site: str,
    posts: Sequence[SeenPost],
    span: Span,
    *,
    accounts: Sequence[str],
    spinner: Spinner,
    dry_run: bool,
    as_json: bool,
) -> None:
    from bot.crosspost.backfill import backfill as queue
    from bot.crosspost.backfill import foreseen, wanted

    chosen: set[int] = set()
    seconds = 0
    for one in accounts:
        those = wanted(context, site, posts, account=one, limit=span.limit)
        chosen |= {post.id for post in those}
        told = foreseen(context, one, more=len(those))
        now = context.clock.now()
        if those and told is not None:
            seconds = max(seconds, round((told.last_at - now).total_seconds()))
        number = len(those)
        if not dry_run:
            said = partial(_say_queued, spinner, len(those))
            number = queue(context, site, those, account=one, on_progress=said)
        if not as_json:
            what = "would be queued" if dry_run else "queued"
            say(f"{one}: {counted(number, 'post')} {what}" + (f"; {told.said(now=now)}" if number and told else ""))
    if as_json:
        say_json({"posts": len(chosen), "seconds": seconds})
    _refuse_stopped(context)


def _refuse_stopped(context: Context) -> None:
    if context.clock.stopping():
        raise Failed(_STOPPED)


def _say_queued(spinner: Spinner, all_of_them: int, number: int) -> None:
    spinner.say(f"{number} of {all_of_them} queued …")


@contextmanager
def _opened(
    session: Session, site: str, account: str | None, *, needs_tokens: bool
) -> Iterator[tuple[Config, Context, Sequence[str], Spinner]]:
    """The config, the context, the accounts that are meant, and the spinner."""
    from bot.cli.stop import stop_on_signal
    from bot.cli.terminal.spinner import Spinner
    from bot.wiring import open_context

    config = session.config()
    known_site(config, site)
    of_site = config.sites[site].accounts
    if account is not None and known_account(config, account) not in of_site:
        raise UserError(f"account {account} isn't among the accounts of site {site}, which has {listed(of_site)}")
    accounts = [account] if account is not None else of_site
    token_of = tokens(config, accounts) if needs_tokens else hidden_tokens(config, accounts)
    with (
        stop_on_signal() as stop,
        open_context(config, stop=stop, token_of=token_of) as context,
        Spinner("asking …", quiet=session.quiet) as spinner,
    ):
        yield config, context, accounts, spinner


def _adopted(so_far: Adopted) -> str:
    back = f", back to {so_far.back_to:%Y-%m-%d}" if so_far.back_to else ""
    read = counted(so_far.statuses, "status", "statuses")
    return f"{read} read{back}; {counted(so_far.marked, 'post')} marked …"


def _say_adopted(site: str, account: str, adopted: Adopted, *, as_json: bool) -> None:
    if as_json:
        numbers = {"statuses": adopted.statuses, "marked": adopted.marked, "unknown": adopted.unknown}
        numbers["shortened"] = adopted.shortened
        say_json({"site": site, "account": account, **numbers, "done": adopted.done})
        return
    read = counted(adopted.statuses, "status", "statuses")
    marked = f"{counted(adopted.marked, 'post')} of {site} marked as shared"
    say(f"{account}: {read} read, {marked}{_unknown(adopted.unknown)}{_shortened(adopted.shortened)}")


def _shortened(number: int) -> str:
    those = counted(number, "status", "statuses")
    return f"; {those} with shortened links, which don't say of what post they are" if number else ""


def _moved(so_far: MovedIn) -> str:
    return f"{counted(so_far.entries, 'entry', 'entries')} read; {counted(so_far.marked, 'post')} marked …"


def _say_moved(site: str, account: str, moved: MovedIn, *, as_json: bool) -> None:
    if as_json:
        numbers = {"entries": moved.entries, "marked": moved.marked, "unknown": moved.unknown}
        numbers["elsewhere"] = moved.elsewhere
        say_json({"site": site, "account": account, **numbers})
        return
    read = counted(moved.entries, "entry", "entries")
    marked = f"{counted(moved.marked, 'post')} of {site} marked as shared"
    others = counted(moved.elsewhere, "status", "statuses")
    elsewhere = f"; {others} of another account left out" if moved.elsewhere else ""
    say(f"{account}: {read} read, {marked}{_unknown(moved.unknown)}{elsewhere}")


def _unknown(number: int) -> str:
    return f"; {counted(number, 'link')} of no public post of it" if number else ""
