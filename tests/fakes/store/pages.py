"""What the status page shows."""

from bisect import bisect_right
from datetime import date, datetime

from bot.domain.models import DELAYS, THERE_BEFORE, Day, PageKey, Share, SharePage, State
from tests.fakes.store.decisions import Decisions
from tests.fakes.store.memory import one_at_a_time


class Pages(Decisions):
    """What the status page shows."""

    @one_at_a_time
    def page(
        self,
        *,
        site: str | None = None,
        account: str | None = None,
        state: State | None = None,
        search: str = "",
        after: PageKey | None = None,
        remembered: bool = True,
        limit: int,
    ) -> SharePage:
        """All of them in memory: a search comes to the end at once."""
        found = [
            share
            for share in self.shares(site=site, account=account, state=state)
            if (after is None or (share.created_at, share.id) < after)
            and (remembered or not _is_remembered(share))
            and (
                search.lower() in f"{share.title}\n{self._posts[share.site, share.post_id].link}".lower()
                or search == str(share.post_id)
            )
        ]
        more = (found[limit - 1].created_at, found[limit - 1].id) if len(found) > limit else None
        return SharePage(shares=tuple(found[:limit]), next=more)

    @one_at_a_time
    def remembered(self, *, site: str | None = None, account: str | None = None) -> int:
        """Counted."""
        return sum(_is_remembered(share) for share in self.shares(site=site, account=account))

    @one_at_a_time
    def days(self, *, since: datetime) -> tuple[Day, ...]:
        """Counted."""
        days: dict[date, Day] = {}
        for share in sorted(self._shares.values(), key=lambda share: share.created_at):
            sent = share.state is State.SHARED and share.sent_at is not None
            if share.created_at < since or share.state not in (State.SHARED, State.FAILED):
                continue
            at = share.created_at.date()
            day = days.get(at, Day(date=at, shared=0, failed=0, delays=(0,) * (len(DELAYS) + 1)))
            delays = list(day.delays)
            published = self._posts[share.site, share.post_id].published_at
            if sent and share.sent_at and published and not share.asked:
                delays[bisect_right(DELAYS, share.sent_at - published)] += 1
            failed = day.failed + (share.state is State.FAILED)
            days[at] = Day(date=at, shared=day.shared + sent, failed=failed, delays=tuple(delays))
        return tuple(days.values())

    @one_at_a_time
    def published_at(self, site: str, post_id: int) -> datetime | None:
        """As it was seen."""
        post = self._posts.get((site, post_id))
        return post.published_at if post else None


def _is_remembered(share: Share) -> bool:
    return share.state is State.SKIPPED and share.error.startswith(THERE_BEFORE)
