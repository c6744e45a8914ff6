"""Catch up: before anything is sent, read what the account has that the store doesn't know of.

A store can be older than the world: a backup was restored, or another database server took over without the last
commits. What it takes for new was shared then, by itself; the account's own statuses tell. Where its listing is
incomplete or may hide such a status nothing tells: what may have been shared before the store's origin changed is held
for a person.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from bot.crosspost.lane import Lane
from bot.crosspost.questions import token_works
from bot.domain.models import Anchor, FoundStatus, Listing, Post, Share
from bot.domain.selecting.plan import LOCAL_TIME_ERROR
from bot.domain.transitions.reconciling import believable, read_under
from bot.errors import AccountBarredError, AccountThrottledError, AccountUnavailableError

# What the clocks of a site and an instance may be apart.
_CLOCKS = timedelta(hours=1)


def catch_up(lane: Lane, *, within: timedelta | None = None, back_to: datetime | None = None) -> str:
    """Read the account's own statuses since the newest one that the store knows, and remember them.

    Once for each process and each origin of the store. Only a token that may not read statuses at all (403) may still
    publish, where nobody else does.

    Args:
        lane: the account's.
        within: others publish on the account too, so that it is read again where that was longer ago; None for nobody.
        back_to: read from there on at least, since what others sent may be older than what howdah sent last.

    Returns:
        Why what was read proves nothing of what others sent; '' where it does, or nobody else sends.

    Raises:
        AccountUnavailableError, AccountBarredError: they can't be read now. Nothing is sent blindly.
    """
    caught_up, read_at = lane.context.remembered.caught_up, lane.context.remembered.read_at
    now = lane.context.clock.elapsed()
    is_fresh = within is None or _is_covered(read_at.get(lane.name), now - within, back_to)
    if caught_up.get(lane.name) == lane.origin and is_fresh:
        return ""
    doubt = _read(lane, back_to)
    caught_up[lane.name] = lane.origin
    if not doubt:
        read_at[lane.name] = (now, back_to)
    return doubt if within is not None else ""


def since_published(lane: Lane, share: Share, post: Post) -> datetime:
    """Since when another program may have shared a post: since it is public, by clocks that may be apart."""
    public = min(share.created_at, post.published_at or share.created_at) - _CLOCKS
    return max(public, _far_back(lane).created_at)


def since_sent(lane: Lane, share: Share) -> datetime:
    """Since when a share that was sent, with no answer, may be on the account: since the newest status before it."""
    return (share.anchor or _far_back(lane)).created_at


def existing_status(lane: Lane, share: Share, link: str) -> FoundStatus | None:
    """The status that this share must have become already; None where there is none.

    The post's first share is whatever status has its link. One that a person asked for beyond that is no older than
    the wish; where it was sent, it is newer than what stood there before, by the instance's own clock.
    """
    if not lane.has_found_statuses:
        return None
    statuses = lane.context.store.statuses_with(lane.name, link)
    before = share.anchor.created_at if share.unanswered and share.anchor is not None else None
    return next((status for status in statuses if share.number == 1 or _is_wish(share, status, before)), None)


def _is_wish(share: Share, status: FoundStatus, before: datetime | None) -> bool:
    """Whether a status may be what a person wished for. before: what stood there when that was sent; None if not."""
    return status.created_at >= share.created_at or (before is not None and status.created_at > before)


def _is_covered(read: tuple[timedelta, datetime | None] | None, after: timedelta, back_to: datetime | None) -> bool:
    """Whether an account was read after that moment, as far back as is wanted."""
    if read is None or read[0] <= after:
        return False
    return back_to is None or (read[1] is not None and read[1] <= back_to)


def _read(lane: Lane, back_to: datetime | None) -> str:
    """Read and remember; returns why it proves nothing, '' where it does."""
    since = lane.state.latest or _far_back(lane)
    if back_to is not None and back_to < since.created_at:
        since = Anchor(id="", created_at=back_to)
    try:
        listing = lane.account.statuses_since(since)
    except AccountBarredError as error:
        if error.code != 403 or (back_to is not None and not token_works(lane)):
            raise  # the account is refused altogether: it rests until a person has mended that
        return f"another program may have shared it, and the account's own statuses may not be read ({error})"
    except AccountThrottledError:
        raise
    except AccountUnavailableError as error:
        raise AccountUnavailableError(f"the account's own statuses can't be read: {error}") from error
    _remember(lane, believable(listing, now=lane.context.clock.now()))
    incomplete = "another program may have shared it, and the account's own statuses aren't listed back to then"
    return "" if listing.complete else incomplete


def _remember(lane: Lane, listing: Listing) -> None:
    _note_origin(lane, listing)
    lane.context.store.remember_statuses(lane.name, listing)
    lane.has_found_statuses = lane.context.store.has_found_statuses(lane.name)
    shown = frozenset(status.visibility for status in listing.statuses)
    lane.state = replace(lane.state, listed=lane.state.listed | shown)
    for newest in listing.statuses[:1]:
        lane.state = replace(lane.state, latest=Anchor(id=newest.id, created_at=newest.created_at))


def _note_origin(lane: Lane, listing: Listing) -> None:
    """Note where the store may be older than the account: its origin is another one than the account was read under."""
    read = read_under(lane.state, lane.origin, complete=listing.complete, now=lane.context.clock.now())
    if read != lane.state and read.unproven_before is not None:
        lane.context.store.remember_origin(lane.name, read.origin, now=read.unproven_before)
        lane.state = read


def _far_back(lane: Lane) -> Anchor:
    """Where to read back to on an account that the store knows nothing of: no older post is shared."""
    oldest = max((watched.policy.max_age for watched in lane.context.sites.values()), default=timedelta(0))
    return Anchor(id="", created_at=lane.context.clock.now() - oldest - LOCAL_TIME_ERROR)
