"""What people ask and decide."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from msgspec.structs import replace

from bot.domain.models import Asked, Attempt, ReadBack, Share, State
from bot.domain.selecting.plan import Mark, SeenPost
from bot.domain.text.links import normalise, same_host
from bot.errors import LeaseLostError
from tests.fakes.store.memory import Memory, one_at_a_time


class Decisions(Memory):
    """What people ask and decide."""

    @one_at_a_time
    def next_due_at(self, *, sites: Collection[str], accounts: Collection[str]) -> datetime | None:
        """The earliest of them."""
        due = [
            max([share.next_attempt_at, *self._rests(share)])
            for share in self._shares.values()
            if share.account in accounts and self._waits(share, sites) and share.next_attempt_at is not None
        ]
        return min(due, default=None)

    @one_at_a_time
    def pending_at(self, account: str, *, sites: Collection[str], now: datetime) -> tuple[datetime, ...]:
        """Sorted."""
        pending = (share for share in self._shares.values() if share.state is State.PENDING and share.site in sites)
        mine = (share.next_attempt_at for share in pending if share.account == account)
        return tuple(sorted(max(at, now) for at in mine if at is not None))

    @one_at_a_time
    def shares(
        self,
        *,
        site: str | None = None,
        account: str | None = None,
        state: State | None = None,
        post_id: int | None = None,
        limit: int | None = None,
    ) -> tuple[Share, ...]:
        """Newest first."""
        wanted = {"site": site, "account": account, "state": state, "post_id": post_id}
        found = [
            share
            for share in self._shares.values()
            if all(value is None or getattr(share, name) == value for name, value in wanted.items())
        ]
        return tuple(sorted(found, key=lambda share: (share.created_at, share.id), reverse=True)[:limit])

    @one_at_a_time
    def get(self, share_ids: Collection[int]) -> tuple[Share, ...]:
        """By id."""
        return tuple(self._shares[number] for number in sorted(share_ids) if number in self._shares)

    @one_at_a_time
    def attempts(self, share: Share) -> tuple[Attempt, ...]:
        """In order of their recording."""
        return tuple(attempt for other, attempt in self._attempts if other.id == share.id)

    @one_at_a_time
    def find_post(self, site: str | None, link: str) -> tuple[str, int] | None:
        """By the normalised link."""
        key = normalise(link)
        found = [
            where
            for where, post in self._posts.items()
            if normalise(post.link) == key and (site is None or where[0] == site)
        ]
        return min(found, default=None)

    @one_at_a_time
    def find_status(self, url: str) -> tuple[str, int] | None:
        """By the normalised url, or by its host and the status' id at its end."""
        ending = url.rstrip("/").rpartition("/")[2]
        found = (
            share
            for share in self._shares.values()
            if normalise(share.url) == normalise(url)
            or (ending and share.status_id == ending and same_host(share.url, url))
        )
        return next(((share.site, share.post_id) for share in found), None)

    @one_at_a_time
    def add_by_hand(
        self,
        site: str,
        post: SeenPost,
        *,
        account: str,
        number: int,
        text: str,
        now: datetime,
        asked: Asked = Asked.NAMED,
        due: datetime | None = None,
    ) -> Share:
        """With this number, or not at all."""
        if max(self._numbers(site, post.id, account), default=0) >= number:
            raise LeaseLostError("somebody else shared it")
        self._posts.setdefault((site, post.id), post)
        fields = {"number": number, "asked": asked, "text_override": text, "next_attempt_at": due or now}
        return self._new(site, post.id, account, now=now, **fields)

    @one_at_a_time
    def add_shared(
        self, site: str, account: str, marks: Collection[Mark], *, note: str, now: datetime
    ) -> frozenset[int]:
        """Those without a share."""
        added = []
        for mark in {mark.post.id: mark for mark in marks}.values():
            if not self._numbers(site, mark.post.id, account):
                self._posts.setdefault((site, mark.post.id), mark.post)
                fields = {"state": State.SHARED, "url": mark.url, "status_id": mark.status_id}
                share = self._new(site, mark.post.id, account, now=now, **fields)
                self._attempts.append((share, Attempt(at=now, step="decide", outcome="adopted", detail=note)))
                added.append(mark.post.id)
        return frozenset(added)

    @one_at_a_time
    def read_back(self, site: str, account: str) -> ReadBack | None:
        """As kept."""
        return self._read_back.get((site, account))

    @one_at_a_time
    def keep_read_back(self, site: str, account: str, reached: ReadBack | None) -> None:
        """Keep it."""
        self._read_back[site, account] = reached

    @one_at_a_time
    def unshared(self, site: str, account: str, ids: Collection[int]) -> frozenset[int]:
        """Those without a share, and those skipped without a history."""
        decided = {share.id for share, _ in self._attempts}
        taken = {
            share.post_id
            for share in self._shares.values()
            if (share.site, share.account) == (site, account)
            if share.state is not State.SKIPPED or share.id in decided
        }
        return frozenset(ids) - taken

    @one_at_a_time
    def add_backfill(self, site: str, account: str, found: Collection[SeenPost], *, now: datetime) -> int:
        """Anew, or those that were skipped."""
        wanted = {post.id: post for post in found if post.id in self.unshared(site, account, [post.id])}
        skipped = {
            share.post_id: share for share in self._shares.values() if (share.site, share.account) == (site, account)
        }
        for number, post in wanted.items():
            self._posts.setdefault((site, number), post)
            if number not in skipped:
                self._new(site, number, account, now=now, asked=Asked.BACKFILL, next_attempt_at=now)
                continue
            share = replace(
                skipped[number],
                state=State.PENDING,
                error="",
                asked=Asked.BACKFILL,
                next_attempt_at=now,
                updated_at=now,
            )
            self._shares[share.id] = share
            self._attempts.append((share, Attempt(at=now, step="decide", outcome="queued", detail="backfill")))
        return len(wanted)

    @one_at_a_time
    def counts(self) -> dict[tuple[str, str, State], int]:
        """Counted."""
        return dict(Counter((share.site, share.account, share.state) for share in self._shares.values()))

    @one_at_a_time
    def oldest_pending(self) -> Share | None:
        """By creation."""
        pending = [share for share in self._shares.values() if share.state is State.PENDING]
        return min(pending, key=lambda share: (share.created_at, share.id), default=None)

    @one_at_a_time
    def longest_due(self, accounts: Collection[str], *, sites: Collection[str], before: datetime) -> Share | None:
        """By when it came due."""
        due = [
            (share.next_attempt_at, share.id, share)
            for share in self._shares.values()
            if share.state is State.PENDING and share.account in accounts and share.site in sites
            if share.next_attempt_at is not None and share.next_attempt_at < before
        ]
        return min(due)[-1] if due else None

    def _rests(self, share: Share) -> list[datetime]:
        """Until when the share's account rests, and its site."""
        account = self.account(share.account)
        site = self.site(share.site).rests_until if share.state is State.PENDING else None
        return [until for until in (account.paused_until, account.rests_until, site) if until is not None]

    @one_at_a_time
    def unfollowed(self, *, limit: int) -> tuple[Share, ...]:
        """Looked for among all."""
        found = [share for share in self._shares.values() if share.state is State.SHARED and share.error]
        return tuple(sorted(found, key=lambda share: (share.updated_at, share.id))[:limit])

    @one_at_a_time
    def erring(self, accounts: Collection[str], *, sites: Collection[str], limit: int) -> tuple[Share, ...]:
        """Looked for among all."""
        pending = [share for share in self._shares.values() if share.state is State.PENDING and share.error]
        mine = [share for share in pending if share.account in accounts and share.site in sites]
        found = [share for share in mine if [attempt.step for attempt in self.attempts(share)][-1:] == ["read"]]
        return tuple(sorted(found, key=lambda share: (share.created_at, share.id))[:limit])
