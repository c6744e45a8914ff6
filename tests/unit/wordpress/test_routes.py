"""Addresses of the REST API."""

import pytest

from bot.wordpress.routes import Route, as_root, is_plain, join, same_home, same_host, split

PRETTY = "https://site.example/uk/wp-json/"
PLAIN = "https://site.example/index.php?rest_route=/"


def test_parameters_follow_a_question_mark_or_an_ampersand() -> None:
    """A root with a query of its own takes further ones after "&"."""
    parameters = {"after": "2026-01-01T00:00:00Z", "exclude": "1,2", "slug": "a&b c"}
    query = "after=2026-01-01T00:00:00Z&exclude=1,2&slug=a%26b+c"

    assert f"{PRETTY}wp/v2/posts?{query}" == join(PRETTY, "wp/v2/posts", parameters)
    assert f"{PLAIN}wp/v2/posts&{query}" == join(PLAIN, "wp/v2/posts", parameters)
    assert PRETTY == join(PRETTY, "", {})


def test_a_route_has_a_listing_and_single_posts() -> None:
    """Both below the same root."""
    route = Route(root=PRETTY, path="wp/v2/posts")

    assert f"{PRETTY}wp/v2/posts?a=b" == route.all({"a": "b"})
    assert f"{PRETTY}wp/v2/posts/7" == route.one(7, {})


@pytest.mark.parametrize(
    ("address", "root"),
    [
        ("https://site.example/wp-json", "https://site.example/wp-json/"),
        (f"{PRETTY}?_fields=name&lang=de#top", PRETTY),
        ("https://site.example/?rest_route=/", "https://site.example/?rest_route=/"),
        ("https://site.example?rest_route=%2F&_fields=a", "https://site.example/?rest_route=/"),
        (PLAIN, PLAIN),
        ("https://site.example", "https://site.example/"),
        ("/wp-json/", ""),
        ("ftp://site.example/", ""),
        ("https://", ""),
        ("https://[::1/", ""),
        ("https://site.example:99999/", ""),
        ("https://site.example/\x07", ""),
        ("javascript:alert(1)", ""),
    ],
)
def test_an_address_becomes_a_root(address: str, root: str) -> None:
    """Closed with a slash and without parameters of the request; '' where it is no web address."""
    assert root == as_root(address)


def test_a_plain_root_is_known_by_its_query() -> None:
    """The route is a parameter there."""
    assert is_plain(PLAIN)
    assert not is_plain(PRETTY)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://site.example/uk", "http://www.site.example/uk/?p=1", True),
        ("https://site.example/", "https://site.example/index.php?p=1", True),
        ("https://site.example/uk", "https://site.example/?p=1", False),
        ("https://site.example/", "https://other.example/", False),
        ("https://site.example:8443/", "https://site.example/", False),
        ("nonsense", "nonsense", False),
        ("https://site.example/", "nonsense", False),
    ],
)
def test_two_addresses_of_one_home(one: str, other: str, same: bool) -> None:
    """Scheme, "www.", query and slash don't matter; a subfolder does."""
    assert same is same_home(one, other)


def test_two_addresses_on_one_host() -> None:
    """Whatever their paths."""
    assert same_host("https://www.site.example/a", "http://site.example/b")
    assert not same_host("https://site.example/a", "https://cdn.site.example/a")
    assert not same_host("https://site.example/a", "")
    assert not same_host("", "")


def test_only_web_addresses_are_split() -> None:
    """None for all else."""
    assert split("mailto:a@site.example") is None
    assert split(" https://site.example/a ") is not None
