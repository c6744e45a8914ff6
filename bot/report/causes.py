"""What needs a person, each cause by itself: what alerts tell of."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.models import Cause, State
from bot.report.lines import name_of, paused
from bot.report.needs import found_needs, unfollowed_words
from bot.report.wording import age, size_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.models import Share
    from bot.ports import Store
    from bot.report.health import Health

# So many stuck shares are told of one by one; what is beyond them waits until some are seen to.
_MOST = 50
# A queue stands still when something in it is due for so long, and takes long when its last goes out after that.
_STANDING = timedelta(hours=1)
_LONG = timedelta(days=1)
_LEAST_ROOM = 200_000_000  # bytes


def causes_of(health: Health, store: Store, *, free_bytes: int | None, rejected: str) -> tuple[Cause, ...]:
    """Every cause that there is now. free_bytes: on the store's disk, None where it has none of ours.

    rejected: why the daemon didn't take the config over that is in its file, '' where it did.
    """
    return (
        *_config(health, rejected),
        *_needs(health),
        *_queue(health),
        *_disk(health, free_bytes),
        *_shares(health, store),
        *_unfollowed(health),
    )


def _config(health: Health, rejected: str) -> Iterator[Cause]:
    if rejected:
        text = (
            f"the config file was rejected, the daemon goes on by the one before: {rejected}. Mend it, then `kill -HUP`"
        )
        yield Cause(key="config", kind="config", text=text, since=health.now)


# What helps, where the sentence of what is wrong doesn't say so itself.
_HELPS = {
    "site": ". `howdah check` says more",
    "account": ". `howdah check` says more, `howdah login` gets a new token",
    "queue": "",
}


def _needs(health: Health) -> Iterator[Cause]:
    """Sites and accounts that don't mend themselves, and what nobody works on."""
    for need in found_needs(health):
        if need.kind in _HELPS:
            text = need.text + _HELPS[need.kind]
            yield Cause(key=f"{need.kind}:{need.name}", kind=need.kind, text=text, since=health.now)


def _queue(health: Health) -> Iterator[Cause]:
    for account in health.accounts:
        forecast = health.queues[account.name].forecast
        if forecast is not None and forecast.last_at - health.now > _LONG:
            waits = f"account {account.name}: {forecast.said(now=health.now)}"
            text = f"{waits}. `howdah list --state pending` shows what waits"
            yield Cause(key=f"backlog:{account.name}", kind="queue", text=text, since=health.now)
    oldest = health.oldest_pending
    if oldest is not None and _stands_still(oldest, health):
        text = (
            f"{name_of(oldest)} waits for {age(health.now - oldest.created_at)} and isn't sent. "
            f"`howdah show {oldest.post_name}` says why"
        )
        yield Cause(key="oldest", kind="queue", text=text, since=health.now)


def _stands_still(oldest: Share, health: Health) -> bool:
    """Whether a share is due for long, though nothing is known that holds it up."""
    due = max(filter(None, (oldest.next_attempt_at, health.working_since)), default=None)
    account = next((one for one in health.accounts if one.name == oldest.account), None)
    if due is None or health.now - due < _STANDING or account is None or paused(account, now=health.now):
        return False
    resting = account.rests_until is not None and account.rests_until > health.now
    queue = health.queues[account.name]
    return not resting and not (queue.forecast and queue.forecast.held_up_by)


def _disk(health: Health, free: int | None) -> Iterator[Cause]:
    if free is not None and free < _LEAST_ROOM:
        text = (
            f"the disk of the state store has only {size_words(free)} left. Make room: nothing is sent once it is full"
        )
        yield Cause(key="disk", kind="disk", text=text, since=health.now)


def _shares(health: Health, store: Store) -> Iterator[Cause]:
    """Failed and held ones: the newest, and those that were told of before and still are."""
    keys = [one.key.partition(":") for one in store.causes()]
    known = {int(number) for kind, _, number in keys if kind in (State.FAILED, State.HELD)}
    found: dict[int, Share] = {}
    for state in (State.FAILED, State.HELD):
        if health.counts.get(str(state)):
            found |= {share.id: share for share in store.page(state=state, limit=_MOST).shares}
    found |= {share.id: share for share in store.get(known - set(found)) if share.state in (State.FAILED, State.HELD)}
    for share in found.values():
        text = (
            f"{name_of(share)} {'failed' if share.state is State.FAILED else 'is held'}: {share.error}. "
            f"`howdah retry {share.post_name}` or `howdah skip {share.post_name}`"
        )
        yield Cause(key=f"{share.state}:{share.id}", kind=str(share.state), text=text, since=share.updated_at)


def _unfollowed(health: Health) -> Iterator[Cause]:
    for share in health.unfollowed:
        yield Cause(key=f"edit:{share.id}", kind="failed", text=unfollowed_words(share), since=share.updated_at)
