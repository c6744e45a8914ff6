"""What needs a person, each cause by itself: what alerts tell of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.domain.models import Cause, State
from bot.report.needs import found_needs, unfollowed_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.domain.models import Share
    from bot.ports import Store
    from bot.report.health import Health

# So many stuck shares are told of one by one; what is beyond them waits until some are seen to.
_MOST = 50


def causes_of(health: Health, store: Store, *, rejected: str) -> tuple[Cause, ...]:
    """Every cause that there is now.

    rejected: why the daemon didn't take the config over that is in its file, '' where it did.
    """
    return (
        *_config(health, rejected),
        *_needs(health),
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
    "disk": "",
}


def _needs(health: Health) -> Iterator[Cause]:
    """Sites and accounts that don't mend themselves, what nobody works on, what stands still."""
    for need in found_needs(health):
        if need.kind in _HELPS:
            text = need.text + _HELPS[need.kind]
            yield Cause(key=need.key or f"{need.kind}:{need.name}", kind=need.kind, text=text, since=health.now)


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
            f"{share.name} {'failed' if share.state is State.FAILED else 'is held'}: {share.error}. "
            f"`howdah retry {share.post_name}` or `howdah skip {share.post_name}`"
        )
        yield Cause(key=f"{share.state}:{share.id}", kind=str(share.state), text=text, since=share.updated_at)


def _unfollowed(health: Health) -> Iterator[Cause]:
    for share in health.unfollowed:
        yield Cause(key=f"edit:{share.id}", kind="failed", text=unfollowed_words(share), since=share.updated_at)
