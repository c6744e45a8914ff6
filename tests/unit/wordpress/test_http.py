"""What headers and addresses become."""

import pytest

from bot.wordpress.http import NoResponseError, display, redirect_target


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://user:secret@site.example/wp-json/wp/v2/posts?after=x", "https://site.example/wp-json/wp/v2/posts"),
        ("https://site.example/?a=b&rest_route=/wp/v2/posts&c=d", "https://site.example/?rest_route=/wp/v2/posts"),
        ("https://site.example:8443/a\u202eb", "https://site.example:8443/ab"),
        ("https://[::1/", "the address"),
    ],
)
def test_an_address_is_shown_without_its_noise(url: str, shown: str) -> None:
    """No credentials, no query but the route."""
    assert shown == display(url)


@pytest.mark.parametrize(
    ("url", "location", "target"),
    [
        ("http://site.example/a", "https://www.site.example/b?c=d#top", "https://www.site.example/b?c=d"),
        ("https://site.example/a/b", "../c", "https://site.example/c"),
        ("https://site.example/a", "//cdn.example/x", "https://cdn.example/x"),
    ],
)
def test_a_redirect_leads_on(url: str, location: str, target: str) -> None:
    """Relative or not; what stands after "#" is the browser's."""
    assert target == redirect_target(url, location)


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("http://site.example/a", "from https to http"),
        ("ftp://site.example/a", "no web address"),
        ("javascript:alert(1)", "no web address"),
        ("http://[::1", "no address"),
        ("https://a:b:c/", "no address"),
    ],
)
def test_a_redirect_that_is_not_followed_says_why(location: str, said: str) -> None:
    """Down to plain http, out of the web, nowhere."""
    with pytest.raises(NoResponseError, match=said):
        redirect_target("https://site.example/", location)
