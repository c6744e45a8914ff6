"""Links: whether two are the same, and how one goes into a status."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.composing.counting import Rule, count
from bot.domain.text.links import LinkError, normalise, safe_link, same_host, same_link

LINK = "https://example.com/2026/11/a-post/"


@pytest.mark.parametrize(
    "other",
    [
        "http://example.com/2026/11/a-post/",
        "//example.com/2026/11/a-post",
        "example.com/2026/11/a-post",
        "https://EXAMPLE.com:443/2026/11/a-post",
        "http://example.com:80/2026/11/a-post/",
        "https://www.example.com./2026/11/a-post/",
        "https://example.com/2026/11/a-post/#comments",
        "https://example.com/2026/11/a-post/?utm_source=mastodon&utm_medium=social",
        "https://example.com/2026/11/a-post/?fbclid=abc",
        "https://example.com/2026/11/%61-post//",
        " https://example.com/2026/11/a-post/\n",
        "https://example.com/2026/11/a-post?",
    ],
)
def test_same(other: str) -> None:
    """What doesn't tell two posts apart makes no difference."""
    assert same_link(LINK, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/?p=1&amp;x=2", "https://example.com/?p=1&x=2"),
        ("https://example.com/?p=1&#038;x=2", "https://example.com/?p=1&x=2"),
        ("https://example.com/%e4%bd%a0", "https://example.com/你"),
        ("https://example.com/u\u0308", "https://example.com/%C3%BC"),
        ("https://bücher.de/x", "https://xn--bcher-kva.de/x"),
        ("https://example.com/@bob/(x)", "https://example.com/%40bob/%28x%29"),
        ("https://example.com/%ff", "https://example.com/%FF"),
    ],
)
def test_same_in_another_notation(one: str, other: str) -> None:
    """Escapes, entities and punycode are notations of the same link."""
    assert same_link(one, other)


def test_same_host() -> None:
    """In whatever notation, whatever comes after it."""
    assert same_host("https://bücher.de/x", "http://XN--bcher-kva.de:80?y")
    assert not same_host("https://a.example/x", "https://b.example/x")
    assert not same_host("https://a.example/x", "https://a.example:8080/x")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LINK, "https://example.com/2026/11/a-post-2/"),
        (LINK, "https://example.org/2026/11/a-post/"),
        (LINK, "https://blog.example.com/2026/11/a-post/"),
        (LINK, "https://example.com:8080/2026/11/a-post/"),
        (LINK, "https://example.com/2026/11/A-Post/"),
        (LINK, "ftp://example.com/2026/11/a-post/"),
        ("https://example.com/?p=1", "https://example.com/?p=12"),
        ("https://example.com/?a=1&b=2", "https://example.com/?b=2&a=1"),
        ("https://example.com/a%2Fb", "https://example.com/a/b"),
        ("https://example.com/?a=1%26b=2", "https://example.com/?a=1&b=2"),
        ("https://example.com/?_gallery=1", "https://example.com/"),
        ("", ""),
    ],
)
def test_different(one: str, other: str) -> None:
    """A false match would lose a post: what may be another post is another link; no link is like no link."""
    assert not same_link(one, other)


@given(st.text())
def test_never_raises(text: str) -> None:
    """Whatever the string, normalising gives a string."""
    assert isinstance(normalise(text), str)


@pytest.mark.parametrize(
    "text", ["http://[", "https://[::1", "\ud800://x", "https://\udfff/", "%", "https://" + "a" * 70 + "/", "?&#"]
)
def test_strange_strings(text: str) -> None:
    """Broken brackets, lone surrogates, labels that are too long: no error."""
    assert isinstance(normalise(text), str)


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        (LINK, LINK),
        (" https://example.com ", "https://example.com"),
        ("https://example.com/@bob/1", "https://example.com/%40bob/1"),
        ("https://example.com/a b\"c'd<e>", "https://example.com/a%20b%22c%27d%3Ce%3E"),
        ("https://example.com/%e4%bd%a0/", "https://example.com/%e4%bd%a0/"),
        ("https://example.com/你", "https://example.com/%E4%BD%A0"),
        ("https://example.com/100%", "https://example.com/100%25"),
        ("https://example.com/a_(b)", "https://example.com/a_%28b%29"),
        ("https://example.com/etc...", "https://example.com/etc%2E%2E%2E"),
        ("https://example.com/?p=1&#038;x=2", "https://example.com/?p=1&x=2"),
        ("https://例え.jp:8443/x", "https://例え.jp:8443/x"),
        ("http://[::1]:80/x", "http://[::1]:80/x"),
        ("https://example.com/a\nb", "https://example.com/a%0Ab"),
        ("https://example.com/\ud800", "https://example.com/%3F"),
    ],
)
def test_safe_link(link: str, expected: str) -> None:
    """What would end a link, or be read as a mention, is percent-encoded; escapes that are there stay."""
    assert expected == safe_link(link)


@pytest.mark.parametrize(
    "link",
    [
        "",
        "example.com/x",
        "ftp://example.com/",
        "https://",
        "https:///x",
        "javascript:alert(1)",
        "/x",
        "https://a b.com/",
        "https://a.com:x/",
    ],
)
def test_unsafe_links_are_refused(link: str) -> None:
    """Only http(s) with a host can be shared."""
    with pytest.raises(LinkError, match="can't be shared"):
        safe_link(link)


def test_password_is_refused_and_not_shown() -> None:
    """A link with a password in it isn't published, and the message doesn't repeat the password."""
    with pytest.raises(LinkError) as caught:
        safe_link("https://user:secret@example.com/")

    assert "secret" not in str(caught.value)


@given(st.text(max_size=60))
def test_safe_link_is_one_whole_link(path: str) -> None:
    """Whatever the path, the link is one for Mastodon, pings nobody, and stays the same link."""
    link = safe_link(f"https://example.com/{path}")

    assert count(link, "", Rule.MASTODON) == 23
    assert not set("@ \n\"'()<>") & set(link)
    assert link == safe_link(link)
