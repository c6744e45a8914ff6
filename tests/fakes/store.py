"""A state store in memory that speaks the Store port. It passes the same contract suite as the real one."""

import threading
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from copy import copy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from bot.domain.models import (
    DELAYS,
    FOREVER,
    AccountState,
    Anchor,
    Asked,
    Attempt,
    Carrier,
    Cause,
    Day,
    DueWrite,
    Followed,
    FoundStatus,
    Limits,
    Listing,
    PageKey,
    Post,
    RateLimit,
    ReadBack,
    Share,
    SharePage,
    SiteState,
    State,
)
from bot.domain.notices import KeptNotice, Notice
from bot.domain.policy import Order
from bot.domain.selecting.plan import THERE_BEFORE, Mark, Plan, PlannedShare, SeenPost
from bot.domain.text.links import normalise
from bot.domain.transitions.budget import THERE
from bot.domain.transitions.change import ASIDE, Change, Ended
from bot.domain.transitions.reconciling import links_of
from bot.errors import LeaseLostError

OUTCOMES = (State.SHARED, State.FAILED, State.HELD, State.SKIPPED)
IN_FLIGHT = (State.SENDING, State.UNKNOWN)
LONGEST = timedelta(hours=3)
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)

_P = ParamSpec("_P")
_R = TypeVar("_R")


def _one_at_a_time(
    method: Callable[Concatenate["FakeStore", _P], _R],
) -> Callable[Concatenate["FakeStore", _P], _R]:
    """What a transaction is for the real one: nobody sees the half of a change."""

    @wraps(method)
    def locked(store: "FakeStore", /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        with store._lock:
            return method(store, *args, **kwargs)

    return locked


class FakeStore:
    """A Store that forgets everything when it is closed.

    another_origin: what origin() says. room: what free_bytes() says.
    """

    def __init__(self) -> None:
        self.another_origin = "here"
        self.room: int | None = None
        self._lock = threading.RLock()
        self._sites: dict[str, SiteState] = {}
        self._posts: dict[tuple[str, int], SeenPost] = {}
        self._listed: set[tuple[str, int]] = set()
        self._followed: dict[int, Followed] = {}
        self._shares: dict[int, Share] = {}
        self._attempts: list[tuple[Share, Attempt]] = []
        self._accounts: dict[str, AccountState] = {}
        self._urls: dict[str, str] = {}
        self._instances: dict[str, str] = {}
        self._leases: dict[str, tuple[str, datetime]] = {}
        self._site_leases: dict[str, tuple[str, datetime]] = {}
        self._read_back: dict[tuple[str, str], ReadBack | None] = {}
        self._statuses: dict[tuple[str, str, str], FoundStatus] = {}
        self._write_back_since: dict[str, datetime] = {}
        self._writes: dict[int, tuple[datetime, int]] = {}
        self._notices: dict[tuple[str, str], tuple[Notice, datetime, bool]] = {}
        self._causes: dict[str, Cause] = {}
        self._claims: dict[str, datetime] = {}

    @_one_at_a_time
    def close(self) -> None:
        """Forget everything."""
        self.__init__()  # type: ignore[misc] # back to the beginning

    @_one_at_a_time
    def copy(self) -> "FakeStore":
        """Another store with the same in it: a backup."""
        other = FakeStore()
        for name, value in vars(self).items():
            if name != "_lock":
                setattr(other, name, copy(value))
        return other

    def now(self) -> datetime:
        """By the machine's clock."""
        return datetime.now(UTC)

    def flaw(self) -> str:
        """None."""
        return ""

    def origin(self) -> str:
        """What a test says."""
        return self.another_origin

    def free_bytes(self) -> int | None:
        """What a test says."""
        return self.room

    def try_writing(self) -> None:
        """There is always room."""

    @_one_at_a_time
    def note_addresses(self, *, sites: Mapping[str, str], accounts: Mapping[str, str], now: datetime) -> None:
        """Forget what is about another address."""
        for name, url in sites.items():
            if self._urls.setdefault(name, url) != url:
                self._urls[name] = url
                self._sites[name] = replace(self.site(name), root="")
                self._stop_following(site=name)
        for name, instance in accounts.items():
            known = self._instances.get(name, "")
            if known == instance:
                continue
            self._instances[name] = instance
            rests_until = self.account(name).rests_until
            before = AccountState(name=name, rests_until=rests_until) if known else self.account(name)
            self._accounts[name] = replace(before, origin=self.another_origin, unproven_before=now)
            if known:
                self._stop_following(account=name)

    # --- sites and posts

    @_one_at_a_time
    def site(self, name: str) -> SiteState:
        """The site's state."""
        return self._sites.get(name, SiteState(name=name))

    @_one_at_a_time
    def sites(self, names: Collection[str]) -> tuple[SiteState, ...]:
        """Each of them."""
        return tuple(map(self.site, names))

    @_one_at_a_time
    def remember_root(self, name: str, root: str) -> None:
        """Keep the root."""
        self._sites[name] = replace(self.site(name), root=root)

    @_one_at_a_time
    def rest_site(self, site: str, *, until: datetime | None) -> None:
        """Keep it."""
        self._sites[site] = replace(self.site(site), rests_until=until)

    @_one_at_a_time
    def seen(self, site: str, ids: Collection[int]) -> frozenset[int]:
        """Those that a look found."""
        return frozenset(number for number in ids if (site, number) in self._listed)

    @_one_at_a_time
    def ids_by_link(self, site: str, links: Collection[str]) -> Mapping[str, int]:
        """By the normalised link."""
        known = {normalise(post.link): number for (name, number), post in sorted(self._posts.items()) if name == site}
        return {link: known[normalise(link)] for link in links if link and normalise(link) in known}

    @_one_at_a_time
    def newest_seen(self, site: str, *, since: datetime, limit: int) -> tuple[int, ...]:
        """Sorted by date, newest first."""
        dated = [
            (post.published_at, post.id)
            for key, post in self._posts.items()
            if key in self._listed and key[0] == site and post.published_at is not None and post.published_at > since
        ]
        return tuple(number for _, number in sorted(dated, reverse=True)[:limit])

    @_one_at_a_time
    def add(self, plan: Plan, *, now: datetime) -> tuple[Share, ...]:
        """Keep what isn't kept yet."""
        state = self.site(plan.site)
        if state.looked_at != plan.expected_looked_at:
            raise LeaseLostError("somebody else looked")
        self._sites[plan.site] = replace(
            state,
            looked_at=plan.looked_at,
            activated_at=state.activated_at or plan.activated_at,
            next_look_at=plan.next_look_at,
            failures=state.failures + 1 if plan.error else 0,
            error=plan.error,
        )
        return self._insert(plan, now=now)

    def _insert(self, plan: Plan, *, now: datetime) -> tuple[Share, ...]:
        for old, new in plan.renamed:
            self._rename(plan.site, old, new)
        for post in plan.posts:
            self._posts.setdefault((plan.site, post.id), post)
            self._listed.add((plan.site, post.id))
        return tuple(
            self._new(plan.site, planned.post_id, planned.account, now=now, **_fields(planned))
            for planned in plan.shares
            if 1 not in self._numbers(plan.site, planned.post_id, planned.account)
        )

    def _rename(self, site: str, old: int, new: int) -> None:
        """Another id for a post, where that has no shares yet."""
        if (site, old) not in self._posts or any((s.site, s.post_id) == (site, new) for s in self._shares.values()):
            return
        self._posts[site, new] = replace(self._posts.pop((site, old)), id=new)
        if (site, old) in self._listed:
            self._listed.remove((site, old))
            self._listed.add((site, new))
        for number, share in self._shares.items():
            if (share.site, share.post_id) == (site, old):
                self._shares[number] = replace(share, post_id=new)

    @_one_at_a_time
    def look_failed(self, site: str, *, error: str, next_look_at: datetime) -> None:
        """Count the failure."""
        state = self.site(site)
        self._sites[site] = replace(state, failures=state.failures + 1, error=error, next_look_at=next_look_at)

    @_one_at_a_time
    def end_wait(self, site: str, *, now: datetime) -> None:
        """Due now."""
        if self.site(site).failures:
            self._sites[site] = replace(self.site(site), next_look_at=now)
        for one in list(self._followed.values()):
            if one.error and one.next_check_at is not None and self._shares[one.share_id].site == site:
                self._followed[one.share_id] = replace(one, next_check_at=now)

    @_one_at_a_time
    def due_sites(self, names: Collection[str], *, now: datetime) -> tuple[str, ...]:
        """Those never looked at first."""
        due_at = {name: self.site(name).next_look_at for name in names}
        due = [
            name
            for name, at in due_at.items()
            if (at is None or at <= now) and self._is_free(name, now=now) and not self._site_rests(name, now=now)
        ]
        return tuple(sorted(due, key=lambda name: (due_at[name] is not None, due_at[name] or now, name)))

    @_one_at_a_time
    def lease_site(self, site: str, *, owner: str, now: datetime, until: datetime) -> bool:
        """Take it, unless another's runs."""
        return _take(self._site_leases, site, owner=owner, now=now, until=until)

    @_one_at_a_time
    def release_site(self, site: str, *, owner: str) -> None:
        """Give it back."""
        _release(self._site_leases, site, owner=owner)

    # --- accounts and their lanes

    @_one_at_a_time
    def account(self, name: str) -> AccountState:
        """The account's state."""
        return self._accounts.get(name, AccountState(name=name))

    @_one_at_a_time
    def accounts(self, names: Collection[str]) -> tuple[AccountState, ...]:
        """Each of them."""
        return tuple(map(self.account, names))

    @_one_at_a_time
    def lease(self, account: str, *, owner: str, now: datetime, until: datetime) -> bool:
        """Take it, unless another's runs."""
        return _take(self._leases, account, owner=owner, now=now, until=until)

    @_one_at_a_time
    def release(self, account: str, *, owner: str) -> None:
        """Give it back."""
        _release(self._leases, account, owner=owner)

    @_one_at_a_time
    def owners(self) -> frozenset[str]:
        """Those of all leases."""
        return frozenset(owner for leases in (self._leases, self._site_leases) for owner, _ in leases.values())

    @_one_at_a_time
    def give_back(self, owner: str) -> None:
        """All of them."""
        for leases in (self._leases, self._site_leases):
            for name in list(leases):
                _release(leases, name, owner=owner)

    @_one_at_a_time
    def due_accounts(self, names: Collection[str], *, sites: Collection[str], now: datetime) -> tuple[str, ...]:
        """Those with something to do."""
        busy = {
            share.account
            for share in self._shares.values()
            if share.state is State.SENDING
            or (
                (self._waits(share, sites) and share.next_attempt_at is not None and share.next_attempt_at <= now)
                and (share.state is State.UNKNOWN or not self._site_rests(share.site, now=now))
            )
        }
        return tuple(sorted(name for name in busy & set(names) if not self._resting(name, now=now)))

    @_one_at_a_time
    def pause(self, account: str, *, until: datetime, reason: str) -> None:
        """Keep the pause."""
        state = self.account(account)
        self._accounts[account] = replace(state, paused_until=until, pause_reason=reason, pauses=state.pauses + 1)

    @_one_at_a_time
    def resume(self, account: str) -> None:
        """Forget the pause."""
        self._accounts[account] = replace(self.account(account), paused_until=None, pause_reason="", pauses=0)

    @_one_at_a_time
    def rest_account(self, account: str, *, until: datetime | None) -> None:
        """Keep it."""
        self._accounts[account] = replace(self.account(account), rests_until=until)

    @_one_at_a_time
    def at_rest(self, site: str, account: str, *, now: datetime) -> bool:
        """Either."""
        until = self.account(account).rests_until
        return self._site_rests(site, now=now) or (until is not None and until > now)

    @_one_at_a_time
    def remember_limits(self, account: str, limits: Limits, *, now: datetime) -> None:
        """Keep the limits."""
        self._accounts[account] = replace(self.account(account), limits=limits, limits_at=now)

    @_one_at_a_time
    def remember_token(self, account: str, mark: str) -> None:
        """Keep the digest."""
        self._accounts[account] = replace(self.account(account), token_mark=mark)

    @_one_at_a_time
    def remember_origin(self, account: str, origin: str, *, now: datetime) -> None:
        """Keep both."""
        self._accounts[account] = replace(self.account(account), origin=origin, unproven_before=now)

    @_one_at_a_time
    def remember_latest(self, account: str, anchor: Anchor) -> None:
        """Keep the newest status."""
        self._accounts[account] = replace(self.account(account), latest=anchor)

    @_one_at_a_time
    def remember_statuses(self, account: str, listing: Listing) -> None:
        """Keep those that no share has."""
        known = {share.status_id for share in self._shares.values() if share.account == account}
        for status in listing.statuses:
            found = FoundStatus(id=status.id, url=status.url, created_at=status.created_at)
            for link in links_of(status) if status.id not in known else ():
                self._statuses.setdefault((account, link, status.id), found)
        for newest in listing.statuses[:1]:
            self.remember_latest(account, Anchor(id=newest.id, created_at=newest.created_at))
        shown = frozenset(status.visibility for status in listing.statuses) - {""}
        state = self.account(account)
        self._accounts[account] = replace(state, listed=state.listed | shown)

    @_one_at_a_time
    def statuses_with(self, account: str, link: str) -> tuple[FoundStatus, ...]:
        """Those that no share has."""
        known = {share.status_id for share in self._shares.values() if share.account == account}
        found = [
            status
            for (of, its_link, number), status in self._statuses.items()
            if (of, its_link) == (account, normalise(link)) and number not in known
        ]
        return tuple(sorted(found, key=lambda status: (status.created_at, status.id), reverse=True))

    @_one_at_a_time
    def sent_at(self, account: str, *, since: datetime) -> tuple[datetime, ...]:
        """From the history."""
        published = [one for share, one in self._attempts if share.account == account and one.step == "publish"]
        return tuple(sorted(one.at for one in published if one.outcome in THERE and one.at > since))

    @_one_at_a_time
    def uploaded_at(self, account: str, *, since: datetime) -> tuple[datetime, ...]:
        """From the history."""
        return self.acted_at(account, ["upload"], since=since)

    @_one_at_a_time
    def put_aside(self, account: str) -> frozenset[int]:
        """From the history."""
        mine = [(share.id, attempt) for share, attempt in self._attempts if share.account == account]
        went_out = [number for number, (_, attempt) in enumerate(mine) if attempt.outcome == "shared"]
        since = max(went_out, default=-1)
        before = {share_id for share_id, attempt in mine[: since + 1] if attempt.outcome == ASIDE}
        return frozenset(share_id for share_id, attempt in mine[since + 1 :] if attempt.outcome == ASIDE) - before

    @_one_at_a_time
    def acted_at(self, account: str, steps: Collection[str], *, since: datetime) -> tuple[datetime, ...]:
        """From the history."""
        return tuple(
            sorted(
                attempt.at
                for share, attempt in self._attempts
                if share.account == account and attempt.step in steps and attempt.at > since
            )
        )

    @_one_at_a_time
    def all_acted_at(
        self, accounts: Collection[str], steps: Collection[str], *, since: datetime
    ) -> Mapping[str, tuple[datetime, ...]]:
        """From the history."""
        found = {name: self.acted_at(name, steps, since=since) for name in accounts}
        return {name: instants for name, instants in found.items() if instants}

    @_one_at_a_time
    def record_upload(self, share: Share, *, attempt: Attempt, rate: RateLimit | None) -> None:
        """Add to the history."""
        self._attempts.append((share, attempt))
        state = self.account(share.account)
        self._accounts[share.account] = replace(state, media_rate=rate or state.media_rate)

    @_one_at_a_time
    def next_due_at(self, *, sites: Collection[str], accounts: Collection[str]) -> datetime | None:
        """The earliest of them."""
        due = [
            max([share.next_attempt_at, *self._rests(share)])
            for share in self._shares.values()
            if share.account in accounts and self._waits(share, sites) and share.next_attempt_at is not None
        ]
        return min(due, default=None)

    @_one_at_a_time
    def pending_at(self, account: str, *, sites: Collection[str], now: datetime) -> tuple[datetime, ...]:
        """Sorted."""
        pending = (share for share in self._shares.values() if share.state is State.PENDING and share.site in sites)
        mine = (share.next_attempt_at for share in pending if share.account == account)
        return tuple(sorted(max(at, now) for at in mine if at is not None))

    # --- delivering shares

    @_one_at_a_time
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

    @_one_at_a_time
    def longest_untried(self, account: str, *, sites: Collection[str], now: datetime) -> Share | None:
        """Never, or longest ago."""
        due = self._may_go(account, sites=sites, now=now)
        return min(due, key=lambda share: (share.attempts > 0, share.updated_at, share.id), default=None)

    def _may_go(self, account: str, *, sites: Collection[str], now: datetime) -> list[Share]:
        return [
            share
            for share in self._shares.values()
            if share.account == account and share.state is State.PENDING and self._waits(share, sites)
            if not self._site_rests(share.site, now=now)
            if share.next_attempt_at is not None and share.next_attempt_at <= now
        ]

    @_one_at_a_time
    def sending(self, account: str) -> tuple[Share, ...]:
        """Those in flight."""
        return tuple(
            share for share in self._shares.values() if share.account == account and share.state is State.SENDING
        )

    @_one_at_a_time
    def unknown_due(self, account: str, *, now: datetime) -> tuple[Share, ...]:
        """Those whose time has come."""
        due = [
            share
            for share in self._shares.values()
            if share.account == account and share.state is State.UNKNOWN
            if share.next_attempt_at is not None and share.next_attempt_at <= now
        ]
        return tuple(sorted(due, key=self._age))

    @_one_at_a_time
    def put_off(self, account: str, *, until: datetime) -> None:
        """Later, where it is sooner."""
        for share in self._shares.values():
            waits = share.account == account and share.state is State.PENDING and not share.at_once
            if waits and share.next_attempt_at is not None and share.next_attempt_at < until:
                self._shares[share.id] = replace(share, next_attempt_at=until)

    @_one_at_a_time
    def begin(
        self, share: Share, *, owner: str, lease_until: datetime, now: datetime, ended: Ended | None = None
    ) -> Share:
        """Compare, then set."""
        if self._leases.get(share.account, ("", None))[0] != owner:
            raise LeaseLostError("the lane is another's")
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

    @_one_at_a_time
    def apply(self, share: Share, change: Change, *, now: datetime) -> Share:
        """Compare, then set everything."""
        after = replace(change.share, updated_at=now)
        self._compare_and_set(share, after)
        if share.status_id and share.state is not State.SHARED and after.state is State.SHARED:
            self._followed.pop(share.id, None)
        at = share.sent_at if change.attempt.step == "publish" and share.sent_at else change.attempt.at
        self._attempts.append((share, replace(change.attempt, at=at)))
        self._follow(share.account, change, now=now)
        if after.state in OUTCOMES:
            self._writes[after.id] = (now, 0)
        return after

    @_one_at_a_time
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

    @_one_at_a_time
    def same_post(self, share: Share, link: str) -> str:
        """By id and normalised link."""
        return next(
            (
                other.site
                for other in self._shares.values()
                if (other.post_id, other.account) == (share.post_id, share.account)
                and other.site != share.site
                and other.state in (State.SHARED, State.SENDING)
                and normalise(self._posts[other.site, other.post_id].link) == normalise(link)
            ),
            "",
        )

    @_one_at_a_time
    def known_status_ids(self, account: str, ids: Collection[str]) -> frozenset[str]:
        """Those that a share has."""
        return frozenset(
            share.status_id for share in self._shares.values() if share.account == account and share.status_id in ids
        )

    # --- following what was shared

    @_one_at_a_time
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
        waits = {share.id: _BEFORE_ALL if followed is None else followed.next_check_at for share, followed in shared}
        due = [(at, share) for share, _ in shared if (at := waits[share.id]) is not None and at <= now]
        first = sorted(due, key=lambda pair: (pair[0], pair[1].id))[:limit]
        return tuple((share, self._followed.get(share.id, Followed(share_id=share.id))) for _, share in first)

    @_one_at_a_time
    def accounts_to_follow(self, accounts: Collection[str], *, since: datetime, now: datetime) -> frozenset[str]:
        """Those of which to_follow() tells something."""
        asked: dict[str, Any] = {"sites": {share.site for share in self._shares.values()}, "since": since, "now": now}
        return frozenset(name for name in accounts if self.to_follow(name, **asked, limit=1))

    @_one_at_a_time
    def failing_to_follow(
        self, accounts: Collection[str], *, sites: Collection[str], since: datetime, least: int
    ) -> tuple[tuple[Share, Followed], ...]:
        """Of those that will be due."""
        everything: dict[str, Any] = {"sites": sites, "since": since, "now": FOREVER, "limit": len(self._shares)}
        due = [pair for name in accounts for pair in self.to_follow(name, **everything)]
        failing = [pair for pair in due if pair[1].error and max(pair[1].unread, pair[1].failures) >= least]
        return tuple(sorted(failing, key=lambda pair: pair[0].id))

    @_one_at_a_time
    def followed(self, share_id: int) -> Followed | None:
        """As it was kept."""
        return self._followed.get(share_id)

    @_one_at_a_time
    def keep_following(self, followed: Collection[Followed]) -> None:
        """Keep them."""
        self._followed |= {one.share_id: one for one in followed}

    @_one_at_a_time
    def gone(self, account: str, site: str, *, since: datetime) -> int:
        """Counted."""
        return sum(
            one.gone_since is not None and (one.next_check_at is not None or one.gone_since > since)
            for one in self._followed.values()
            if (self._shares[one.share_id].account, self._shares[one.share_id].site) == (account, site)
        )

    # --- what people ask and decide

    @_one_at_a_time
    def accept_notice(self, site: str, notice: Notice, *, now: datetime) -> bool:
        """Keep it, unless its id is known."""
        if (site, notice.id) in self._notices:
            return False
        self._notices = {key: kept for key, kept in self._notices.items() if kept[1] >= now - timedelta(days=30)}
        self._notices[site, notice.id] = (notice, now, False)
        return True

    @_one_at_a_time
    def open_notices(self, sites: Collection[str], *, limit: int) -> tuple[KeptNotice, ...]:
        """Those that are not done, oldest first."""
        kept = [
            KeptNotice(site=site, notice=notice, since=at)
            for (site, _), (notice, at, done) in self._notices.items()
            if site in sites and not done
        ]
        return tuple(sorted(kept, key=lambda one: (one.since, one.notice.id))[:limit])

    @_one_at_a_time
    def end_notice(self, site: str, notice_id: str, *, now: datetime) -> None:
        """It is done."""
        self._end_notice(site, notice_id)

    @_one_at_a_time
    def add_found(self, plan: Plan, *, now: datetime) -> tuple[Share, ...]:
        """Posts and shares, and nothing of the site."""
        return self._insert(plan, now=now)

    @_one_at_a_time
    def found_since(self, site: str, *, since: datetime) -> int:
        """How many posts were let through since then."""
        found = [one for one in self._shares.values() if one.site == site and one.created_at > since]
        looked_for = [one for one in found if one.number == 1 and not one.asked]
        let_through = [one for one in looked_for if one.state not in (State.HELD, State.SKIPPED)]
        return len({one.post_id for one in let_through if one.state is not State.SHARED or one.sent_at is not None})

    @_one_at_a_time
    def hasten(self, site: str, post_id: int, *, now: datetime) -> None:
        """What only waits comes due."""
        for share in self._shares.values():
            mine = (share.site, share.post_id, share.state) == (site, post_id, State.PENDING)
            untried = not (share.attempts or share.error or share.asked)
            if mine and untried and share.next_attempt_at is not None and share.next_attempt_at > now:
                self._shares[share.id] = replace(share, next_attempt_at=now)

    @_one_at_a_time
    def share_again(
        self, site: str, notice: Notice, post: Post, *, title: str, accounts: Collection[str], now: datetime
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
                title=title,
                account=account,
                number=max(self._numbers(site, post.id, account), default=0) + 1,
                text="",
                now=now,
            )
            for account in accounts
            if account not in moving
        )

    def _end_notice(self, site: str, notice_id: str) -> bool:
        notice, at, done = self._notices.get((site, notice_id), (None, _BEFORE_ALL, True))
        if notice is not None:
            self._notices[site, notice_id] = (notice, at, True)
        return not done

    @_one_at_a_time
    def note_write_back(self, names: Collection[str], *, now: datetime) -> None:
        """Note which sites are written to, and since when."""
        for name in self._write_back_since.keys() - set(names):
            self._sites[name] = replace(self.site(name), write_failures=0, write_error="")
        self._write_back_since = {name: self._write_back_since.get(name, now) for name in names}

    @_one_at_a_time
    def sites_to_write(self, names: Collection[str], *, now: datetime) -> frozenset[str]:
        """Those that have something due."""
        return frozenset(name for name in names if self.due_writes(name, now=now, limit=1))

    @_one_at_a_time
    def due_writes(self, site: str, *, now: datetime, limit: int) -> tuple[DueWrite, ...]:
        """Posts whose field is to be written, those that wait longest first."""
        since = self._write_back_since.get(site)
        due = {
            number: (at, failures)
            for number, (at, failures) in sorted(self._writes.items())
            if since is not None and since <= at <= now and self._shares[number].site == site
        }
        posts: dict[int, list[int]] = {}
        for number in due:
            posts.setdefault(self._shares[number].post_id, []).append(number)
        writes = [
            DueWrite(
                site=site,
                post_id=post,
                failures=max(due[number][1] for number in numbers),
                marks=tuple((number, due[number][0]) for number in numbers),
            )
            for post, numbers in posts.items()
        ]
        return tuple(sorted(writes, key=lambda write: (min(at for _, at in write.marks), write.post_id))[:limit])

    @_one_at_a_time
    def end_write(self, write: DueWrite) -> None:
        """Nothing more is to be written of this."""
        for number, at in write.marks:
            if self._writes.get(number, (None, 0))[0] == at:
                del self._writes[number]

    @_one_at_a_time
    def put_off_write(self, write: DueWrite, *, until: datetime) -> None:
        """A write that came to nothing is due again then."""
        for number, at in write.marks:
            if self._writes.get(number, (None, 0))[0] == at:
                self._writes[number] = (until, write.failures + 1)

    @_one_at_a_time
    def note_writing(self, site: str, *, error: str) -> None:
        """Count."""
        state = self.site(site)
        self._sites[site] = replace(state, write_failures=state.write_failures + 1 if error else 0, write_error=error)

    @_one_at_a_time
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

    @_one_at_a_time
    def get(self, share_ids: Collection[int]) -> tuple[Share, ...]:
        """By id."""
        return tuple(self._shares[number] for number in sorted(share_ids) if number in self._shares)

    @_one_at_a_time
    def attempts(self, share: Share) -> tuple[Attempt, ...]:
        """In order of their recording."""
        return tuple(attempt for other, attempt in self._attempts if other.id == share.id)

    @_one_at_a_time
    def find_post(self, site: str | None, link: str) -> tuple[str, int] | None:
        """By the normalised link."""
        key = normalise(link)
        found = [
            where
            for where, post in self._posts.items()
            if normalise(post.link) == key and (site is None or where[0] == site)
        ]
        return min(found, default=None)

    @_one_at_a_time
    def find_status(self, url: str) -> tuple[str, int] | None:
        """By the normalised url."""
        found = (share for share in self._shares.values() if normalise(share.url) == normalise(url))
        return next(((share.site, share.post_id) for share in found), None)

    @_one_at_a_time
    def add_by_hand(
        self,
        site: str,
        post: Post,
        *,
        title: str,
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
        seen = SeenPost(
            id=post.id, link=post.link, title=title, published_at=post.published_at, modified_at=post.modified_at
        )
        self._posts.setdefault((site, post.id), seen)
        fields = {"number": number, "asked": asked, "text_override": text, "next_attempt_at": due or now}
        return self._new(site, post.id, account, now=now, **fields)

    @_one_at_a_time
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

    @_one_at_a_time
    def read_back(self, site: str, account: str) -> ReadBack | None:
        """As kept."""
        return self._read_back.get((site, account))

    @_one_at_a_time
    def keep_read_back(self, site: str, account: str, reached: ReadBack | None) -> None:
        """Keep it."""
        self._read_back[site, account] = reached

    @_one_at_a_time
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

    @_one_at_a_time
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

    @_one_at_a_time
    def counts(self) -> dict[tuple[str, str, State], int]:
        """Counted."""
        return dict(Counter((share.site, share.account, share.state) for share in self._shares.values()))

    @_one_at_a_time
    def oldest_pending(self) -> Share | None:
        """By creation."""
        pending = [share for share in self._shares.values() if share.state is State.PENDING]
        return min(pending, key=lambda share: (share.created_at, share.id), default=None)

    # --- inside

    @_one_at_a_time
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

    @_one_at_a_time
    def remembered(self, *, site: str | None = None, account: str | None = None) -> int:
        """Counted."""
        return sum(_is_remembered(share) for share in self.shares(site=site, account=account))

    @_one_at_a_time
    def unfollowed(self, *, limit: int) -> tuple[Share, ...]:
        """Looked for among all."""
        found = [share for share in self._shares.values() if share.state is State.SHARED and share.error]
        return tuple(sorted(found, key=lambda share: (share.updated_at, share.id))[:limit])

    @_one_at_a_time
    def erring(self, accounts: Collection[str], *, sites: Collection[str], limit: int) -> tuple[Share, ...]:
        """Looked for among all."""
        pending = [share for share in self._shares.values() if share.state is State.PENDING and share.error]
        mine = [share for share in pending if share.account in accounts and share.site in sites]
        found = [share for share in mine if [attempt.step for attempt in self.attempts(share)][-1:] == ["read"]]
        return tuple(sorted(found, key=lambda share: (share.created_at, share.id))[:limit])

    @_one_at_a_time
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

    @_one_at_a_time
    def published_at(self, site: str, post_id: int) -> datetime | None:
        """As it was seen."""
        post = self._posts.get((site, post_id))
        return post.published_at if post else None

    @_one_at_a_time
    def causes(self) -> tuple[Cause, ...]:
        """By their keys."""
        return tuple(cause for _, cause in sorted(self._causes.items()))

    @_one_at_a_time
    def note_causes(self, present: Collection[Cause], *, now: datetime) -> None:
        """Noted."""
        for key, known in self._causes.items():
            self._causes[key] = replace(known, gone_at=known.gone_at or now)
        for cause in present:
            kept = self._causes.get(cause.key, cause)
            self._causes[cause.key] = replace(kept, text=cause.text, gone_at=None)

    @_one_at_a_time
    def claim_causes(self, keys: Collection[str], *, now: datetime, unclaimed_since: datetime) -> frozenset[str]:
        """Whoever asks first."""
        free = {key for key in keys if key in self._causes and self._claims.get(key, _BEFORE_ALL) <= unclaimed_since}
        self._claims |= dict.fromkeys(free, now)
        return frozenset(free)

    @_one_at_a_time
    def told_causes(self, keys: Collection[str], *, now: datetime) -> None:
        """Told."""
        for key in set(keys) & set(self._causes):
            self._causes[key] = replace(self._causes[key], told_at=now)
            self._claims.pop(key, None)

    @_one_at_a_time
    def forget_causes(self, keys: Collection[str]) -> None:
        """Forgotten."""
        for key in keys:
            self._causes.pop(key, None)
            self._claims.pop(key, None)

    def _published_at(self, share: Share) -> datetime:
        return self._posts[share.site, share.post_id].published_at or share.created_at

    def _stop_following(self, *, site: str = "", account: str = "") -> None:
        for share in self._shares.values():
            if share.state is State.SHARED and (share.site == site or share.account == account):
                followed = self._followed.get(share.id, Followed(share_id=share.id))
                self._followed[share.id] = replace(followed, next_check_at=None)

    def _new(self, site: str, post_id: int, account: str, *, now: datetime, **fields: object) -> Share:
        post = self._posts[site, post_id]
        share = Share(
            **{
                "id": len(self._shares) + 1,
                "site": site,
                "post_id": post_id,
                "account": account,
                "number": 1,
                "state": State.PENDING,
                "link": post.link,
                "title": post.title,
                "created_at": now,
                "updated_at": now,
            }
            | fields  # type: ignore[arg-type] # fields of a share
        )
        self._shares[share.id] = share
        return share

    def _numbers(self, site: str, post_id: int, account: str) -> list[int]:
        key = (site, post_id, account)
        return [share.number for share in self._shares.values() if (share.site, share.post_id, share.account) == key]

    def _compare(self, before: Share) -> None:
        stored = self._shares.get(before.id)
        if stored is None or _version(stored) != _version(before):
            raise LeaseLostError("the share was changed meanwhile")

    def _compare_and_set(self, before: Share, after: Share) -> None:
        self._compare(before)
        self._shares[before.id] = after

    def _follow(self, account: str, change: Change, *, now: datetime) -> None:
        state = self.account(account)
        if change.recovered:
            state = replace(state, paused_until=None, pause_reason="", pauses=0)
        if change.pause is not None:
            until, reason = change.pause.until, change.pause.reason
            state = replace(state, paused_until=until, pause_reason=reason, pauses=state.pauses + 1)
        if change.statuses_rate is not None:
            state = replace(state, statuses_rate=change.statuses_rate)
        if change.latest is not None:
            state = replace(state, latest=change.latest)
        self._accounts[account] = state

    def _waits(self, share: Share, sites: Collection[str]) -> bool:
        if share.state is State.UNKNOWN:
            return True
        in_flight = any(other.account == share.account and other.state in IN_FLIGHT for other in self._shares.values())
        return share.state is State.PENDING and share.site in sites and not in_flight

    def _resting(self, account: str, *, now: datetime) -> bool:
        state = self.account(account)
        rests = any(until is not None and until > now for until in (state.paused_until, state.rests_until))
        return rests or _runs(self._leases, account, now=now)

    def _site_rests(self, site: str, *, now: datetime) -> bool:
        until = self.site(site).rests_until
        return until is not None and until > now

    def _rests(self, share: Share) -> list[datetime]:
        """Until when the share's account rests, and its site."""
        account = self.account(share.account)
        site = self.site(share.site).rests_until if share.state is State.PENDING else None
        return [until for until in (account.paused_until, account.rests_until, site) if until is not None]

    def _is_free(self, site: str, *, now: datetime) -> bool:
        return not _runs(self._site_leases, site, now=now)

    def _age(self, share: Share) -> tuple[datetime, int, int, int]:
        published = self._posts[share.site, share.post_id].published_at
        return (published or _BEFORE_ALL, share.post_id, share.number, share.id)


_Leases = dict[str, tuple[str, datetime]]


def _take(leases: _Leases, name: str, *, owner: str, now: datetime, until: datetime) -> bool:
    if leases.get(name, (owner, now))[0] != owner and _runs(leases, name, now=now):
        return False
    leases[name] = (owner, until)
    return True


def _release(leases: _Leases, name: str, *, owner: str) -> None:
    if leases.get(name, ("", None))[0] == owner:
        del leases[name]


def _runs(leases: _Leases, name: str, *, now: datetime) -> bool:
    """A lease that claims to run for many hours was taken by a wrong clock."""
    _, until = leases.get(name, ("", now))
    return now < until <= now + LONGEST


def _version(share: Share) -> tuple[State, int, datetime]:
    return (share.state, share.attempts, share.updated_at)


def _fields(planned: PlannedShare) -> dict[str, object]:
    return {name: getattr(planned, name) for name in ("state", "error", "url", "next_attempt_at")}


def _is_remembered(share: Share) -> bool:
    return share.state is State.SKIPPED and share.error.startswith(THERE_BEFORE)
