"""Backfill: queue the older posts of a site, and end. The daemon, or a sync, publishes them.

They come after all that is new, the oldest first, by the account's budget and rhythm; how old they are doesn't count.
What has a share already, or was decided about, is left as it is: killed in between, it is simply called again.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from bot.crosspost.backlog import backlog
from bot.crosspost.context import Context
from bot.crosspost.identity import as_known
from bot.domain.models import ListedPost
from bot.domain.selecting.plan import LOCAL_TIME_ERROR, SeenPost, as_seen
from bot.domain.transitions.forecast import Forecast

# Posts that are queued in one transaction.
_CHUNK = 100


class Span(Struct, frozen=True, kw_only=True):
    """Which posts: dated since, and before until (None: up to now); limit: so many at most, the oldest (None: all)."""

    since: datetime
    until: datetime | None = None
    limit: int | None = None


def find_older(
    context: Context, site: str, span: Span, *, on_progress: Callable[[int], object]
) -> tuple[SeenPost, ...]:
    """The site's posts of a span, oldest first. on_progress is called with how many were read so far; SiteError."""
    found: dict[int, ListedPost] = {}
    for posts in _listings(context, site, after=span.since - LOCAL_TIME_ERROR):
        found |= {post.id: post for post in posts if _is_in(post, span)}
        on_progress(len(found))
    in_order = sorted(found.values(), key=lambda post: (post.published_at or span.since, post.id))
    return as_known(context, site, list(map(as_seen, in_order)))


def wanted(
    context: Context, site: str, posts: Sequence[SeenPost], *, account: str, limit: int | None
) -> tuple[SeenPost, ...]:
    """Those of these posts that a backfill would queue on an account."""
    free = context.store.unshared(site, account, [post.id for post in posts])
    return tuple(post for post in posts if post.id in free)[:limit]


def backfill(
    context: Context, site: str, posts: Sequence[SeenPost], *, account: str, on_progress: Callable[[int], object]
) -> int:
    """Queue posts on an account; returns how many. on_progress is called with how many were queued so far.

    Ends early, between two transactions, where howdah is asked to stop.
    """
    queued = 0
    for first in range(0, len(posts), _CHUNK):
        if context.clock.stopping():
            break
        chunk = posts[first : first + _CHUNK]
        queued += context.store.add_backfill(site, account, chunk, now=context.clock.now())
        on_progress(queued)
    return queued


def foreseen(context: Context, account: str, *, more: int) -> Forecast | None:
    """When the last goes out of all that waits on an account, and of so many more; None where nothing does."""
    policy, now = context.accounts[account].policy, context.clock.now()
    return backlog(context.store, policy, sites=context.sites, now=now, more=more)


def _listings(context: Context, site: str, *, after: datetime) -> Iterator[Collection[ListedPost]]:
    """Look after look, each from where the one before had to end: one walk is bounded."""
    while not context.clock.stopping():
        look = context.sites[site].site.list_new(after=after, exclude=())
        yield look.posts
        newest = max((post.published_at for post in look.posts if post.published_at is not None), default=after)
        if look.complete or newest - LOCAL_TIME_ERROR <= after:
            return
        after = newest - timedelta(seconds=1) - LOCAL_TIME_ERROR


def _is_in(post: ListedPost, span: Span) -> bool:
    at = post.published_at
    return at is not None and span.since <= at and (span.until is None or at < span.until)
