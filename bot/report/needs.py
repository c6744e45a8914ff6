"""What needs a person, and what to do about it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.report.wording import age, ago, counted, size_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.models import AccountState, Share, SiteState
    from bot.report.health import Health

# A queue takes long when its last goes out after that by the server's windows alone: a rhythm that the owner set, or a
# slow backfill, is no trouble.
_LONG = timedelta(days=1)
_LEAST_ROOM = 200_000_000  # bytes
_CHECK = "`howdah check` says more"


class Need(Struct, frozen=True, kw_only=True):
    """Something that needs a person.

    kind: "config", "site", "account", "queue" (nobody works on it, or it waits in vain or for long), "disk", "failed"
    (or a status that doesn't follow its post) or "held". name: the site's or the account's, '' where it is none's.
    text: what, where and what to do, as a sentence. share: the one that it is about, None where it is about none, or
    about many. key: what it is noted by; '' where that is its kind and name.
    """

    kind: str
    name: str
    text: str
    share: Share | None = None
    key: str = ""

    @property
    def noted_as(self) -> str:
        """The key of its cause in the store."""
        return self.key or f"{self.kind}:{self.name}"


def needs(health: Health) -> Iterator[str]:
    """What needs a person, and what to do, as sentences."""
    return (need.text for need in found_needs(health))


def found_needs(health: Health) -> Iterator[Need]:
    """What needs a person."""
    if health.rejected:
        yield Need(kind="config", name="", text=health.rejected, key="config")
    yield from _idle(health)
    yield from _sites(health)
    for account in health.accounts:
        if not account.is_at_rest(now=health.now) and (text := _account_trouble(account, health)):
            yield Need(kind="account", name=account.name, text=text)
    yield from _waiting_in_vain(health)
    yield from stuck(health)
    for state, dropped in (("failed", "POST"), ("held", "--held")):
        if number := health.counts.get(state):
            text = (
                f"{counted(number, 'share')} {state}: see `howdah list --state {state}`, then `howdah retry --{state}` "
                f"or `howdah skip {dropped}`"
            )
            yield Need(kind=state, name="", text=text)
    yield from _unfollowed(health)


def _unfollowed(health: Health) -> Iterator[Need]:
    for share in health.unfollowed:
        yield Need(kind="failed", name="", text=unfollowed_words(share), share=share)


def unfollowed_words(share: Share) -> str:
    """That a status doesn't follow its post, why, and what to do."""
    name = share.name if share.number == 1 else f"{share.name} (no. {share.number})"
    return (
        f"{name} doesn't follow its post: {share.error}; mend it with `howdah edit` or "
        f"`howdah delete`, or leave it so with `howdah skip {share.post_name}`"
    )


def _idle(health: Health) -> Iterator[Need]:
    """What nobody works on: one need where that is everything, since then it has one cause."""
    late = health.overdue
    awake = [site for site in health.sites if not site.is_at_rest(now=health.now)]
    due = max((site.next_look_at for site in late if site.next_look_at), default=None)
    remedy = "start `howdah run`, or let cron call `howdah sync`"
    alike = due is not None or not any(site.next_look_at for site in health.sites)
    if late and len(late) == len(awake) and alike:
        what = f"a look was due {ago(due, now=health.now)}" if due else "no site was ever looked at"
        yield Need(kind="queue", name="", text=f"nothing is at work: {what}; {remedy}")
        return
    for site in late:
        what = f"was due for a look {ago(site.next_look_at, now=health.now)}" if site.next_look_at else "is new"
        text = f"site {site.name} {what}, and nobody looks: reload the daemon (SIGHUP), or {remedy}"
        yield Need(kind="queue", name=site.name, text=text)


def _sites(health: Health) -> Iterator[Need]:
    for site in health.sites:
        if not site.is_at_rest(now=health.now) and (text := _site_trouble(site)):
            yield Need(kind="site", name=site.name, text=f"{text}. {_CHECK}")
    for name, text in health.cannot_follow.items():
        yield Need(kind="site", name=name, text=f"{text}. {_CHECK}", key=f"follow:{name}")
    for name, text in health.cannot_write.items():
        yield Need(kind="site", name=name, text=f"{text}. {_CHECK}", key=f"write:{name}")


def _site_trouble(site: SiteState) -> str:
    """Why a site doesn't mend itself; '' where it works, or may."""
    from bot.domain.models import TOLD_AFTER

    error = site.error.removeprefix(f"site {site.name}: ")
    if site.failures and site.activated_at is None:
        return f"site {site.name}: the first look failed, so that nothing is known of it yet: {error}"
    if site.failures >= TOLD_AFTER:
        return f"site {site.name} failed {site.failures} times in a row: {error}"
    return ""


def _account_trouble(account: AccountState, health: Health) -> str:
    """Why an account doesn't mend itself, and what helps; '' where it works, or may."""
    from bot.domain.models import TOLD_AFTER
    from bot.domain.transitions.pauses import REFUSES, WALLED, is_tokenless

    new_token = f"{_CHECK}, `howdah login {account.name}` gets a new token"
    if account.pauses and account.pause_reason.startswith(WALLED):
        return f"account {account.name}: {account.pause_reason}. {_CHECK}"
    if account.pauses and (account.pause_reason.startswith(REFUSES) or is_tokenless(account.pause_reason)):
        return f"account {account.name}: {account.pause_reason}. {new_token}"
    if account.name in health.tokenless:
        return f"account {account.name} has no token: {health.tokenless[account.name]}. {new_token}"
    if account.pauses >= TOLD_AFTER:
        return f"account {account.name} had to rest {account.pauses} times in a row: {account.pause_reason}. {_CHECK}"
    return ""


def _waiting_in_vain(health: Health) -> Iterator[Need]:
    """The shares that wait for their sites, those of one site together."""
    from bot.crosspost.stuck import in_vain

    for first, words in in_vain(health.waits_for_site):
        text = f"{words}; mend it, or drop it with `howdah skip {first.post_name}`"
        yield Need(kind="queue", name=first.site, text=text, share=first)


def _strays(health: Health) -> Iterator[Need]:
    """What was queued under names that the config has no more: it would wait forever, and without a word."""
    known = {site.name for site in health.sites}
    for (site, account), number in sorted(health.strays.items()):
        gone = f"account {account}" if site in known else f"site {site}"
        text = (
            f"{counted(number, 'share')} of site {site} {'waits' if number == 1 else 'wait'} on account {account}, and "
            f"the config has no {gone} any more: put it back under that name, or drop what waits with "
            "`howdah skip POST` (`howdah list --state pending` shows it)"
        )
        yield Need(kind="queue", name="", text=text, key=f"stray:{site}/{account}")


def stuck(health: Health) -> Iterator[Need]:
    """What stands still though nothing is known that holds it up, what takes long, and what will stop everything."""
    for name, queue in health.queues.items():
        forecast = queue.forecast
        if forecast is not None and forecast.is_unwanted and forecast.last_at - health.now > _LONG:
            waits = f"account {name}: {forecast.said(now=health.now)}"
            text = f"{waits}. `howdah list --state pending` shows what waits"
            yield Need(kind="queue", name=name, text=text, key=f"backlog:{name}")
    yield from _strays(health)
    still = health.stands_still
    if still is not None and still.next_attempt_at is not None:
        text = (
            f"{still.name} is due for {age(health.now - still.next_attempt_at)} and isn't "
            f"sent. `howdah show {still.post_name}` says why"
        )
        yield Need(kind="queue", name=still.account, text=text, share=still, key="oldest")
    free = health.free_bytes
    if free is not None and free < _LEAST_ROOM:
        text = (
            f"the disk of the state store has only {size_words(free)} left. Make room: nothing is sent once it is full"
        )
        yield Need(kind="disk", name="", text=text, key="disk")
