"""A site's newest posts, for a look at what would be shared."""

from datetime import datetime, timedelta

from bot.domain.models import ListedPost
from bot.ports import Site

# How far back they are looked for, one step after the other: a busy site is asked for little.
_REACHES = tuple(timedelta(days=days) for days in (0.125, 1, 8, 64, 512, 4096))


def latest(site: Site, number: int, *, now: datetime) -> list[ListedPost]:
    """A site's newest posts, at most so many, newest first; raises what Site.list_new raises."""
    for reach in _REACHES:
        posts = site.list_new(after=now - reach, exclude=()).posts
        if len(posts) >= number:
            break
    return sorted(posts, key=lambda post: (post.date, post.id), reverse=True)[:number]
