"""Pages, feed and files of the sandbox's WordPress."""

import xml.etree.ElementTree as ET
from datetime import timedelta

import pytest

from bot.sandbox.images import png, png_size
from bot.sandbox.posts import SHARED_ID, sample_posts, shared_post
from tests.sandbox.wordpress import EditableWordPress
from tests.unit.sandbox.client import START, HandClock, call


@pytest.mark.parametrize(
    ("link_header", "link_element"),
    [(True, True), (True, False), (False, True), (False, False)],
)
def test_the_front_page_names_the_rest_root(link_header: bool, link_element: bool) -> None:
    """In a header and in the HTML; each can be switched off."""
    with EditableWordPress(path="/uk", link_header=link_header, link_element=link_element) as site:
        reply = call(site.url + "/")

        header = f'<{site.api_root}>; rel="https://api.w.org/"' if link_header else None
        assert header == reply.headers["Link"]
        assert link_element == (f'<link rel="https://api.w.org/" href="{site.api_root}" />' in reply.text())
        assert 404 == call(site.origin + "/").status


def test_a_posts_page_names_its_record(site: EditableWordPress) -> None:
    """The header names root, record and shortlink; the shortlink leads to the page."""
    site.publish(title="Grüße 東京", content="Text", image=(png(), 'A "sign"'))
    link = site.record(1)["link"]

    reply = call(link)

    own = f'<{site.api_root}wp/v2/posts/1>; rel="alternate"; title="JSON"; type="application/json"'
    links = reply.headers.get_all("Link", [])
    assert (own, f"<{site.url}/?p=1>; rel=shortlink") == (links[1], links[2])
    assert "&quot;sign&quot;" in reply.text()
    shortlink = call(site.url + "/?p=1")
    assert (301, link) == (shortlink.status, shortlink.headers["Location"])


def test_pages_and_feed_say_their_language(clock: HandClock) -> None:
    """The site's own, and on a post's page the post's."""
    with EditableWordPress(language="en-GB", now=clock) as site:
        plain, german = site.publish(title="Hello"), site.publish(title="Hallo", lang="de")

        pages = [call(address).text() for address in (f"{site.url}/", site.link(plain), f"{site.url}/nowhere/")]

        assert all('<html lang="en-GB">' in page for page in pages)
        assert '<html lang="de">' in call(site.link(german)).text()
        assert "<language>en-GB</language>" in call(f"{site.url}/feed/").text()


def test_pages_that_are_not_there(site: EditableWordPress) -> None:
    """A draft's page, an unknown one and an unknown shortlink are 404 in HTML."""
    site.publish(title="Draft", status="draft")

    replies = [call(site.url + path) for path in ("/2026/06/draft/", "/nothing", "/?p=1", "/wp-content/uploads/x.png")]

    assert [(404, "text/html; charset=UTF-8")] * 4 == [(one.status, one.headers["Content-Type"]) for one in replies]


def test_a_protected_page_shows_no_text(site: EditableWordPress) -> None:
    """The page and the feed keep it."""
    site.publish(title="Members", content="The text.", password="word")

    assert "The text." not in call(site.link(1)).text() + call(site.url + "/").text() + call(site.url + "/feed/").text()


def test_images(site: EditableWordPress) -> None:
    """An upload is served as it is; a smaller size has the size that it says."""
    data = png(400, 200)
    site.publish(title="One", image=(data, ""))
    details = site._records.media_record(site.media[2])

    assert data == call(details["source_url"]).body
    assert (300, 150) == png_size(call(details["media_details"]["sizes"]["medium"]["source_url"]).body)


def test_an_image_of_another_kind_has_no_sizes(site: EditableWordPress) -> None:
    """What the sandbox can't measure has no details; what it doesn't know is called a PNG."""
    site.publish(title="One", image=(b"\xff\xd8\xff\xe0", ""))
    site.publish(title="Two", image=(b"?", ""))

    records = [site._records.media_record(media) for media in site.media.values()]

    assert [("image/jpeg", {}), ("image/png", {})] == [(one["mime_type"], one["media_details"]) for one in records]


def test_the_feed(site: EditableWordPress) -> None:
    """Ten items, newest first, with the id in the guid; further pages follow."""
    for number in range(12):
        site.publish(title=f"Nº {number} & more", tags=["Sea"], date=START - timedelta(hours=number))

    channel = ET.fromstring(call(site.url + "/feed/").text()).find("channel")  # noqa: S314 - our own feed

    assert channel is not None
    items = channel.findall("item")
    assert 10 == len(items)
    assert ("Nº 0 & more", f"{site.url}/?p=1", "Mon, 01 Jun 2026 10:00:00 +0000") == (
        items[0].findtext("title"),
        items[0].findtext("guid"),
        items[0].findtext("pubDate"),
    )
    assert ["Uncategorized", "Sea"] == [category.text for category in items[0].findall("category")]
    assert 2 == call(site.url + "/?feed=rss2&paged=2").text().count("<item>")


def test_the_feeds_validators(site: EditableWordPress, clock: HandClock) -> None:
    """Either or both give a 304; a weak ETag doesn't; a post with a past date goes unnoticed."""
    site.publish(title="One")
    fresh = call(site.url + "/feed/")
    etag, since = fresh.headers["ETag"], fresh.headers["Last-Modified"]

    def status(**headers: str) -> int:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return call(site.url + "/feed/", headers=sent).status

    assert [304] * 3 == [
        status(If_None_Match=etag),
        status(If_Modified_Since=since),
        status(If_None_Match=etag, If_Modified_Since=since),
    ]
    assert [200] * 3 == [
        status(If_None_Match=f"W/{etag}"),
        status(If_Modified_Since="yesterday"),
        status(If_None_Match=etag, If_Modified_Since="Mon, 01 Jun 2026 09:00:00 GMT"),
    ]
    site.publish(title="Backdated", date=START - timedelta(hours=1))
    assert 304 == status(If_None_Match=etag)
    clock.forward(seconds=1)
    site.edit(1, title="Edited")
    assert 200 == status(If_None_Match=etag)


def test_an_empty_site(site: EditableWordPress) -> None:
    """Front page and feed of a site without posts."""
    assert "Nothing here yet" in call(site.url + "/").text()
    assert "<item>" not in call(site.url + "/feed/").text()


def test_sample_posts_can_be_published(site: EditableWordPress) -> None:
    """Eight posts, of which one is protected, one has no title, one is shared already."""
    ids = [site.publish(**post) for post in sample_posts()]

    records = call(site.api_root + "wp/v2/posts?per_page=100").json()

    assert sorted(ids) == sorted(record["id"] for record in records)
    assert 8 == len(records)
    assert 1 == sum(record["excerpt"]["protected"] for record in records)
    assert 1 == sum(not record["title"]["rendered"] for record in records)
    assert [SHARED_ID] == [record["id"] for record in records if record.get("share_on_mastodon", {}).get("url")]
    assert all(call(site.link(one)).status == 200 for one in ids)


def test_the_shared_post_has_the_oddities(clock: HandClock) -> None:
    """It has the shape of a live record: a hole in class_list, no <p> in the excerpt, empty comment_status."""
    with EditableWordPress(now=clock, path="/uk", timezone="UTC") as site:
        site.publish(**shared_post(site.url))

        record = call(f"{site.api_root}wp/v2/posts/{SHARED_ID}?_embed=wp:featuredmedia").json()

    assert ("2025-09-03T00:06:13", SHARED_ID + 1, 2, [7655]) == (
        record["date"],
        record["featured_media"],
        record["author"],
        record["categories"],
    )
    assert [str(number) for number in range(19) if number != 6] == list(record["class_list"])
    assert record["excerpt"]["rendered"].endswith("&hellip;\n")
    assert "<p>" not in record["excerpt"]["rendered"]
    assert "" == record["comment_status"] == record["ping_status"]
    assert record["link"] == record["guid"]["rendered"] == f"{site.url}/{SHARED_ID}/"
    assert "LoadingWhat" in record["content"]["rendered"]
    assert record["_embedded"]["wp:featuredmedia"][0]["alt_text"]
