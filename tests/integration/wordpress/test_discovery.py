"""Finding the way in: sites that have their REST API in another place than most."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import PostGoneError, SiteUnavailableError
from bot.sandbox.faults import Fault
from bot.sandbox.messages import Answer, Request, html_answer, json_answer
from bot.sandbox.wordpress import SandboxWordPress
from bot.wordpress import Http, RestSite, Ways, WordPressSite
from bot.wordpress.client import Client
from tests.integration.wordpress.blog import NOW
from tests.integration.wordpress.conftest import Reader
from tests.sandbox.faults import CutBefore, Headers, Html, Redirect, Replace, Status
from tests.sandbox.wordpress import EditableWordPress

SITE = "/wp/v2/sites/example.wordpress.com"
NONE = {"code": "rest_no_route", "message": "No route was found.", "data": {"status": 404}}


class HostedWordPress(SandboxWordPress):
    """A site as WordPress.com hosts it: an API on another host, whose root has no index. page: its front page."""

    page = ""

    def answer(self, request: Request) -> Answer:
        """Its front page, or what lies below the site's root."""
        if request.path == "/":
            return html_answer(self.page)
        if not request.path.startswith(f"{SITE}/posts"):
            return json_answer(NONE, status=404)
        return super().answer(replace(request, path=request.path.replace(SITE, "/wp-json/wp/v2")))


@pytest.fixture
def hosted() -> Iterator[HostedWordPress]:
    """Such a site."""
    with HostedWordPress(now=lambda: NOW) as site:
        yield site


@pytest.mark.parametrize("address", [SITE, f"{SITE}/", f"{SITE}/posts", ""])
def test_a_site_on_wordpress_com(http: tuple[Http, list[float]], hosted: HostedWordPress, address: str) -> None:
    """By the address of its API, or by a page that names it; posts are listed and read below it."""
    hosted.page = f'<link rel="https://api.w.org/" href="{hosted.url}{SITE}">'
    number = hosted.publish(title="Hello", excerpt="Short", date=NOW)
    site = RestSite(Client(site="blog", home=hosted.url + address, http=http[0], allow_private=True))

    assert f"{hosted.url}{SITE}/" == site.discover()
    assert [number] == [post.id for post in site.list_new(after=NOW - timedelta(days=1), exclude=()).posts]
    assert "Short" in site.read(number).excerpt
    assert [number] == [post.id for post in site.read_several([number])]


def test_a_root_keeps_the_query_that_belongs_to_it(reader: Reader) -> None:
    """A plugin for languages: without it the API would answer in another one."""
    root = f"{reader.root}?lang=fr"
    reader.wordpress.faults.add(match="GET /", fault=Html(f'<link rel="https://api.w.org/" href="{root}">'))
    number = reader.wordpress.publish(title="Bonjour", date=NOW)

    assert root == reader.site.discover()
    assert [number] == [post.id for post in reader.look().posts]
    assert number == reader.site.read(number).id
    assert all(request.params.get("lang") == ["fr"] for request in reader.requests[1:])


@pytest.mark.parametrize(
    "fault",
    [
        Status(500),
        Status(502),
        Redirect(302, "/"),
        Redirect(301, "ftp://a.example/"),
        CutBefore(),
        Html("x" * 9_000_000),
        Headers({"Content-Encoding": "gzip"}),
    ],
    ids=lambda fault: repr(fault)[:30],
)
def test_a_front_page_that_is_out_of_order_does_not_hide_the_api(reader: Reader, fault: Fault) -> None:
    """It is down, leads nowhere, or can't be read; the API works."""
    reader.wordpress.faults.add(match="GET /", fault=fault)

    assert reader.root == reader.site.discover()


def test_a_plain_site_below_a_folder(http: tuple[Http, list[float]]) -> None:
    """A multisite in sub-folders without pretty permalinks."""
    with SandboxWordPress(path="/uk", link_header=False, link_element=False, now=lambda: NOW) as wordpress:
        wordpress.faults.add(match="GET /uk/wp-json*", fault=Html(code=404))
        site = RestSite(Client(site="uk", home=wordpress.url, http=http[0], allow_private=True))

        assert f"{wordpress.url}/?rest_route=/" == site.discover()


def test_a_prefix_that_was_moved_is_the_one_that_the_page_names(reader: Reader) -> None:
    """`rest_url_prefix`: nobody could guess it."""
    reader.wordpress.faults.add(match="GET /wp-json*", fault=Html(code=404))
    moved = f"{reader.wordpress.url}/api/"
    reader.wordpress.faults.add(match="GET /", fault=Html(f'<link rel="https://api.w.org/" href="{moved}">'))
    reader.wordpress.faults.add(match="GET /api/*", fault=Status(200, {"namespaces": ["wp/v2"]}))

    assert moved == reader.site.discover()


def test_a_redirect_is_followed_once_and_remembered(reader: Reader) -> None:
    """From an apex to its `www.`: the page names no root, and everything redirects."""
    apex = reader.wordpress.url.replace("127.0.0.1", "localhost")
    with SandboxWordPress(now=lambda: NOW) as old:
        old.faults.add(match="GET /", fault=Redirect(301, f"{apex}/"))
        old.faults.add(match="GET /wp-json/*", fault=Redirect(301, f"{apex}/wp-json/wp/v2/posts"))
        old.faults.add(match="GET /wp-json/", fault=Redirect(301, f"{apex}/wp-json/"))
        reader.wordpress.link_header = reader.wordpress.link_element = False
        site = RestSite(Client(site="uk", home=old.url, http=reader.http, allow_private=True))

        assert f"{apex}/wp-json/" == site.discover()
        old.requests.clear()
        site.list_new(after=NOW, exclude=())

        assert not old.requests


def test_several_types_of_posts_are_one_site(reader: Reader) -> None:
    """Each is listed and read where its own base is; an id belongs to one of them."""
    kind = {"rest_base": "episodes", "rest_namespace": "wp/v2"}
    episode = {"id": 500, "type": "episode", "link": f"{reader.wordpress.url}/e/", "slug": "e"}
    number = reader.wordpress.publish(title="Post", date=NOW)
    reader.wordpress.faults.add(match="GET */wp/v2/types/episode", fault=Status(200, kind))
    reader.wordpress.faults.add(match="GET */wp/v2/episodes", fault=Status(200, [episode]))
    reader.wordpress.faults.add(match="GET */wp/v2/episodes/500", fault=Status(200, episode))
    site = RestSite(
        Client(site="uk", home=reader.wordpress.url, http=reader.http, allow_private=True),
        post_types=("post", "episode"),
    )

    look = site.list_new(after=NOW - timedelta(days=1), exclude=())

    assert ({number, 500}, True) == ({post.id for post in look.posts}, look.complete)
    assert [number, 500] == [site.read(one).id for one in (number, 500)]
    assert [500, number] == [post.id for post in site.read_several([500, number])]
    assert {500, number} == {post.id for post in site.list_by_id([500, number])}
    assert 500 == site.find_post(f"{reader.wordpress.url}/e/")
    reader.wordpress.faults.add(match="GET */wp/v2/episodes/9", fault=Status(404, {"code": "rest_post_invalid_id"}))
    with pytest.raises(PostGoneError):
        site.read(9)


def test_a_headless_sites_links_have_the_host_that_readers_see(reader: Reader) -> None:
    """In looks and in reads; a person's link of that host leads to the post; another host's link stays."""
    ways = Ways(link_host="www.readers.example")
    site = WordPressSite("uk", reader.wordpress.url, http=reader.http, allow_private=True, ways=ways)
    number = reader.wordpress.publish(title="Post", date=NOW)
    other = reader.wordpress.publish(title="Other", date=NOW, raw={"link": "https://other.example/x/"})
    own = reader.wordpress.link(number)
    seen = own.replace(reader.wordpress.url.removeprefix("http://"), "www.readers.example")

    look = site.list_new(after=NOW - timedelta(days=1), exclude=())

    assert {number: seen, other: "https://other.example/x/"} == {post.id: post.link for post in look.posts}
    assert seen == site.read(number).link
    assert [seen] == [post.link for post in site.read_several([number])]
    assert [seen] == [post.link for post in site.list_by_id([number])]
    assert number == site.find_post(seen)
    assert site.find_post("http://www.readers.example/none/") is None


def test_a_language_that_no_field_tells_is_told_by_the_page(reader: Reader) -> None:
    """The post's own page where languages matter, else that of the whole site."""
    ways = Ways(tell_language=True)
    site = WordPressSite("uk", reader.wordpress.url, http=reader.http, allow_private=True, ways=ways)
    told = reader.wordpress.publish(title="Post", date=NOW, lang="fr")
    silent = reader.wordpress.publish(title="Post", slug="silent", date=NOW)
    page = reader.wordpress.link(silent).removeprefix(reader.wordpress.url)
    reader.wordpress.faults.add(match=f"GET {page}", fault=Html('<html lang="de-AT"><head></head></html>'), times=1)
    reader.wordpress.faults.add(match="GET /", fault=Html('<html lang="it"><head></head></html>'))

    assert "fr" == site.read(told).language
    assert "de-AT" == site.read(silent).language
    reader.wordpress.faults.add(match=f"GET {page}", fault=Html(code=404))
    site = WordPressSite("uk", reader.wordpress.url, http=reader.http, allow_private=True, ways=ways)
    assert "it" == site.read(silent).language


def test_where_a_firewall_keeps_programs_from_pages_the_feed_tells_the_language(reader: Reader) -> None:
    """For good: no post waits for ever. Where the feed is refused too it waits, with the reason."""
    site = WordPressSite(
        "uk", reader.wordpress.url, http=reader.http, allow_private=True, ways=Ways(tell_language=True)
    )
    post = reader.wordpress.publish(title="Post", slug="silent", date=NOW)
    page = reader.wordpress.link(post).removeprefix(reader.wordpress.url)
    for path in ("/", page):
        reader.wordpress.faults.add(match=f"GET {path}", fault=Status(403))
    assert "en-US" == site.read(post).language

    reader.wordpress.faults.add(match="GET /feed/", fault=Status(403))
    site = WordPressSite(
        "uk", reader.wordpress.url, http=reader.http, allow_private=True, ways=Ways(tell_language=True)
    )
    with pytest.raises(SiteUnavailableError, match="nor its feed"):
        site.read(post)


@pytest.mark.parametrize("failing", ["post", "site"])
def test_where_posts_are_chosen_by_language_they_wait_for_the_page_that_tells_it(reader: Reader, failing: str) -> None:
    """One failure of the first page, and of the feed, is forgotten after a minute; neither is asked again before."""
    time = [0.0]
    ways = Ways(tell_language=True)
    site = WordPressSite(
        "uk", reader.wordpress.url, http=reader.http, allow_private=True, ways=ways, clock=lambda: time[0]
    )
    post = reader.wordpress.publish(title="Post", slug="silent", date=NOW)
    page = reader.wordpress.link(post).removeprefix(reader.wordpress.url)
    site.discover()
    fails = reader.wordpress.faults
    for path in [page] if failing == "post" else ["/", "/feed/"]:
        fails.add(match=f"GET {path}", fault=Status(500), times=1)
    fails.add(match=f"GET {page}", fault=Html("<html><head></head></html>"))
    fails.add(match="GET /", fault=Html('<html lang="it"><head></head></html>'))

    with pytest.raises(SiteUnavailableError, match=r"answered 500|first page can't be read"):
        site.read(post)
    if failing == "site":
        with pytest.raises(SiteUnavailableError):
            site.read(post)
    time[0] = 61.0

    assert "it" == site.read(post).language


@pytest.mark.parametrize(
    ("names", "language"),
    [(("de", "fr", "x-default"), "fr-FR"), (("de", "x-default"), ""), (("de",), ""), ((), "")],
)
def test_the_posts_of_a_multilingual_site_have_languages_of_their_own(
    reader: Reader, names: tuple[str, ...], language: str
) -> None:
    """Also where none is asked for: the first page says whether there are several. Elsewhere no page is asked."""
    site = WordPressSite("uk", reader.wordpress.url, http=reader.http, allow_private=True)
    post = reader.wordpress.publish(title="Post", slug="bonjour", date=NOW)
    page = reader.wordpress.link(post).removeprefix(reader.wordpress.url)
    elements = "".join(f'<link rel="alternate" href="/{name}/" hreflang="{name}">' for name in names)
    reader.wordpress.faults.add(match=f"GET {page}", fault=Html('<html lang="fr-FR"><head></head></html>'))
    reader.wordpress.faults.add(match="GET /", fault=Html(f'<html lang="de-DE"><head>{elements}</head></html>'))

    assert language == site.read(post).language
    assert bool(language) == any(request.path == page for request in reader.requests)


def test_no_post_of_a_multilingual_site_waits_for_its_page(reader: Reader) -> None:
    """Its language is left open then."""
    site = WordPressSite("uk", reader.wordpress.url, http=reader.http, allow_private=True)
    post = reader.wordpress.publish(title="Post", slug="bonjour", date=NOW)
    page = reader.wordpress.link(post).removeprefix(reader.wordpress.url)
    alternates = '<link rel="alternate" href="/" hreflang="de"><link rel="alternate" href="/fr/" hreflang="fr">'
    reader.wordpress.faults.add(match=f"GET {page}", fault=CutBefore())
    reader.wordpress.faults.add(match="GET /", fault=Html(f"<html lang=de><head>{alternates}</head></html>"))

    assert "" == site.read(post).language


def test_pages_are_asked_for_languages_once_and_no_more_after_one_that_fails(reader: Reader) -> None:
    """Several posts of a multilingual site, read again and again."""
    site = WordPressSite("uk", reader.wordpress.url, http=reader.http, allow_private=True)
    posts = [reader.wordpress.publish(title="Post", slug=f"post-{n}", date=NOW) for n in range(3)]
    pages = [reader.wordpress.link(post).removeprefix(reader.wordpress.url) for post in posts]
    alternates = '<link rel="alternate" href="/" hreflang="de"><link rel="alternate" href="/fr/" hreflang="fr">'
    reader.wordpress.faults.add(match="GET /", fault=Html(f"<html lang=de><head>{alternates}</head></html>"))
    reader.wordpress.faults.add(match=f"GET {pages[1]}", fault=Status(500), times=1)
    for page in pages:
        reader.wordpress.faults.add(match=f"GET {page}", fault=Html('<html lang="fr"><head></head></html>'))

    assert ["fr", "", ""] == [post.language for post in site.read_several(posts)]
    assert ["fr", "fr", "fr"] == [post.language for post in site.read_several(posts)]
    assert ["fr", "fr", "fr"] == [site.read(post).language for post in posts]
    assert [1, 2, 1] == [sum(request.path == page for request in reader.requests) for page in pages]


@pytest.mark.parametrize(
    "answer",
    [{"code": "rest_forbidden", "message": "no", "data": {"status": 401}}, {"name": "Blog"}, {"namespaces": "x"}],
)
def test_an_index_without_namespaces(reader: Reader, answer: object) -> None:
    """An error with status 200, or an index that somebody filters, doesn't say that no plugin is there."""
    reader.site.discover()
    reader.wordpress.faults.add(match="GET /wp-json/", fault=Replace(answer))

    with pytest.raises(SiteUnavailableError, match=r"answered (401|with an index that has no namespaces)"):
        reader.site.namespaces()


# --- discover


@pytest.mark.parametrize("path", ["", "/uk"])
@pytest.mark.parametrize(("header", "element"), [(True, False), (False, True), (False, False)])
def test_the_root_is_where_the_page_says_or_where_it_usually_is(
    http: tuple[Http, list[float]], path: str, *, header: bool, element: bool
) -> None:
    """In the Link header, in the HTML, or below wp-json/."""
    with EditableWordPress(path=path, link_header=header, link_element=element, now=lambda: NOW) as wordpress:
        site = RestSite(Client(site="uk", home=wordpress.url, http=http[0], allow_private=True))

        assert wordpress.api_root == site.discover()
        assert 2 == len(wordpress.requests)


def test_the_root_of_plain_permalinks_is_a_query(reader: Reader) -> None:
    """No wp-json/ there: the root takes routes as a parameter, and works like any other."""
    reader.wordpress.link_header = reader.wordpress.link_element = False
    reader.wordpress.faults.add(match="GET /wp-json*", fault=Html(code=404))
    number = reader.wordpress.publish(title="Hello", date=NOW)

    root = reader.site.discover()

    assert f"{reader.wordpress.url}/?rest_route=/" == root
    assert [number] == [post.id for post in reader.site.list_new(after=NOW.replace(year=2025), exclude=()).posts]
    assert number == reader.site.read(number).id
    assert number == reader.site.find_post(reader.wordpress.link(number))


@pytest.mark.parametrize("ending", ["/wp-json", "/wp-json/", "/?rest_route=/"])
def test_an_address_may_be_the_root_itself(reader: Reader, ending: str) -> None:
    """Where a person copied it from there."""
    reader.wordpress.link_header = reader.wordpress.link_element = False
    site = RestSite(Client(site="uk", home=reader.wordpress.url + ending, http=reader.http, allow_private=True))
    reader.wordpress.faults.add(match=f"GET {ending.partition('?')[0]}", fault=Html(), times=1)

    assert site.discover().rstrip("/").endswith(ending.rstrip("/"))


def test_a_root_that_redirects_is_pinned_where_it_leads(reader: Reader) -> None:
    """So that no later request needs the redirect."""
    with EditableWordPress(now=lambda: NOW) as old:
        old.link_header = old.link_element = False
        old.faults.add(
            match="GET /wp-json*", fault=Status(301, "", {"Location": f"{reader.root}?_fields=name,namespaces"})
        )

        assert reader.root == RestSite(Client(site="uk", home=old.url, http=reader.http, allow_private=True)).discover()


def test_a_root_without_an_index_is_known_by_its_posts(reader: Reader) -> None:
    """As on WordPress.com: the index is another one, the posts are there."""
    reader.wordpress.faults.add(match="GET /wp-json/", fault=Replace({"name": "Other"}))

    assert reader.root == reader.site.discover()
