"""Delivering shares."""

from collections.abc import Collection
from datetime import datetime

from msgspec.structs import replace

from bot.domain.models import FARTHEST, Asked, Carrier, Share, State
from bot.domain.policy import Order
from bot.domain.text.links import normalise
from bot.domain.transitions.change import Change, Ended
from bot.errors import AtRestError, LeaseLostError
from tests.fakes.store.memory import BEFORE_ALL, Memory, one_at_a_time

OUTCOMES = (State.SHARED, State.FAILED, State.HELD, State.SKIPPED)


_IN_DOUBT = (State.PENDING, State.UNKNOWN, State.HELD)


class Shares(Memory):
    """Delivering shares."""

    @one_at_a_time
    def due(
        self, account: str, *, sites: Collection[str], now: datetime, limit: int, order: Order = Order.OLDEST
    ) -> tuple[Share, ...]:
        """By hand first, then by date."""
        due = self._may_go(account, sites=sites, now=now)
        due.sort(key=lambda share: (share.number, share.id))
        due.sort(key=lambda share: self._age(share)[:2], reverse=order is Order.NEWEST)
        last = [share for share in due if share.asked is Asked.BACKFILL]
        first = sorted((share for share in due if share not in last), key=lambda share: not share.at_once)
        return tuple((first + sorted(last, key=self._age))[:limit])

    @one_at_a_time
    def longest_untried(self, account: str, *, sites: Collection[str], now: datetime) -> Share | None:
        """Never, or longest ago."""
        due = self._may_go(account, sites=sites, now=now)
        return min(due, key=lambda share: (share.attempts > 0, share.updated_at, share.id), default=None)

    @one_at_a_time
    def sending(self, account: str) -> tuple[Share, ...]:
        """Those in flight."""
        return tuple(
            share for share in self._shares.values() if share.account == account and share.state is State.SENDING
        )

    @one_at_a_time
    def unknown_due(self, account: str, *, now: datetime) -> tuple[Share, ...]:
        """Those whose time has come."""
        due = [
            share
            for share in self._shares.values()
            if share.account == account and share.state is State.UNKNOWN
            if share.next_attempt_at is not None and share.next_attempt_at <= now
        ]
        return tuple(sorted(due, key=self._age))

    @one_at_a_time
    def put_off(self, account: str, *, until: datetime) -> None:
        """Later, where it is sooner."""
        for share in self._shares.values():
            waits = share.account == account and share.state is State.PENDING and not share.at_once
            if waits and share.next_attempt_at is not None and share.next_attempt_at < until:
                self._shares[share.id] = replace(share, next_attempt_at=until)

    @one_at_a_time
    def take_up(self, accounts: Collection[str], *, now: datetime) -> None:
        """Now, where it is far away."""
        for share in self._shares.values():
            waits = share.state in (State.PENDING, State.UNKNOWN) and share.asked is not Asked.QUEUED
            at = share.next_attempt_at
            if share.account in accounts and waits and at is not None and at > now + FARTHEST:
                self._shares[share.id] = replace(share, next_attempt_at=now)

    @one_at_a_time
    def begin(
        self, share: Share, *, owner: str, lease_until: datetime, now: datetime, ended: Ended | None = None
    ) -> Share:
        """Compare, then set."""
        if self._leases.get(share.account, ("", None))[0] != owner:
            raise LeaseLostError("the lane is another's")
        if self._site_rests(share.site, now=now) or self.account(share.account).is_at_rest(now=now):
            raise AtRestError("it rests")
        begun = replace(
            share,
            state=State.SENDING,
            attempts=share.attempts + 1,
            sent_at=now,
            next_attempt_at=None,
            updated_at=now,
        )
        self._compare(replace(share, state=State.PENDING))
        if ended is not None:
            self.apply(ended.share, ended.change, now=now)
        self._compare_and_set(replace(share, state=State.PENDING), begun)
        self._leases[share.account] = (owner, lease_until)
        return begun

    @one_at_a_time
    def apply(self, share: Share, change: Change, *, now: datetime) -> Share:
        """Compare, then set everything."""
        after = replace(change.share, updated_at=now)
        self._compare_and_set(share, after)
        if share.status_id and share.state is not State.SHARED and after.state is State.SHARED:
            self._followed.pop(share.id, None)
        at = share.sent_at if change.attempt.step == "publish" and share.sent_at else change.attempt.at
        self._attempts.append((share, replace(change.attempt, at=at)))
        self._accounts[share.account] = change.account_after(self.account(share.account))
        if after.state in OUTCOMES:
            self._writes[after.id] = (now, 0)
        return after

    @one_at_a_time
    def carriers(self, urls: Collection[str]) -> tuple[Carrier, ...]:
        """By the shares' urls."""
        return tuple(
            Carrier(
                site=share.site,
                post_id=share.post_id,
                account=share.account,
                url=share.url,
                published_at=self._posts[share.site, share.post_id].published_at,
            )
            for share in self._shares.values()
            if share.url and share.url in urls
        )

    @one_at_a_time
    def same_post(self, share: Share, link: str) -> str:
        """By id and normalised link."""
        return next(
            (
                other.site
                for other in self._shares.values()
                if (other.post_id, other.account) == (share.post_id, share.account)
                and other.site != share.site
                and (other.state in (State.SHARED, State.SENDING) or (other.unanswered and other.state in _IN_DOUBT))
                and normalise(self._posts[other.site, other.post_id].link) == normalise(link)
            ),
            "",
        )

    @one_at_a_time
    def known_status_ids(self, account: str, ids: Collection[str]) -> frozenset[str]:
        """Those that a share has."""
        return frozenset(
            share.status_id for share in self._shares.values() if share.account == account and share.status_id in ids
        )

    def _may_go(self, account: str, *, sites: Collection[str], now: datetime) -> list[Share]:
        return [
            share
            for share in self._shares.values()
            if share.account == account and share.state is State.PENDING and self._waits(share, sites)
            if not self._site_rests(share.site, now=now)
            if share.next_attempt_at is not None and share.next_attempt_at <= now
        ]

    def _compare(self, before: Share) -> None:
        stored = self._shares.get(before.id)
        if stored is None or _version(stored) != _version(before):
            raise LeaseLostError("the share was changed meanwhile")

    def _compare_and_set(self, before: Share, after: Share) -> None:
        self._compare(before)
        self._shares[before.id] = after

    def _age(self, share: Share) -> tuple[datetime, int, int, int]:
        published = self._posts[share.site, share.post_id].published_at
        return (published or BEFORE_ALL, share.post_id, share.number, share.id)


def _version(share: Share) -> tuple[State, int, datetime]:
    return (share.state, share.attempts, share.updated_at)
