"""Reading, finding and discovering on a WordPress: what its answers mean, and what they cost."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.domain.models import SiteInfo
from bot.errors import ImageError, PostGoneError, SiteUnavailableError
from bot.sandbox.images import png
from bot.wordpress import Http, ProcessMemory, RestSite
from bot.wordpress.client import Client
from tests.integration.wordpress.blog import NOW
from tests.integration.wordpress.conftest import Reader
from tests.sandbox.faults import Change, CutBefore, Html, Replace, Status
from tests.sandbox.wordpress import EditableWordPress

FORBIDDEN = {"code": "rest_forbidden", "message": "Sorry.", "data": {"status": 401}}
HELLO = "GET */wp/v2/posts/1"


def test_a_read_is_one_request(reader: Reader) -> None:
    """With what is embedded, and what the plugin said of old; no field is asked for beside a part of it."""
    number = reader.wordpress.publish(
        title="Hello", date=NOW, raw={"meta": {"_share_on_mastodon_url": "https://m.example/1"}}
    )

    post = reader.site.read(number)

    assert "https://m.example/1" == post.share_url
    (request,) = reader.requests
    fields = request.params["_fields"][0].split(",")
    assert {"excerpt", "content", "_links", "_embedded", "meta._share_on_mastodon_status"} <= set(fields)
    assert not {name.partition(".")[0] for name in fields if "." in name} & set(fields)
    assert ["wp:featuredmedia,wp:term,author"] == request.params["_embed"]


def test_a_listing_asks_for_no_content(reader: Reader) -> None:
    """Nor for an excerpt: either would make the site render every post."""
    reader.wordpress.publish(title="Hello", date=NOW)

    reader.look()
    reader.site.list_by_id([1])

    for request in reader.requests:
        fields = {name.partition(".")[0] for name in request.params["_fields"][0].split(",")}
        assert not fields & {"content", "excerpt"}
    assert 2 == len(reader.requests)


@pytest.mark.parametrize("fault", [Status(502), Status(504), CutBefore()], ids=repr)
def test_a_post_that_fails_wherever_it_is_rendered(reader: Reader, fault: Status | CutBefore) -> None:
    """A gateway's word for it may be that the site is busy: its text is left out only when that is asked for.

    That another tool has shared it, or is not to, is told all the same.
    """
    meta = {"_share_on_mastodon_url": "https://m.example/1", "_share_on_mastodon": "0"}
    number = reader.wordpress.publish(title="Heavy", tags=["kite"], date=NOW, raw={"meta": meta})
    reader.wordpress.faults.add(match=f"GET */wp/v2/posts/{number}?*excerpt*", fault=fault)

    with pytest.raises(SiteUnavailableError):
        reader.site.read(number)
    post = reader.site.read_without_text(number)
    assert ("Heavy", "https://m.example/1", "0") == (post.title, post.share_url, post.share_box)

    reader.wordpress.faults.add(match="GET */wp/v2/posts*?*_embed=1*", fault=Status(500))
    post = reader.site.read_without_text(number)
    assert ("Heavy", (), frozenset({"text", "terms"})) == (post.title, post.tags, post.unread)
    assert ("https://m.example/1", "0") == (post.share_url, post.share_box)
    reader.wordpress.faults.add(match="GET */wp/v2/posts*", fault=Status(500))
    with pytest.raises(SiteUnavailableError, match="500"):
        reader.site.read_without_text(number)


def test_an_error_that_comes_with_200(reader: Reader) -> None:
    """Has the status that it says: a closed route is gone around, and a post that is gone is gone."""
    number = reader.wordpress.publish(title="Hello", date=NOW)
    reader.wordpress.faults.add(match="GET */wp/v2/posts/1", fault=Status(200, {**FORBIDDEN, "code": "rest_closed"}))
    gone = {"code": "rest_post_invalid_id", "message": "Invalid post ID.", "data": {"status": 404}}
    reader.wordpress.faults.add(match="GET */wp/v2/posts/2", fault=Status(200, gone))

    assert "Hello" == reader.site.read(number).title
    with pytest.raises(PostGoneError):
        reader.site.read(2)


def test_posts_that_are_too_much_at_once_are_read_one_by_one(reader: Reader) -> None:
    """An answer has a bound; twenty posts of the length of a book are beyond it, each of them isn't."""
    content = "<p>" + "word " * 100_000 + "</p>"
    numbers = [reader.wordpress.publish(title="Hello", content=content, date=NOW) for _ in range(20)]

    posts = reader.site.read_several(numbers)

    assert numbers == [post.id for post in posts]
    assert {200_001} == {len(post.content) for post in posts}
    assert 21 == len(reader.requests)


@pytest.mark.parametrize(
    ("page", "language"),
    [
        ('<!DOCTYPE html><html lang="pt_BR" prefix="og: https://ogp.me/ns#">', "pt-BR"),
        ("<!-- <html lang='fr'> --><HTML LANG=de>", "de"),
        ("<html><html lang='de'>", "de"),
        ("<b>Warning</b>: this\n<html dir=rtl lang=ar class=no-js", ""),
        ('<html xml:lang="de">', "de"),
        ('<html lang="de_DE.UTF-8">', "de-DE"),
        ('<html lang="javascript:alert(1)">', ""),
        ('<html lang="">', ""),
        ("<![odd[<html lang='de'>", ""),
        ("", ""),
    ],
)
def test_the_language_is_what_the_first_page_says(reader: Reader, page: str, language: str) -> None:
    """Only what looks like one; nothing else of the page is looked at."""
    reader.wordpress.faults.add(fault=Html(page), match="GET /")

    assert SiteInfo(title="Sandbox", language=language) == reader.site.about()


@pytest.mark.parametrize(
    ("fault", "complete"),
    [(Status(503, ""), False), (Status(403, ""), False), (Status(404, '<html lang="de">'), True), (CutBefore(), False)],
)
def test_a_site_without_a_first_page_has_a_name_all_the_same(reader: Reader, fault: Any, *, complete: bool) -> None:
    """Its language isn't known then; where that is but for now, it says so."""
    reader.wordpress.faults.add(fault=fault, match="GET /")

    assert SiteInfo(title="Sandbox", complete=complete) == reader.site.about()


@pytest.mark.parametrize("version", ["6.8", "7.1"])
def test_an_image_that_is_gone_is_none(http: tuple[Http, list[float]], version: str) -> None:
    """Old WordPress embeds its whole index instead, or an error; new ones leave the link out."""
    with EditableWordPress(version=version, now=lambda: NOW) as wordpress:
        reader = Reader(wordpress, http[0], waits=http[1])
        deleted, hidden = (wordpress.publish(title="Picture", date=NOW, image=(png(), "alt")) for _ in range(2))
        wordpress.delete_media(wordpress.posts[deleted].featured_media)
        wordpress.hide_media(wordpress.posts[hidden].featured_media)

        assert reader.site.read(deleted).image is None
        assert reader.site.read(hidden).image is None


@pytest.mark.parametrize("status", [401, 403])
def test_a_forbidden_post_is_gone_only_if_the_listing_agrees(reader: Reader, status: int) -> None:
    """Plugins that close the whole API use the same code; then nothing is certain."""
    reader.wordpress.publish(title="Hello", date=NOW)
    forbidden = Status(status, FORBIDDEN)
    reader.wordpress.faults.add(match=HELLO, fault=forbidden)
    assert 1 == reader.site.read(1).id

    rule = reader.wordpress.faults.add(match="GET */wp/v2/posts", fault=forbidden)
    with pytest.raises(SiteUnavailableError, match="rest_forbidden"):
        reader.site.read(1)

    reader.wordpress.faults.remove(rule)
    reader.wordpress.trash(1)
    with pytest.raises(PostGoneError, match="site uk: post 1 isn't public"):
        reader.site.read(1)


@pytest.mark.parametrize("status", [401, 403, 404])
def test_another_refusal_is_not_taken_for_a_deletion(reader: Reader, status: int) -> None:
    """A firewall, or a plugin with its own code."""
    reader.wordpress.publish(title="Hello", date=NOW)
    reader.wordpress.faults.add(match="GET */wp/v2/posts*", fault=Status(status, {"code": "rest_cannot_access"}))

    with pytest.raises(SiteUnavailableError, match="rest_cannot_access"):
        reader.site.read(1)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda record: record | {"id": 2}, "answered with post 2 instead of 1"),
        (lambda record: [record], "instead of a JSON object"),
        (lambda record: {"title": record["title"]}, "a record that has no id"),
    ],
)
def test_another_answer_than_the_post_is_none(reader: Reader, change: Any, said: str) -> None:
    """A cache that mixes up addresses."""
    reader.wordpress.publish(title="Hello", date=NOW)
    reader.wordpress.faults.add(match=HELLO, fault=Change(change))

    with pytest.raises(SiteUnavailableError, match=said):
        reader.site.read(1)


def test_a_post_of_another_type_is_gone(reader: Reader) -> None:
    """It isn't one of this site's posts any more; a type that can't be read is no reason."""
    page = reader.wordpress.publish(title="Page", date=NOW, raw={"type": "page"})
    odd = reader.wordpress.publish(title="Odd", date=NOW, raw={"type": []})

    with pytest.raises(PostGoneError):
        reader.site.read(page)
    assert odd == reader.site.read(odd).id


def test_a_status_is_reported(reader: Reader) -> None:
    """A plugin's own status is readable; whether to share it is not decided here."""
    number = reader.wordpress.publish(title="Odd", date=NOW, raw={"status": "archived"})

    assert "archived" == reader.site.read(number).status
    assert () == reader.site.read_several([number])


def test_many_posts_are_read_in_hundreds(reader: Reader) -> None:
    """A request for each hundred."""
    numbers = [reader.wordpress.publish(title="Hello", date=NOW) for _ in range(120)]

    assert numbers == [post.id for post in reader.site.read_several(numbers)]
    assert 2 == len(reader.requests)


# --- custom types


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ({}, "doesn't say where posts of type 'episode' are"),
        ({"rest_base": True, "rest_namespace": "wp/v2"}, "doesn't say"),
        ({"rest_base": "a", "rest_namespace": None}, "doesn't say"),
        ({"rest_base": "../users", "rest_namespace": "wp/v2"}, "unusable place"),
        ({"rest_base": "a?b=c", "rest_namespace": "wp/v2"}, "unusable place"),
        ({"rest_base": "a", "rest_namespace": "//evil.example"}, "unusable place"),
    ],
)
def test_a_type_without_a_usable_place_is_unavailable(reader: Reader, kind: Mapping[str, object], said: str) -> None:
    """Whatever the site says goes into an address only if it fits there."""
    reader.wordpress.faults.add(match="GET */wp/v2/types/episode", fault=Replace(kind))

    with pytest.raises(SiteUnavailableError, match=said):
        reader.made(post_type="episode").list_new(after=NOW, exclude=())


def test_an_old_wordpress_has_no_namespace_for_a_type(reader: Reader) -> None:
    """Before 5.9 it is always wp/v2."""
    reader.wordpress.faults.add(match="GET */types/episode", fault=Replace({"rest_base": "episodes"}))
    reader.wordpress.faults.add(match="GET */wp/v2/episodes/5", fault=Replace({"id": 5, "type": "episode"}))

    assert 5 == reader.made(post_type="episode").read(5).id


@pytest.mark.parametrize("index", [{"namespaces": ["oembed/1.0"]}, {"namespaces": "wp/v2"}, [], "text"])
def test_what_is_no_wordpress_is_not_taken_for_one(reader: Reader, index: object) -> None:
    """The error says what each place did."""
    reader.wordpress.faults.add(match="GET /wp-json/", fault=Replace(index))
    reader.wordpress.faults.add(match="GET */posts", fault=Replace({"error": "none"}))
    reader.wordpress.faults.add(match="GET /*?*rest_route*", fault=Html(code=403))

    with pytest.raises(SiteUnavailableError, match="no WordPress REST API found at") as caught:
        reader.site.discover()

    assert "is no REST index" in str(caught.value)
    assert "answered 403 (Just a moment…)" in str(caught.value)


def test_a_site_that_is_down_is_asked_once(reader: Reader) -> None:
    """A front page in maintenance: no other place is tried."""
    reader.wordpress.faults.add(fault=Status(503, "<title>Maintenance</title>", {"Retry-After": "600"}))

    with pytest.raises(SiteUnavailableError, match=r"answered 503 \(Maintenance\)") as caught:
        reader.site.discover()

    assert (1, 600) == (len(reader.requests), caught.value.retry_after)


def test_a_place_that_cannot_be_reached_is_not_the_last(reader: Reader) -> None:
    """The page names a host that is gone; the usual place is tried after it."""
    front = (
        '<link rel="https://api.w.org/" href="http://127.0.0.1:9/wp-json/"><link rel="https://api.w.org/" href="x:y">'
    )
    reader.wordpress.faults.add(match="GET /", fault=Html(front))

    assert reader.root == reader.site.discover()


def test_a_moved_root_is_found_and_remembered(reader: Reader) -> None:
    """No route where it was: it is looked for again, once."""
    number = reader.wordpress.publish(title="Hello", date=NOW)
    memory = ProcessMemory(reader.root.replace("wp-json", "old-json"))
    site = RestSite(Client(site="uk", home=reader.wordpress.url, http=reader.http, allow_private=True), memory=memory)

    assert number == site.find_post(f"{reader.wordpress.url}/?p={number}")
    assert number == site.read(number).id

    assert reader.root == memory.load()
    assert 1 == sum("old-json" in request.path for request in reader.requests)


# --- fetch_image


@pytest.mark.parametrize(
    "fault", [Status(404, "no"), Html(), Status(200, b"<svg/>"), Status(200, b" " * 2_000)], ids=repr
)
def test_an_image_that_cannot_be_had_is_an_image_error(reader: Reader, fault: Any) -> None:
    """The share goes on without it, so it is no trouble of the site's."""
    reader.wordpress.faults.add(fault=fault)

    with pytest.raises(ImageError, match="site uk: ") as caught:
        reader.site.fetch_image(f"{reader.wordpress.url}/a.png?secret=1", max_bytes=1_000)

    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("fault", [Status(500), Status(429), CutBefore()], ids=repr)
def test_an_image_out_of_reach_is_the_sites_trouble(reader: Reader, fault: Any) -> None:
    """It passes: the share waits for its picture."""
    reader.wordpress.faults.add(fault=fault)

    with pytest.raises(SiteUnavailableError, match="site uk: ") as caught:
        reader.site.fetch_image(f"{reader.wordpress.url}/a.png?secret=1", max_bytes=1_000)

    assert "secret" not in str(caught.value)


def test_an_image_is_fetched_whatever_it_is_called(reader: Reader) -> None:
    """Without an ending, and under a wrong type."""
    fault = Status(200, png(2, 2), {"Content-Type": "text/plain"})
    reader.wordpress.faults.add(match="GET /upload/4162b22b", fault=fault)

    file = reader.site.fetch_image(f"{reader.wordpress.url}/upload/4162b22b", max_bytes=1_000)

    assert ("image/png", png(2, 2)) == (file.mime_type, file.data)


def test_a_page_that_names_a_thousand_roots_is_not_believed(reader: Reader) -> None:
    """A site can't send howdah through other people's hosts: three named ones are tried, and the usual places."""
    front = "".join(f'<link rel="https://api.w.org/" href="/{number}/">' for number in range(1000))
    reader.wordpress.faults.add(fault=Html(front), times=1)
    reader.wordpress.faults.add(fault=Status(404))

    with pytest.raises(SiteUnavailableError, match="no WordPress REST API found"):
        reader.site.discover()

    named = [request.path for request in reader.requests if request.path[1:2].isdigit()]
    assert ["/0/", "/0/wp/v2/posts", "/1/", "/1/wp/v2/posts", "/2/", "/2/wp/v2/posts"] == named


def test_a_bad_record_stops_no_other(reader: Reader) -> None:
    """Neither in a listing, which isn't complete then, nor among posts that are read together."""
    number = reader.wordpress.publish(title="Hello", date=NOW)
    good = {"id": number, "type": "post", "status": "publish", "date": "2026-11-22T12:00:00"}
    error = {"code": "rest_forbidden", "message": "No.", "data": {"status": 401}}
    reader.wordpress.faults.add(match="GET */wp/v2/posts", fault=Replace([error, good, None]))

    look = reader.look()

    assert ([number], False) == ([post.id for post in look.posts], look.complete)
    assert "site uk: the site lists posts that can't be read" == look.note
    assert [number] == [post.id for post in reader.site.read_several([number])]
