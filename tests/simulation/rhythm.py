"""Whether an account goes by its owner's rhythm, and rests where a person lets it, or the site, rest."""

from collections import defaultdict
from collections.abc import Collection, Hashable
from datetime import datetime, timedelta

from bot.domain.models import Share

_DAY = timedelta(days=1)


class Rests:
    """Which shares were begun while their site or their account rested: one of each account may have been in hand."""

    def __init__(self) -> None:
        self._begun: dict[str, set[tuple[str, int]]] = defaultdict(set)

    def begin(self, name: str) -> None:
        """A site or an account rests, or doesn't any more, from now on."""
        self._begun[name].clear()

    def begun(self, share: Share, resting: Collection[str]) -> str:
        """A share is about to be sent while these rest; which of them, where it can't be the one in hand; else ''."""
        for name in resting:
            self._begun[name].add((share.account, share.id))
            if sum(account == share.account for account, _ in self._begun[name]) > 1:
                return name
        return ""


class Rhythm:
    """When which share was begun, and which of these stand: min_interval between two, max_per_day in any 24 hours."""

    def __init__(self, *, min_interval: timedelta, max_per_day: int) -> None:
        self._min_interval = min_interval
        self._max_per_day = max_per_day
        self._begun: dict[Hashable, datetime] = {}
        self._sent: dict[str, list[datetime]] = defaultdict(list)

    def begun(self, share: Share, identity: Hashable) -> str:
        """A share is about to be sent; how that is against the rhythm, '' where it isn't.

        What a person wants at once goes against any rhythm, and counts in it. A sender may stand still for a moment
        once it has looked at the clock: the share says when that was.
        """
        if share.sent_at is None:
            raise AssertionError("a share that is begun says when")
        self._begun[identity] = share.sent_at
        return "" if share.at_once else self._objection(share.account, share.sent_at)

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
