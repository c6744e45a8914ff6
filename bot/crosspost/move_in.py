"""Move in from another tool: what its state file says was shared is marked as shared.

The tool's own file knows links or ids of posts, or only when it looked last.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from bot.crosspost.context import Context
from bot.crosspost.identity import identity_as_far_as_known
from bot.crosspost.known_ids import as_known
from bot.crosspost.marking import mark, posts_at
from bot.domain.selecting.plan import Mark, SeenPost, as_seen, window_start
from bot.domain.selecting.share_on_mastodon import is_own

# Links that are looked up at a time: about what one request can hold.
_CHUNK = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries:
    """What another tool remembers: links of posts with the urls of their statuses, '' where it knows none.

    until: it has shared all posts up to then, whatever their links; None where it doesn't say.
    """

    tool: str
    urls: Mapping[str, str]
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedIn:
    """What was done so far: entries looked at, posts marked, entries that lead to no public post of the site.

    elsewhere: entries whose statuses are another account's.
    """

    entries: int = 0
    marked: int = 0
    unknown: int = 0
    elsewhere: int = 0


def move_in(
    context: Context, site: str, entries: Entries, *, account: str, on_progress: Callable[[MovedIn], object]
) -> MovedIn:
    """Mark what another tool has shared of a site on an account. on_progress is called after each step.

    Ends early where howdah is asked to stop; called again, it goes on. Raises SiteError: what was marked stays.
    """
    note = f"imported from {entries.tool}"
    own = _own(context, entries.urls, account)
    elsewhere = len(entries.urls) - len(own)
    moved = MovedIn(entries=elsewhere, elsewhere=elsewhere)
    for links in _chunks(own):
        posts = posts_at(context, site, links)
        marks = [Mark(post=post, url=entries.urls[link]) for link, post in posts.items()]
        moved = replace(
            moved,
            entries=moved.entries + len(links),
            marked=moved.marked + mark(context, site, marks, account=account, note=note),
            unknown=moved.unknown + len(links) - len(posts),
        )
        on_progress(moved)
        if context.clock.stopping():
            return moved
    if entries.until is None:
        return moved
    before = [Mark(post=post) for post in _posts_until(context, site, entries.until)]
    marked = mark(context, site, before, account=account, note=note)
    return replace(moved, entries=moved.entries + len(before), marked=moved.marked + marked)


def _own(context: Context, urls: Mapping[str, str], account: str) -> list[str]:
    """The links whose statuses are this account's, or of which no tool knows whose they are."""
    if not any(urls.values()):
        return list(urls)
    who = identity_as_far_as_known(context, account)
    return [link for link, url in urls.items() if not url or is_own(url, who)]


def _chunks(links: Sequence[str]) -> Iterator[list[str]]:
    rest = iter(links)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _posts_until(context: Context, site: str, until: datetime) -> Sequence[SeenPost]:
    """The posts up to an instant that a first look would find: all older ones are never shared anyway."""
    watched, now = context.sites[site], context.clock.now()
    look = watched.site.list_new(after=window_start(watched.policy, None, now=now), exclude=())
    before = [as_seen(post) for post in look.posts if post.published_at is not None and post.published_at <= until]
    return as_known(context, site, before)
