"""Sync: one pass over everything, for cron and for whoever wants it done now.

collect all sites ─▶ until nothing more comes due within settle: reconcile and deliver, account by account
─▶ follow what was shared before
"""

from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.crosspost.collect import collect
from bot.crosspost.deliver import attend
from bot.crosspost.follow import follow
from bot.crosspost.house import House
from bot.domain.models import Share, State

SITE_THREADS = 16
ACCOUNT_THREADS = 8
# Between two rounds while another process attends to an account.
_BREATH = timedelta(milliseconds=200)
_UNDONE = (State.FAILED, State.HELD, State.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What one pass did: the shares that it touched as they are now, and what was left undone, as sentences.

    followed: those whose statuses only followed their posts, among the shares.
    """

    shares: tuple[Share, ...]
    followed: tuple[Share, ...]
    problems: tuple[str, ...]


def sync(house: House, *, sites: Collection[str], wait: timedelta | None = None) -> Pass:
    """Collect these sites, then deliver what is due for them, waiting for what comes due soon.

    wait: how long after collecting a share may come due and still be waited for; None means the longest settle of
    these sites. Returns early where howdah is asked to stop.
    """
    narrowed = replace(house, sites={name: house.sites[name] for name in sites})
    touched = _collect_all(narrowed)
    patience = max((site.policy.settle for site in narrowed.sites.values()), default=timedelta(0))
    touched |= _deliver_until(narrowed, house.clock.now() + (patience if wait is None else wait))
    followed = _follow_all(narrowed) - touched
    shares = house.store.get(touched | followed)
    return Pass(
        shares=shares,
        followed=tuple(share for share in shares if share.id in followed),
        problems=tuple(_problems(narrowed, shares)),
    )


def _collect_all(house: House) -> set[int]:
    with ThreadPoolExecutor(SITE_THREADS, "site") as pool:
        return {share.id for added in pool.map(lambda name: collect(house, name), house.sites) for share in added}


def _deliver_until(house: House, deadline: datetime) -> set[int]:
    touched: set[int] = set()
    with ThreadPoolExecutor(ACCOUNT_THREADS, "account") as pool:
        while not house.clock.stopping():
            rounds = pool.map(lambda name: attend(house, name), _due(house))
            moved = {share.id for shares in rounds for share in shares}
            touched |= moved
            pause = _until_next(house, deadline)
            if pause is None or (not moved and house.clock.now() >= deadline):
                break
            house.clock.wait(pause)
    return touched


def _follow_all(house: House) -> set[int]:
    """Follow what was shared: one batch for each account; what is due beyond that is the next pass's."""
    with ThreadPoolExecutor(ACCOUNT_THREADS, "account") as pool:
        return {share.id for shares in pool.map(lambda name: follow(house, name), house.accounts) for share in shares}


def _due(house: House) -> tuple[str, ...]:
    return house.store.due_accounts(house.accounts, sites=house.sites, now=house.clock.now())


def _until_next(house: House, deadline: datetime) -> timedelta | None:
    """How long until the next share comes due; None where none does before the deadline."""
    due = house.store.next_due_at(sites=house.sites, accounts=house.accounts)
    if due is None or due > deadline:
        return None
    return max(due - house.clock.now(), _BREATH)


def _problems(house: House, shares: Iterable[Share]) -> Iterable[str]:
    for name in house.sites:
        error = house.store.site(name).error
        if error:
            yield error  # it begins with the site's name
    for name in _paused(house):
        yield f"account {name}: {house.store.account(name).pause_reason}"
    for name in _busy_elsewhere(house):
        yield f"account {name}: shares that are due wait for another process that has the account in hand"
    for share in shares:
        if share.state in _UNDONE:
            yield f"{share.site}/{share.post_id} on {share.account} is {share.state}: {share.error}"
        if share.state is State.SHARED and share.error:
            yield f"{share.site}/{share.post_id} on {share.account} doesn't follow its post: {share.error}"


def _paused(house: House) -> Iterable[str]:
    """The accounts that rest while shares wait for them."""
    waiting = {account for site, account, state in house.store.counts() if state is State.PENDING}
    now = house.clock.now()
    for name in sorted(waiting & set(house.accounts)):
        until = house.store.account(name).paused_until
        if until is not None and until > now:
            yield name


def _busy_elsewhere(house: House) -> Iterable[str]:
    """The accounts whose due shares this pass could not deliver, since another process has, or had, the lease."""
    now = house.clock.now()
    for name in house.accounts:
        due = house.store.next_due_at(sites=house.sites, accounts=[name])
        if house.store.sending(name) or (due is not None and due <= now):
            yield name
