"""What headers and addresses become."""

from datetime import UTC, datetime

import pytest

from bot.wordpress.http import NoResponseError, display, redirect_target, retry_after

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DATE = "Sun, 22 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "600"}, 600),
        ({"retry-after": " 0 "}, 0),
        ({"retry-after": "9" * 500}, 999_999_999),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "٣"}, None),
        ({"retry-after": "Sun, 22 Nov 2026 12:05:00 GMT"}, 300),
        ({"retry-after": "Sun, 22 Nov 2026 12:05:00"}, 300),
        ({"retry-after": "Sun, 22 Nov 2026 11:00:00 GMT"}, 0),
        ({"retry-after": "Sun, 22 Nov 2020 12:00:30 GMT", "date": "Sun, 22 Nov 2020 12:00:00 GMT"}, 30),
        ({"retry-after": "Sun, 22 Nov 2026 12:05:00 GMT", "date": "yesterday"}, 300),
        ({"retry-after": "Sun, 99 Nov 2026 12:05:00 GMT"}, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(headers: dict[str, str], seconds: float | None) -> None:
    """A date counts from the answer's own Date; nonsense says nothing."""
    assert seconds == retry_after(headers, now=lambda: NOW)


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
