"""The REST API of the sandbox's WordPress against what is known of the real one."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.sandbox.images import png
from tests.sandbox.wordpress import EditableWordPress
from tests.unit.sandbox.client import START, HandClock, Reply, call


def _get(site: EditableWordPress, query: str = "", route: str = "posts") -> Reply:
    return call(f"{site.api_root}wp/v2/{route}{'?' if query else ''}{query}")


def _ids(site: EditableWordPress, query: str = "") -> list[int]:
    return [post["id"] for post in _get(site, query).json()]


def _code(reply: Reply) -> tuple[int, str]:
    return reply.status, reply.json()["code"]


def _fill(site: EditableWordPress, number: int) -> list[int]:
    return [site.publish(title=f"Post {n}", date=START - timedelta(hours=number - n)) for n in range(number)]


# --- the listing


def test_a_page_of_posts_newest_first(site: EditableWordPress) -> None:
    """Ten posts, newest first, and the totals in the headers."""
    ids = _fill(site, 12)

    reply = _get(site)

    assert ids[:1:-1] == [post["id"] for post in reply.json()]
    assert ("12", "2") == (reply.headers["X-WP-Total"], reply.headers["X-WP-TotalPages"])
    assert any('rel="next"' in link for link in reply.headers.get_all("Link", []))


def test_pages_and_offsets(site: EditableWordPress) -> None:
    """A page past the end is a 400, an offset past the end an empty list whose total is 0."""
    ids = _fill(site, 3)

    assert [ids[0]] == _ids(site, "per_page=2&page=2")
    assert [ids[0]] == _ids(site, "per_page=2&offset=2")
    assert (400, "rest_post_invalid_page_number") == _code(_get(site, "per_page=2&page=3"))
    past = _get(site, "offset=3")
    assert ([], "0") == (past.json(), past.headers["X-WP-Total"])


def test_a_page_past_the_end_of_nothing_is_empty(site: EditableWordPress) -> None:
    """Without any post, page 2 is an empty list."""
    reply = _get(site, "page=2")

    assert (200, []) == (reply.status, reply.json())


@pytest.mark.parametrize(
    "query",
    [
        "per_page=0",
        "per_page=101",
        "per_page=x",
        "page=0",
        "offset=-1",
        "order=up",
        "orderby=luck",
        "status=draft",
        "status=publish,future",
        "exclude=1,x",
        "after=2026-06-01",
        "after=1780000000",
        "after=2026-06-01T10:00:00z",
        "after=2026-06-01T10:00:00+02:00",
        "after=2026-13-01T10:00:00Z",
        "after=",
    ],
)
def test_wrong_parameters_are_refused(site: EditableWordPress, query: str) -> None:
    """Each is a 400 that names the parameter; a raw "+" in a URL is a space."""
    reply = _get(site, query)

    assert (400, "rest_invalid_param") == _code(reply)
    assert [query.partition("=")[0]] == list(reply.json()["data"]["params"])


def test_unknown_parameters_are_passed_over(site: EditableWordPress) -> None:
    """WordPress ignores what it doesn't know."""
    assert 200 == _get(site, "cache_buster=1").status


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("after=2026-06-01T10:00:00Z", False),
        ("after=2026-06-01T09:59:59Z", True),
        ("after=2026-06-01T12:00:00", False),
        ("after=2026-06-01T11:59:59.900", True),
        ("after=2026-06-01T11:59:59%2B02:00", True),
        ("before=2026-06-01T10:00:00Z", False),
        ("before=2026-06-01 12:00:01".replace(" ", "%20"), True),
        ("modified_after=2026-06-01T09:59:59Z", True),
        ("modified_before=2026-06-01T10:00:00Z", False),
    ],
)
def test_dates_are_exclusive_and_compared_with_the_local_column(
    site: EditableWordPress, query: str, found: bool
) -> None:
    """10:00 UTC is noon in Berlin; an instant with a zone is converted first."""
    site.publish(title="Noon")

    assert found == bool(_ids(site, query))


def test_the_local_column_keeps_its_clock_when_the_zone_changes(site: EditableWordPress) -> None:
    """After a move to New York the noon of Berlin is compared with New York's clock."""
    post_id = site.publish(title="Noon")
    site.set_timezone("America/New_York")

    assert [post_id] == _ids(site, "after=2026-06-01T15:59:59Z")
    assert ("2026-06-01T12:00:00", "2026-06-01T10:00:00") == (site.posts[1].date, site.posts[1].date_gmt)


def test_the_autumn_hour_comes_twice(site: EditableWordPress, clock: HandClock) -> None:
    """A post of the second hour lies before one of the first: ascending order turns them round."""
    clock.forward(days=200)
    first = site.publish(title="CEST", date=datetime(2026, 10, 25, 0, 45, tzinfo=UTC))
    second = site.publish(title="CET", date=datetime(2026, 10, 25, 1, 10, tzinfo=UTC))

    assert [second, first] == _ids(site, "order=asc")
    assert [] == _ids(site, "after=2026-10-25T00:45:00Z")


def test_the_missing_spring_hour_moves_on(site: EditableWordPress) -> None:
    """A local time that doesn't exist is an hour later for PHP, which loses a post that the instant finds."""
    post_id = site.publish(title="Three", date=datetime(2026, 3, 29, 1, 0, tzinfo=UTC))

    assert [] == _ids(site, "after=2026-03-29T02:59:59")
    assert [post_id] == _ids(site, "after=2026-03-29T00:59:59Z")


def test_equal_dates_come_in_no_dependable_order(site: EditableWordPress) -> None:
    """Two identical requests order ties differently, so that paging through them loses posts."""
    ids = [site.publish(title=str(n)) for n in range(30)]

    orders = [tuple(_ids(site, "per_page=100&order=asc")) for _ in range(4)]

    assert all(sorted(order) == ids for order in orders)
    assert 1 < len(set(orders))


def test_filters(site: EditableWordPress) -> None:
    """Ids, terms, authors, slugs and words choose posts."""
    one = site.publish(title="One fish", tags=["Sea"], categories=["Food"], author="Ada")
    two = site.publish(title="Two", tags=["Land"], slug="second")
    tag, category = site.posts[one].tags[0], site.posts[one].categories[0]

    assert [two] == _ids(site, f"exclude={one}")
    assert [one] == _ids(site, f"include[]={one}")
    assert [one] == _ids(site, f"tags={tag}")
    assert [two] == _ids(site, f"categories_exclude={category}")
    assert [one] == _ids(site, f"author={site.posts[one].author}")
    assert [two] == _ids(site, "slug=second")
    assert [one] == _ids(site, "search=FISH")
    assert [] == _ids(site, f"tags_exclude={tag}&categories={category}")


@pytest.mark.parametrize("orderby", ["id", "date", "modified", "title", "slug", "author"])
def test_orders(site: EditableWordPress, orderby: str, clock: HandClock) -> None:
    """Each order goes both ways."""
    ids = []
    for name in "abc":
        clock.forward(minutes=1)
        ids.append(site.publish(title=name, author=f"Author {name}"))

    assert ids == _ids(site, f"orderby={orderby}&order=asc")
    assert ids[::-1] == _ids(site, f"orderby={orderby}")


# --- fields and embeds


def test_fields(site: EditableWordPress) -> None:
    """Only what is asked for is there, nested names too."""
    site.publish(title="One", excerpt="Text")

    assert [{"id": 1, "title": {"rendered": "One"}}] == _get(site, "_fields=id,title.rendered").json()
    assert [{"id": 1}] == _get(site, "_fields[]=id").json()
    assert {"excerpt": {"protected": False}} == _get(site, "_fields=excerpt.protected", "posts/1").json()
    assert [{"id": 1, "title": []}] == _get(site, "_fields=id.x,title.nope").json()
    assert 20 < len(_get(site, "_fields=").json()[0])


def test_an_unknown_field_leaves_an_empty_list(site: EditableWordPress) -> None:
    """PHP's empty array is a list."""
    site.publish(title="One")

    assert [[]] == _get(site, "_fields=nope").json()


def test_a_parent_and_its_child_drop_the_rest(site: EditableWordPress) -> None:
    """After `title,title.rendered` nothing more of the list counts."""
    site.publish(title="One")

    assert [{"title": {"rendered": "One"}}] == _get(site, "_fields=title,title.rendered,link").json()
    assert {"title", "link"} == set(_get(site, "_fields=title.rendered,title,link").json()[0])


def test_links_by_their_number(site: EditableWordPress) -> None:
    """A list's items have numbers for names."""
    site.publish(title="One", tags=["a", "b"])

    assert [{"tags": [3]}] == _get(site, "_fields=tags.1").json()


def test_embeds(site: EditableWordPress) -> None:
    """Image, terms and author are embedded; terms as a list for each taxonomy."""
    site.publish(title="One", tags=["Sea & sand"], author="Ada", image=(png(400, 200), "A <b>wave</b>"))

    embedded = _get(site, "_embed=1").json()[0]["_embedded"]

    assert {"author", "wp:featuredmedia", "wp:term"} == set(embedded)
    assert "Ada" == embedded["author"][0]["name"]
    assert [["Uncategorized"], ["Sea & sand"]] == [[term["name"] for term in group] for group in embedded["wp:term"]]
    (media,) = embedded["wp:featuredmedia"]
    assert ("image", "image/png", "A <b>wave</b>") == (media["media_type"], media["mime_type"], media["alt_text"])
    assert {"medium": 300, "thumbnail": 150, "full": 400} == {
        name: size["width"] for name, size in media["media_details"]["sizes"].items()
    }


def test_embeds_of_filtered_records(site: EditableWordPress) -> None:
    """In a list, only linked relations are embedded, and only where `_embedded` is asked for too."""
    site.publish(title="One", tags=["Sea"], image=(png(), ""))
    asked = "_embed=wp:featuredmedia,wp:term"

    with_image = _get(site, f"{asked}&_fields=id,_links.wp:featuredmedia,_embedded").json()[0]

    assert {"id", "_links", "_embedded"} == set(with_image)
    assert {"wp:featuredmedia"} == set(with_image["_links"]) == set(with_image["_embedded"])
    assert [{"id": 1}] == _get(site, f"{asked}&_fields=id").json()
    assert {"id", "_links"} == set(_get(site, f"{asked}&_fields=id,_links").json()[0])


def test_a_record_without_the_link_has_an_empty_list_of_links(site: EditableWordPress) -> None:
    """`_links` filtered to nothing is PHP's empty array, and nothing is embedded."""
    site.publish(title="One")

    rows = _get(site, "_embed=wp:featuredmedia&_fields=id,_links.wp:featuredmedia,_embedded").json()

    assert [{"id": 1, "_links": []}] == rows


def test_a_single_record_has_all_its_links(site: EditableWordPress) -> None:
    """A single GET gets its links after the filter."""
    site.publish(title="One", image=(png(), ""))

    record = _get(site, "_embed=wp:term&_fields=id,_links.wp:term,_embedded", "posts/1").json()

    assert {"id", "_links", "_embedded"} == set(record)
    assert {"self", "wp:term", "wp:featuredmedia"} < set(record["_links"])
    assert {"wp:term"} == set(record["_embedded"])


def _image(site: EditableWordPress) -> Any:
    return _get(site, "_embed", "posts/1").json()["_embedded"].get("wp:featuredmedia")


def test_an_image_that_is_gone(clock: HandClock) -> None:
    """Before 7.0 the embed is the whole index, or an error where it isn't public; later there is no link."""
    with EditableWordPress(now=clock, version="6.8.8") as old, EditableWordPress(now=clock) as new:
        for site in (old, new):
            site.publish(title="One", image=(png(), ""))
            site.hide_media(2)
        hidden = [_image(old)[0]["code"], _image(new)]
        for site in (old, new):
            site.delete_media(2)
        gone = [_image(old)[0]["namespaces"][1], _image(new)]

        assert ["rest_forbidden", None] == hidden
        assert ["wp/v2", None] == gone
        assert 2 == _get(new, route="posts/1").json()["featured_media"]


def test_an_author_that_is_gone(site: EditableWordPress) -> None:
    """The embed is an error."""
    site.publish(title="One", author="Ada")
    del site.authors[2]

    assert "rest_user_invalid_id" == _get(site, "_embed", "posts/1").json()["_embedded"]["author"][0]["code"]


def test_raw_overrides(site: EditableWordPress) -> None:
    """A record's fields and embeds can be anything."""
    site.publish(title="One", raw={"class_list": {"0": "post"}, "_embedded": {"author": []}})

    record = _get(site, "_embed", "posts/1").json()

    assert ({"0": "post"}, {"author": []}) == (record["class_list"], record["_embedded"])


# --- single records and routes


def test_a_full_record(site: EditableWordPress) -> None:
    """A record has the fields of the real one, in its order."""
    site.publish(title='"Fish" & chips -- it\'s...', excerpt="Short", tags=["Sea"], image=(png(), ""))

    record = _get(site, route="posts/1").json()

    assert "&#8220;Fish&#8221; &#038; chips &#8212; it&#8217;s&#8230;" == record["title"]["rendered"]
    assert {"rendered": "<p>Short</p>\n", "protected": False} == record["excerpt"]
    assert f"{site.url}/2026/06/fish-chips-its/" == record["link"] == record["guid"]["rendered"] == site.link(1)
    assert ("2026-06-01T12:00:00", "2026-06-01T10:00:00") == (record["date"], record["date_gmt"])
    assert {"footnotes": ""} == record["meta"]
    assert record["class_list"][4:] == [
        "format-standard",
        "has-post-thumbnail",
        "hentry",
        "category-uncategorized",
        "tag-sea",
    ]
    assert "share_on_mastodon" not in record
    assert record == site.record(1)


def test_the_plugins_field() -> None:
    """With Share on Mastodon each record says whether it was shared."""
    with EditableWordPress(plugin=True) as site:
        site.publish(title="One")
        site.publish(title="Two", share_on_mastodon={"url": "https://instance.example/@uk/1", "error": ""})

        assert {"url": "", "error": ""} == _get(site, route="posts/1").json()["share_on_mastodon"]
        assert "https://instance.example/@uk/1" == _get(site, route="posts/2").json()["share_on_mastodon"]["url"]
        old = site.publish(title="Three", date=site.now() - timedelta(hours=1))
        boxes = [_get(site, route=f"posts/{number}").json()["meta"]["_share_on_mastodon"] for number in (1, old)]
        assert ["1", "0"] == boxes


def test_what_plugins_add(site: EditableWordPress) -> None:
    """Polylang's language, what the author wrote for the status, and the point that matters in an image."""
    number = site.publish(
        title="Hello",
        lang="de",
        share_text="Mine: %permalink%",
        share_cw="Heights",
        image=(png(), "alt"),
        caption="A kite",
        focal_point=(0.25, 0.5),
    )
    plain = site.publish(title="Plain", image=(png(), "alt"))

    record, other = (site.record(one) for one in (number, plain))
    asked = "_embed=wp:featuredmedia&orderby=id&order=asc"
    image, without = (post["_embedded"]["wp:featuredmedia"][0] for post in _get(site, asked).json())

    assert ("de", "Mine: %permalink%", "Heights") == (
        record["lang"],
        record["meta"]["_share_on_mastodon_status"],
        record["meta"]["_share_on_mastodon_cw"],
    )
    assert ({"x": 0.25, "y": 0.5}, "<p>A kite</p>\n") == (image["focal_point"], image["caption"]["rendered"])
    assert "lang" not in other
    assert {"footnotes": ""} == other["meta"]
    assert ("", False) == (without["caption"]["rendered"], "focal_point" in without)


def test_a_post_with_a_password(site: EditableWordPress) -> None:
    """It is listed with its title, without its text, and says that it is protected."""
    site.publish(title="Secret", content="Text", password="word")

    (record,) = _get(site).json()

    assert ("Secret", "", True) == (
        record["title"]["rendered"],
        record["content"]["rendered"],
        record["excerpt"]["protected"],
    )
    assert "post-password-required" in record["class_list"]


@pytest.mark.parametrize("status", ["draft", "pending", "private", "future", "trash"])
def test_what_is_not_public(site: EditableWordPress, status: str) -> None:
    """It is not listed, and refused by itself."""
    site.publish(title="One", status=status)

    assert [] == _ids(site)
    assert (401, "rest_forbidden") == _code(_get(site, route="posts/1"))


def test_what_is_not_there(site: EditableWordPress) -> None:
    """Unknown ids and routes have their own codes."""
    assert (404, "rest_post_invalid_id") == _code(_get(site, route="posts/9"))
    assert (404, "rest_post_invalid_id") == _code(_get(site, route="media/9"))
    assert (404, "rest_term_invalid") == _code(_get(site, route="tags/9"))
    assert (404, "rest_term_invalid") == _code(_get(site, route="tags/1"))
    assert (404, "rest_no_route") == _code(_get(site, route="books"))
    assert (404, "rest_no_route") == _code(call(site.api_root + "wp/v2/posts", "POST", form={}))
    assert (401, "rest_not_logged_in") == _code(_get(site, route="users/me"))


def test_media_terms_and_types(site: EditableWordPress) -> None:
    """Images and terms can be read by themselves; types name their routes."""
    site.publish(title="One", image=(png(), "Squares"))

    assert "Squares" == _get(site, route="media/2").json()["alt_text"]
    assert {"slug": "uncategorized"} == _get(site, "_fields=slug", "categories/1").json()
    assert "posts" == _get(site, route="types").json()["post"]["rest_base"]
    assert "wp/v2" == _get(site, route="").json()["namespace"]
    site.hide_media(2)
    assert (401, "rest_forbidden") == _code(_get(site, route="media/2"))


def test_the_index(site: EditableWordPress) -> None:
    """The root names the site, its zone and its namespaces."""
    asked = "_fields=name,url,home,gmt_offset,timezone_string,namespaces"

    index = call(f"{site.api_root}?{asked}").json()

    assert ("Sandbox", site.url, "2", "Europe/Berlin") == (
        index["name"],
        index["home"],
        index["gmt_offset"],
        index["timezone_string"],
    )
    assert "wp/v2" in index["namespaces"]
    assert 6 == len(index)


def test_plain_permalinks(clock: HandClock) -> None:
    """The same routes answer below `?rest_route=`, in a subfolder too."""
    with EditableWordPress(now=clock, path="/uk/") as site:
        site.publish(title="One")

        for base in (f"{site.url}/", f"{site.url}/index.php"):
            assert [{"id": 1}] == call(f"{base}?rest_route=/wp/v2/posts&_fields=id").json()
            assert "Sandbox" == call(f"{base}?rest_route=/").json()["name"]
        assert (404, "rest_no_route") == _code(call(f"{site.url}/?rest_route=/x", "POST", form={}))
        assert 404 == call(f"{site.origin}/wp-json/").status


def test_no_validators(site: EditableWordPress) -> None:
    """The REST API sends neither ETag nor Last-Modified, and its answers are JSON in UTF-8."""
    reply = _get(site)

    assert [None, None, None] == [reply.headers[name] for name in ("ETag", "Last-Modified", "Cache-Control")]
    assert "application/json; charset=UTF-8".lower() == reply.headers["Content-Type"].lower()
