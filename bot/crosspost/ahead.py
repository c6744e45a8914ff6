"""Working ahead: the next shares' posts are read together, and the very next status is made while one is on its way.

Posts are read in one request a site, and kept for some seconds. Nothing is decided ahead and nothing uploaded. What is
not the same by the share's turn (its row, its post, the limits) is made anew then, and what goes wrong ahead goes wrong
in its turn, where it is told.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, wait
from datetime import datetime, timedelta

from msgspec import Struct

from bot.crosspost.context import Context
from bot.crosspost.draft import Draft, NoStatus, draft
from bot.crosspost.pictures import Picture, RecordingMaker, pictures
from bot.domain.models import Limits, Post, Share
from bot.errors import HowdahError, SiteError

# A post that was read longer ago is read again before it is shared.
FRESH = timedelta(seconds=10)


class ReadAhead:
    """The posts that were read a moment ago, each for one share."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._posts: dict[tuple[str, int], tuple[Post, datetime]] = {}

    def fetch(self, shares: Sequence[Share]) -> None:
        """Read the posts of several shares; a single one is read when its turn comes, as is what can't be had now."""
        for site in sorted({share.site for share in shares}):
            wanted = [share.post_id for share in shares if share.site == site and not share.idempotency_key]
            if len(wanted) > 1:
                now = self._context.clock.now()  # a post may have changed since it was asked for
                self._posts |= {(site, post.id): (post, now) for post in self._several(site, wanted)}

    def take(self, share: Share) -> Post | None:
        """The share's post, where it was read in the last seconds; each is taken once."""
        post = self._fresh(share)
        self._posts.pop((share.site, share.post_id), None)
        return post

    def read(self, share: Share) -> Post:
        """The share's post, read in the last seconds or now, and kept. Raises what Site.read raises."""
        post = self._fresh(share)
        if post is None:
            post = self._context.sites[share.site].site.read(share.post_id, link=share.link)
            self._posts[share.site, share.post_id] = (post, self._context.clock.now())
        return post

    def _fresh(self, share: Share) -> Post | None:
        key = (share.site, share.post_id)
        read = self._posts.get(key) or self._context.remembered.just_read.get(key)
        return read[0] if read is not None and self._context.clock.now() - read[1] < FRESH else None

    def _several(self, site: str, post_ids: Sequence[int]) -> Iterable[Post]:
        try:
            return self._context.sites[site].site.read_several(post_ids)
        except SiteError:
            return ()  # each is read by itself then, and what is wrong is said of it


_KEEP_EVERY = timedelta(milliseconds=100)


class Made(Struct, frozen=True, kw_only=True):
    """What was made of a share ahead, and from what."""

    share: Share
    post: Post
    limits: Limits
    draft: Draft
    pictures: tuple[Picture, ...]

    def is_of(self, post: Post, limits: Limits) -> bool:
        """Whether it was made of this post and by these limits."""
        return (self.post, self.limits) == (post, limits)


class MakeAhead:
    """The one share of a lane that is being made ahead, where the context has somebody to do so."""

    def __init__(self, context: Context, posts: ReadAhead) -> None:
        self._context = context
        self._posts = posts
        self._pending: Future[Made | None] | None = None

    def begin(self, share: Share, limits: Limits | None) -> None:
        """Begin with a share; with none where it is frozen under its key, or where the limits aren't known."""
        self._pending = None
        executor = self._context.executor
        if executor is not None and limits is not None and not share.idempotency_key:
            self._pending = executor.submit(_make, self._context, self._posts, share, limits)

    def take(self, share: Share, *, keep: Callable[[], None]) -> Made | None:
        """What was made of this share; None where nothing was. Its post is among those that were read ahead then.

        keep is called again and again while it is waited for, and may raise what ends that: end() waits for it then.
        """
        pending = self._pending
        if pending is None or pending.cancel():
            return None
        while not wait([pending], timeout=_KEEP_EVERY.total_seconds()).done:
            keep()
        self._pending = None
        made = pending.result()
        return made if made is not None and made.share == share else None

    def end(self) -> None:
        """Wait until nothing is being made any more."""
        if self._pending is not None and not self._pending.cancel():
            wait([self._pending])


def _make(context: Context, posts: ReadAhead, share: Share, limits: Limits) -> Made | None:
    try:
        post = posts.read(share)
        made = draft(context, share, post, limits)
        if isinstance(made, NoStatus):
            return None
        found = tuple(pictures(context, share, made.wanted, limits, maker=RecordingMaker(context, share)))
    except HowdahError:
        return None
    return Made(share=share, post=post, limits=limits, draft=made, pictures=found)
