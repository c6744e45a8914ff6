"""Catch up: before anything is sent, read what the account has that the store doesn't know of.

A store can be older than the world: a backup was restored, or another database server took over without the last
commits. What it takes for new was shared then, by itself; the account's own statuses tell.
"""

from dataclasses import replace
from datetime import timedelta

from bot.crosspost.lane import Lane
from bot.domain.models import Anchor, FoundStatus, Share
from bot.domain.selecting.plan import LOCAL_TIME_ERROR
from bot.domain.transitions.reconciling import believable
from bot.errors import AccountBarredError, AccountThrottledError, AccountUnavailableError


def catch_up(lane: Lane) -> None:
    """Read the account's own statuses since the newest one that the store knows, and remember them.

    Once for each process and each origin of the store. Raises AccountUnavailableError or AccountBarredError where they
    can't be read now: nothing is sent blindly. Only a token that may not read statuses at all (403) may still publish.
    """
    caught_up = lane.context.caught_up
    if caught_up.get(lane.name) == lane.origin:
        return
    try:
        _read(lane)
    except AccountBarredError as error:
        if error.code != 403:
            raise
    except AccountThrottledError:
        raise
    except AccountUnavailableError as error:
        raise AccountUnavailableError(f"the account's own statuses can't be read: {error}") from error
    caught_up[lane.name] = lane.origin


def found(lane: Lane, share: Share, link: str) -> FoundStatus | None:
    """The status that this share must have become already; None where there is none.

    The post's first share is whatever status has its link. One that a person asked for beyond that is no older than
    the wish.
    """
    statuses = lane.context.store.statuses_with(lane.name, link)
    wanted = (status for status in statuses if share.number == 1 or status.created_at >= share.created_at)
    return next(wanted, None)


def _read(lane: Lane) -> None:
    since = lane.state.latest or _far_back(lane)
    listing = believable(lane.posting.account.statuses_since(since), now=lane.context.clock.now())
    lane.context.store.remember_statuses(lane.name, listing)
    for newest in listing.statuses[:1]:
        lane.state = replace(lane.state, latest=Anchor(id=newest.id, created_at=newest.created_at))


def _far_back(lane: Lane) -> Anchor:
    """Where to read back to on an account that the store knows nothing of: no older post is shared."""
    oldest = max((watched.policy.max_age for watched in lane.context.sites.values()), default=timedelta(0))
    return Anchor(id="", created_at=lane.context.clock.now() - oldest - LOCAL_TIME_ERROR)
