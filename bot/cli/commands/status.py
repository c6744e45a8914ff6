"""`howdah status`: health at a glance, from the store alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.cli.failures import UNDONE
from bot.cli.session import Session, pass_session, unreadable_tokens
from bot.cli.terminal.output import say, say_json

if TYPE_CHECKING:
    from bot.report.health import Health


@click.command()
@click.option("--json", "as_json", is_flag=True, help='Print one JSON object; "ok" is false where a person is needed.')
@click.option("--check", "checks", is_flag=True, help="End with 1 where a person is needed: for monitoring.")
@pass_session
@click.pass_context
def status(context: click.Context, session: Session, *, as_json: bool, checks: bool) -> None:
    """Show sites, accounts, queue, and what needs a person.

    It only tells what is remembered, and asks nobody; `howdah check` asks.

    \b
    howdah status
    howdah status --check    for monitoring: ends with 1 where you are needed
    """
    from bot.report.health import health_of
    from bot.report.json_lines import status_object
    from bot.report.needs import needs
    from bot.wiring import open_store

    config = session.config()
    with open_store(config) as store:
        health = health_of(config, store, now=datetime.now(UTC), unreadable=unreadable_tokens(config))
    wanted = list(needs(health))
    if as_json:
        say_json(status_object(health, wanted))
    else:
        _say(health, wanted)
    if checks and wanted:
        context.exit(UNDONE)


def _say(health: Health, needs: list[str]) -> None:
    from bot.report.sentences import account_sentences, site_sentence, work_sentence
    from bot.report.wording import ago

    for need in needs:
        say(f"needs you: {need}")
    if not needs:
        say("nothing needs you")
    for site in health.sites:
        say(f"site {site.name}: {site_sentence(site, now=health.now)}")
    for account in health.accounts:
        for words in account_sentences(account, health):
            say(f"account {account.name}: {words}")
    counts = [f"{number} {state}" for state, number in sorted(health.counts.items())]
    say(f"shares: {', '.join(counts) or 'none yet'}")
    if health.oldest_pending is not None:
        oldest = health.oldest_pending
        due = f", due {ago(oldest.next_attempt_at, now=health.now)}" if oldest.next_attempt_at else ""
        say(f"oldest pending: {oldest.name}, recorded {ago(oldest.created_at, now=health.now)}{due}")
    say(work_sentence(health))
