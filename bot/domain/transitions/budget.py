"""When may this account send: the server's rate windows, counted before they bite, and the owner's own rhythm.

Where an instance says in its answers what is left (`X-RateLimit-*`), that is believed: it counts what others send
on the account too. Where it says nothing, Mastodon's windows that send no header are counted here.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.domain.models import RateLimit
from bot.domain.policy import AccountPolicy, QuietHours


class Window(Struct, frozen=True, kw_only=True):
    """So many calls in so much time."""

    calls: int
    period: timedelta


STATUSES = Window(calls=300, period=timedelta(hours=3))
# The steps of a share's history that count in the window of statuses.
SPENDING = ("publish", "edit", "boost")
# What came of a publish after which there is a status, or may be: only that counts in the owner's rhythm.
THERE = ("shared", "unknown")
# What max_per_day counts in: any 24 hours, so that no midnight lets twice as many through.
DAY = timedelta(days=1)
UPLOADS = Window(calls=30, period=timedelta(minutes=30))
# A reset further away than this is a broken clock or a broken header; nobody waits for it.
_LONGEST_RESET = timedelta(hours=24)


def opens_at(window: Window, used: Sequence[datetime], rate: RateLimit | None, *, now: datetime) -> datetime | None:
    """When the next call is allowed, where it isn't allowed now.

    used: the instants of earlier calls, ascending; rate: what the server said last, None where it says nothing. A
    server that said so of the window just over will say it of the next one, in its first answer.
    """
    if rate is not None and believed(window, rate, now=now):
        return rate.reset_at if rate.remaining <= 0 and rate.reset_at > now else None
    # What lies further ahead than a window lasts was recorded under a wrong clock.
    recent = [at for at in used if now - window.period < at < now + window.period]
    return recent[-window.calls] + window.period if len(recent) >= window.calls else None


def believed(window: Window, rate: RateLimit, *, now: datetime) -> bool:
    """Whether what a server said last of a window tells more than counting does: it is of this window or the last."""
    return now - window.period < rate.reset_at <= now + _LONGEST_RESET


def reach(policy: AccountPolicy) -> timedelta:
    """How far back it has to be known when statuses were sent: as far as any window or rhythm counts."""
    return max(STATUSES.period, policy.min_interval, DAY if policy.max_per_day else timedelta(0))


def rhythm(policy: AccountPolicy, sent: Sequence[datetime], *, now: datetime) -> datetime | None:
    """When the owner's own rhythm allows the next status, where it doesn't now: min_interval, max_per_day, quiet_hours.

    sent: when statuses were sent that are there, or may be; ascending, as far back as reach() says.
    """
    earliest = now
    if sent:
        earliest = max(earliest, sent[-1] + policy.min_interval)
    if policy.max_per_day and len(sent) >= policy.max_per_day:
        earliest = max(earliest, sent[-policy.max_per_day] + DAY)
    if policy.quiet_hours is not None:
        earliest = after_quiet(policy.quiet_hours, earliest)
    return earliest if earliest > now else None


def after_quiet(quiet: QuietHours, instant: datetime) -> datetime:
    """The instant itself outside quiet hours, else their end. Hours are read off the zone's wall clock."""
    zone = ZoneInfo(quiet.zone)
    local = instant.astimezone(zone)
    clock = local.time()
    over_midnight = quiet.start > quiet.end
    inside = (clock >= quiet.start or clock < quiet.end) if over_midnight else quiet.start <= clock < quiet.end
    if not inside:
        return instant
    day = local.date() + timedelta(days=1) if over_midnight and clock >= quiet.start else local.date()
    end = datetime.combine(day, quiet.end, zone).astimezone(instant.tzinfo)
    # In the hour that a zone has twice, the end of the first pass may be over already: then it is that of the second.
    return end if end > instant else datetime.combine(day, quiet.end.replace(fold=1), zone).astimezone(instant.tzinfo)
