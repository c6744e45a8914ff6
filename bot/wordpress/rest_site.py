"""The Site port over WordPress's REST API, read as anyone may read it: without credentials."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from bot.domain.models import ListedPost, Look, MediaFile, Post, ShareField, SiteInfo
from bot.errors import ImageError, PostGoneError, SiteUnavailableError
from bot.net.times import stated_at
from bot.wordpress.client import Client, is_success
from bot.wordpress.discovery import ProcessMemory, Root, RootMemory, announced, find_root
from bot.wordpress.featured_image import mime_type
from bot.wordpress.finding import find_post, has_id
from bot.wordpress.http import HTML, LateError, NoResponseError, PassingError, Response, display
from bot.wordpress.json_values import name_of
from bot.wordpress.listing import Lister
from bot.wordpress.login import Login, not_let_in
from bot.wordpress.page_head import is_multilingual, page_language
from bot.wordpress.payload import error_code, load_object
from bot.wordpress.reading import PER_PAGE, Reader
from bot.wordpress.routes import Route, join
from bot.wordpress.terms import Taxonomy, unknown_terms
from bot.wordpress.writing import read_field, write_field

T = TypeVar("T")

_IMAGES = "image/*"
# Each of them may have two slugs, and those are long in some scripts: a request line has room for so many.
_LINKS = 40
_BASE = re.compile(r"[\w-]+(/[\w-]+)*", re.ASCII)
# Some sites have no first page and never will: what readers see is elsewhere.
_NO_PAGE = frozenset({404, 410})
_NO_TYPE = "rest_type_invalid"
_NAMESPACE = re.compile(r"[\w-]+(/[\w.-]+)*", re.ASCII)


class _Part(Struct, frozen=True, kw_only=True):
    """The posts of one type: how they are read, and how they are listed."""

    post_type: str
    reader: Reader
    lister: Lister


class RestSite:
    """One or several post types of one WordPress site; may be used by several threads at once.

    Args:
        client: asks the site.
        post_types: WordPress's names for the types: "post", or custom ones that its REST API shows. An id belongs to
            one of them.
        memory: keeps the REST root from one run to the next.
    """

    def __init__(
        self, client: Client, *, post_types: Collection[str] = ("post",), memory: RootMemory | None = None
    ) -> None:
        self._client = client
        self._parts = tuple(
            _Part(
                post_type=post_type,
                reader=Reader(client, post_type=post_type),
                lister=Lister(client),
            )
            for post_type in post_types
        )
        self._root = Root(lambda: find_root(client, client.home), memory or ProcessMemory())
        # Where each root has each post type. Two threads may both ask for it; both get the same.
        self._paths: dict[tuple[str, str], str] = {}

    @property
    def name(self) -> str:
        """The site's name in the config."""
        return self._client.site

    @property
    def root(self) -> str:
        """The REST root as far as it is known; '' where it isn't."""
        return self._root.known

    def discover(self) -> str:
        """Find the REST root from the site's address; where there is a login, see that it lets its user in."""
        root = self._root.find()
        if self._client.login is not None:
            self._verify(root, self._client.login)
        return root

    def about(self) -> SiteInfo:
        """What the site says of itself: its name by the REST index, its language by its first page.

        Every page and feed tells the language, and the first page is what caches have at hand.
        """
        title, page = name_of(self._root.ask(self._index).get("name")), self._front_page()
        if page is None or not is_success(page):
            return SiteInfo(title=title, complete=page is not None)
        return SiteInfo(title=title, language=page_language(page.body), multilingual=is_multilingual(page))

    def list_new(self, *, after: datetime, exclude: Collection[int]) -> Look:
        """Walk the posts of each type dated after an instant, but for the excluded ids."""
        looks = [self._look(part, after=after, exclude=exclude) for part in self._parts]
        return Look(
            posts=tuple(post for look in looks for post in look.posts),
            complete=all(look.complete for look in looks),
            note="; ".join(look.note for look in looks if look.note),
        )

    def read(self, post_id: int, *, link: str = "") -> Post:
        """Read one post with its terms, author and featured image: by its link where its id is none of WordPress's."""
        number = self._number(post_id, link)
        return replace(self._of_its_type(lambda part, route: part.reader.read(route, number)), id=post_id)

    def read_without_text(self, post_id: int, *, link: str = "") -> Post:
        """Read one post without its excerpt and content: by its link where its id is none of WordPress's."""
        number = self._number(post_id, link)
        return replace(self._of_its_type(lambda part, route: part.reader.without_text(route, number)), id=post_id)

    def _number(self, post_id: int, link: str) -> int:
        """WordPress's id for a post."""
        number = post_id if post_id > 0 else self.find_post(link)
        if number is None:
            raise SiteUnavailableError(f"site {self.name}: knows no post at {display(link)}")
        return number

    def read_several(self, post_ids: Collection[int]) -> tuple[Post, ...]:
        """Read several posts, up to 100 in one request, in the order asked for."""
        asked = list(dict.fromkeys(post_ids))
        found: dict[int, Post] = {}
        for part in self._parts:
            for page in _pages([number for number in asked if number not in found]):
                found |= self._at_route(part, partial(part.reader.several, asked=page))
        return tuple(found[number] for number in asked if number in found)

    def list_by_id(self, post_ids: Collection[int]) -> tuple[ListedPost, ...]:
        """The light listing of some posts, 100 in one request; those that aren't public are missing."""
        asked = list(dict.fromkeys(post_ids))
        found: dict[int, ListedPost] = {}
        for part in self._parts:
            for page in _pages([number for number in asked if number not in found]):
                rows = self._at_route(part, partial(part.reader.rows, asked=page))
                found |= {row.post.id: row.post for row in rows if part.reader.is_public(row) and row.post.id in asked}
        return tuple(found.values())

    def list_by_link(self, links: Collection[str]) -> Mapping[str, ListedPost]:
        """The light listing of the posts that have these links: by slug, then one by one where an id is in it."""
        asked = list(dict.fromkeys(links))
        found: dict[str, ListedPost] = {}
        for part in self._parts:
            left = [link for link in asked if link not in found]
            for first in range(0, len(left), _LINKS):
                found |= self._at_route(part, partial(part.reader.by_links, links=left[first : first + _LINKS]))
        named = {link: self.find_post(link) for link in asked if link not in found and has_id(link)}
        listed = {post.id: post for post in self.list_by_id([number for number in named.values() if number])}
        return found | {link: listed[number] for link, number in named.items() if number in listed}

    def find_post(self, link: str) -> int | None:
        """The id of the post that has this link; None where the site knows none."""

        def ask(route: Route) -> int | None:
            return find_post(self._client, route, home=self._client.home, link=link)

        return next((number for part in self._parts if (number := self._at_route(part, ask)) is not None), None)

    def namespaces(self) -> frozenset[str]:
        """The REST namespaces that the site announces. SiteUnavailableError where its answer has none."""
        return self._root.ask(self._namespaces)

    def unknown_terms(self, taxonomy: Taxonomy, names: Collection[str]) -> tuple[str, ...]:
        """Those of these names, or slugs, that no category or tag of the site has."""
        return self._root.ask(lambda root: unknown_terms(self._client, root, taxonomy, names))

    def server_time(self) -> datetime | None:
        """What the site's clock says now."""
        return stated_at(self._client.get(self._root.known or self._client.home).headers)

    def read_field(self, post_id: int) -> ShareField:
        """What the site shows of a post as `share_on_mastodon`."""
        return self._of_its_type(lambda _, route: read_field(self._client, route, post_id))

    def write_field(self, post_id: int, field: ShareField) -> None:
        """Write a post's `share_on_mastodon`, and read it back."""
        self._of_its_type(lambda _, route: write_field(self._client, route, post_id, field))

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
                headers=client.introduction,
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

    def _look(self, part: _Part, *, after: datetime, exclude: Collection[int]) -> Look:
        """A look at the posts of one type."""
        walked = self._at_route(part, lambda route: part.lister.walk(route, after=_instant(after), seen=exclude))
        excluded = frozenset(exclude)
        posts = tuple(row.post for row in walked.rows if part.reader.is_public(row) and row.post.id not in excluded)
        note = f"site {self.name}: {walked.note}" if walked.note else ""
        return Look(posts=posts, complete=walked.complete, note=note)

    def _of_its_type(self, question: Callable[[_Part, Route], T]) -> T:
        """Ask something of a post where those of its type are, which only the answer tells."""
        gone: PostGoneError | None = None
        for part in self._parts:
            try:
                return self._at_route(part, partial(question, part))
            except PostGoneError as error:
                gone = error
        raise gone or AssertionError("a site has a type of posts at least")

    def _at_route(self, part: _Part, question: Callable[[Route], T]) -> T:
        """Ask something where the site has its posts of a type."""
        return self._root.ask(lambda root: question(self._route(root, part.post_type)))

    def _index(self, root: str) -> dict[str, Any]:
        return self._client.ask(join(root, "", {"_fields": "name"}), load_object)[1]

    def _verify(self, root: str, login: Login) -> None:
        """SiteUnavailableError where the login lets nobody in."""
        reason = self._client.objection(root)
        answer = self._client.get_as_user(join(root, "wp/v2/users/me", {"context": "edit", "_fields": "id"}))
        if answer is not None:
            clause = not_let_in(answer.status, error_code(answer.body))
            reason = f"user {login.user!r} isn't let in: {clause}" if clause else ""
        if reason:
            raise SiteUnavailableError(f"site {self.name}: {reason}")

    def _namespaces(self, root: str) -> frozenset[str]:
        return self._client.ask(join(root, "", {"_fields": "namespaces"}), announced)[1]

    def _front_page(self) -> Response | None:
        """The answer to the site's first page; None where nothing is told by it: only languages depend on it."""
        try:
            page = self._client.get(self._client.home, accept=HTML)
        except SiteUnavailableError:
            return None
        return page if is_success(page) or page.status in _NO_PAGE else None

    def _route(self, root: str, post_type: str) -> Route:
        """Where a root has the posts of this type; asked for once, unless they are ordinary ones."""
        if post_type == "post":
            return Route(root=root, path="wp/v2/posts")
        if (root, post_type) not in self._paths:
            self._paths[root, post_type] = self._path(root, post_type)
        return Route(root=root, path=self._paths[root, post_type])

    def _path(self, root: str, post_type: str) -> str:
        address = join(root, f"wp/v2/types/{post_type}", {"_fields": "rest_base,rest_namespace"})
        response = self._client.get(address)
        if error_code(response.body) == _NO_TYPE:
            raise SiteUnavailableError(f"site {self.name}: has no post type {post_type!r}")
        kind = self._client.understood(response, load_object)
        # WordPress before 5.9 doesn't say the namespace; it was always this one.
        base, namespace = kind.get("rest_base"), kind.get("rest_namespace", "wp/v2")
        if not isinstance(base, str) or not isinstance(namespace, str):
            raise self._client.failed(response, f"doesn't say where posts of type {post_type!r} are")
        if not _BASE.fullmatch(base) or not _NAMESPACE.fullmatch(namespace):
            raise self._client.failed(response, f"has posts of type {post_type!r} at an unusable place")
        return f"{namespace}/{base}"


def _pages(asked: Sequence[int]) -> Iterator[Sequence[int]]:
    """The ids in parts of which each is one request."""
    return (asked[first : first + PER_PAGE[0]] for first in range(0, len(asked), PER_PAGE[0]))


def _instant(at: datetime) -> str:
    """An instant as WordPress reads it for certain: UTC, with a Z. A "+" in a URL would be a space."""
    return at.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat() + "Z"
