"""`howdah status`: health at a glance, from the store alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.cli.output import Json, instant, line, name_of, say, say_json
from bot.cli.session import Session, pass_session
from bot.cli.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.config import Config
    from bot.domain.models import AccountState, Share, SiteState
    from bot.ports import Store

# So many failures in a row don't mend themselves.
_STUBBORN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How many more statuses an account may send now. resets_at: when there are more, None where nothing is used."""

    left: int
    resets_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What the store says of everything that is configured."""

    now: datetime
    sites: tuple[SiteState, ...]
    accounts: tuple[AccountState, ...]
    budgets: Mapping[str, Budget]
    counts: Mapping[str, int]
    oldest_pending: Share | None


@click.command()
@click.option("--json", "as_json", is_flag=True, help='Print one JSON object; "ok" is false where a person is needed.')
@pass_session
def status(session: Session, *, as_json: bool) -> None:
    """Show sites, accounts, queue, and what needs a person.

    It only tells what is remembered, and asks nobody; `howdah check` asks.
    """
    from bot.wiring import open_store

    config = session.config()
    with open_store(config) as store:
        health = _health(config, store, now=datetime.now(UTC))
    needs = list(_needs(health))
    if as_json:
        say_json(_object(health, needs))
    else:
        _say(health, needs)


def _health(config: Config, store: Store, *, now: datetime) -> Health:
    counts: dict[str, int] = {}
    for (_, _, state), number in store.counts().items():
        counts[str(state)] = counts.get(str(state), 0) + number
    accounts = tuple(store.account(name) for name in config.accounts)
    return Health(
        now=now,
        sites=tuple(store.site(name) for name in config.sites),
        accounts=accounts,
        budgets={account.name: _budget(store, account, now=now) for account in accounts},
        counts=counts,
        oldest_pending=store.oldest_pending(),
    )


def _budget(store: Store, account: AccountState, *, now: datetime) -> Budget:
    """What the instance said last, else what is counted here."""
    from bot.domain.budget import STATUSES

    rate = account.statuses_rate
    if rate is not None and rate.reset_at > now:
        return Budget(left=rate.remaining, resets_at=rate.reset_at)
    sent = store.sent_at(account.name, since=now - STATUSES.period)
    return Budget(left=max(STATUSES.calls - len(sent), 0), resets_at=sent[0] + STATUSES.period if sent else None)


def _needs(health: Health) -> Iterator[str]:
    """What needs a person, and what to do."""
    from bot.domain.change import REFUSES

    for site in health.sites:
        if site.failures >= _STUBBORN:
            yield f"site {site.name} failed {site.failures} times in a row: {site.error}"
    for account in health.accounts:
        if account.pauses and account.pause_reason.startswith(REFUSES):
            yield f"account {account.name}: {account.pause_reason}"
        elif account.pauses >= _STUBBORN:
            yield f"account {account.name} had to rest {account.pauses} times in a row: {account.pause_reason}"
    for state in ("failed", "held"):
        if number := health.counts.get(state):
            yield (
                f"{counted(number, 'share')} {state}: see `howdah list --state {state}`, then `howdah retry --{state}` "
                f"or `howdah skip POST`"
            )


def _paused(account: AccountState, *, now: datetime) -> bool:
    return account.paused_until is not None and account.paused_until > now


def _object(health: Health, needs: list[str]) -> Json:
    return {
        "ok": not needs,
        "sites": [_site(site) for site in health.sites],
        "accounts": [_account(account, health) for account in health.accounts],
        "shares": dict(health.counts),
        "oldest_pending": line(health.oldest_pending) if health.oldest_pending else None,
        "needs_person": needs,
    }


def _site(site: SiteState) -> Json:
    return {
        "site": site.name,
        "root": site.root,
        "looked_at": instant(site.looked_at),
        "next_look_at": instant(site.next_look_at),
        "failures": site.failures,
        "error": site.error,
    }


def _account(account: AccountState, health: Health) -> Json:
    paused = _paused(account, now=health.now)
    budget = health.budgets[account.name]
    return {
        "account": account.name,
        "paused_until": instant(account.paused_until) if paused else None,
        "pause_reason": account.pause_reason if paused else "",
        "statuses_left": budget.left,
        "statuses_reset_at": instant(budget.resets_at),
        "max_characters": account.limits.max_characters if account.limits else None,
    }


def _say(health: Health, needs: list[str]) -> None:
    for site in health.sites:
        say(f"site {site.name}: {_site_words(site, now=health.now)}")
    for account in health.accounts:
        say(f"account {account.name}: {_account_words(account, health)}")
    counts = [f"{number} {state}" for state, number in sorted(health.counts.items())]
    say(f"shares: {', '.join(counts) or 'none yet'}")
    if health.oldest_pending is not None:
        from bot.cli.tables import ago

        oldest = health.oldest_pending
        say(f"oldest pending: {name_of(oldest)}, queued {ago(oldest.created_at, now=health.now)}")
    for need in needs:
        say(f"needs you: {need}")
    if not needs:
        say("nothing needs you")


def _site_words(site: SiteState, *, now: datetime) -> str:
    from bot.cli.tables import ago

    looked = f"looked at {ago(site.looked_at, now=now)}" if site.looked_at else "never looked at"
    following = f", next {ago(site.next_look_at, now=now)}" if site.next_look_at else ""
    if following and site.next_look_at and site.next_look_at <= now:
        following = ", due for the next look"
    return f"{looked}{following}" + (f"; the last look failed: {site.error}" if site.error else "")


def _account_words(account: AccountState, health: Health) -> str:
    budget = health.budgets[account.name]
    left = f"{counted(budget.left, 'status', 'statuses')} left"
    if _paused(account, now=health.now) and account.paused_until:
        return f"rests until {account.paused_until:%Y-%m-%d %H:%M:%S} UTC: {account.pause_reason}"
    if budget.resets_at is None:
        return f"ready, {left}"
    return f"ready, {left} until {budget.resets_at:%H:%M} UTC"
