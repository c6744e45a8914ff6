"""How long a backlog takes: when the last waiting post can go out, by the server's windows and the owner's rhythm."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from bot.domain.models import AccountState, RateLimit
from bot.domain.policy import AccountPolicy, Images, MediaBudget
from bot.domain.transitions.budget import DAY, STATUSES, UPLOADS, Window, after_quiet, believed

# So many are sent in thought one by one; the others follow at the pace of the last day among these.
_ONE_BY_ONE = 10_000
# The keys of the owner's own rhythm, as they begin a reason.
_OWN_RHYTHM = ("min_interval", "max_per_day", "quiet_hours")


class Forecast(Struct, frozen=True, kw_only=True):
    """How many posts wait, and about when the last of them goes out.

    held_up_by: what it takes so long for, as a person would say it; nothing where they all go at once.
    """

    waiting: int
    last_at: datetime
    held_up_by: tuple[str, ...] = ()

    @property
    def is_unwanted(self) -> bool:
        """Whether only the server's windows hold any of them up, and nothing that the owner asked for."""
        return bool(self.held_up_by) and not any(reason.startswith(_OWN_RHYTHM) for reason in self.held_up_by)

    def said(self, *, now: datetime) -> str:
        """As a part of a sentence: `60 waiting, the last one at about 14:30 UTC (min_interval 5 min)`."""
        reasons = f" ({', '.join(self.held_up_by)})" if self.held_up_by else ""
        at, today = self.last_at.astimezone(UTC), now.astimezone(UTC)
        when = f"{at:%H:%M}" if at.date() == today.date() else f"{at:%Y-%m-%d %H:%M}"
        return f"{self.waiting} waiting, the last one at about {when} UTC{reasons}"


def forecast(
    policy: AccountPolicy,
    due: Sequence[datetime],
    *,
    account: AccountState,
    sent: Sequence[datetime],
    spent: Sequence[datetime],
    uploaded: Sequence[datetime],
    now: datetime,
) -> Forecast:
    """When the last of several statuses goes out, if each goes as soon as it may.

    due: when each comes due by itself; sent, uploaded: when statuses and images went out lately; spent: when anything
    did that counts in the window of statuses, edits and boosts too. All are ascending. Each post counts with as many
    images as it may have: in truth it is rather sooner than later.
    """
    pace = _Pace(policy, account, sent=sent, spent=spent, uploaded=uploaded, now=now)
    ordered = sorted(due)
    went = [pace.send(instant) for instant in ordered[:_ONE_BY_ONE]]
    last_at = max(_followed_by(len(due) - len(went), went), ordered[-1])
    return Forecast(waiting=len(due), last_at=last_at, held_up_by=pace.held_up_by())


def _followed_by(more: int, went: Sequence[datetime]) -> datetime:
    """When the last one goes of so many more, at the pace of the last day; went: when those before them went."""
    last = went[-1]
    since = max(went[0], last - DAY)
    in_that_time = bisect_left(went, last) - bisect_left(went, since)
    return last + (last - since) * (more / in_that_time) if in_that_time else last


class _Pace:
    """Sends one status after the other in thought. at: when the last one went, now before the first."""

    def __init__(
        self,
        policy: AccountPolicy,
        account: AccountState,
        *,
        sent: Sequence[datetime],
        spent: Sequence[datetime],
        uploaded: Sequence[datetime],
        now: datetime,
    ) -> None:
        self.at = now
        self._policy = policy
        self._rested = max(account.paused_until or now, account.rest_end or now)
        self._last = sent[-1] if sent else None
        self._days = _Room(Window(calls=policy.max_per_day, period=DAY), sent, None, now=now)
        self._statuses = _Room(STATUSES, spent, account.statuses_rate, now=now)
        self._images = _Room(UPLOADS, uploaded, account.media_rate, now=now)
        self._held: dict[str, None] = {}
        self._reasons = (
            f"min_interval {_length(policy.min_interval)}",
            f"max_per_day {policy.max_per_day}",
            f"{STATUSES.calls} statuses in {_length(STATUSES.period)}",
            f"{UPLOADS.calls} images in {_length(UPLOADS.period)}",
        )
        self._after_quiet(self.at)

    def send(self, due: datetime) -> datetime:
        """Send the next one as soon as it is due and may go; when it went."""
        opens = (
            self._after_interval(),
            self._after_day(),
            self._statuses.opens_at(1),
            self._images.opens_at(_images(self._policy)),
        )
        reason, earliest = max(zip(self._reasons, opens, strict=True), key=lambda item: item[1])
        if earliest > self.at:
            self._held[reason] = None
        self.at = self._after_quiet(max(self.at, earliest, due, self._rested))
        self._last = self.at
        self._statuses.take(1, self.at)
        self._days.take(1, self.at)
        self._images.take(_images(self._policy), self.at)
        return self.at

    def held_up_by(self) -> tuple[str, ...]:
        """What held any of them up."""
        return tuple(self._held)

    def _after_interval(self) -> datetime:
        return self.at if self._last is None else self._last + self._policy.min_interval

    def _after_day(self) -> datetime:
        return self._days.opens_at(1) if self._policy.max_per_day else self.at

    def _after_quiet(self, at: datetime) -> datetime:
        if self._policy.quiet_hours is None:
            return at
        later = after_quiet(self._policy.quiet_hours, at)
        if later > at:
            self._held["quiet_hours"] = None
        return later


class _Room:
    """What is left of a rate window, and when there is more."""

    def __init__(self, window: Window, used: Sequence[datetime], rate: RateLimit | None, *, now: datetime) -> None:
        self._period = window.period
        self._calls = window.calls
        self._used = list(used)
        self._now = now
        if rate is not None and believed(window, rate, now=now):
            self._calls = max(window.calls, rate.remaining)
            spent = self._calls - rate.remaining if rate.reset_at > now else 0
            self._used = [rate.reset_at - window.period] * spent

    def opens_at(self, calls: int) -> datetime:
        """When so many calls are free; an instant that has passed where they are now."""
        limiting = len(self._used) + calls - self._calls - 1
        return self._used[limiting] + self._period if calls and limiting >= 0 else self._now

    def take(self, calls: int, at: datetime) -> None:
        """Use up calls at an instant."""
        self._used += [at] * calls


def _images(policy: AccountPolicy) -> int:
    """How many images a post has to wait for."""
    waits = policy.images is Images.ATTACH and policy.media_budget is MediaBudget.WAIT
    return min(policy.max_images, UPLOADS.calls) if waits else 0


def _length(duration: timedelta) -> str:
    """A duration in the largest unit that it is a whole number of."""
    seconds = duration.total_seconds()
    unit, size = next(((unit, size) for unit, size in (("h", 3600), ("min", 60)) if seconds % size == 0), ("s", 1))
    return f"{seconds / size:g} {unit}"
