"""Addresses of the REST API."""

import pytest

from bot.wordpress.routes import (
    Route,
    above,
    as_root,
    below,
    host_of,
    is_hosted,
    is_plain,
    join,
    same_home,
    same_host,
    split,
    with_parameters,
)

PRETTY = "https://site.example/uk/wp-json/"
HOSTED = "https://public-api.wordpress.com/wp/v2/sites/example.wordpress.com/"
PLAIN = "https://site.example/index.php?rest_route=/"
WORDPRESS_COM = "https://public-api.wordpress.com"


def test_parameters_follow_a_question_mark_or_an_ampersand() -> None:
    """A root with a query of its own takes further ones after "&"."""
    parameters = {"after": "2026-01-01T00:00:00Z", "exclude": "1,2", "slug": "a&b c"}
    query = "after=2026-01-01T00:00:00Z&exclude=1,2&slug=a%26b+c"

    assert f"{PRETTY}wp/v2/posts?{query}" == join(PRETTY, "wp/v2/posts", parameters)
    assert f"{PLAIN}wp/v2/posts&{query}" == join(PLAIN, "wp/v2/posts", parameters)
    assert PRETTY == join(PRETTY, "", {})
    assert f"{PRETTY}wp/v2/posts?lang=fr&{query}" == join(f"{PRETTY}?lang=fr", "wp/v2/posts", parameters)
    assert f"{PRETTY}wp/v2/posts?lang=fr" == join(f"{PRETTY}?lang=fr", "wp/v2/posts", {})


def test_wordpress_com_has_the_posts_right_below_its_root() -> None:
    """Its roots are named "wp/v2" themselves."""
    assert f"{HOSTED}posts/7" == join(HOSTED, "wp/v2/posts/7", {})
    assert is_hosted(HOSTED)
    assert not is_hosted(PRETTY)


def test_a_place_below_an_address_keeps_its_query() -> None:
    """Where a site's address carries the language."""
    assert "https://site.example/wp-json/?lang=fr" == below("https://site.example/?lang=fr", "wp-json/")
    assert "https://site.example/?lang=fr&rest_route=/" == below("https://site.example/?lang=fr", "", "/")
    assert "https://site.example/?rest_route=/" == below("https://site.example/", "", "/")


def test_a_route_has_a_listing_and_single_posts() -> None:
    """Both below the same root."""
    route = Route(root=PRETTY, path="wp/v2/posts")

    assert f"{PRETTY}wp/v2/posts?a=b" == route.all({"a": "b"})
    assert f"{PRETTY}wp/v2/posts/7" == route.one(7, {})


@pytest.mark.parametrize(
    ("address", "root"),
    [
        ("https://site.example/wp-json", "https://site.example/wp-json/"),
        (f"{PRETTY}?_fields=name&lang=de#top", f"{PRETTY}?lang=de"),
        ("https://site.example/?rest_route=/", "https://site.example/?rest_route=/"),
        ("https://site.example?rest_route=%2F&_fields=a", "https://site.example/?rest_route=/"),
        (PLAIN, PLAIN),
        ("https://site.example/?rest_route=/&lang=fr", "https://site.example/?lang=fr&rest_route=/"),
        (f"{PRETTY}?per_page=5&context=view&lang=", f"{PRETTY}?lang="),
        (HOSTED.rstrip("/"), HOSTED),
        (f"{HOSTED}posts", HOSTED),
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


@pytest.mark.parametrize(
    ("address", "root"),
    [
        ("https://a.example/wp-json/wp/v2/posts?per_page=1", "https://a.example/wp-json/"),
        ("https://a.example/wp-json/wp/v2/posts/7?lang=fr", "https://a.example/wp-json/?lang=fr"),
        ("https://a.example/wp-json/wp/v2/", "https://a.example/wp-json/"),
        ("https://a.example/uk/?rest_route=/wp/v2/posts", "https://a.example/uk/?rest_route=/"),
        ("https://a.example/news/", "https://a.example/news/"),
        (f"{WORDPRESS_COM}/wp/v2/sites/a.example/posts", f"{WORDPRESS_COM}/wp/v2/sites/a.example/"),
        (f"{WORDPRESS_COM}/rest/v1.1/sites/a.example/posts/", f"{WORDPRESS_COM}/wp/v2/sites/a.example/"),
    ],
)
def test_an_address_of_a_route_leads_to_its_root(address: str, root: str) -> None:
    """Where a person copied it from a browser."""
    assert root == above(as_root(address))


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


@pytest.mark.parametrize(
    ("root", "address", "wanted"),
    [
        ("https://a.example/wp-json/", "https://a.example/?lang=fr", "https://a.example/wp-json/?lang=fr"),
        ("https://a.example/wp-json/?lang=de", "https://a.example/?lang=fr", "https://a.example/wp-json/?lang=de"),
        ("https://a.example/?rest_route=/", "https://a.example/?lang=fr", "https://a.example/?lang=fr&rest_route=/"),
        ("https://a.example/wp-json/", "https://a.example/?rest_route=/", "https://a.example/wp-json/"),
        ("https://a.example/wp-json/", "https://a.example", "https://a.example/wp-json/"),
    ],
)
def test_a_root_has_the_parameters_of_the_site(root: str, address: str, wanted: str) -> None:
    """What the site's own page names wins."""
    assert wanted == with_parameters(root, address)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://Bücher.example/a", "xn--bcher-kva.example"),
        ("https://xn--bcher-kva.example:443/", "xn--bcher-kva.example"),
        ("http://a.example:8080/", "a.example:8080"),
        ("http://user@[::1]:80/", "[::1]"),
        ("ftp://a.example/", ""),
    ],
)
def test_a_host_has_one_spelling(address: str, host: str) -> None:
    """Whatever its case and its script, and without the scheme's own port."""
    assert host == host_of(address)
