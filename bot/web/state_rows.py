"""How it stands with each site and account, as a row of a table: a word, and the figures beside it."""

from datetime import datetime

from msgspec import Struct

from bot.domain.models import AccountState, SiteState
from bot.report.health import Health


class SiteRow(Struct, frozen=True, kw_only=True):
    """A site. standing: "well", "failing", "paused" or "new"; why: what is behind it, '' where it is well.

    until: when a pause ends, None where only a person ends it. next_look_at: at the latest; None where none is planned.
    """

    name: str
    standing: str
    why: str
    until: datetime | None
    looked_at: datetime | None
    next_look_at: datetime | None


class AccountRow(Struct, frozen=True, kw_only=True):
    """An account. standing: "ready", "waits", "rests" or "paused"; why: what is behind it; until: its end.

    left: the statuses that it may still send, until more_at. waiting: in its queue, whose last goes out at last_at:
    None where nothing waits, or nobody can tell. held_up_by: what it takes so long for.
    """

    name: str
    standing: str
    why: str
    until: datetime | None
    left: int
    more_at: datetime | None
    waiting: int
    last_at: datetime | None
    held_up_by: tuple[str, ...]


def site_rows(health: Health) -> list[SiteRow]:
    """Every site's row, those with trouble first."""
    return sorted((site_row(site, health) for site in health.sites), key=lambda row: row.standing == "well")


def account_rows(health: Health) -> list[AccountRow]:
    """Every account's row, those with trouble first."""
    return sorted((account_row(one, health) for one in health.accounts), key=lambda row: row.standing == "ready")


def site_row(site: SiteState, health: Health) -> SiteRow:
    """A site's row."""
    rests = site.is_at_rest(now=health.now)
    error = site.error.removeprefix(f"site {site.name}: ")
    standing = "paused" if rests else "failing" if error else "well" if site.looked_at else "new"
    return SiteRow(
        name=site.name,
        standing=standing,
        why="" if rests else error,
        until=site.rest_end if rests else None,
        looked_at=site.looked_at,
        next_look_at=None if rests else _next_look_at(site, health),
    )


def _next_look_at(site: SiteState, health: Health) -> datetime | None:
    """When a site is looked at again, at the latest.

    Looks that find nothing new go unrecorded for minutes: what the store says is the next one that is recorded.
    """
    due, every = site.next_look_at, health.poll_every.get(site.name)
    return min(due, health.now + every) if due and every and not site.error else due


def account_row(account: AccountState, health: Health) -> AccountRow:
    """An account's row."""
    standing, why, until = _standing(account, health)
    budget, queue = health.budgets[account.name], health.queues[account.name]
    forecast = queue.forecast
    stands = queue.unknown is not None or (standing == "paused" and until is None)
    return AccountRow(
        name=account.name,
        standing=standing,
        why=why,
        until=until,
        left=budget.left,
        more_at=budget.resets_at,
        waiting=queue.waiting,
        last_at=forecast.last_at if forecast and not stands else None,
        held_up_by=forecast.held_up_by if forecast else (),
    )


def _standing(account: AccountState, health: Health) -> tuple[str, str, datetime | None]:
    """The word, why, and until when; what a person wants comes before the account's own trouble."""
    unknown = health.queues[account.name].unknown
    if account.is_at_rest(now=health.now):
        return "paused", "", account.rest_end
    if account.is_paused(now=health.now):
        return "rests", account.pause_reason, account.paused_until
    if unknown is not None:
        return "waits", f"for {unknown.post_name}, whose publish went unanswered", unknown.next_attempt_at
    if account.name in health.quiet_until:
        return "waits", "for the end of its quiet hours", health.quiet_until[account.name]
    return "ready", "", None
