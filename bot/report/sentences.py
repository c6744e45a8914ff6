"""How it stands with sites and accounts, in sentences for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.report.json_lines import BY_HAND
from bot.report.wording import ago, counted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from bot.domain.models import AccountState, Share, SiteState
    from bot.report.health import Budget, Health, Queue


def site_sentence(site: SiteState, *, now: datetime) -> str:
    """How it stands with a site, after its name and a colon.

    When it is looked at next is said where looks fail: a daemon looks at quiet sites more often than it records.
    """
    if site.is_at_rest(now=now):
        return rest_words(site)
    looked = f"looked at {ago(site.looked_at, now=now)}" if site.looked_at else "never looked at"
    following = ""
    if site.next_look_at and site.next_look_at <= now:
        following = ", due for the next look"
    elif site.next_look_at and site.failures:
        following = f", next {ago(site.next_look_at, now=now)}"
    error = site.error.removeprefix(f"site {site.name}: ")
    return f"{looked}{following}" + (f"; the last look failed: {error}" if error else "")


def rest_words(state: SiteState | AccountState) -> str:
    """How long a site or an account rests, after its name: what ends it."""
    if state.rest_end is None:
        return f"{BY_HAND}; `howdah resume {state.name}` ends it"
    return f"{BY_HAND} until {state.rest_end:%Y-%m-%d %H:%M} UTC; `howdah resume {state.name}` ends it sooner"


def work_sentence(health: Health) -> str:
    """Whether anybody works: the daemon, or passes of `howdah sync`."""
    last = max((site.looked_at for site in health.sites if site.looked_at), default=None)
    if last is None:
        return "at work: not yet"
    return f"at work: the last whole look was {ago(last, now=health.now)}"


def account_sentences(account: AccountState, health: Health) -> Iterator[str]:
    """How it stands with an account, each after its name and a colon."""
    queue = health.queues[account.name]
    if account.is_at_rest(now=health.now):
        waits = f"; {counted(queue.waiting, 'post')} waiting" if queue.waiting else ""
        yield f"{rest_words(account)}{waits}"
        return
    if account.is_paused(now=health.now) and account.paused_until:
        yield f"rests until {account.paused_until:%Y-%m-%d %H:%M:%S} UTC: {account.pause_reason}"
    elif account.name in health.tokenless:
        yield "has no token that can be read"
    elif not queue.unknown:
        yield _ready(health.budgets[account.name])
    yield from _queue_sentences(account.name, queue, health)


def _queue_sentences(name: str, queue: Queue, health: Health) -> Iterator[str]:
    """What waits on an account that doesn't rest, and for what."""
    moving = queue.forecast.waiting if queue.forecast else 0
    if name in health.quiet_until and moving:
        waits = counted(moving, "post")
        yield f"{waits} waiting for quiet_hours to end, {health.quiet_until[name]:%H:%M} UTC"
    if queue.unknown:
        yield _unknown_words(queue.unknown, behind=queue.waiting, now=health.now)
    elif queue.forecast and moving > 1:
        yield queue.forecast.said(now=health.now)
    if queue.resting:
        yield f"{counted(queue.resting, 'post')} waiting for sites that are paused"


def _ready(budget: Budget) -> str:
    left = f"{counted(budget.left, 'status', 'statuses')} left"
    return f"ready, {left} until {budget.resets_at:%H:%M} UTC" if budget.resets_at else f"ready, {left}"


def _unknown_words(share: Share, *, behind: int, now: datetime) -> str:
    at = share.next_attempt_at
    looked = f"it is looked for at {at:%H:%M} UTC" if at and at > now else "it is to be looked for now"
    others = f"; {counted(behind, 'post')} behind it" if behind else ""
    return f"waits for {share.post_name}, whose publish went unanswered; {looked}{others}"
