"""The Site port over WordPress's REST API, read as anyone may read it: without credentials."""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from bot.domain.models import ListedPost, Look, MediaFile, Post, ShareField, SiteInfo
from bot.errors import ImageError, PostGoneError, SiteUnavailableError
from bot.wordpress.client import Client, is_success
from bot.wordpress.discovery import find_root
from bot.wordpress.finding import find_post
from bot.wordpress.http import HTML, TIMEOUT, Http, LateError, NoResponseError, PassingError, Response, display
from bot.wordpress.image_types import mime_type
from bot.wordpress.languages import page_language
from bot.wordpress.login import Login
from bot.wordpress.parse import Record, Row, record, records, rows, site_title
from bot.wordpress.payload import error_code, load_list, load_object
from bot.wordpress.root import ProcessMemory, Root, RootMemory
from bot.wordpress.routes import Route, join
from bot.wordpress.walk import Ask, Listed, walk
from bot.wordpress.writing import Desk

T = TypeVar("T")

# No excerpt and no content: either would make the site render every post.
_LISTED = "id,date,date_gmt,modified_gmt,link,title,status,type,share_on_mastodon"
# Never a field and a part of it: WordPress would drop all that is named after them. The meta is where the Share on
# Mastodon plugin keeps what an author writes for the status, and had its url before 0.17.
_READ = (
    "id,date_gmt,modified_gmt,link,title,excerpt,content,status,type,sticky,lang,polylang_current_lang,"
    "wpml_current_locale,share_on_mastodon,meta._share_on_mastodon_url,meta._share_on_mastodon_status,"
    "meta._share_on_mastodon_cw,jetpack_featured_media_url,_links,_embedded"
)
_EMBED = "wp:featuredmedia,wp:term,author"
_PER_PAGE = 100
# nginx takes a request line of 8 kB, Apache one of 8,190 bytes.
_LONGEST_URL = 7_500
_GONE = "rest_post_invalid_id"
_FORBIDDEN = "rest_forbidden"
_IMAGES = "image/*"
_BASE = re.compile(r"[\w-]+(/[\w-]+)*", re.ASCII)
_NAMESPACE = re.compile(r"[\w-]+(/[\w.-]+)*", re.ASCII)


class RestSite:
    """One post type of one WordPress site; may be used by several threads at once.

    Args:
        name: the site's name in the config.
        url: the site's address, as a reader knows it.
        post_type: WordPress's name for the type: "post", or a custom one that its REST API shows.
        allow_private: whether private and loopback addresses may be connected to.
        timeout: of one request, its redirects and retries included.
        http: the process's client; who made it closes it.
        memory: keeps the REST root from one run to the next.
        login: the user that howdah writes as; None for none.
    """

    def __init__(
        self,
        name: str,
        url: str,
        *,
        http: Http,
        post_type: str = "post",
        allow_private: bool = False,
        timeout: timedelta = TIMEOUT,
        memory: RootMemory | None = None,
        login: Login | None = None,
    ) -> None:
        self._url = url
        self._post_type = post_type
        self._client = Client(site=name, http=http, allow_private=allow_private, timeout=timeout)
        self._root = Root(lambda: find_root(self._client, url), memory or ProcessMemory())
        self._desk = Desk(client=self._client, home=url, login=login)
        # Where each root has this post type. Two threads may both ask for it; both get the same.
        self._paths: dict[str, str] = {}

    @property
    def name(self) -> str:
        """The site's name in the config."""
        return self._client.site

    def discover(self) -> str:
        """Find the REST root from the site's address."""
        return self._root.find()

    def about(self) -> SiteInfo:
        """What the site says of itself: its name by the REST index, its language by its first page.

        Every page and feed tells the language, and the first page is what caches have at hand.
        """
        index = self._root.ask(self._index)
        return SiteInfo(title=site_title(index.get("name")), language=self._language())

    def list_new(self, *, after: datetime, exclude: Collection[int]) -> Look:
        """Walk the posts dated after an instant, but for the excluded ids."""
        return self._at_route(lambda route: self._look(route, after=_instant(after), exclude=exclude))

    def read(self, post_id: int) -> Post:
        """Read one post with its terms, author and featured image."""
        return self._at_route(lambda route: self._read(route, post_id))

    def read_several(self, post_ids: Collection[int]) -> tuple[Post, ...]:
        """Read several posts, up to 100 in one request, in the order asked for."""
        asked = list(dict.fromkeys(post_ids))
        found: dict[int, Post] = {}
        for first in range(0, len(asked), _PER_PAGE):
            page = asked[first : first + _PER_PAGE]
            found |= self._at_route(partial(self._several, asked=page))
        return tuple(found[number] for number in asked if number in found)

    def list_by_id(self, post_ids: Collection[int]) -> tuple[ListedPost, ...]:
        """The light listing of some posts, 100 in one request; those that aren't public are missing."""
        asked = list(dict.fromkeys(post_ids))
        pages = (asked[first : first + _PER_PAGE] for first in range(0, len(asked), _PER_PAGE))
        found = [row for page in pages for row in self._at_route(partial(self._rows, asked=page))]
        return tuple(row.post for row in found if self._is_public(row) and row.post.id in asked)

    def find_post(self, link: str) -> int | None:
        """The id of the post that has this link; None where the site knows none."""
        return self._at_route(lambda route: find_post(self._client, route, home=self._url, link=link))

    def namespaces(self) -> frozenset[str]:
        """The REST namespaces that the site announces."""
        named = self._root.ask(self._namespaces)
        return frozenset(name for name in named if isinstance(name, str)) if isinstance(named, list) else frozenset()

    def read_field(self, post_id: int) -> ShareField:
        """What the site shows of a post as `share_on_mastodon`."""
        return self._at_route(lambda route: self._desk.read(route, post_id))

    def write_field(self, post_id: int, field: ShareField) -> None:
        """Write a post's `share_on_mastodon`, and read it back."""
        self._at_route(lambda route: self._desk.write(route, post_id, field))

    def fetch_image(self, url: str, *, max_bytes: int) -> MediaFile:
        """Download an image; what it is, is told by its first bytes."""
        client = self._client
        try:
            response = client.http.get(
                url,
                accept=_IMAGES,
                allow_private=client.allow_private,
                timeout=client.timeout,
                max_bytes=max_bytes,
            )
        except (PassingError, LateError) as error:
            raise SiteUnavailableError(f"site {self.name}: {error}") from error
        except NoResponseError as error:
            raise ImageError(f"site {self.name}: {error}") from error
        shown = display(response.url)
        if response.status == 429 or response.status >= 500:
            said = f"site {self.name}: the image {shown} answered {response.status}"
            raise SiteUnavailableError(said, retry_after=response.retry_after)
        if not is_success(response):
            raise ImageError(f"site {self.name}: the image {shown} answered {response.status}")
        kind = mime_type(response.body)
        if not kind:
            raise ImageError(f"site {self.name}: {shown} is no image of a known kind")
        return MediaFile(data=response.body, mime_type=kind)

    def _at_route(self, question: Callable[[Route], T]) -> T:
        """Ask something where the site has its posts."""
        return self._root.ask(lambda root: question(self._route(root)))

    def _index(self, root: str) -> dict[str, Any]:
        return self._client.ask(join(root, "", {"_fields": "name"}), load_object)[1]

    def _namespaces(self, root: str) -> object:
        return self._client.ask(join(root, "", {"_fields": "namespaces"}), load_object)[1].get("namespaces")

    def _look(self, route: Route, *, after: str, exclude: Collection[int]) -> Look:
        """One walk, to its end."""
        room = max(0, _LONGEST_URL - len(_listing(route, Ask(after=after))))
        walked = walk(lambda ask: self._listed(route, ask), after=after, seen=exclude, room=room)
        excluded = frozenset(exclude)
        posts = tuple(row.post for row in walked.rows if self._is_public(row) and row.post.id not in excluded)
        note = f"site {self.name}: {walked.note}" if walked.note else ""
        return Look(posts=posts, complete=walked.complete, note=note)

    def _read(self, route: Route, post_id: int) -> Post:
        response = self._client.get(route.one(post_id, {"_fields": _READ, "_embed": _EMBED}))
        if not is_success(response):
            raise self._unread(response, route, post_id)
        found = self._client.understood(response, _record)
        if found.post.id != post_id:
            raise self._client.failed(response, f"answered with post {found.post.id} instead of {post_id}")
        if found.type not in ("", self._post_type):
            raise self._gone(post_id)
        return found.post

    def _language(self) -> str:
        """The language of the site's first page; '' where it can't be had: nothing else depends on it."""
        try:
            page = self._client.get(self._url, accept=HTML)
        except SiteUnavailableError:
            return ""
        return page_language(page.body) if is_success(page) else ""

    def _route(self, root: str) -> Route:
        """Where a root has this site's posts; asked for once, unless they are ordinary ones."""
        if self._post_type == "post":
            return Route(root=root, path="wp/v2/posts")
        if root not in self._paths:
            self._paths[root] = self._path(root)
        return Route(root=root, path=self._paths[root])

    def _path(self, root: str) -> str:
        address = join(root, f"wp/v2/types/{self._post_type}", {"_fields": "rest_base,rest_namespace"})
        response, kind = self._client.ask(address, load_object)
        # WordPress before 5.9 doesn't say the namespace; it was always this one.
        base, namespace = kind.get("rest_base"), kind.get("rest_namespace", "wp/v2")
        if not isinstance(base, str) or not isinstance(namespace, str):
            raise self._client.failed(response, f"doesn't say where posts of type {self._post_type!r} are")
        if not _BASE.fullmatch(base) or not _NAMESPACE.fullmatch(namespace):
            raise self._client.failed(response, f"has posts of type {self._post_type!r} at an unusable place")
        return f"{namespace}/{base}"

    def _listed(self, route: Route, ask: Ask) -> Listed:
        """One page of the listing."""
        response, (found, unreadable) = self._client.ask(_listing(route, ask), _page)
        total = response.headers.get("x-wp-total", "")
        known = total.isascii() and total.isdigit() and len(total) < 10
        return Listed(rows=found, total=int(total) if known else None, unreadable=unreadable)

    def _several(self, route: Route, asked: Sequence[int]) -> dict[int, Post]:
        """The public ones of at most 100 posts, by id."""
        parameters = {"include": ",".join(map(str, asked)), "per_page": str(_PER_PAGE)}
        _, found = self._client.ask(route.all({"_fields": _READ, "_embed": _EMBED, **parameters}), _records)
        return {one.post.id: one.post for one in found if self._is_public(one)}

    def _rows(self, route: Route, asked: Sequence[int]) -> tuple[Row, ...]:
        """The rows of at most 100 posts."""
        parameters = {"_fields": _LISTED, "include": ",".join(map(str, asked)), "per_page": str(_PER_PAGE)}
        _, (found, _) = self._client.ask(route.all(parameters), _page)
        return found

    def _is_public(self, found: Row | Record) -> bool:
        """Whether this is what was asked for. A row that doesn't say so is read by itself before it is shared."""
        return found.status in ("", "publish") and found.type in ("", self._post_type)

    def _unread(self, response: Response, route: Route, post_id: int) -> PostGoneError | SiteUnavailableError:
        """The error that an answer to read() is, other than a 2xx."""
        code = error_code(response.body)
        if response.status == 404 and code == _GONE:
            return self._gone(post_id)
        if response.status in (401, 403) and code == _FORBIDDEN and not self._is_listed(route, post_id):
            return self._gone(post_id)
        return self._client.refusal(response)

    def _is_listed(self, route: Route, post_id: int) -> bool:
        """Whether the listing has this post. Raises where that is closed too: then nothing is certain.

        WordPress forbids to read a post that isn't public; plugins that close the whole API use the same code.
        """
        address = route.all({"include": str(post_id), "_fields": "id"})
        _, (found, _) = self._client.ask(address, _page)
        return bool(found)

    def _gone(self, post_id: int) -> PostGoneError:
        return PostGoneError(f"site {self.name}: post {post_id} isn't public (any more)")


def _record(body: bytes) -> Record:
    return record(load_object(body))


def _records(body: bytes) -> tuple[Record, ...]:
    return records(load_list(body))


def _page(body: bytes) -> tuple[tuple[Row, ...], int]:
    """The rows of a listing, and how many there are beside them that can't be read."""
    values = load_list(body)
    found = rows(values)
    return found, len(values) - len(found)


def _listing(route: Route, ask: Ask) -> str:
    parameters = {
        "_fields": _LISTED,
        "per_page": str(_PER_PAGE),
        "orderby": "date",
        "order": "asc",
        "after": ask.after,
    }
    if ask.exclude:
        parameters["exclude"] = ",".join(map(str, ask.exclude))
    return route.all(parameters)


def _instant(at: datetime) -> str:
    """An instant as WordPress reads it for certain: UTC, with a Z. A "+" in a URL would be a space."""
    return at.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat() + "Z"
