"""The Site port's questions, answered from a site's public feed: what it shows, and what it can't know.

A feed has the newest posts only, by their dates, so a look at it is complete when it reaches back to what was seen
before, or to the beginning of the window. It knows no edits and no deletions for certain: a post that isn't in it may
only be older than the others.
"""

import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlencode, urlsplit, urlunsplit

from msgspec import Struct
from msgspec.structs import replace

from bot.domain.models import ListedPost, Look, Post, SiteInfo
from bot.domain.text.links import same_link
from bot.errors import NotInFeedError, SiteUnavailableError
from bot.wordpress.client import Client, is_success
from bot.wordpress.feed import Feed, read_feed
from bot.wordpress.http import HTML, Response
from bot.wordpress.page_head import links
from bot.wordpress.routes import as_root, below

FEED = "application/rss+xml, application/atom+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.7, */*;q=0.1"
_KINDS = ("application/rss+xml", "application/atom+xml")
# How many pages of a feed are read for a look, or for a post that isn't on the first.
PAGES = 10
# What a feed has that has no further pages, unless it is all that there is: as WordPress makes it, 10 posts.
_LEAST = 10
# A feed says that nothing is new by the newest date alone; what was published late or twice in a second it says so
# only when it is read.
_READ_WHOLE_EVERY = timedelta(minutes=30)
# The posts of a look are read one after the other, seconds later.
_FRESH = timedelta(seconds=10)


class _LastLook(Struct, frozen=True):
    """What the last complete look found: with which first page, from when on, and which posts."""

    first: Feed | None
    after: datetime
    posts: Mapping[int, ListedPost]


class _Known(Struct):
    """What is known of a feed: where it is, its last answer's validators, its first page and when that was read.

    found: what a look need not go through the pages for again. Whether that was recorded isn't known here.
    """

    url: str = ""
    validators: dict[str, str] = {}
    first: Feed | None = None
    found: _LastLook | None = None
    read_at: float = 0.0


class FeedReader:
    """One site's feed; may be used by several threads at once.

    Args:
        client: asks the site.
        feed_url: the feed's address, '' where it is to be found.
        post_types: WordPress's names for the types whose posts are wanted of a feed that is found.
        clock: seconds that only go on.
    """

    def __init__(self, client: Client, *, feed_url: str, post_types: Sequence[str], clock: Callable[[], float]) -> None:
        self._client = client
        self._feed_url = feed_url
        self._post_types = tuple(post_types)
        self._clock = clock
        self._known = _Known(url=feed_url)
        self._lock = threading.Lock()

    def discover(self) -> str:
        """Find the feed, whatever is remembered; returns its address. SiteUnavailableError where there is none."""
        with self._lock:
            self._known = _Known(url=self._feed_url)
            self._first(whole=True)
            return self._known.url

    def about(self) -> SiteInfo:
        """What the feed says of its site."""
        return self._page().info

    def list_new(self, *, after: datetime, exclude: Collection[int]) -> Look:
        """The posts dated after an instant, but for the excluded ids; complete as the module says."""
        with self._lock:
            self._first(whole=self._age() > _READ_WHOLE_EVERY.total_seconds())
            last = self._known.found
            if last is not None and last.first is self._known.first and last.after <= after:
                return _look(last.posts, after=after, exclude=exclude)
            found: dict[int, ListedPost] = {}
            for page in self._pages():
                found |= {post.id: post.listed() for post in page.posts}
                if _reaches_back(page, after=after, seen=exclude):
                    break
            else:
                if not exclude and len(found) < _LEAST:
                    return _look(found, after=after, exclude=exclude)
                note = f"site {self._client.site}: the feed doesn't reach back to what was seen before"
                return _look(found, after=after, exclude=exclude, note=note)
            self._known.found = _LastLook(self._known.first, after, found)
        return _look(found, after=after, exclude=exclude)

    def read(self, post_id: int, *, link: str = "") -> Post:
        """One post as the feed has it, by its id or its link; it has the id that was asked for.

        NotInFeedError where it isn't there: that proves nothing.
        """
        with self._lock:
            for post in self._all():
                if post.id == post_id or (link and same_link(post.link, link)):
                    return replace(post, id=post_id)
        raise NotInFeedError(
            f"site {self._client.site}: the post isn't in the feed (any more), which has the newest ones only"
        )

    def read_several(self, post_ids: Collection[int]) -> tuple[Post, ...]:
        """Those of the posts that the feed has, in the order asked for."""
        left, found = set(post_ids), dict[int, Post]()
        with self._lock:
            for post in self._all():
                if post.id in left:
                    found[post.id] = post
                if found.keys() >= left:
                    break
        return tuple(found[number] for number in dict.fromkeys(post_ids) if number in found)

    def list_by_id(self, post_ids: Collection[int]) -> tuple[ListedPost, ...]:
        """Those of the posts that are on the feed's first page."""
        return tuple(post.listed() for post in self._page().posts if post.id in post_ids)

    def list_by_link(self, links: Collection[str]) -> dict[str, ListedPost]:
        """Those of the posts that have these links and are in the feed, by link."""
        with self._lock:
            posts = list(self._all())
        return {link: post.listed() for link in links for post in posts if same_link(post.link, link)}

    def find_post(self, link: str) -> int | None:
        """The id of the post that has this link; None where the feed has none."""
        with self._lock:
            return next((post.id for post in self._all() if same_link(post.link, link)), None)

    def _page(self) -> Feed:
        """The first page, as it was read seconds ago or now."""
        with self._lock:
            self._first(whole=self._known.first is None, fresh=True)
            return self._known.first or Feed(info=SiteInfo(), posts=())

    def _age(self) -> float:
        return self._clock() - self._known.read_at if self._known.first is not None else float("inf")

    def _first(self, *, whole: bool, fresh: bool = False) -> None:
        """Bring the first page up to date. whole: read it in any case. fresh: what was read seconds ago will do."""
        known = self._known
        if fresh and not whole and self._age() < _FRESH.total_seconds():
            return
        if not known.url:
            known.url = self._find()
        response = self._client.get(known.url, accept=FEED, headers={} if whole else known.validators)
        if response.status == 304 and known.first is not None:
            return
        feed = self._understood(response)
        validators = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}
        known.validators = {asks: said for asks, name in validators.items() if (said := _validator(response, name))}
        known.first, known.read_at = feed, self._clock()

    def _all(self) -> Iterator[Post]:
        """The feed's posts, those of further pages once they are asked for; the first page as it was seconds ago."""
        self._first(whole=self._known.first is None, fresh=True)
        for page in self._pages():
            yield from page.posts

    def _pages(self) -> Iterator[Feed]:
        """The feed's pages, the first one as it is known, up to one that has no others."""
        page, shown = self._known.first, set[int]()
        for number in range(2, PAGES + 2):
            if page is None:
                return
            yield page
            others = {post.id for post in page.posts} - shown
            shown |= others
            page = self._further(number) if others and number <= PAGES else None

    def _further(self, number: int) -> Feed | None:
        """A further page; an empty one where the feed ends, which is the end of what there is."""
        response = self._client.get(_with(self._known.url, [("paged", number)]), accept=FEED)
        if response.status in (400, 404, 410):
            return Feed(info=SiteInfo(), posts=())
        return self._understood(response)

    def _understood(self, response: Response) -> Feed:
        return self._client.understood(response, partial(read_feed, url=response.url, home=self._client.home))

    def _find(self) -> str:
        """The feed that the site's page names, else the first usual place that has one."""
        problems: list[str] = []
        for place in map(self._of_types, self._places()):
            try:
                response = self._client.get(place, accept=FEED)
                self._understood(response)
            except SiteUnavailableError as error:
                problems.append(str(error).removeprefix(f"site {self._client.site}: "))
            else:
                return response.url
        raise SiteUnavailableError(f"site {self._client.site}: no feed found: {'; '.join(problems)}")

    def _places(self) -> Iterator[str]:
        page = self._client.get(self._client.home, accept=HTML)
        named = (link.target for link in links(page) if "alternate" in link.rel and link.type in _KINDS)
        if is_success(page):
            yield from (target for target in list(named)[:3] if "/comments/" not in target)
        base = as_root(self._client.home)
        yield below(base, "feed/")
        yield _with(below(base, ""), [("feed", "rss2")])

    def _of_types(self, place: str) -> str:
        """The feed at a place with the posts of the wanted types: by itself it has ordinary ones only."""
        if self._post_types == ("post",):
            return place
        name = "post_type" if len(self._post_types) == 1 else "post_type[]"
        return _with(place, [(name, post_type) for post_type in self._post_types])


def _validator(response: Response, name: str) -> str:
    """An answer's own word for its state; a weak tag is never matched by WordPress, only by what made it."""
    value = response.headers.get(name, "")
    return value if value.isprintable() and len(value) < 200 and not value.startswith("W/") else ""


def _reaches_back(page: Feed, *, after: datetime, seen: Collection[int]) -> bool:
    """Whether a page has something that was seen before, or something older than the window, or nothing at all."""
    dates = [post.published_at for post in page.posts]
    return (
        not dates
        or any(date is not None and date <= after for date in dates)
        or any(post.id in seen for post in page.posts)
    )


def _look(found: Mapping[int, ListedPost], *, after: datetime, exclude: Collection[int], note: str = "") -> Look:
    new = (
        post
        for post in found.values()
        if post.id not in exclude and (post.published_at is None or post.published_at > after)
    )
    return Look(posts=tuple(new), complete=not note, note=note)


def _with(url: str, parameters: Sequence[tuple[str, object]]) -> str:
    """An address with these parameters behind its own."""
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, urlencode(parameters))))
    return urlunsplit(parts._replace(query=query))
