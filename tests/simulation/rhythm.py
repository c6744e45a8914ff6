"""Whether the owner's rhythm is kept: min_interval between two statuses, max_per_day in any 24 hours."""

from collections import defaultdict
from collections.abc import Hashable
from datetime import datetime, timedelta

from bot.domain.models import Share

_DAY = timedelta(days=1)


class Rhythm:
    """When which share was begun, and which of these stand."""

    def __init__(self, *, min_interval: timedelta, max_per_day: int) -> None:
        self._min_interval = min_interval
        self._max_per_day = max_per_day
        self._begun: dict[Hashable, datetime] = {}
        self._sent: dict[str, list[datetime]] = defaultdict(list)

    def begun(self, share: Share, identity: Hashable, *, at: datetime) -> str:
        """A share is about to be sent; how that is against the rhythm, '' where it isn't.

        What a person wants at once goes against any rhythm, and counts in it.
        """
        self._begun[identity] = at
        return "" if share.at_once else self._objection(share.account, at)

    def stands(self, account: str, identity: Hashable) -> None:
        """A share's status stands."""
        if identity in self._begun:
            self._sent[account].append(self._begun[identity])

    def _objection(self, account: str, at: datetime) -> str:
        sent = self._sent[account]
        today = sum(at - _DAY < earlier for earlier in sent)
        if self._max_per_day and today >= self._max_per_day:
            return f"{today + 1} statuses in 24 hours"
        if sent and at - sent[-1] < self._min_interval:
            return f"{at - sent[-1]} after another one"
        return ""
