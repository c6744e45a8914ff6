"""What is known of shared posts."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from bot.domain.models import FOREVER, LONGEST_PUT_OFF, Followed, Share, State
from tests.fakes.store.memory import BEFORE_ALL, Memory, one_at_a_time


def _is_due(at: datetime, *, now: datetime) -> bool:
    """What is put off for longer than anything ever is was put off by a clock that was ahead."""
    return at <= now or (now < FOREVER - LONGEST_PUT_OFF and at > now + LONGEST_PUT_OFF)


class Following(Memory):
    """What is known of shared posts."""

    @one_at_a_time
    def to_follow(
        self, account: str, *, sites: Collection[str], since: datetime, now: datetime, limit: int
    ) -> tuple[tuple[Share, Followed], ...]:
        """Those never looked at first."""
        shared = [
            (share, self._followed.get(share.id))
            for share in self._shares.values()
            if share.account == account and share.state is State.SHARED and share.site in sites
            if share.status_id and share.status and share.next_attempt_at is None
            if self._published_at(share) > since and not self._site_rests(share.site, now=now)
        ]
        waits = {share.id: BEFORE_ALL if followed is None else followed.next_check_at for share, followed in shared}
        due = [(at, share) for share, _ in shared if (at := waits[share.id]) is not None and _is_due(at, now=now)]
        first = sorted(due, key=lambda pair: (pair[0], pair[1].id))[:limit]
        return tuple((share, self._followed.get(share.id, Followed(share_id=share.id))) for _, share in first)

    @one_at_a_time
    def accounts_to_follow(self, accounts: Collection[str], *, since: datetime, now: datetime) -> frozenset[str]:
        """Those of which to_follow() tells something."""
        asked: dict[str, Any] = {"sites": {share.site for share in self._shares.values()}, "since": since, "now": now}
        return frozenset(name for name in accounts if self.to_follow(name, **asked, limit=1))

    @one_at_a_time
    def failing_to_follow(
        self, accounts: Collection[str], *, sites: Collection[str], since: datetime, least: int
    ) -> tuple[tuple[Share, Followed], ...]:
        """Of those that will be due."""
        everything: dict[str, Any] = {"sites": sites, "since": since, "now": FOREVER, "limit": len(self._shares)}
        due = [pair for name in accounts for pair in self.to_follow(name, **everything)]
        failing = [pair for pair in due if pair[1].error and max(pair[1].unread, pair[1].failures) >= least]
        return tuple(sorted(failing, key=lambda pair: pair[0].id))

    @one_at_a_time
    def followed(self, share_id: int) -> Followed | None:
        """As it was kept."""
        return self._followed.get(share_id)

    @one_at_a_time
    def keep_following(self, followed: Collection[Followed]) -> None:
        """Keep them."""
        self._followed |= {one.share_id: one for one in followed}

    @one_at_a_time
    def gone(self, account: str, site: str, *, since: datetime) -> int:
        """Counted."""
        return sum(
            one.gone_since is not None and (one.next_check_at is not None or one.gone_since > since)
            for one in self._followed.values()
            if (self._shares[one.share_id].account, self._shares[one.share_id].site) == (account, site)
        )

    def _published_at(self, share: Share) -> datetime:
        return self._posts[share.site, share.post_id].published_at or share.created_at

    def _stop_following(self, *, site: str = "", account: str = "") -> None:
        for share in self._shares.values():
            if share.state is State.SHARED and (share.site == site or share.account == account):
                followed = self._followed.get(share.id, Followed(share_id=share.id))
                self._followed[share.id] = replace(followed, next_check_at=None)
