"""What the store says of everything that is configured."""

from __future__ import annotations

from datetime import timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from bot.domain.models import AccountState, Cause, Share, SiteState, State
    from bot.domain.policy import AccountPolicy, SitePolicy
    from bot.domain.transitions.forecast import Forecast
    from bot.ports import Store

    # When each account spent something of its limit lately; nothing of those that didn't, or whose instance said it.
    Spent = Mapping[str, Sequence[datetime]]

# A share stands still when it is due for so long.
_STANDING = timedelta(hours=1)
# A look that is overdue for longer than that, and for several rounds of its site, isn't just late: `howdah sync` may be
# called by the hour.
_OVERDUE = timedelta(hours=1)
_ROUNDS = 3
# So many are told of; some of them are seen to before the next are.
_MOST_UNFOLLOWED = 20


class Configured(Protocol):
    """What is asked about: the names that the config has, and the policies. A Config is one."""

    @property
    def sites(self) -> Collection[str]:
        """The sites' names, in the config's order."""
        ...

    @property
    def accounts(self) -> Collection[str]:
        """The accounts' names, in the config's order."""
        ...

    def site_policy(self, name: str) -> SitePolicy:
        """What the owner of a site decided about it."""
        ...

    def account_policy(self, name: str) -> AccountPolicy:
        """What the owner of an account decided about it."""
        ...


class Budget(Struct, frozen=True, kw_only=True):
    """How many more statuses an account may send now. resets_at: when there are more, None where nothing is used."""

    left: int
    resets_at: datetime | None


class Queue(Struct, frozen=True, kw_only=True):
    """What waits on an account.

    forecast: when the last of it goes out, None where nothing waits. unknown: the share that all others wait for,
    since nobody knows whether it was published; None where there is none. resting: how many wait for sites that rest
    until a person ends it, which have no forecast.
    """

    forecast: Forecast | None
    unknown: Share | None
    resting: int = 0

    @property
    def waiting(self) -> int:
        """How many shares wait, the unknown one aside."""
        return self.resting + (self.forecast.waiting if self.forecast else 0)


class Health(Struct, frozen=True, kw_only=True):
    """What the store says of everything that is configured.

    poll_every: how often each site is to be looked at. quiet_until: the accounts that have quiet hours now, each with
    their end. waits_for_site: pending shares whose posts couldn't be read several times in a row. unfollowed: some of
    the shares whose statuses don't follow their posts. cannot_follow: the sites that don't let statuses follow their
    posts, and cannot_write: those that can't be told what became of theirs, each as a sentence. tokenless: the accounts
    that were never used, and whose tokens can't be read, each with the reason. causes: what needs a person, as it was
    noted. stands_still: the share that is due longest though nothing is known that holds it up, where that is long.
    strays: by site and account, how many shares wait that nobody sends, since the config has either no more.
    working_since: when the daemon began that asks; None where nobody knows of one. free_bytes: what is left on
    the store's disk, None where that is a server's.
    """

    now: datetime
    sites: tuple[SiteState, ...]
    accounts: tuple[AccountState, ...]
    budgets: Mapping[str, Budget]
    queues: Mapping[str, Queue]
    counts: Mapping[str, int]
    oldest_pending: Share | None
    poll_every: Mapping[str, timedelta] = field(default_factory=dict)
    quiet_until: Mapping[str, datetime] = field(default_factory=dict)
    waits_for_site: tuple[Share, ...] = ()
    unfollowed: tuple[Share, ...] = ()
    cannot_follow: Mapping[str, str] = field(default_factory=dict)
    cannot_write: Mapping[str, str] = field(default_factory=dict)
    tokenless: Mapping[str, str] = field(default_factory=dict)
    working_since: datetime | None = None
    causes: tuple[Cause, ...] = ()
    stands_still: Share | None = None
    strays: Mapping[tuple[str, str], int] = field(default_factory=dict)
    free_bytes: int | None = None

    @property
    def overdue(self) -> tuple[SiteState, ...]:
        """The sites that nobody looks at, though a look was due long ago, or none was ever made."""
        return tuple(site for site in self.sites if not site.is_at_rest(now=self.now) and self._is_overdue(site))

    def _is_overdue(self, site: SiteState) -> bool:
        # What was due before a daemon began is due to it since then: it has only begun to look.
        due = max(filter(None, (site.next_look_at, self.working_since)), default=None)
        if due is None:
            return True
        return self.now - due > max(_OVERDUE, _ROUNDS * self.poll_every.get(site.name, _OVERDUE))

    @property
    def rejected(self) -> str:
        """Why the daemon goes on by an older config than the file's; '' where it doesn't."""
        return next((one.text for one in self.causes if one.kind == "config" and one.gone_at is None), "")


def health_of(
    config: Configured,
    store: Store,
    *,
    now: datetime,
    working_since: datetime | None = None,
    unreadable: Mapping[str, str] = MappingProxyType({}),
) -> Health:
    """What the store says now.

    working_since: when the daemon began that asks. unreadable: the accounts whose tokens can't be read by whoever asks,
    each with the reason. Of those that were used before the store knows more: a daemon may have what others may not
    read.
    """
    from bot.crosspost.stuck import cannot_follow, cannot_write, waits_for_site
    from bot.domain.transitions.budget import SPENDING, STATUSES

    sites, accounts = store.sites(config.sites), store.accounts(config.accounts)
    work = _open_work(config, store, sites)
    policies = [config.site_policy(name) for name in config.sites]
    counted_here = [one.name for one in accounts if one.name in work.pending or not _is_told(one, now=now)]
    spent = store.all_acted_at(counted_here, SPENDING, since=now - STATUSES.period)
    found = Health(
        now=now,
        sites=sites,
        accounts=accounts,
        budgets={account.name: _budget(account, spent, now=now) for account in accounts},
        queues={one.name: _queue(config, store, one, spent.get(one.name, ()), work=work, now=now) for one in accounts},
        counts=work.counts,
        oldest_pending=store.oldest_pending() if work.pending else None,
        poll_every={policy.name: policy.poll_every for policy in policies},
        quiet_until=_quiet(config, now=now),
        waits_for_site=waits_for_site(
            store, [one for one in accounts if one.name in work.pending], sites=sites, now=now
        ),
        unfollowed=store.unfollowed(limit=_MOST_UNFOLLOWED),
        cannot_follow=cannot_follow(store, map(config.account_policy, config.accounts), sites=config.sites, now=now),
        cannot_write=cannot_write(sites, policies, now=now),
        tokenless={one.name: unreadable[one.name] for one in accounts if not one.token_mark and one.name in unreadable},
        working_since=working_since,
        causes=store.causes(),
        strays=work.strays,
        free_bytes=store.free_bytes(),
    )
    return replace(found, stands_still=_stands_still(store, found)) if work.pending else found


def _stands_still(store: Store, health: Health) -> Share | None:
    """The share that is due longest, and for long, though nothing is known that holds it up; None where none is."""
    now, began = health.now, health.working_since
    since = now - _STANDING
    if began is not None and began > since:
        return None  # what was due before is due to a daemon since it began
    late = health.overdue  # nobody is at work there, which is told
    sites = [site.name for site in health.sites if site not in late and not site.is_at_rest(now=now)]
    accounts = [
        one.name
        for one in health.accounts
        if not one.is_paused(now=now) and not one.is_at_rest(now=now) and not _is_held_up(health.queues[one.name])
    ]
    return store.longest_due(accounts, sites=sites, before=since)


def _is_held_up(queue: Queue) -> bool:
    """Whether it is known what a queue waits for."""
    return queue.forecast is not None and bool(queue.forecast.held_up_by)


class _OpenWork(Struct, frozen=True, kw_only=True):
    """What there is to do. counts: all shares by state. pending, unknown: the accounts with such shares.

    strays: as Health has them. moving: the sites that don't rest without end; resting: by account, how many shares wait
    for those that do.
    """

    counts: Mapping[str, int]
    pending: Collection[str]
    unknown: Collection[str]
    strays: Mapping[tuple[str, str], int]
    moving: Collection[str]
    resting: Mapping[str, int]


def _open_work(config: Configured, store: Store, sites: Collection[SiteState]) -> _OpenWork:
    from collections import Counter

    from bot.domain.models import FOREVER, UNDER_WAY, State

    endless = {site.name for site in sites if site.rests_until == FOREVER}
    counts, resting, strays = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    having: dict[State, set[str]] = {}
    for (site, account, state), number in store.counts().items():
        counts[str(state)] += number
        having.setdefault(state, set()).add(account)
        if state is State.PENDING and site in endless:
            resting[account] += number
        if state in UNDER_WAY and (site not in config.sites or account not in config.accounts):
            strays[site, account] += number
    return _OpenWork(
        counts=dict(counts),
        pending=having.get(State.PENDING, set()),
        unknown=having.get(State.UNKNOWN, set()),
        strays=strays,
        moving=[name for name in config.sites if name not in endless],
        resting=resting,
    )


def _quiet(config: Configured, *, now: datetime) -> dict[str, datetime]:
    from bot.domain.transitions.budget import after_quiet

    hours = {name: config.account_policy(name).quiet_hours for name in config.accounts}
    ends = {name: after_quiet(quiet, now) for name, quiet in hours.items() if quiet is not None}
    return {name: end for name, end in ends.items() if end > now}


def _is_told(account: AccountState, *, now: datetime) -> bool:
    """Whether the instance itself has said what is left of its limit now."""
    return account.statuses_rate is not None and account.statuses_rate.reset_at > now


def _budget(account: AccountState, spent: Spent, *, now: datetime) -> Budget:
    """What the instance said last, else what is counted here."""
    from bot.domain.transitions.budget import STATUSES

    rate = account.statuses_rate
    if rate is not None and _is_told(account, now=now):
        return Budget(left=rate.remaining, resets_at=rate.reset_at)
    lately = spent.get(account.name, ())
    return Budget(left=max(STATUSES.calls - len(lately), 0), resets_at=lately[0] + STATUSES.period if lately else None)


def _queue(
    config: Configured,
    store: Store,
    account: AccountState,
    spent: Sequence[datetime],
    *,
    work: _OpenWork,
    now: datetime,
) -> Queue:
    """What waits on an account. spent: when it spent something of its limit lately. Nothing is asked in vain."""
    from bot.crosspost.backlog import backlog
    from bot.domain.models import State

    name, policy = account.name, config.account_policy(account.name)
    unknown = store.shares(account=name, state=State.UNKNOWN) if name in work.unknown else ()
    waits = name in work.pending
    return Queue(
        forecast=backlog(store, policy, sites=work.moving, account=account, spent=spent, now=now) if waits else None,
        unknown=min(unknown, key=lambda share: share.next_attempt_at or now, default=None),
        resting=work.resting.get(name, 0),
    )
