"""Sync: one pass over everything, for cron and for whoever wants it done now.

collect all sites ─▶ until nothing more comes due within settle: reconcile and deliver, account by account
─▶ follow what was shared before ─▶ tell the sites what became of their posts
"""

from collections import Counter
from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from bot.crosspost.collect import collect
from bot.crosspost.context import Context
from bot.crosspost.resting import take_up, without_token
from bot.crosspost.stuck import cannot_follow, cannot_write, in_vain, waits_for_site
from bot.crosspost.threads import account_threads, by_turns, site_threads
from bot.domain.models import UNDER_WAY, AccountState, Share, SiteState, State
from bot.domain.transitions.pauses import is_tokenless

# Between two rounds while another process attends to an account.
_RETRY_EVERY = timedelta(milliseconds=200)
_UNDONE = (State.FAILED, State.HELD, State.UNKNOWN)
# More shares than this that ended alike are told in one sentence.
_FEW = 3


class Pass(Struct, frozen=True, kw_only=True):
    """What one pass did: the shares that it touched as they are now, and what was left undone, as sentences.

    followed: those whose statuses only followed their posts, among the shares. unseen: the sites that couldn't be
    looked at. resting: those that weren't, since a person lets them rest.
    """

    shares: tuple[Share, ...]
    unseen: tuple[str, ...] = ()
    resting: tuple[str, ...] = ()
    followed: tuple[Share, ...]
    problems: tuple[str, ...]


def sync(context: Context, *, sites: Collection[str], wait: timedelta | None = None) -> Pass:
    """Collect these sites, then deliver what is due for them, waiting for what comes due soon.

    wait: how long after collecting a share may come due and still be waited for; None means the longest settle of
    these sites. Returns early where howdah is asked to stop.
    """
    narrowed = replace(context, sites={name: context.sites[name] for name in sites})
    now = context.clock.now()
    resting = tuple(site.name for site in context.store.sites(sites) if site.is_at_rest(now=now))
    take_up(narrowed)
    touched = _collect_all(narrowed)
    patience = max((site.policy.settle for site in narrowed.sites.values()), default=timedelta(0))
    touched |= _deliver_until(narrowed, context.clock.now() + (patience if wait is None else wait))
    followed = _follow_all(narrowed) - touched
    _write_all(narrowed)
    shares = context.store.get(touched | followed)
    states = context.store.sites(narrowed.sites)
    return Pass(
        shares=shares,
        followed=tuple(share for share in shares if share.id in followed),
        problems=tuple(_problems(narrowed, shares, states)),
        unseen=tuple(site.name for site in states if site.failures and site.name not in resting),
        resting=resting,
    )


def _collect_all(context: Context) -> set[int]:
    with ThreadPoolExecutor(site_threads(context), "site") as pool:
        return {share.id for added in pool.map(lambda name: collect(context, name), context.sites) for share in added}


def _deliver_until(context: Context, deadline: datetime) -> set[int]:
    touched: set[int] = set()
    with ThreadPoolExecutor(account_threads(context), "account") as pool:
        while not context.clock.stopping():
            rounds = pool.map(lambda name: _attend(context, name), _due(context))
            moved = {share.id for shares in rounds for share in shares}
            touched |= moved
            pause = _until_next(context, deadline)
            if pause is None or (not moved and context.clock.now() >= deadline):
                break
            context.clock.wait(pause)
    return touched


def _attend(context: Context, name: str) -> tuple[Share, ...]:
    from bot.crosspost.deliver import attend  # all that publishes comes along: only where something is due

    return attend(context, name)


def _follow_all(context: Context) -> set[int]:
    """Follow what was shared: one batch for each account; what is due beyond that is the next pass's."""
    names = [name for name, posting in context.accounts.items() if posting.policy.follows]
    if not names:
        return set()
    from bot.crosspost.follow import follow  # it composes anew: only where something is followed

    with ThreadPoolExecutor(account_threads(context), "account") as pool:
        return {share.id for shares in pool.map(lambda name: follow(context, name), names) for share in shares}


def _write_all(context: Context) -> None:
    """Tell the sites that are to be told; what they don't take now is the next pass's."""
    names = [name for name, watched in context.sites.items() if watched.policy.write_back]
    if not names:
        return
    from bot.crosspost.write_back import write_back

    with ThreadPoolExecutor(site_threads(context), "site") as pool:
        list(pool.map(lambda name: write_back(context, name), names))


def _attended(context: Context) -> tuple[str, ...]:
    """The accounts that this process can work on: it has their tokens."""
    return tuple(name for name in context.accounts if name not in context.remembered.tokenless)


def _due(context: Context) -> tuple[str, ...]:
    due = context.store.due_accounts(_attended(context), sites=context.sites, now=context.clock.now())
    return by_turns(due, lambda name: context.accounts[name].instance)


def _until_next(context: Context, deadline: datetime) -> timedelta | None:
    """How long until the next share comes due; None where none does before the deadline."""
    due = context.store.next_due_at(sites=context.sites, accounts=_attended(context))
    if due is None or due > deadline:
        return None
    return max(due - context.clock.now(), _RETRY_EVERY)


def _problems(context: Context, shares: Collection[Share], states: Collection[SiteState]) -> Iterable[str]:
    now = context.clock.now()
    yield from (state.error for state in states if state.error and not state.is_at_rest(now=now))
    policies = [posting.policy for posting in context.accounts.values()]
    yield from cannot_follow(context.store, policies, sites=context.sites, now=now).values()
    written = [watched.policy for watched in context.sites.values()]
    yield from cannot_write(states, written, now=now).values()
    accounts = context.store.accounts(sorted(context.accounts))
    open_work = {(account, state) for _, account, state in context.store.counts() if state in UNDER_WAY}
    waiting = [one for one in accounts if (one.name, State.PENDING) in open_work]
    yield from _resting(context, accounts, waiting=waiting)
    for name in _busy_elsewhere(context, {account for account, _ in open_work}):
        yield f"account {name}: shares that are due wait for another process that has the account in hand"
    in_need = waits_for_site(context.store, waiting, sites=states, now=now)  # whether or not it was tried in this pass
    yield from (words for _, words in in_vain(in_need))
    yield from _undone(shares)


def _undone(shares: Collection[Share]) -> Iterable[str]:
    """What was left undone with these shares."""
    alike = Counter(_ended(share) for share in shares)
    for (site, account, state, error), number in alike.items():
        if state in _UNDONE and number > _FEW:
            yield f"{number} posts of {site} on {account} are {state}: {error}"
    for share in shares:
        if share.state in _UNDONE and alike[_ended(share)] <= _FEW:
            yield f"{share.name} is {share.state}: {share.error}"
        if share.state is State.SHARED and share.error:
            yield f"{share.name} doesn't follow its post: {share.error}"


def _ended(share: Share) -> tuple[str, str, State, str]:
    """How a share ended, where: what many have in common is said once."""
    return share.site, share.account, share.state, share.error


def _resting(context: Context, accounts: Iterable[AccountState], *, waiting: Collection[AccountState]) -> Iterable[str]:
    """The accounts that rest while shares wait for them, and those without a token; not where a person wants it."""
    now = context.clock.now()
    for account in accounts:
        if account.is_at_rest(now=now):
            continue
        if account.name in context.remembered.tokenless:
            yield f"account {account.name}: {without_token(context.remembered.tokenless[account.name])}"
        elif (account in waiting and account.is_paused(now=now)) or is_tokenless(account.pause_reason):
            yield f"account {account.name}: {account.pause_reason}"


def _busy_elsewhere(context: Context, at_work: Collection[str]) -> Iterable[str]:
    """Of these accounts those whose due shares this pass could not deliver: another process has, or had, the lease."""
    now = context.clock.now()
    for name in filter(at_work.__contains__, _attended(context)):
        due = context.store.next_due_at(sites=context.sites, accounts=[name])
        if context.store.sending(name) or (due is not None and due <= now):
            yield name
