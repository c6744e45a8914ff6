"""`howdah list` and `howdah show`: what the store knows of shares. Nobody is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.cli.session import Session, known_account, known_site, pass_session
from bot.cli.terminal.output import say, say_json
from bot.errors import RefusedError
from bot.report.lines import name_of, post_object, share_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.domain.models import Attempt, Share

    Histories = list[tuple[Share, tuple[Attempt, ...]]]

STATES = ("pending", "sending", "shared", "failed", "skipped", "held", "unknown")


@click.command("list")
@click.option("--site", metavar="NAME", help="Of this site alone.")
@click.option("--account", metavar="NAME", help="On this account alone.")
@click.option("--state", type=click.Choice(STATES), metavar="STATE", help=f"In this state alone: {', '.join(STATES)}.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many; else all.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON object a line.")
@pass_session
def list_shares(
    session: Session, *, site: str | None, account: str | None, state: str | None, limit: int | None, as_json: bool
) -> None:
    """List shares, newest first.

    \b
    howdah list --state failed
    howdah list --site uk --limit 10 --json
    """  # noqa: D301 - \b is click's mark for lines to be left as they are
    from bot.domain.models import State
    from bot.wiring import open_store

    config = session.config()
    for name, known in ((site, known_site), (account, known_account)):
        if name is not None:
            known(config, name)
    with open_store(config) as store:
        shares = store.shares(site=site, account=account, state=State(state) if state else None, limit=limit)
    if as_json:
        for share in shares:
            say_json(share_line(share))
        return
    _say_table(shares)


@click.command()
@click.argument("post")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@pass_session
def show(session: Session, post: str, *, as_json: bool) -> None:
    """Show all that is known of a post.

    Its shares, each with its state, its text as it was sent, and every attempt.

    \b
    howdah show uk/393174
    """  # noqa: D301 - \b is click's mark for lines to be left as they are
    from bot.cli.post_names import known_post
    from bot.wiring import open_store

    config = session.config()
    with open_store(config) as store:
        name = known_post(post, config=config, store=store)
        shares = sorted(store.shares(site=name.site, post_id=name.post_id), key=lambda share: share.id)
        known = [(share, store.attempts(share)) for share in shares]
    if not known:
        raise RefusedError(f"{name}: howdah has no share of this post. `howdah share {name}` shares it.")
    if as_json:
        say_json(post_object(name.site, name.post_id, known))
    else:
        _say(known)


def _say_table(shares: Sequence[Share]) -> None:
    from datetime import UTC, datetime

    from bot.cli.terminal.share_table import say_shares

    say_shares(shares, now=datetime.now(UTC))


def _say(known: Histories) -> None:
    from bot.cli.terminal.share_table import outcome

    newest, _ = known[-1]
    say(newest.title)
    say(newest.link)
    for share, history in known:
        say()
        say(f"{name_of(share)}, number {share.number}: {share.state}")
        say(f"  {share.url or share.error or outcome(share)}")
        for attempt in history:
            detail = f": {attempt.detail}" if attempt.detail else ""
            say(f"  {attempt.at:%Y-%m-%d %H:%M:%S}Z  {attempt.step}: {attempt.outcome}{detail}")
        if share.status is not None:
            say("  The status:")
            say("\n".join(f"  | {text}".rstrip() for text in share.status.text.split("\n")))
