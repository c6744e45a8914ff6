"""The simulated site: the sandbox's WordPress in memory, and an HTTP client that asks it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

from bot.domain.policy import Source
from bot.domain.selecting.share_on_mastodon import SHARE_ON_MASTODON as PLUGIN
from bot.sandbox.messages import Answer, Request
from bot.sandbox.wordpress_posts import Post
from bot.wordpress import Login
from bot.wordpress.feed import own_id
from bot.wordpress.http import JSON, MAX_BODY, TIMEOUT, Http, NoResponseError, Response
from tests.sandbox.wordpress import EditableWordPress
from tests.simulation.calls import Caller
from tests.simulation.scenario import Ill, Scenario
from tests.simulation.world import HOUR, MINUTE, SECOND, World

# How long after its own date a post may become visible and is still promised to be found: max_age, and a margin.
FOUND_WITHIN = timedelta(hours=45)
# Who may write to every site.
LOGIN = Login(user="howdah", password="an application password")
# What hides posts from a look: a feed has the newest ones only.
FEED = "read from the feed"
NOT_MODIFIED = "the feed says that nothing is new, by its newest second"


class Newspaper(EditableWordPress):
    """A site that nobody has to connect to; its time is the world's.

    page_size: a plugin gives at most so many posts a page. totals: whether it says how many there are.
    miscounts_until: a plugin hides something until then, and still counts it. closed: what its REST API answers to
    everybody, '' while it is open. numbered: whether its feed's guids have the posts' ids. hides: of what goes wrong
    with a look, that for which it may miss a post.
    since: for each post, when it last became visible or changed its date, and that date. on_visible are told of each
    post that becomes visible.
    """

    def __init__(self, name: str, world: World, settings: Scenario) -> None:
        plugin = settings.has(Ill.PLUGIN)
        super().__init__(
            title=name,
            timezone=settings.zones[name],
            now=world.now,
            companion=True,
            plugin=plugin,
            namespaces=(PLUGIN,) if plugin else (),
        )
        self.logins[LOGIN.user] = LOGIN.password
        self.name = name
        self.world = world
        self.page_size = settings.page_size
        self.totals = settings.totals
        self.numbered = settings.numbered
        only_feed = settings.source is Source.FEED
        self.hides = ("stale", "counts too few", NOT_MODIFIED, *(() if only_feed else (FEED,)))
        self.found_within = timedelta(seconds=1) if only_feed else FOUND_WITHIN
        self.closed = ""
        self.miscounts_until = 0
        self.since: dict[int, tuple[datetime, str]] = {}
        self.on_visible: list[Callable[[int], None]] = []
        self._hidden: dict[int, datetime] = {}
        self._own_ids: dict[int, int] = {}

    @property
    def origin(self) -> str:
        """Its address."""
        return f"https://{self.name}.example"

    def watch(self) -> None:
        """Note which posts are visible now, and since when they are so with this date."""
        for post in self.posts.values():
            if post.status != "publish":
                self._hide(post.id)
            elif self.since.get(post.id, (None, ""))[1] != post.date_gmt + post.date:
                is_new = post.id not in self.since
                self.since[post.id] = (self.world.now(), post.date_gmt + post.date)
                if is_new:
                    self._own_ids[own_id(self._guid(post.id))] = post.id
                    self._tell_visible(post.id)
        for post_id in self.since.keys() - self.posts.keys():
            self._hide(post_id)

    def gone_since(self, post_id: int) -> datetime | None:
        """When a post that isn't visible now was hidden first; None where it is visible, or never was."""
        self.watch()
        return None if post_id in self.since else self._hidden.get(post_id)

    def number(self, post_id: int) -> int:
        """The site's own id of a post that howdah may have another one for, made of the feed's guid."""
        return self._own_ids.get(post_id, post_id)

    def mend(self) -> None:
        """Whatever was wrong is over."""
        self.closed = ""

    def _guid(self, post_id: int) -> str:
        return f"{self.origin}/{'?p=' if self.numbered else 'archive/'}{post_id}"

    def _tell_visible(self, post_id: int) -> None:
        for tell in self.on_visible:
            tell(post_id)

    def _hide(self, post_id: int) -> None:
        if self.since.pop(post_id, None) is not None:
            self._hidden.setdefault(post_id, self.world.now())

    def promised(self) -> dict[int, datetime]:
        """The visible posts that any look must find, with the time since when."""
        found = {}
        for post_id, (since, _) in self.since.items():
            dated = datetime.fromisoformat(self.posts[post_id].date_gmt).replace(tzinfo=since.tzinfo)
            if since - dated <= self.found_within:
                found[post_id] = since
        return found

    def ask(
        self,
        url: str,
        *,
        stale: timedelta = timedelta(0),
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """What it answers now, or from a cache that is as old as stale. body: what is posted, if anything is."""
        parts = urlsplit(url)
        if self.closed and "/wp-json" in parts.path:
            return _CLOSED[self.closed]
        query = parts.query.replace("per_page=100", f"per_page={self.page_size}")
        request = Request(
            method="GET" if body is None else "POST",
            path=unquote(parts.path) or "/",
            query=query,
            params=parse_qs(query, keep_blank_values=True),
            headers={name.lower(): value for name, value in (headers or {}).items()},
            body=body or b"",
        )
        if not stale:
            return self._renumbered(self.answer(request))
        known = self.posts
        self.posts = {number: post for number, post in known.items() if self._was_visible(post, stale)}
        try:
            return self.answer(request)
        finally:
            self.posts = known

    def _renumbered(self, answer: Answer) -> Answer:
        """A feed with the guids that this site gives; any other answer as it is."""
        if self.numbered or b"<rss" not in answer.body[:200]:
            return answer
        return replace(answer, body=answer.body.replace(b"/?p=", b"/archive/"))

    def _was_visible(self, post: Post, stale: timedelta) -> bool:
        since = self.since.get(post.id)
        return since is not None and since[0] <= self.world.now() - stale


class SimulatedHttp(Http):
    """A process's HTTP client: its requests are answered by the newspapers, or go wrong.

    faults: what went wrong since the process began to look at each site. rewrite: what becomes of each URL on its way.
    """

    def __init__(self, caller: Caller, papers: dict[str, Newspaper], settings: Scenario) -> None:
        super().__init__()
        self._caller = caller
        self._papers = papers
        self._settings = settings
        self._jitter = caller.world.random(f"http of {caller.process.name}")
        self.faults: dict[str, list[str]] = {name: [] for name in papers}
        self.rewrite: Callable[[str], str] = lambda url: url

    def get(
        self,
        url: str,
        *,
        accept: str = JSON,
        allow_private: bool = False,
        timeout: timedelta = TIMEOUT,
        max_bytes: int = MAX_BODY,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Answer a GET."""
        return self._caller.call("http.get", (url,), {}, lambda: self._get(self.rewrite(url), headers or {}))

    def send(
        self,
        url: str,
        *,
        authorization: str,
        body: bytes | None = None,
        allow_private: bool = False,
        timeout: timedelta = TIMEOUT,
    ) -> Response:
        """Answer a request of a user."""
        return self._caller.call("http.send", (url, body), {}, lambda: self._send(url, authorization, body))

    def _send(self, url: str, authorization: str, body: bytes | None) -> Response:
        """A write may be done although its answer goes wrong."""
        world = self._caller.world
        world.sleep(self._jitter.randint(20, 900))
        paper = next(paper for paper in self._papers.values() if url.startswith(paper.origin))
        fault, signed = self._fault(paper, url), {"Authorization": authorization}
        if fault not in _OF_WRITES:
            return _response(url, paper.ask(url, headers=signed, body=body), totals=paper.totals)
        world.strike(f"write: {fault}")
        if self._jitter.random() < 0.5:
            paper.ask(url, headers=signed, body=body)
        return _response(url, self._broken(paper, fault), totals=False)

    def _get(self, url: str, headers: Mapping[str, str]) -> Response:
        world = self._caller.world
        world.sleep(self._jitter.randint(20, 900))
        paper = next(paper for paper in self._papers.values() if url.startswith(paper.origin))
        paper.watch()
        fault = self._fault(paper, url)
        if fault:
            world.strike(f"site: {fault}")
            self.faults[paper.name].append(fault)
        answer = self._answer(paper, url, fault, headers)
        if "/feed" in url or "feed=" in url:  # so where addresses are plain
            self.faults[paper.name].append(NOT_MODIFIED if answer.status == 304 else FEED)
        return _response(url, answer, totals=paper.totals and fault != "no total")

    def _fault(self, paper: Newspaper, url: str) -> str:
        """What goes wrong with this request; '' for nothing."""
        settings = self._settings
        if self._caller.world.calm:
            return ""
        if paper.miscounts_until > self._caller.world.ms:
            return "counts too many"
        if settings.has(Ill.SITE) and self._jitter.random() < 0.15 * settings.harshness:
            return self._jitter.choice(tuple(_SITE_FAULTS))
        if settings.has(Ill.STALE) and "orderby=date" in url and self._jitter.random() < 0.2:
            return "stale"
        return ""

    def _answer(self, paper: Newspaper, url: str, fault: str, headers: Mapping[str, str]) -> Answer:
        if len(url.removeprefix(paper.origin)) > self._settings.longest_url:
            return Answer(status=414)
        if self._settings.has(Ill.HEAVY) and _renders_heavy(url):
            self._caller.world.strike("site: a post isn't rendered in time")
            return Answer(status=504, body=b"<html><title>504 Gateway Time-out</title></html>")
        if fault == "no answer":
            return self._broken(paper, fault)
        if fault == "counts too many" and paper.miscounts_until <= self._caller.world.ms:
            paper.miscounts_until = self._caller.world.ms + 3 * MINUTE
        if fault == "stale":
            return paper.ask(url, stale=timedelta(milliseconds=self._jitter.choice((SECOND, MINUTE, HOUR))))
        answer = paper.ask(url, headers=headers)
        return _SITE_FAULTS[fault](answer) if fault in _SITE_FAULTS else answer

    def _broken(self, paper: Newspaper, fault: str) -> Answer:
        """The answer of a site that shows nothing of what it did."""
        if fault == "no answer":
            raise NoResponseError(f"{paper.origin} gave no complete HTTP answer")
        return _SITE_FAULTS[fault](Answer(body=b"{}"))


def _renders_heavy(url: str) -> bool:
    """Whether the site would have to render a post that takes it too long: every second one."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    found = (parts.path.rpartition("/posts/")[2], *asked.get("include", [""])[0].split(","))
    is_text = "content" in asked.get("_fields", ["content"])[0].split(",")
    return is_text and any(number.isdigit() and int(number) % 2 for number in found)


def _broken(status: int, body: bytes) -> Callable[[Answer], Answer]:
    return lambda _answer: Answer(status=status, body=body)


def _counting(answer: Answer, *, more: int) -> Answer:
    """The answer with another total, as from a cache of another age."""
    headers = tuple(
        (name, str(max(0, int(value) + more)) if name == "X-WP-Total" else value) for name, value in answer.headers
    )
    return Answer(status=answer.status, headers=headers, body=answer.body)


_SITE_FAULTS: dict[str, Callable[[Answer], Answer]] = {
    "500": _broken(500, b'{"code":"internal_server_error","message":"There has been a critical error"}'),
    "503": _broken(503, b"<html><title>Briefly unavailable for scheduled maintenance</title></html>"),
    "429": _broken(429, b"<html><title>Too Many Requests</title></html>"),
    "403": _broken(403, b"<html><title>Just a moment...</title></html>"),
    "moved": _broken(404, b"<html><title>Page not found</title></html>"),
    "page instead of JSON": _broken(200, b"<html><title>Log in</title></html>"),
    "empty": _broken(200, b""),
    "error with 200": _broken(200, b'{"code":"rest_forbidden","message":"no","data":{"status":401}}'),
    "truncated": lambda answer: Answer(status=answer.status, headers=answer.headers, body=answer.body[:-7]),
    "doubled": lambda answer: Answer(status=answer.status, headers=answer.headers, body=answer.body * 2),
    "counts too many": lambda answer: _counting(answer, more=1),
    "counts too few": lambda answer: _counting(answer, more=-1),
    "no answer": lambda answer: answer,
    "no total": lambda answer: answer,
}


# What closes a REST API: a plugin that asks for a log-in, a firewall, a host that has moved it away.
_CLOSED = {
    "log-in": Answer(status=401, body=b'{"code":"rest_not_logged_in","message":"You are not currently logged in."}'),
    "firewall": Answer(status=403, body=b"<html><title>Access denied</title></html>"),
    "no such place": Answer(status=404, body=b"<html><title>Page not found</title></html>"),
}
CLOSINGS = tuple(_CLOSED)

# What can go wrong with a write.
_OF_WRITES = ("500", "503", "429", "403", "page instead of JSON", "empty", "no answer")


def _response(url: str, answer: Answer, *, totals: bool) -> Response:
    headers = {name.lower(): value for name, value in answer.headers}
    if not totals:
        headers.pop("x-wp-total", None)
    return Response(url=url, status=answer.status, headers=headers, body=answer.body)
