"""From a post's link to its id, as sites make it possible."""

import pytest

from bot.errors import SiteUnavailableError
from tests.integration.wordpress.blog import NOW
from tests.integration.wordpress.conftest import Reader
from tests.sandbox.faults import Html, Replace

HELLO = "GET */wp/v2/posts/1"

# --- find_post


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("/2026/11/hello/", "hello"),
        ("/hello.html", "hello"),
        ("/2026/grüße-aus-münchen/", "grüße-aus-münchen"),
        ("/a/deep/one", "one"),
    ],
)
def test_a_post_is_found_by_its_slug(reader: Reader, path: str, slug: str) -> None:
    """The end of its path, percent-decoded, an ending aside: one request."""
    number = reader.wordpress.publish(title="Hello", slug=slug, path=path, date=NOW)

    assert number == reader.site.find_post(reader.wordpress.url + path)
    assert 1 == len(reader.requests)


def test_a_post_whose_link_ends_in_its_id_is_found(reader: Reader) -> None:
    """As some permalinks have it; a number that is another post's is not it."""
    number = reader.wordpress.publish(id=393_174, title="Hello", path="/393174/", date=NOW)
    reader.wordpress.publish(id=2_026, title="Other", date=NOW)

    assert number == reader.site.find_post(f"{reader.wordpress.url}/393174/")
    assert reader.site.find_post(f"{reader.wordpress.url}/2026/") is None


@pytest.mark.parametrize("drop", ["alternate", "shortlink"])
def test_a_post_is_found_by_what_its_page_says(reader: Reader, drop: str) -> None:
    """A permalink that tells nothing: the page names its REST record, or its short link."""
    number = reader.wordpress.publish(title="Hello", slug="hello", path="/x/strange", date=NOW)
    url = f"{reader.wordpress.url}/x/strange"
    rels = {
        "alternate": f'<link rel="alternate" type="application/json" href="{reader.root}wp/v2/posts/{number}">',
        "shortlink": f'<link rel="shortlink" href="{reader.wordpress.url}/?p={number}">',
    }
    reader.wordpress.faults.add(match="GET /x/strange", fault=Html('<link rel="alternate" href="/feed/">' + rels[drop]))

    assert number == reader.site.find_post(url)


def test_a_page_that_names_another_root_names_no_post(reader: Reader) -> None:
    """A record elsewhere, or of another route."""
    page = (
        '<link rel="alternate" type="application/json" href="https://other.example/wp-json/wp/v2/posts/7">'
        f'<link rel="alternate" type="application/json" href="{reader.root}wp/v2/pages/7">'
    )
    reader.wordpress.faults.add(match="GET /x/", fault=Html(page))

    assert reader.site.find_post(f"{reader.wordpress.url}/x/") is None


def test_a_page_may_name_a_post_that_is_gone(reader: Reader) -> None:
    """From a cache: the post decides."""
    page = f'<link rel="shortlink" href="{reader.wordpress.url}/?p=77">'
    reader.wordpress.faults.add(match="GET /x/", fault=Html(page))

    assert reader.site.find_post(f"{reader.wordpress.url}/x/") is None


def test_pages_of_other_hosts_are_not_asked(reader: Reader) -> None:
    """Neither for a post's page nor for its short link."""
    for link in ("https://other.example/hello/", "https://other.example/?p=1", "nonsense"):
        assert reader.site.find_post(link) is None
    assert all("wp/v2/posts" in request.path for request in reader.requests)


def test_a_slug_of_two_posts_finds_the_one_with_the_link(reader: Reader) -> None:
    """The slug alone is not enough."""
    reader.wordpress.publish(title="Hello", slug="hello", path="/2026/11/hello/", date=NOW)

    assert reader.site.find_post(f"{reader.wordpress.url}/2025/01/hello/") is None


@pytest.mark.parametrize("answer", [{"id": 1}, {"id": 1, "link": 5}, {"link": "https://site.example"}])
def test_a_record_without_a_link_finds_nothing(reader: Reader, answer: object) -> None:
    """It can't be told whether it is the one."""
    reader.wordpress.faults.add(match=HELLO, fault=Replace(answer))

    with pytest.raises(SiteUnavailableError, match="a record that has no"):
        reader.site.find_post(f"{reader.wordpress.url}/?p=1")
