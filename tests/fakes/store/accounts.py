"""The accounts and their lanes."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from msgspec.structs import replace

from bot.domain.models import (
    ASIDE,
    AccountState,
    Anchor,
    Attempt,
    FoundStatus,
    Limits,
    Listing,
    RateLimit,
    Share,
    State,
)
from bot.domain.text.links import normalise
from bot.domain.transitions.budget import THERE
from bot.domain.transitions.reconciling import links_of
from tests.fakes.store.leases import release, runs, take
from tests.fakes.store.memory import Memory, one_at_a_time


class Accounts(Memory):
    """The accounts and their lanes."""

    @one_at_a_time
    def accounts(self, names: Collection[str]) -> tuple[AccountState, ...]:
        """Each of them."""
        return tuple(map(self.account, names))

    @one_at_a_time
    def lease(self, account: str, *, owner: str, now: datetime, until: datetime) -> bool:
        """Take it, unless another's runs."""
        return take(self._leases, account, owner=owner, now=now, until=until)

    @one_at_a_time
    def extend(self, account: str, *, owner: str, now: datetime, until: datetime) -> bool:
        """Take it, where it is this owner's."""
        mine = self._leases.get(account, ("", None))[0] == owner
        return mine and take(self._leases, account, owner=owner, now=now, until=until)

    @one_at_a_time
    def release(self, account: str, *, owner: str) -> None:
        """Give it back."""
        release(self._leases, account, owner=owner)

    @one_at_a_time
    def owners(self) -> frozenset[str]:
        """Those of all leases and tokens."""
        holders = {owner for leases in (self._leases, self._site_leases) for owner, _ in leases.values()}
        return frozenset((holders | {state.token_owner for state in self._accounts.values()}) - {""})

    @one_at_a_time
    def give_back(self, owner: str) -> None:
        """All of them."""
        for leases in (self._leases, self._site_leases):
            for name in list(leases):
                release(leases, name, owner=owner)
        self.forget_tokens(owner)

    @one_at_a_time
    def forget_tokens(self, owner: str) -> None:
        """None is its."""
        for name, state in self._accounts.items():
            if state.token_owner == owner:
                self._accounts[name] = replace(state, token_owner="")

    @one_at_a_time
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

    @one_at_a_time
    def pause(self, account: str, *, until: datetime, reason: str) -> None:
        """Keep the pause."""
        state = self.account(account)
        self._accounts[account] = replace(state, paused_until=until, pause_reason=reason, pauses=state.pauses + 1)

    @one_at_a_time
    def resume(self, account: str) -> None:
        """Forget the pause."""
        self._accounts[account] = replace(self.account(account), paused_until=None, pause_reason="", pauses=0)

    @one_at_a_time
    def rest_account(self, account: str, *, until: datetime | None) -> None:
        """Keep it."""
        self._accounts[account] = replace(self.account(account), rests_until=until)

    @one_at_a_time
    def at_rest(self, site: str, account: str, *, now: datetime) -> bool:
        """Either."""
        until = self.account(account).rests_until
        return self._site_rests(site, now=now) or (until is not None and until > now)

    @one_at_a_time
    def remember_limits(self, account: str, limits: Limits, *, now: datetime) -> None:
        """Keep the limits."""
        self._accounts[account] = replace(self.account(account), limits=limits, limits_at=now)

    @one_at_a_time
    def remember_token(self, account: str, mark: str, *, owner: str, now: datetime) -> None:
        """Keep the digest."""
        self._accounts[account] = replace(self.account(account), token_mark=mark, token_owner=owner, token_at=now)

    @one_at_a_time
    def remember_origin(self, account: str, origin: str, *, now: datetime) -> None:
        """Keep both."""
        self._accounts[account] = replace(self.account(account), origin=origin, unproven_before=now)

    @one_at_a_time
    def remember_latest(self, account: str, anchor: Anchor) -> None:
        """Keep the newest status."""
        self._accounts[account] = replace(self.account(account), latest=anchor)

    @one_at_a_time
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

    @one_at_a_time
    def has_found_statuses(self, account: str) -> bool:
        """Whether one was kept."""
        return any(of == account for of, _, _ in self._statuses)

    @one_at_a_time
    def statuses_with(self, account: str, link: str) -> tuple[FoundStatus, ...]:
        """Those that no share has."""
        known = {share.status_id for share in self._shares.values() if share.account == account}
        found = [
            status
            for (of, its_link, number), status in self._statuses.items()
            if (of, its_link) == (account, normalise(link)) and number not in known
        ]
        return tuple(sorted(found, key=lambda status: (status.created_at, status.id), reverse=True))

    @one_at_a_time
    def sent_at(self, account: str, *, since: datetime, newest: int | None = None) -> tuple[datetime, ...]:
        """From the history."""
        published = [one for share, one in self._attempts if share.account == account and one.step == "publish"]
        return _last(newest, (one.at for one in published if one.outcome in THERE and one.at > since))

    @one_at_a_time
    def uploaded_at(self, account: str, *, since: datetime) -> tuple[datetime, ...]:
        """From the history."""
        return self.acted_at(account, ["upload"], since=since)

    @one_at_a_time
    def put_aside(self, account: str, *, now: datetime) -> frozenset[int]:
        """From the history."""
        mine = [(share.id, attempt) for share, attempt in self._attempts if share.account == account]
        went_out = [
            number for number, (_, attempt) in enumerate(mine) if attempt.outcome == "shared" and attempt.at <= now
        ]
        since = max(went_out, default=-1)
        before = {share_id for share_id, attempt in mine[: since + 1] if attempt.outcome == ASIDE}
        return frozenset(share_id for share_id, attempt in mine[since + 1 :] if attempt.outcome == ASIDE) - before

    @one_at_a_time
    def acted_at(
        self, account: str, steps: Collection[str], *, since: datetime, newest: int | None = None
    ) -> tuple[datetime, ...]:
        """From the history."""
        mine = (attempt for share, attempt in self._attempts if share.account == account and attempt.step in steps)
        return _last(newest, (attempt.at for attempt in mine if attempt.at > since))

    @one_at_a_time
    def all_acted_at(
        self, accounts: Collection[str], steps: Collection[str], *, since: datetime
    ) -> Mapping[str, tuple[datetime, ...]]:
        """From the history."""
        found = {name: self.acted_at(name, steps, since=since) for name in accounts}
        return {name: instants for name, instants in found.items() if instants}

    @one_at_a_time
    def record_upload(self, share: Share, *, attempt: Attempt, rate: RateLimit | None) -> None:
        """Add to the history."""
        self._attempts.append((share, attempt))
        state = self.account(share.account)
        self._accounts[share.account] = replace(state, media_rate=rate or state.media_rate)

    def _resting(self, account: str, *, now: datetime) -> bool:
        state = self.account(account)
        return state.is_paused(now=now) or state.is_at_rest(now=now) or runs(self._leases, account, now=now)


def _last(number: int | None, instants: Iterable[datetime]) -> tuple[datetime, ...]:
    """So many of the last ones, all for None; ascending."""
    ordered = sorted(instants)
    return tuple(ordered[max(len(ordered) - number, 0) :] if number is not None else ordered)
