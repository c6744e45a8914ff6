"""An account's pace: what its instance's window for statuses is spent on, and when its owner's rhythm lets it send.

Counted from the store once for many shares, and kept up by whoever spends: nobody else does while the lease lasts.
"""

from datetime import datetime

from bot.domain.models import RateLimit
from bot.domain.policy import AccountPolicy
from bot.domain.transitions import budget
from bot.ports import Store


class Pace:
    """When statuses were sent that are there, or may be, and when the window was spent on; both ascending."""

    def __init__(self, store: Store, policy: AccountPolicy) -> None:
        self._store = store
        self._policy = policy
        self._sent: list[datetime] = []
        self._spent: list[datetime] = []

    def count(self, *, now: datetime) -> None:
        """Count both anew, as far back as any window or rhythm reaches."""
        self._sent = list(self._store.sent_at(self._policy.name, since=now - budget.reach(self._policy)))
        self.count_spent(now=now)

    def count_spent(self, *, now: datetime) -> None:
        """Count what the window is spent on: edits and boosts count in it too."""
        since = now - budget.STATUSES.period
        self._spent = list(self._store.acted_at(self._policy.name, budget.SPENDING, since=since))

    def spend(self, at: datetime, *, is_status: bool = False) -> None:
        """Count one more request; is_status: whether there is a status since, or may be."""
        self._spent.append(at)
        if is_status:
            self._sent.append(at)

    def opens_at(self, rate: RateLimit | None, *, now: datetime) -> datetime | None:
        """When the instance's window opens again; None where it is open. rate: what the instance said last of it."""
        return budget.opens_at(budget.STATUSES, self._spent, rate, now=now)

    def lets_another(self, at: datetime) -> bool:
        """Whether the owner's rhythm allows another status right after one that is sent at this instant."""
        return budget.rhythm(self._policy, [*self._sent, at], now=at) is None

    def rests_until(self, *, now: datetime) -> datetime | None:
        """When the owner's rhythm allows the next status; None where it does now."""
        return budget.rhythm(self._policy, self._sent, now=now)
