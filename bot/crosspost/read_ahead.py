"""Reading ahead: the posts of the next shares are read in one request a site, and kept for some seconds."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from bot.crosspost.context import Context
from bot.domain.models import Post, Share
from bot.errors import SiteError

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
                now = self._context.clock.now
                self._posts |= {(site, post.id): (post, now()) for post in self._several(site, wanted)}

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
        read = self._posts.get(key) or self._context.just_read.get(key)
        return read[0] if read is not None and self._context.clock.now() - read[1] < FRESH else None

    def _several(self, site: str, post_ids: Sequence[int]) -> Iterable[Post]:
        try:
            return self._context.sites[site].site.read_several(post_ids)
        except SiteError:
            return ()  # each is read by itself then, and what is wrong is said of it
