"""A site with a public feed, whose REST API may be closed; and the instant at which the sites of these tests stand."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

from bot.domain.models import Look
from bot.sandbox.messages import Answer, Request, html_answer, json_answer
from bot.sandbox.server import SandboxServer
from bot.wordpress import WordPressSite

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=3)


class Blog(SandboxServer):
    """A site with a feed. closed: what its REST API answers instead of posts, None where it is open.

    items: the posts by id, with their dates. guids: what the guid of a post is, if not `?p=ID`. per_page: how many
    posts a page of the feed has. etag: whether the feed has validators.
    """

    def __init__(self) -> None:
        super().__init__()
        self.closed: Answer | None = json_answer({"code": "rest_disabled", "message": "Off."}, status=403)
        self.items: dict[int, datetime] = {}
        self.guids: dict[int, str] = {}
        self.per_page = 10
        self.etag = False
        self.feed_at = "/feed/"
        self.page = ""
        self.body: bytes | None = None

    def post(self, number: int, at: datetime, guid: str | None = None) -> None:
        """Publish."""
        self.items[number] = at
        if guid is not None:
            self.guids[number] = guid

    def answer(self, request: Request) -> Answer:
        """A page, the feed, or the REST API."""
        if request.path == self.feed_at and "rest_route" not in request.query:
            return self._feed(request)
        if "wp-json" not in request.path and "rest_route" not in request.query:
            return html_answer(self.page)
        return self.closed or self._rest(request)

    def _feed(self, request: Request) -> Answer:
        tag = f'"{len(self.items)}"'
        if self.etag and request.headers.get("if-none-match") == tag:
            return Answer(status=304)
        page = int(request.params.get("paged", ["1"])[0])
        newest = sorted(self.items, key=lambda number: self.items[number], reverse=True)
        shown = newest[(page - 1) * self.per_page : page * self.per_page]
        if page > 1 and not shown:
            return html_answer("<title>Page not found</title>", status=404)
        headers = (("Content-Type", "application/rss+xml"), *((("ETag", tag),) if self.etag else ()))
        items = "".join(map(self._item, shown))
        head = f"<title>The Blog</title><link>{self.url}</link><language>de-DE</language>"
        rss = f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'
        return Answer(body=self.body or rss.encode(), headers=headers)

    def _item(self, number: int) -> str:
        guid = self.guids.get(number, f"{self.url}/?p={number}")
        return (
            f"<item><title>Post {number} &amp;amp; more</title><link>{self.link(number)}</link>"
            f"<guid isPermaLink='false'>{escape(guid)}</guid><pubDate>{format_datetime(self.items[number])}</pubDate>"
            f"<category>kite</category><description>Short {number}</description></item>"
        )

    def _rest(self, request: Request) -> Answer:
        if "/types/" in request.path:
            return json_answer({"code": "rest_type_invalid", "message": "Invalid post type."}, status=404)
        if "/posts" not in request.path:
            return json_answer({"name": "The Blog", "namespaces": ["wp/v2"]})
        records = [
            {"id": number, "link": self.link(number), "date": f"{at:%Y-%m-%dT%H:%M:%S}", "date_gmt": f"{at:%FT%T}"}
            for number, at in sorted(self.items.items(), key=lambda item: item[1])
        ]
        last = request.path.rpartition("/")[2]
        if last.isdigit():
            found = [record for record in records if f"{record['id']}" == last]
            gone = {"code": "rest_post_invalid_id", "message": "Invalid post ID."}
            return json_answer(found[0]) if found else json_answer(gone, status=404)
        return json_answer(records, headers=(("X-WP-Total", str(len(records))), ("X-WP-TotalPages", "1")))

    def link(self, number: int) -> str:
        """A post's permalink."""
        return f"{self.url}/{number}/"


def look(site: WordPressSite, exclude: tuple[int, ...] = ()) -> Look:
    """One look over three days."""
    return site.list_new(after=LONG_AGO, exclude=exclude)


def ids(look: Look) -> list[int]:
    """The ids that it found."""
    return sorted(post.id for post in look.posts)
