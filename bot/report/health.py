"""What the store says of everything that is configured, and what of it needs a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.report.wording import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from bot.domain.models import AccountState, Share, SiteState
    from bot.domain.policy import AccountPolicy
    from bot.domain.transitions.forecast import Forecast
    from bot.ports import Store

# So many failures in a row don't mend themselves.
_STUBBORN = 3


class Configured(Protocol):
    """What is asked about: the names that the config has, and the accounts' policies. A Config is one."""

    @property
    def sites(self) -> Collection[str]:
        """The sites' names, in the config's order."""
        ...

    @property
    def accounts(self) -> Collection[str]:
        """The accounts' names, in the config's order."""
        ...

    def account_policy(self, name: str) -> AccountPolicy:
        """What the owner of an account decided about it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How many more statuses an account may send now. resets_at: when there are more, None where nothing is used."""

    left: int
    resets_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What waits on an account.

    forecast: when the last of it goes out, None where nothing waits. unknown: the share that all others wait for,
    since nobody knows whether it was published; None where there is none.
    """

    forecast: Forecast | None
    unknown: Share | None

    @property
    def waiting(self) -> int:
        """How many shares wait, the unknown one aside."""
        return self.forecast.waiting if self.forecast else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What the store says of everything that is configured."""

    now: datetime
    sites: tuple[SiteState, ...]
    accounts: tuple[AccountState, ...]
    budgets: Mapping[str, Budget]
    queues: Mapping[str, Queue]
    counts: Mapping[str, int]
    oldest_pending: Share | None


def health_of(config: Configured, store: Store, *, now: datetime) -> Health:
    """What the store says now."""
    counts: dict[str, int] = {}
    for (_, _, state), number in store.counts().items():
        counts[str(state)] = counts.get(str(state), 0) + number
    accounts = tuple(store.account(name) for name in config.accounts)
    return Health(
        now=now,
        sites=tuple(store.site(name) for name in config.sites),
        accounts=accounts,
        budgets={account.name: _budget(store, account, now=now) for account in accounts},
        queues={name: _queue(config, store, name, now=now) for name in config.accounts},
        counts=counts,
        oldest_pending=store.oldest_pending(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Something that needs a person. kind: "site", "account", "failed" or "held"; name: the site's or the account's.

    text: what, where and what to do, as a sentence.
    """

    kind: str
    name: str
    text: str


def needs(health: Health) -> Iterator[str]:
    """What needs a person, and what to do, as sentences."""
    return (need.text for need in found_needs(health))


def found_needs(health: Health) -> Iterator[Need]:
    """What needs a person."""
    for site in health.sites:
        if site.failures >= _STUBBORN:
            text = f"site {site.name} failed {site.failures} times in a row: {site.error}"
            yield Need(kind="site", name=site.name, text=text)
    for account in health.accounts:
        if text := _account_trouble(account):
            yield Need(kind="account", name=account.name, text=text)
    for state in ("failed", "held"):
        if number := health.counts.get(state):
            text = (
                f"{counted(number, 'share')} {state}: see `howdah list --state {state}`, then `howdah retry --{state}` "
                f"or `howdah skip POST`"
            )
            yield Need(kind=state, name="", text=text)


def _account_trouble(account: AccountState) -> str:
    """Why an account doesn't mend itself; '' where it works, or may."""
    from bot.domain.transitions.change import REFUSES

    if account.pauses and account.pause_reason.startswith(REFUSES):
        return f"account {account.name}: {account.pause_reason}"
    if account.pauses >= _STUBBORN:
        return f"account {account.name} had to rest {account.pauses} times in a row: {account.pause_reason}"
    return ""


def _budget(store: Store, account: AccountState, *, now: datetime) -> Budget:
    """What the instance said last, else what is counted here."""
    from bot.domain.transitions.budget import STATUSES

    rate = account.statuses_rate
    if rate is not None and rate.reset_at > now:
        return Budget(left=rate.remaining, resets_at=rate.reset_at)
    sent = store.sent_at(account.name, since=now - STATUSES.period)
    return Budget(left=max(STATUSES.calls - len(sent), 0), resets_at=sent[0] + STATUSES.period if sent else None)


def _queue(config: Configured, store: Store, name: str, *, now: datetime) -> Queue:
    from bot.crosspost.backlog import backlog
    from bot.domain.models import State

    unknown = store.shares(account=name, state=State.UNKNOWN)
    return Queue(
        forecast=backlog(store, config.account_policy(name), sites=config.sites, now=now),
        unknown=min(unknown, key=lambda share: share.next_attempt_at or now, default=None),
    )
