"""`howdah status`: health at a list_by_id, from the store alone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.cli.session import Session, pass_session
from bot.cli.terminal.output import Json, instant, line, name_of, say, say_json
from bot.report.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.models import AccountState, Share, SiteState
    from bot.report.health import Budget, Health


@click.command()
@click.option("--json", "as_json", is_flag=True, help='Print one JSON object; "ok" is false where a person is needed.')
@pass_session
def status(session: Session, *, as_json: bool) -> None:
    """Show sites, accounts, queue, and what needs a person.

    It only tells what is remembered, and asks nobody; `howdah check` asks.
    """
    from bot.report.health import health_of, needs
    from bot.wiring import open_store

    config = session.config()
    with open_store(config) as store:
        health = health_of(config, store, now=datetime.now(UTC))
    wanted = list(needs(health))
    if as_json:
        say_json(_object(health, wanted))
    else:
        _say(health, wanted)


def _paused(account: AccountState, *, now: datetime) -> bool:
    return account.paused_until is not None and account.paused_until > now


def _object(health: Health, needs: list[str]) -> Json:
    return {
        "ok": not needs,
        "sites": [_site(site) for site in health.sites],
        "accounts": [_account(account, health) for account in health.accounts],
        "shares": dict(health.counts),
        "oldest_pending": line(health.oldest_pending) if health.oldest_pending else None,
        "needs_person": needs,
    }


def _site(site: SiteState) -> Json:
    return {
        "site": site.name,
        "root": site.root,
        "looked_at": instant(site.looked_at),
        "next_look_at": instant(site.next_look_at),
        "failures": site.failures,
        "error": site.error,
    }


def _account(account: AccountState, health: Health) -> Json:
    paused = _paused(account, now=health.now)
    budget, queue = health.budgets[account.name], health.queues[account.name]
    return {
        "account": account.name,
        "paused_until": instant(account.paused_until) if paused else None,
        "pause_reason": account.pause_reason if paused else "",
        "statuses_left": budget.left,
        "statuses_reset_at": instant(budget.resets_at),
        "max_characters": account.limits.max_characters if account.limits else None,
        "waiting": queue.waiting,
        "last_at": instant(queue.forecast.last_at) if queue.forecast and not queue.unknown else None,
        "held_up_by": list(queue.forecast.held_up_by) if queue.forecast else [],
        "waits_for": line(queue.unknown) if queue.unknown else None,
    }


def _say(health: Health, needs: list[str]) -> None:
    for site in health.sites:
        say(f"site {site.name}: {_site_words(site, now=health.now)}")
    for account in health.accounts:
        for words in _account_words(account, health):
            say(f"account {account.name}: {words}")
    counts = [f"{number} {state}" for state, number in sorted(health.counts.items())]
    say(f"shares: {', '.join(counts) or 'none yet'}")
    if health.oldest_pending is not None:
        from bot.cli.terminal.share_table import ago

        oldest = health.oldest_pending
        say(f"oldest pending: {name_of(oldest)}, queued {ago(oldest.created_at, now=health.now)}")
    for need in needs:
        say(f"needs you: {need}")
    if not needs:
        say("nothing needs you")


def _site_words(site: SiteState, *, now: datetime) -> str:
    from bot.cli.terminal.share_table import ago

    looked = f"looked at {ago(site.looked_at, now=now)}" if site.looked_at else "never looked at"
    following = f", next {ago(site.next_look_at, now=now)}" if site.next_look_at else ""
    if following and site.next_look_at and site.next_look_at <= now:
        following = ", due for the next look"
    return f"{looked}{following}" + (f"; the last look failed: {site.error}" if site.error else "")


def _account_words(account: AccountState, health: Health) -> Iterator[str]:
    queue = health.queues[account.name]
    if _paused(account, now=health.now) and account.paused_until:
        yield f"rests until {account.paused_until:%Y-%m-%d %H:%M:%S} UTC: {account.pause_reason}"
    elif not queue.unknown:
        yield _ready(health.budgets[account.name])
    if queue.unknown:
        yield _unknown_words(queue.unknown, behind=queue.waiting, now=health.now)
    elif queue.forecast and queue.waiting > 1:
        yield queue.forecast.said(now=health.now)


def _ready(budget: Budget) -> str:
    left = f"{counted(budget.left, 'status', 'statuses')} left"
    return f"ready, {left} until {budget.resets_at:%H:%M} UTC" if budget.resets_at else f"ready, {left}"


def _unknown_words(share: Share, *, behind: int, now: datetime) -> str:
    at = share.next_attempt_at
    looked = f"it is looked for at {at:%H:%M} UTC" if at and at > now else "it is to be looked for now"
    others = f"; {counted(behind, 'post')} behind it" if behind else ""
    return f"waits for {share.site}/{share.post_id}, whose publish went unanswered; {looked}{others}"
