"""What sites announced."""

from collections.abc import Collection
from datetime import datetime, timedelta

from msgspec.structs import replace

from bot.domain.models import Share, State
from bot.domain.notices import KeptNotice, Notice
from bot.domain.selecting.plan import Plan, SeenPost
from tests.fakes.store.decisions import Decisions
from tests.fakes.store.memory import BEFORE_ALL, IN_FLIGHT, one_at_a_time


class Notices(Decisions):
    """What sites announced."""

    @one_at_a_time
    def accept_notice(self, site: str, notice: Notice, *, now: datetime) -> bool:
        """Keep it, unless its id is known."""
        if (site, notice.id) in self._notices:
            return False
        self._notices = {key: kept for key, kept in self._notices.items() if kept[1] >= now - timedelta(days=30)}
        self._notices[site, notice.id] = (notice, now, False)
        return True

    @one_at_a_time
    def open_notices(self, sites: Collection[str], *, limit: int) -> tuple[KeptNotice, ...]:
        """Those that are not done, oldest first."""
        kept = [
            KeptNotice(site=site, notice=notice, since=at)
            for (site, _), (notice, at, done) in self._notices.items()
            if site in sites and not done
        ]
        return tuple(sorted(kept, key=lambda one: (one.since, one.notice.id))[:limit])

    @one_at_a_time
    def end_notice(self, site: str, notice_id: str, *, now: datetime) -> None:
        """It is done."""
        self._end_notice(site, notice_id)

    @one_at_a_time
    def add_found(self, plan: Plan, *, now: datetime) -> tuple[Share, ...]:
        """Posts and shares, and nothing of the site."""
        return self._insert(plan, now=now)

    @one_at_a_time
    def hasten(self, site: str, post_id: int, *, now: datetime) -> None:
        """What only waits comes due."""
        for share in self._shares.values():
            mine = (share.site, share.post_id, share.state) == (site, post_id, State.PENDING)
            untried = not (share.attempts or share.error or share.asked)
            if mine and untried and share.next_attempt_at is not None and share.next_attempt_at > now:
                self._shares[share.id] = replace(share, next_attempt_at=now)

    @one_at_a_time
    def share_again(
        self, site: str, notice: Notice, post: SeenPost, *, accounts: Collection[str], now: datetime
    ) -> tuple[Share, ...]:
        """The next number on each account, once."""
        if not self._end_notice(site, notice.id):
            return ()
        moving = {
            share.account
            for share in self._shares.values()
            if (share.site, share.post_id) == (site, post.id) and share.state in (State.PENDING, *IN_FLIGHT)
        }
        return tuple(
            self.add_by_hand(
                site,
                post,
                account=account,
                number=max(self._numbers(site, post.id, account), default=0) + 1,
                text="",
                now=now,
            )
            for account in accounts
            if account not in moving
        )

    def _end_notice(self, site: str, notice_id: str) -> bool:
        notice, at, done = self._notices.get((site, notice_id), (None, BEFORE_ALL, True))
        if notice is not None:
            self._notices[site, notice_id] = (notice, at, True)
        return not done
