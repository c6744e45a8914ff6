"""Move in from another tool: what its state file says was shared is marked as shared.

The tool's own file knows links or ids of posts, or only when it looked last.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from bot.crosspost.adopt import mark, posts_at
from bot.crosspost.backfill import Span, find_older
from bot.crosspost.context import Context
from bot.crosspost.identity import identity_as_far_as_known
from bot.domain.selecting.plan import Mark
from bot.domain.selecting.share_on_mastodon import is_own

T = TypeVar("T")
# Links that are looked up at a time: about what one request can hold.
_CHUNK = 40
_EVER = datetime(1971, 1, 1, tzinfo=UTC)


class Entries(Struct, frozen=True, kw_only=True):
    """What another tool remembers: links of posts with the urls of their statuses, '' where it knows none.

    until: it has shared all posts up to then, whatever their links; None where it doesn't say.
    """

    tool: str
    urls: Mapping[str, str]
    until: datetime | None = None


class MovedIn(Struct, frozen=True, kw_only=True):
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
    # All of them, also those that no look would find: a backfill does.
    span = Span(since=_EVER, until=entries.until + timedelta(microseconds=1))
    older = find_older(context, site, span, on_progress=lambda found: on_progress(replace(moved, entries=found)))
    for chunk in _chunks(older):
        marked = mark(context, site, [Mark(post=post) for post in chunk], account=account, note=note)
        moved = replace(moved, entries=moved.entries + len(chunk), marked=moved.marked + marked)
        on_progress(moved)
    return moved


def _own(context: Context, urls: Mapping[str, str], account: str) -> list[str]:
    """The links whose statuses are this account's, or of which no tool knows whose they are."""
    if not any(urls.values()):
        return list(urls)
    who = identity_as_far_as_known(context, account)
    return [link for link, url in urls.items() if not url or is_own(url, who)]


def _chunks(things: Sequence[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk
