"""A loopback WordPress: its REST API, its pages, its feed, and an author who writes at a test's command.

with SandboxWordPress(timezone="Europe/Berlin", plugin=True) as site:
    post_id = site.publish(title="Hello", excerpt="…", tags=["news"])
    httpx.get(f"{site.url}/wp-json/wp/v2/posts")
"""

import itertools
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from bot.sandbox import wordpress_companion as companion
from bot.sandbox.images import png
from bot.sandbox.messages import Answer, Recorded, Request, html_answer, json_answer
from bot.sandbox.server import Now, SandboxServer, utc_now
from bot.sandbox.wordpress_content import Content
from bot.sandbox.wordpress_fields import keep_fields, read_fields
from bot.sandbox.wordpress_pages import feed, front_body, not_found_page, page, post_body
from bot.sandbox.wordpress_posts import Post
from bot.sandbox.wordpress_query import Query, read_query, rest_error, select
from bot.sandbox.wordpress_records import Record, Records

_FEED_ITEMS = 10
# Of a newer post the box of Share on Mastodon is ticked, unless its author has unticked it.
_TICKED_FOR = timedelta(minutes=30)


class SandboxWordPress(Content, SandboxServer):
    """A small WordPress in memory; a context manager.

    Args:
        title: the site's name.
        language: the site's language, as its pages and its feed say it.
        timezone: the site's zone; the local columns of posts are by it.
        plugin: whether Share on Mastodon is there and adds its field to every record.
        path: a subfolder, as in a multisite: "/uk".
        version: what it says it is. Before 7.0 an image that is gone is still linked, and its embed is the whole
            REST index; later ones leave the link out.
        companion: whether howdah's plugin is there, and the field may be written by who has a password in logins.
        namespaces: those of the REST API that further plugins announce.
        link_header, link_element: whether pages name the REST root, in the header and in the HTML.
        now: the clock, aware and in UTC.
        on_request: called with each request before it is worked on.
        port: 0 for a free one.
    """

    def __init__(
        self,
        *,
        title: str = "Sandbox",
        language: str = "en-US",
        timezone: str = "Europe/Berlin",
        plugin: bool = False,
        path: str = "",
        version: str = "7.1",
        link_header: bool = True,
        link_element: bool = True,
        companion: bool = False,
        namespaces: tuple[str, ...] = (),
        now: Now = utc_now,
        on_request: Callable[[Recorded], None] | None = None,
        port: int = 0,
    ) -> None:
        SandboxServer.__init__(self, now=now, on_request=on_request, port=port)
        Content.__init__(self, now=now, lock=self.lock, timezone=timezone)
        self.title = title
        self.language = language
        self.path = path.rstrip("/")
        self.plugin = plugin
        self.version = version
        self.link_header = link_header
        self.link_element = link_element
        self.companion = companion
        self.namespaces = namespaces
        self.logins: dict[str, str] = {}
        self._salts = itertools.count()
        self._rest_routes: list[tuple[re.Pattern[str], Callable[..., Answer]]] = [
            (re.compile(r"/"), self._index),
            (re.compile(r"/wp/v2/?"), self._namespace),
            (re.compile(r"/wp/v2/posts/?"), self._list_posts),
            (re.compile(r"/wp/v2/posts/(\d{1,20})/?"), self._read_post),
            (re.compile(r"/wp/v2/media/(\d{1,20})/?"), self._read_media),
            (re.compile(r"/wp/v2/types/?"), self._types),
            (re.compile(r"/wp/v2/(categories|tags)/(\d{1,20})/?"), self._read_term),
            (re.compile(r"/wp/v2/(categories|tags)/?"), self._list_terms),
            (re.compile(r"/wp/v2/users/me/?"), self._me),
        ]
        base = re.escape(self.path)
        self.route("GET", rf"{base}/wp-json(/.*)?", self._rest)
        self.route("POST", rf"{base}/wp-json/wp/v2/posts/(\d{{1,20}})", self._write_post)
        self.route("GET", rf"{base}/feed/?", self._feed)
        self.route("GET", rf"{base}/wp-content/uploads/(.+)", self._file)
        self.route("GET", rf"{base}/(?:index\.php)?", self._front)
        self.route("GET", rf"{base}(/.+)", self._page)

    @property
    def url(self) -> str:
        """The site's address, without a slash at the end."""
        return self.origin + self.path

    @property
    def api_root(self) -> str:
        """The REST root, with a slash at the end."""
        return f"{self.url}/wp-json/"

    def link(self, post_id: int) -> str:
        """A post's permalink."""
        return self.url + self.posts[post_id].path

    def record(self, post_id: int) -> Record:
        """A post's REST record, whatever its status."""
        return self._records.post(self.posts[post_id])

    def not_found(self, request: Request, /) -> Answer:
        """The REST API's 404 for a method or route that it hasn't; the theme's for the rest."""
        if request.path.startswith(f"{self.path}/wp-json") or "rest_route" in request.params:
            return self._headed(_no_route())
        return not_found_page(self.title, language=self.language)

    @property
    def _records(self) -> Records:
        return Records(
            url=self.url,
            plugin=self.plugin,
            links_any_media=int(self.version.partition(".")[0]) < 7,
            terms=self.terms,
            media=self.media,
            ticked_since=(self.now() - _TICKED_FOR).astimezone(UTC).replace(tzinfo=None).isoformat(),
        )

    # --- the REST API

    def _rest(self, request: Request, route: str | None) -> Answer:
        for pattern, handler in self._rest_routes:
            found = pattern.fullmatch(route or "/")
            if found:
                return self._headed(handler(request, *found.groups()))
        return self._headed(_no_route())

    def _headed(self, answer: Answer) -> Answer:
        headers = (
            *answer.headers,
            ("X-Robots-Tag", "noindex"),
            ("Link", f'<{self.api_root}>; rel="https://api.w.org/"'),
            ("X-Content-Type-Options", "nosniff"),
            ("Access-Control-Expose-Headers", "X-WP-Total, X-WP-TotalPages, Link"),
            ("Allow", "GET"),
        )
        return Answer(status=answer.status, body=answer.body, headers=headers)

    def _index(self, request: Request) -> Answer:
        return json_answer(keep_fields(self._root_record(), read_fields(request)))

    def _root_record(self) -> Record:
        offset = self.now().astimezone(self.zone).utcoffset()
        hours = offset.total_seconds() / 3600 if offset else 0
        routes = {pattern.pattern.removesuffix("/?"): {"methods": ["GET"]} for pattern, _ in self._rest_routes}
        return {
            "name": self.title,
            "description": "",
            "url": self.url,
            "home": self.url,
            "gmt_offset": f"{hours:g}",
            "timezone_string": self.zone.key,
            "namespaces": [
                *("oembed/1.0", "wp/v2", "wp-site-health/v1", "wp-block-editor/v1"),
                *([companion.NAMESPACE] if self.companion else []),
                *self.namespaces,
            ],
            "authentication": {},
            "routes": routes,
            "site_logo": 0,
            "site_icon": 0,
            "site_icon_url": "",
            "_links": {"help": [{"href": "https://developer.wordpress.org/rest-api/"}]},
        }

    def _namespace(self, _request: Request) -> Answer:
        return json_answer({"namespace": "wp/v2", "routes": self._root_record()["routes"]})

    def _list_posts(self, request: Request) -> Answer:
        query = read_query(request, self.zone)
        if isinstance(query, Answer):
            return query
        page_of_posts, total = select(self.posts.values(), query, salt=next(self._salts))
        pages = -(-total // query.per_page)
        if query.offset is None and query.page > pages > 0:
            message = "The page number requested is larger than the number of pages available."
            return rest_error("rest_post_invalid_page_number", message, status=400)
        tree, records = read_fields(request), self._records
        rows = [self._row(request, post, tree=tree, records=records) for post in page_of_posts]
        return json_answer(rows, headers=self._paging(request, query, total=total, pages=pages))

    def _paging(self, request: Request, query: Query, *, total: int, pages: int) -> list[tuple[str, str]]:
        headers = [("X-WP-Total", str(total)), ("X-WP-TotalPages", str(pages))]
        if query.page < pages:
            following = re.sub(r"&?\bpage=\d+", "", request.query).strip("&")
            address = f"{self.api_root}wp/v2/posts?{following}{'&' if following else ''}page={query.page + 1}"
            headers.append(("Link", f'<{address}>; rel="next"'))
        return headers

    def _row(self, request: Request, post: Post, *, tree: Record | None, records: Records) -> Any:
        """A record of a listing: its links are filtered with the rest, and only what is left is embedded."""
        row = keep_fields(records.post(post), tree)
        if "_links" in row and not row["_links"]:
            row["_links"] = []
        if _wants_embeds(request, tree) and "_links" in row:
            row = row | self._embeds(request, post, links=row["_links"])
        return row

    def _read_post(self, request: Request, number: str) -> Answer:
        post = self.posts.get(int(number))
        if post is None:
            return rest_error("rest_post_invalid_id", "Invalid post ID.", status=404)
        if post.status != "publish":
            return rest_error("rest_forbidden", "Sorry, you are not allowed to do that.", status=401)
        tree = read_fields(request)
        record = self._records.post(post)
        row = keep_fields(record, tree)
        if tree is not None and {"_links", "_embedded"} & tree.keys():
            # A single record gets its links after the fields are filtered: all of them.
            row = (row or {}) | {"_links": record["_links"]}
        if _wants_embeds(request, tree) and "_links" in row:
            row = row | self._embeds(request, post, links=row["_links"])
        return json_answer(row)

    def _embeds(self, request: Request, post: Post, *, links: Any) -> Record:
        """What is embedded of a record's links: only the relations asked for, or all."""
        if "_embedded" in post.raw:
            return {"_embedded": post.raw["_embedded"]}
        asked = {rel for value in request.values("_embed") for rel in value.split(",")} - {"", "1", "true"}
        wanted = [rel for rel in ("author", "wp:featuredmedia", "wp:term") if rel in links]
        embedded = {rel: self._embed(rel, post) for rel in wanted if not asked or rel in asked}
        return {"_embedded": embedded} if embedded else {}

    def _embed(self, rel: str, post: Post) -> list[Any]:
        if rel == "wp:term":
            groups = (post.categories, post.tags)
            return [[self._records.term(self.terms[term]) for term in group if term in self.terms] for group in groups]
        if rel == "wp:featuredmedia":
            return [self._embedded_media(post.featured_media)]
        author = self.authors.get(post.author)
        return [self._records.author(author) if author else _error("rest_user_invalid_id", "Invalid user ID.", 404)]

    def _embedded_media(self, media_id: int) -> Record:
        """An image; or what old WordPress embeds instead: an error where it isn't public, the index where it's gone."""
        media = self.media.get(media_id)
        if media is None:
            return self._root_record()
        if not media.public:
            return _error("rest_forbidden", "Sorry, you are not allowed to do that.", 401)
        return self._records.media_record(media)

    def _read_media(self, request: Request, number: str) -> Answer:
        media = self.media.get(int(number))
        if media is None:
            return rest_error("rest_post_invalid_id", "Invalid post ID.", status=404)
        if not media.public:
            return rest_error("rest_forbidden", "Sorry, you are not allowed to do that.", status=401)
        return json_answer(keep_fields(self._records.media_record(media), read_fields(request)))

    def _read_term(self, request: Request, base: str, number: str) -> Answer:
        term = self.terms.get(int(number))
        if term is None or (term.taxonomy == "category") != (base == "categories"):
            return rest_error("rest_term_invalid", "Term does not exist.", status=404)
        return json_answer(keep_fields(self._records.term(term), read_fields(request)))

    def _list_terms(self, request: Request, base: str) -> Answer:
        """The terms with what is searched for in their name, as it is stored, or slug; a page of them."""
        searched = "".join(request.values("search")).casefold()
        own = [term for term in self.terms.values() if (term.taxonomy == "category") == (base == "categories")]
        found = [self._records.term(term) for term in own if searched in f"{term.name} {term.slug}".casefold()]
        per_page = int("".join(request.values("per_page")) or 10)
        return json_answer([keep_fields(term, read_fields(request)) for term in found[:per_page]])

    def _types(self, _request: Request) -> Answer:
        known = (("post", "posts"), ("page", "pages"), ("attachment", "media"))
        return json_answer(
            {
                slug: {"name": slug.title(), "slug": slug, "rest_base": base, "rest_namespace": "wp/v2"}
                for slug, base in known
            }
        )

    def _me(self, request: Request) -> Answer:
        return companion.me(companion.user_of(request, self.logins))

    def _write_post(self, request: Request, number: str) -> Answer:
        user, post = companion.user_of(request, self.logins), self.posts.get(int(number))
        refusal = companion.write(request, post, user=user, companion=self.companion)
        return self._headed(refusal or json_answer(keep_fields(self.record(int(number)), read_fields(request))))

    # --- pages, feed, files

    def _front(self, request: Request) -> Answer:
        if "rest_route" in request.params:
            return self._rest(request, request.param("rest_route"))
        if "feed" in request.params:
            return self._feed(request)
        if re.fullmatch(r"[0-9]{1,20}", request.param("p")):
            return self._shortlink(int(request.param("p")))
        entries = [(self.url + post.path, post) for post in self._public()[:_FEED_ITEMS]]
        body = front_body(self.title, entries)
        return html_answer(
            page(self.title, body, language=self.language, links=self._root_element()), headers=self._root_header()
        )

    def _shortlink(self, post_id: int) -> Answer:
        post = self.posts.get(post_id)
        if post is None or post.status != "publish":
            return not_found_page(self.title, language=self.language)
        return Answer(status=301, headers=(("Location", self.link(post_id)),))

    def _page(self, _request: Request, path: str) -> Answer:
        post = next((post for post in self._public() if unquote(post.path).rstrip("/") == path.rstrip("/")), None)
        if post is None:
            return not_found_page(self.title, language=self.language)
        own = f"{self.api_root}wp/v2/posts/{post.id}"
        headers = [
            *self._root_header(),
            ("Link", f'<{own}>; rel="alternate"; title="JSON"; type="application/json"'),
            ("Link", f"<{self.url}/?p={post.id}>; rel=shortlink"),
        ]
        media = self.media.get(post.featured_media)
        body = post_body(
            post, image=self._records.upload(media.file) if media else "", alt=media.alt_text if media else ""
        )
        return html_answer(
            page(post.title, body, language=post.lang or self.language, links=self._root_element()), headers=headers
        )

    def _feed(self, request: Request) -> Answer:
        first = (max(1, int(request.param("paged", "1"))) - 1) * _FEED_ITEMS
        public = self._public()
        newest = max((max(post.date_gmt, post.modified_gmt) for post in public), default=_EPOCH)
        entries = [
            (post, self.authors[post.author].name, [self.terms[term].name for term in (*post.categories, *post.tags)])
            for post in public[first : first + _FEED_ITEMS]
        ]
        return feed(request, title=self.title, url=self.url, language=self.language, posts=entries, newest=newest)

    def _file(self, _request: Request, file: str) -> Answer:
        """An uploaded file; a smaller size of it is drawn anew."""
        smaller = re.fullmatch(r"(.+)-(\d+)x(\d+)(\.\w+)", file)
        original = f"{smaller[1]}{smaller[4]}" if smaller else file
        media = next((media for media in self.media.values() if media.file == original), None)
        if media is None:
            return not_found_page(self.title, language=self.language)
        data = png(int(smaller[2]), int(smaller[3])) if smaller else media.data
        return Answer(body=data, headers=(("Content-Type", media.mime_type),))

    def _public(self) -> list[Post]:
        """The published posts, newest first."""
        public = [post for post in self.posts.values() if post.status == "publish"]
        return sorted(public, key=lambda post: (post.date, post.id), reverse=True)

    def _root_header(self) -> list[tuple[str, str]]:
        return [("Link", f'<{self.api_root}>; rel="https://api.w.org/"')] if self.link_header else []

    def _root_element(self) -> str:
        return f'<link rel="https://api.w.org/" href="{self.api_root}" />' if self.link_element else ""


_EPOCH = datetime(1970, 1, 1).isoformat()  # noqa: DTZ001 - a column's text has no zone


def _no_route() -> Answer:
    message = "No route was found matching the URL and request method."
    return rest_error("rest_no_route", message, status=404)


def _error(code: str, message: str, status: int) -> Record:
    return {"code": code, "message": message, "data": {"status": status}}


def _wants_embeds(request: Request, tree: Record | None) -> bool:
    """Whether embeds are asked for, and not filtered out by the fields."""
    return "_embed" in request.params and (tree is None or "_embedded" in tree)
