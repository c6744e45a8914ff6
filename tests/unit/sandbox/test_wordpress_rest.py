"""The REST API of the sandbox's WordPress against what is known of the real one."""

from datetime import UTC, datetime

import pytest

from bot.sandbox.images import png
from tests.sandbox.wordpress import EditableWordPress
from tests.unit.sandbox.client import HandClock, call, code_of, fill, get, ids_of

# --- the listing


def test_a_page_of_posts_newest_first(site: EditableWordPress) -> None:
    """Ten posts, newest first, and the totals in the headers."""
    ids = fill(site, 12)

    reply = get(site)

    assert ids[:1:-1] == [post["id"] for post in reply.json()]
    assert ("12", "2") == (reply.headers["X-WP-Total"], reply.headers["X-WP-TotalPages"])
    assert any('rel="next"' in link for link in reply.headers.get_all("Link", []))


def test_pages_and_offsets(site: EditableWordPress) -> None:
    """A page past the end is a 400, an offset past the end an empty list whose total is 0."""
    ids = fill(site, 3)

    assert [ids[0]] == ids_of(site, "per_page=2&page=2")
    assert [ids[0]] == ids_of(site, "per_page=2&offset=2")
    assert (400, "rest_post_invalid_page_number") == code_of(get(site, "per_page=2&page=3"))
    past = get(site, "offset=3")
    assert ([], "0") == (past.json(), past.headers["X-WP-Total"])


def test_a_page_past_the_end_of_nothing_is_empty(site: EditableWordPress) -> None:
    """Without any post, page 2 is an empty list."""
    reply = get(site, "page=2")

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
    reply = get(site, query)

    assert (400, "rest_invalid_param") == code_of(reply)
    assert [query.partition("=")[0]] == list(reply.json()["data"]["params"])


def test_unknown_parameters_are_passed_over(site: EditableWordPress) -> None:
    """WordPress ignores what it doesn't know."""
    assert 200 == get(site, "cache_buster=1").status


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

    assert found == bool(ids_of(site, query))


def test_the_local_column_keeps_its_clock_when_the_zone_changes(site: EditableWordPress) -> None:
    """After a move to New York the noon of Berlin is compared with New York's clock."""
    post_id = site.publish(title="Noon")
    site.set_timezone("America/New_York")

    assert [post_id] == ids_of(site, "after=2026-06-01T15:59:59Z")
    assert ("2026-06-01T12:00:00", "2026-06-01T10:00:00") == (site.posts[1].date, site.posts[1].date_gmt)


def test_the_autumn_hour_comes_twice(site: EditableWordPress, clock: HandClock) -> None:
    """A post of the second hour lies before one of the first: ascending order turns them round."""
    clock.forward(days=200)
    first = site.publish(title="CEST", date=datetime(2026, 10, 25, 0, 45, tzinfo=UTC))
    second = site.publish(title="CET", date=datetime(2026, 10, 25, 1, 10, tzinfo=UTC))

    assert [second, first] == ids_of(site, "order=asc")
    assert [] == ids_of(site, "after=2026-10-25T00:45:00Z")


def test_the_missing_spring_hour_moves_on(site: EditableWordPress) -> None:
    """A local time that doesn't exist is an hour later for PHP, which loses a post that the instant finds."""
    post_id = site.publish(title="Three", date=datetime(2026, 3, 29, 1, 0, tzinfo=UTC))

    assert [] == ids_of(site, "after=2026-03-29T02:59:59")
    assert [post_id] == ids_of(site, "after=2026-03-29T00:59:59Z")


def test_equal_dates_come_in_no_dependable_order(site: EditableWordPress) -> None:
    """Two identical requests order ties differently, so that paging through them loses posts."""
    ids = [site.publish(title=str(n)) for n in range(30)]

    orders = [tuple(ids_of(site, "per_page=100&order=asc")) for _ in range(4)]

    assert all(sorted(order) == ids for order in orders)
    assert 1 < len(set(orders))


def test_filters(site: EditableWordPress) -> None:
    """Ids, terms, authors, slugs and words choose posts."""
    one = site.publish(title="One fish", tags=["Sea"], categories=["Food"], author="Ada")
    two = site.publish(title="Two", tags=["Land"], slug="second")
    tag, category = site.posts[one].tags[0], site.posts[one].categories[0]

    assert [two] == ids_of(site, f"exclude={one}")
    assert [one] == ids_of(site, f"include[]={one}")
    assert [one] == ids_of(site, f"tags={tag}")
    assert [two] == ids_of(site, f"categories_exclude={category}")
    assert [one] == ids_of(site, f"author={site.posts[one].author}")
    assert [two] == ids_of(site, "slug=second")
    assert [one] == ids_of(site, "search=FISH")
    assert [] == ids_of(site, f"tags_exclude={tag}&categories={category}")


@pytest.mark.parametrize("orderby", ["id", "date", "modified", "title", "slug", "author"])
def test_orders(site: EditableWordPress, orderby: str, clock: HandClock) -> None:
    """Each order goes both ways."""
    ids = []
    for name in "abc":
        clock.forward(minutes=1)
        ids.append(site.publish(title=name, author=f"Author {name}"))

    assert ids == ids_of(site, f"orderby={orderby}&order=asc")
    assert ids[::-1] == ids_of(site, f"orderby={orderby}")


def test_a_post_with_a_password(site: EditableWordPress) -> None:
    """It is listed with its title, without its text, and says that it is protected."""
    site.publish(title="Secret", content="Text", password="word")

    (record,) = get(site).json()

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

    assert [] == ids_of(site)
    assert (401, "rest_forbidden") == code_of(get(site, route="posts/1"))


def test_what_is_not_there(site: EditableWordPress) -> None:
    """Unknown ids and routes have their own codes."""
    assert (404, "rest_post_invalid_id") == code_of(get(site, route="posts/9"))
    assert (404, "rest_post_invalid_id") == code_of(get(site, route="media/9"))
    assert (404, "rest_term_invalid") == code_of(get(site, route="tags/9"))
    assert (404, "rest_term_invalid") == code_of(get(site, route="tags/1"))
    assert (404, "rest_no_route") == code_of(get(site, route="books"))
    assert (404, "rest_no_route") == code_of(call(site.api_root + "wp/v2/posts", "POST", form={}))
    assert (401, "rest_not_logged_in") == code_of(get(site, route="users/me"))


def test_media_terms_and_types(site: EditableWordPress) -> None:
    """Images and terms can be read by themselves; types name their routes."""
    site.publish(title="One", image=(png(), "Squares"))

    assert "Squares" == get(site, route="media/2").json()["alt_text"]
    assert {"slug": "uncategorized"} == get(site, "_fields=slug", "categories/1").json()
    assert "posts" == get(site, route="types").json()["post"]["rest_base"]
    assert "wp/v2" == get(site, route="").json()["namespace"]
    site.hide_media(2)
    assert (401, "rest_forbidden") == code_of(get(site, route="media/2"))


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
        assert (404, "rest_no_route") == code_of(call(f"{site.url}/?rest_route=/x", "POST", form={}))
        assert 404 == call(f"{site.origin}/wp-json/").status


def test_no_validators(site: EditableWordPress) -> None:
    """The REST API sends neither ETag nor Last-Modified, and its answers are JSON in UTF-8."""
    reply = get(site)

    assert [None, None, None] == [reply.headers[name] for name in ("ETag", "Last-Modified", "Cache-Control")]
    assert "application/json; charset=UTF-8".lower() == reply.headers["Content-Type"].lower()
