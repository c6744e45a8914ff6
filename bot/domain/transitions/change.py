"""What becomes of a share: the value, and the parts that every decision is made of."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.domain.models import AccountState, Anchor, Attempt, RateLimit, Share, State

if TYPE_CHECKING:
    from bot.domain.answers import Barred, NotSent, Throttled
    from bot.domain.policy import AccountPolicy

LONGEST_WAIT = timedelta(hours=1)
# What an instance's clock may be ahead by. A status from further on would be newer than all that come, as an anchor:
# each listing back to it would be complete, and empty.
CLOCK_ERROR = timedelta(days=1)
# So many failures in a row, of whatever kind, don't mend themselves: a person is told.
TOLD_AFTER = 3
# How the reason of a pause begins that only a person can end.
REFUSES = "the instance refuses the account"
# How a share's history calls a publish that was refused with 403 while the account works.
ASIDE = "aside"
# How the reason of a pause begins where the account works, but none of its statuses is taken.
WALLED = "the instance refuses one status after another"
# How the reason of a pause begins where a status was sent several times, never came to be, and nor did any other since.
TAKES_NONE = "the instance takes no status"
# What a share's history says of a publish whose sender is gone.
STOPPED = "howdah was stopped while it was being sent"
# What stands in the reason of a pause where nothing was asked, for want of a token that can be read.
TOKENLESS = "without a token"
_IS_TOKENLESS = re.compile(
    r"nothing can be sent now: (the account's own statuses can't be read: )?(the instance \S+ was not asked, )?"
    r"without a token: "
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Send nothing on the account before until."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
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


def rests_because(no: Barred | Throttled | NotSent) -> str:
    """Why an account rests after an answer that says nothing of its share."""
    from bot.domain.answers import Barred, Throttled  # not for who only reads what is remembered

    if isinstance(no, Barred):
        return f"{REFUSES} ({no.code}): {no.message}"
    if isinstance(no, Throttled):
        return f"the instance asks to slow down (429): {no.message}"
    return f"nothing can be sent now: {no.message}"


def is_tokenless(reason: str) -> bool:
    """Whether an account's pause has this reason for want of a token; an instance's own words never make it so."""
    return _IS_TOKENLESS.match(reason) is not None


def takes_turns(pause_reason: str) -> bool:
    """Whether an account's shares are tried in turns, not in their order. pause_reason: why it had to rest last.

    Where it takes none of its statuses, the one that wasn't tried for the longest time of all that are due comes
    first: it may be one that goes out, after which all others follow in their order.
    """
    return pause_reason.startswith((WALLED, TAKES_NONE))


def gave_up(failures: int, detail: str) -> str:
    """The reason of a share whose attempts are used up."""
    return f"gave up after {failures} attempts: {detail}"
