"""What becomes of a share: the value, and the parts that every decision is made of."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from bot.domain.models import AccountState, Anchor, Attempt, RateLimit, Share, State

if TYPE_CHECKING:
    from bot.domain.policy import AccountPolicy

LONGEST_WAIT = timedelta(hours=1)
# What an instance's clock may be ahead by. A status from further on would be newer than all that come, as an anchor:
# each listing back to it would be complete, and empty.
CLOCK_ERROR = timedelta(days=1)
# What a share's history says of a publish whose sender is gone.
STOPPED = "howdah was stopped while it was being sent"
# What a share says while it isn't known whether its status is there.
LOOKING = "looking whether it is on the account"


class Basis(Struct, frozen=True, kw_only=True):
    """What is decided by beside the share itself: its account's policy, and the moment.

    spread: the jitter, in [0, 1), drawn by the caller. pauses: how often the account was paused in a row until now.
    """

    policy: AccountPolicy
    now: datetime
    spread: float
    pauses: int = 0

    def wait(self, failures: int) -> timedelta:
        """How long to wait after so many failures in a row."""
        return backoff(self.policy.backoff, failures, spread=self.spread)

    def retry_at(self, failures: int) -> datetime:
        """When to try again after so many failures in a row."""
        return self.now + self.wait(failures)

    def rest_end(self) -> datetime:
        """When an account goes on that is paused now, once more."""
        return self.retry_at(self.pauses + 1)


class Pause(Struct, frozen=True, kw_only=True):
    """Send nothing on the account before until."""

    until: datetime
    reason: str


class Change(Struct, frozen=True, kw_only=True):
    """What becomes of a share, and of its account.

    share: the row as it is to be. attempt: the line to add to its history. pause: the account rests. recovered: the
    account works again, so its pauses are forgotten. statuses_rate: what the answer said is left. latest: the
    account's newest own status.
    """

    share: Share
    attempt: Attempt
    pause: Pause | None = None
    recovered: bool = False
    statuses_rate: RateLimit | None = None
    latest: Anchor | None = None

    def account_after(self, account: AccountState) -> AccountState:
        """What is remembered of the share's account, once this is recorded."""
        if self.recovered:
            account = replace(account, paused_until=None, pause_reason="", pauses=0)
        if self.pause is not None:
            until, reason = self.pause.until, self.pause.reason
            account = replace(account, paused_until=until, pause_reason=reason, pauses=account.pauses + 1)
        return replace(
            account,
            statuses_rate=self.statuses_rate or account.statuses_rate,
            latest=self.latest or account.latest,
        )


class Ended(Struct, frozen=True, kw_only=True):
    """What came of a share that was sent: the row as it was begun, and the change that is to be recorded."""

    share: Share
    change: Change


def changed(share: Share, *, step: str, outcome: str, detail: str, now: datetime) -> Change:
    """A change with its line for the history."""
    return Change(share=share, attempt=Attempt(at=now, step=step, outcome=outcome, detail=detail))


def shared(share: Share, url: str, status_id: str, created_at: datetime, *, step: str, now: datetime) -> Change:
    """A share that is on the account: with its url and id; the account works, and this is its newest status."""
    ended = replace(share, state=State.SHARED, url=url, status_id=status_id, error="", next_attempt_at=None)
    change = changed(ended, step=step, outcome="shared", detail=url, now=now)
    latest = Anchor(id=status_id, created_at=created_at) if created_at <= now + CLOCK_ERROR else None
    return replace(change, recovered=True, latest=latest)


def new_life(share: Share) -> Share:
    """The share without its key, and so without what was frozen under it: the next attempt composes anew."""
    return replace(
        share,
        idempotency_key="",
        status=None,
        media_ids=(),
        post_modified_at=None,
        images=(),
        anchor=None,
        sent_at=None,
        unanswered=0,
        absences=0,
        unread=0,
    )


def backoff(first: timedelta, failures: int, *, spread: float) -> timedelta:
    """How long to wait after so many failures in a row: doubling, up to an hour, and up to a quarter more by spread.

    spread is the jitter, in [0, 1), drawn by the caller.
    """
    doubled = first * 2 ** min(max(failures, 1) - 1, 32) if first < LONGEST_WAIT else LONGEST_WAIT
    return min(doubled, LONGEST_WAIT) * (1 + spread / 4)


def gave_up(failures: int, detail: str) -> str:
    """The reason of a share whose attempts are used up."""
    return f"gave up after {failures} attempts: {detail}"
