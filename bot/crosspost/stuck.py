"""What has been tried and refused more than a few times, and still waits; and how such a wait ends."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from bot.domain.models import TOLD_AFTER, State
from bot.errors import LeaseLostError

if TYPE_CHECKING:
    from bot.domain.models import AccountState, Followed, Share, SiteState
    from bot.domain.policy import AccountPolicy, SitePolicy
    from bot.ports import Store

# Shares whose histories are read: to know that there are some is enough.
_MOST = 50


def waits_for_site(
    store: Store, accounts: Iterable[AccountState], *, sites: Iterable[SiteState], now: datetime
) -> tuple[Share, ...]:
    """The pending shares of these whose posts couldn't be read so many times in a row, oldest first.

    Not those of sites and accounts that a person lets rest: nothing is tried there, and nothing expected.
    """
    awake = {site.name for site in sites if not site.is_at_rest(now=now)}
    attended = [one.name for one in accounts if not one.is_at_rest(now=now)]
    return unreadable(store, store.erring(attended, sites=awake, limit=_MOST)) if attended else ()


def unreadable(store: Store, shares: Collection[Share]) -> tuple[Share, ...]:
    """Those of these shares that are pending because their posts couldn't be read so many times in a row."""
    return tuple(share for share in shares if share.state is State.PENDING and _is_unreadable(store, share))


def in_vain(shares: Iterable[Share]) -> Iterator[tuple[Share, str]]:
    """What is said of shares that wait in vain for their sites: one sentence for each site, with the first of them."""
    by_site: dict[str, list[Share]] = {}
    for share in shares:
        by_site.setdefault(share.site, []).append(share)
    for _, (first, *others) in sorted(by_site.items()):
        more = f" (and {len(others)} more)" if others else ""
        yield first, f"{first.name}{more} can't be read, again and again: {first.error}"


def _is_unreadable(store: Store, share: Share) -> bool:
    """Whether the share's post couldn't be read so many times in a row, up to now."""
    from bot.domain.transitions.outcome import reads_refused  # with all answers: only where something waits

    return reads_refused(store.attempts(share)) >= TOLD_AFTER


def cannot_follow(
    store: Store, policies: Iterable[AccountPolicy], *, sites: Collection[str], now: datetime
) -> dict[str, str]:
    """The sites with posts that these accounts' statuses can't follow, though looks find new ones; each as a sentence.

    One for each site, whatever their number: what keeps one post from being looked at again mostly does so with others.
    Nothing follows on accounts that a person lets rest, nor on sites: they are left out.
    """
    wanted = {policy.name: policy.followed_since(now) for policy in policies if policy.follows}
    alike: dict[datetime, list[str]] = {}
    for account in store.accounts(tuple(wanted)):
        if not account.is_at_rest(now=now):
            alike.setdefault(wanted[account.name], []).append(account.name)
    found: dict[str, list[tuple[Share, Followed]]] = {}
    for since, accounts in alike.items():
        for pair in store.failing_to_follow(accounts, sites=sites, since=since, least=TOLD_AFTER):
            found.setdefault(pair[0].site, []).append(pair)
    return {site: _cannot_follow(pairs) for site, pairs in sorted(found.items()) if _works(store.site(site), now=now)}


def _works(site: SiteState, *, now: datetime) -> bool:
    """Whether the last look at a site came to something, and nobody lets it rest: else there is another reason."""
    return not site.failures and not site.is_at_rest(now=now)


def cannot_write(sites: Iterable[SiteState], policies: Iterable[SitePolicy], *, now: datetime) -> dict[str, str]:
    """The sites that are to be written to and can't be, though they can be read; each as a sentence."""
    written = {policy.name for policy in policies if policy.write_back}
    return {
        site.name: f"site {site.name}: it can't be told what became of its posts, {site.write_failures} tries in a row "
        f"failed: {site.write_error.removeprefix(f'site {site.name}: ')}"
        for site in sites
        if site.name in written and site.write_failures >= TOLD_AFTER and _works(site, now=now)
    }


def _cannot_follow(pairs: Collection[tuple[Share, Followed]]) -> str:
    (share, followed), *others = pairs
    more = f" (and {len(others)} more)" if others else ""
    tries = max(followed.unread, followed.failures)
    why = followed.error.removeprefix(f"site {share.site}: ")
    return (
        f"site {share.site}: the status of {share.name}{more} can't follow its post, {tries} "
        f"tries in a row failed: {why}"
    )


def end_waits(store: Store, site: str, *, now: datetime) -> None:
    """Let a site that was found to work be looked at now, and its shares that couldn't be read be tried now."""
    from bot.domain.transitions.outcome import read_again, reads_refused

    store.end_wait(site, now=now)
    for share in store.shares(site=site, state=State.PENDING):
        if share.error and reads_refused(store.attempts(share)):
            with suppress(LeaseLostError):  # somebody has it in hand
                store.apply(share, read_again(share, now=now), now=now)
