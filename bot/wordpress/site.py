"""The Site port as people's sites are: read by the REST API where it is open, by the public feed where it isn't.

An owner's refusal of the REST API is respected: nothing is tried that goes around it. The feed is what the site
publishes for everybody instead.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from bot.domain.models import ListedPost, Look, MediaFile, Post, ShareField, SiteInfo
from bot.domain.policy import Source
from bot.errors import NotInFeedError, SiteUnavailableError
from bot.wordpress.client import Client, RefusedFormError, is_success
from bot.wordpress.discovery import RootMemory
from bot.wordpress.http import HTML, TIMEOUT, Http
from bot.wordpress.login import Login
from bot.wordpress.page_head import page_language
from bot.wordpress.rest_site import RestSite
from bot.wordpress.routes import host_of, with_host
from bot.wordpress.terms import Taxonomy

if TYPE_CHECKING:
    from bot.wordpress.feed_reader import FeedReader

T = TypeVar("T")
# How long the feed is read before a REST API that was closed is tried again.
_TRY_AGAIN = timedelta(hours=1)
# What a site says of itself hardly ever changes.
_ABOUT_LASTS = timedelta(days=1)
# How long it isn't asked for again where the first page couldn't be read.
_INCOMPLETE_LASTS = timedelta(minutes=1)
# So many posts' languages are remembered.
_LANGUAGES = 1_000
_KNOWS = "a feed has the newest posts only; late ones with an older date, edits and deletions don't show in it"


class Ways(Struct, frozen=True, kw_only=True):
    """How a site is read, as the config's keys of these names say.

    post_types: WordPress's names for the types. tell_language: whether a post's language matters, so that its page is
    asked where nothing else tells it. contact: where whoever runs the site finds out who asks: an instance's address.
    """

    post_types: tuple[str, ...] = ("post",)
    source: Source = Source.AUTO
    feed_url: str = ""
    link_host: str = ""
    tell_language: bool = False
    contact: str = ""


class WordPressSite:
    """A site and one or several of its post types; may be used by several threads at once.

    Args:
        name: the site's name in the config.
        url: the site's address, as a reader knows it.
        http: the process's client; who made it closes it.
        ways: how its owner wants it to be read.
        allow_private: whether private and loopback addresses may be connected to.
        timeout: of one request, its redirects and retries included.
        memory: keeps the REST root from one run to the next.
        login: the user that howdah reads raw texts and writes as; None for none.
        clock: seconds that only go on.
    """

    def __init__(
        self,
        name: str,
        url: str,
        *,
        http: Http,
        ways: Ways | None = None,
        allow_private: bool = False,
        timeout: timedelta = TIMEOUT,
        memory: RootMemory | None = None,
        login: Login | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._ways = ways or Ways()
        self._clock = clock
        self._client = Client(
            site=name,
            http=http,
            home=url,
            allow_private=allow_private,
            timeout=timeout,
            contact=self._ways.contact,
            login=login,
        )
        self._rest = RestSite(self._client, post_types=self._ways.post_types, memory=memory)
        self._closed_until = 0.0
        self._refusal = ""
        self._about: tuple[SiteInfo, float] | None = None
        # What posts' own pages said, by link and last change.
        self._languages: dict[tuple[str, datetime | None], str] = {}

    @cached_property
    def _feed(self) -> "FeedReader":
        """The site's feed, from when it is first needed."""
        from bot.wordpress.feed_reader import FeedReader  # takes 2 ms to load, and most sites need none

        return FeedReader(
            self._client, feed_url=self._ways.feed_url, post_types=self._ways.post_types, clock=self._clock
        )

    @property
    def name(self) -> str:
        """The site's name in the config."""
        return self._rest.name

    def discover(self) -> str:
        """Find the REST root, or the feed where there is none to be used."""
        self._closed_until = 0.0
        return self._ask(self._rest.discover, lambda feed: feed.discover(), remember=True)

    def about(self) -> SiteInfo:
        """What the site says of itself, as read within a day; within a minute where it isn't complete."""
        if self._about is not None:
            said, at = self._about
            if self._clock() - at <= (_ABOUT_LASTS if said.complete else _INCOMPLETE_LASTS).total_seconds():
                return said
        said = self._ask(self._rest.about, lambda feed: feed.about())
        if not said.complete and self._ways.tell_language:
            # A firewall may keep programs from its pages for good; its feed is made for them.
            with suppress(SiteUnavailableError):
                said = replace(self._feed.about(), title=said.title)
        self._about = (said, self._clock())
        return said

    def list_new(self, *, after: datetime, exclude: Collection[int]) -> Look:
        """The posts dated after an instant, but for the excluded ids."""
        look = self._ask(
            lambda: self._rest.list_new(after=after, exclude=[number for number in exclude if number > 0]),
            lambda feed: self._remarked(feed.list_new(after=after, exclude=exclude)),
            remember=True,
        )
        return replace(look, posts=tuple(replace(post, link=self._shown(post.link)) for post in look.posts))

    def read(self, post_id: int, *, link: str = "") -> Post:
        """Read one post, where it can be read now; by its link where it has another id there."""
        own = self._as_the_site_has_it(link)
        if post_id < 0:
            post = self._read_unnumbered(post_id, link=own)
        else:
            post = self._ask(lambda: self._rest.read(post_id), lambda feed: feed.read(post_id, link=own))
        return self._as_wanted([post])[0]

    def read_without_text(self, post_id: int, *, link: str = "") -> Post:
        """Read one post without its excerpt and content; what only the feed has, as the feed has it."""
        if post_id < 0:
            return self.read(post_id, link=link)
        own = self._as_the_site_has_it(link)
        post = self._ask(lambda: self._rest.read_without_text(post_id), lambda feed: feed.read(post_id, link=own))
        return self._as_wanted([post])[0]

    def read_several(self, post_ids: Collection[int]) -> tuple[Post, ...]:
        """Read several posts, in the order asked for."""
        found = self._in_two(post_ids, self._rest.read_several, lambda feed, ids: feed.read_several(ids))
        posts = {post.id: post for post in found}
        return self._as_wanted([posts[number] for number in dict.fromkeys(post_ids) if number in posts])

    def list_by_id(self, post_ids: Collection[int]) -> tuple[ListedPost, ...]:
        """The light listing of some posts."""
        found = self._in_two(post_ids, self._rest.list_by_id, lambda feed, ids: feed.list_by_id(ids))
        return tuple(replace(post, link=self._shown(post.link)) for post in found)

    def list_by_link(self, links: Collection[str]) -> Mapping[str, ListedPost]:
        """The light listing of the posts that have these links, by link."""
        own = {link: self._as_the_site_has_it(link) for link in links}
        found = self._ask(
            lambda: self._rest.list_by_link(list(own.values())), lambda feed: feed.list_by_link(list(own.values()))
        )
        return {
            link: replace(found[asked], link=self._shown(found[asked].link))
            for link, asked in own.items()
            if asked in found
        }

    def _as_the_site_has_it(self, link: str) -> str:
        """A link with the site's own host, where it has the one that readers see."""
        if not self._is_shown(link):
            return link
        return next((with_host(link, host) for host in self._own_hosts()), link)

    def find_post(self, link: str) -> int | None:
        """The id of the post that has this link."""
        hosts = self._own_hosts() if self._is_shown(link) else ()
        addresses = (link, *(with_host(link, host) for host in hosts))
        return next((found for found in map(self._find_post, addresses) if found is not None), None)

    def _find_post(self, address: str) -> int | None:
        return self._ask(lambda: self._rest.find_post(address), lambda feed: feed.find_post(address))

    def namespaces(self) -> frozenset[str]:
        """The REST namespaces that the site announces."""
        return self._rest.namespaces()

    def unknown_terms(self, taxonomy: Taxonomy, names: Collection[str]) -> tuple[str, ...]:
        """Those of these names that no category or tag of the site has; a feed doesn't tell."""
        return self._ask(lambda: self._rest.unknown_terms(taxonomy, names), lambda _feed: ())

    def server_time(self) -> datetime | None:
        """What the site's clock says now."""
        return self._rest.server_time()

    def read_field(self, post_id: int) -> ShareField:
        """What the site shows of a post as `share_on_mastodon`."""
        return self._rest.read_field(post_id)

    def write_field(self, post_id: int, field: ShareField) -> None:
        """Write a post's `share_on_mastodon`, and read it back."""
        self._rest.write_field(post_id, field)

    def fetch_image(self, url: str, *, max_bytes: int) -> MediaFile:
        """Download an image."""
        return self._rest.fetch_image(url, max_bytes=max_bytes)

    def _read_unnumbered(self, post_id: int, *, link: str) -> Post:
        """Read a post that the feed told of and only the feed has this id for: there, else by its link."""
        try:
            return self._feed.read(post_id, link=link)
        except SiteUnavailableError:
            if link and self._ways.source is not Source.FEED:
                with suppress(SiteUnavailableError):
                    return self._rest.read(post_id, link=link)
            raise

    def _in_two(
        self,
        post_ids: Collection[int],
        of_rest: Callable[[Collection[int]], tuple[T, ...]],
        of_feed: Callable[["FeedReader", Collection[int]], tuple[T, ...]],
    ) -> tuple[T, ...]:
        """Ask for posts where they can be had: those that only the feed has a name for, there."""
        ids, own = [number for number in post_ids if number > 0], [number for number in post_ids if number < 0]
        found = self._ask(lambda: of_rest(ids), lambda feed: of_feed(feed, ids)) if ids else ()
        return (*found, *(of_feed(self._feed, own) if own else ()))

    def _ask(self, of_rest: Callable[[], T], of_feed: Callable[["FeedReader"], T], *, remember: bool = False) -> T:
        """Ask one or the other; the feed is what is left where the REST API is closed."""
        if self._ways.source is Source.FEED or self._clock() < self._closed_until:
            return of_feed(self._feed)
        try:
            return of_rest()
        except RefusedFormError as error:
            if self._ways.source is Source.REST or not error.closed:
                raise
            if remember:
                self._refusal = str(error).removeprefix(f"site {self.name}: ")
            found = self._instead(error, of_feed)
            if remember:
                self._closed_until = self._clock() + _TRY_AGAIN.total_seconds()
            return found

    def _instead(self, refused: RefusedFormError, of_feed: Callable[["FeedReader"], T]) -> T:
        try:
            return of_feed(self._feed)
        except SiteUnavailableError as error:
            said = str(error).removeprefix(f"site {self.name}: ")
            kind = NotInFeedError if isinstance(error, NotInFeedError) else SiteUnavailableError
            raise kind(f"{refused}. Nor can its feed be read: {said}", retry_after=error.retry_after) from refused

    def _remarked(self, look: Look) -> Look:
        why = f", since the REST API is closed ({self._refusal})" if self._refusal else ""
        return replace(look, remark=f"read from the feed{why}: {_KNOWS}")

    def _as_wanted(self, posts: Sequence[Post]) -> tuple[Post, ...]:
        """The posts with the links that readers see, each with its own language."""
        languages = self._languages_of(posts)
        return tuple(
            replace(post, link=self._shown(post.link), language=language)
            for post, language in zip(posts, languages, strict=True)
        )

    def _languages_of(self, posts: Sequence[Post]) -> Iterator[str]:
        """The languages of posts where they may be others than the site's; '' where they can't, or aren't told.

        Where posts are chosen by them, they have to be known; elsewhere no post waits for its page, and after the first
        page that can't be had no other is asked.
        """
        away = False
        for post in posts:
            language = post.language
            try:
                if not language and not away and (self._ways.tell_language or self.about().multilingual):
                    language = self._page_language(post)
            except SiteUnavailableError:
                if self._ways.tell_language:
                    raise
                away = True
            yield language

    def _page_language(self, post: Post) -> str:
        """The language that a post's own page says it is in, else that of the whole site; '' where neither does.

        SiteUnavailableError where one of these pages can't be had just now.
        """
        if post.link and host_of(post.link) in self._own_hosts() and (language := self._own_language(post)):
            return language
        said = self.about()
        if not said.complete:
            raise SiteUnavailableError(
                f"site {self.name}: its first page can't be read, nor its feed, which tell its language"
            )
        return said.language

    def _own_language(self, post: Post) -> str:
        """The language that a post's own page says it is in; '' where it says none, or where there is no page."""
        known = self._languages.get((post.link, post.modified_at))
        if known is not None:
            return known
        page = self._client.get(post.link, accept=HTML)
        if page.status == 429 or page.status >= 500:
            raise self._client.failed(page, f"answered {page.status}")
        if not is_success(page):
            return ""
        if len(self._languages) >= _LANGUAGES:
            self._languages.clear()
        return self._languages.setdefault((post.link, post.modified_at), page_language(page.body))

    def _shown(self, link: str) -> str:
        """A link with the host that readers see, where it has the CMS's."""
        return (
            with_host(link, self._ways.link_host)
            if self._ways.link_host and host_of(link) in self._own_hosts()
            else link
        )

    def _is_shown(self, link: str) -> bool:
        """Whether a link has the host that readers see in place of the site's own."""
        return bool(self._ways.link_host) and host_of(link) == host_of(f"https://{self._ways.link_host}")

    def _own_hosts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(filter(None, map(host_of, (self._client.home, self._rest.root)))))
