"""How the sandbox's Mastodon counts and renders."""

import pytest

from bot.sandbox.mastodon_text import count, mentioned, render, url_at

ORIGIN = "http://127.0.0.1:1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a" * 200, 200),
        ("a" * 76 + " http://" + "b" * 30 + ".com/example", 100),
        ("a" * 76 + "http://" + "b" * 30 + ".com/example", 125),
        ("http://example.com/valid?" + "#foo?" * 1000, 5025),
        ("a" * 75 + " @alice@" + "b" * 30 + ".com", 82),
        ("@alice@" + "b" * 506 + ".com", 517),
        ("✨" * 100, 100),
        ("🏳️‍⚧️" * 100, 100),
        ("https://a.com", 23),
        ("https://example.com/" + "p" * 300, 23),
        ("example.com/path", 16),
        ("http://localhost/foo", 20),
        ("http://192.168.1.10/x", 21),
        ("http://127.0.0.1:8080/uk/1/", 27),
        ("https://blog.example/x", 22),
        ("https://a.internal/x", 20),
        ("https://example.zip/x", 23),
        ("https://例え.jp/x", 23),
        ("https://xn--bcher-kva.com/x", 23),
        ("https://example.com/a_(b)", 23),
        ("(https://example.com/x)", 25),
        ("https://example.com/x.", 24),
        ("https://example.com.", 24),
        ("https://example.com/x?a=1&b=2#frag", 23),
        ("https://example.com:8443/x", 23),
        ("見てhttps://example.com/x", 25),
        ("xhttps://example.com/x", 22),
        ("#https://example.com/x", 22),
        ("HTTPS://EXAMPLE.COM/x", 23),
        ("https://example.com/ünïcödé", 23),
        ("https://user:pw@example.com/x", 29),
        ("gemini://example.com/x", 23),
        ("ftp://example.com/" + "x" * 26, 44),
        ("https://example.com/a b", 25),
        ("https://mastodon.social/@bob/1", 23),
        ("@bob", 4),
        ("@bob@example.com", 4),
        ("@bob-x@example.com", 6),
        ("(@bob@example.com)", 6),
        ("foo@example.com", 15),
        ("/@bob@example.com", 17),
        ("＠bob@example.com", 16),
        ("@\u200bbob@example.com", 17),
        ("é", 1),
        ("e\u0301", 1),
        ("a\r\nb", 3),
        ("👨‍👩‍👧‍👦", 1),
        ("🇫🇷", 1),
        ("🇫🇷🇩🇪", 2),
        ("👍🏽", 1),
        ("  padded  ", 6),
    ],
)
def test_counting(text: str, expected: int) -> None:
    """The vectors of the server's own tests, and what follows from its rules."""
    assert expected == count(text)


def test_the_content_warning_counts_raw() -> None:
    """A URL in it is not shortened."""
    assert 23 + len("see https://example.com/long/path") == count("https://a.com", "see https://example.com/long/path")


def _content(text: str, linked: str = "known") -> str:
    return render(text, origin=ORIGIN, local=("bob",), linked=linked)


def test_paragraphs_and_breaks() -> None:
    """Blank lines part paragraphs, single ones are breaks; what HTML would take for its own is escaped."""
    assert "<p>a<br />b</p><p>&lt;c&gt; &amp; &#x27;d&#x27;</p>" == _content("a\r\nb\n\n\n<c> & 'd'\n")


def test_links() -> None:
    """Scheme and tail are there, but unseen; the full stop after it is not part of it."""
    expected = (
        '<p>See <a href="https://www.example.com/a?b=1&amp;c=2" target="_blank" rel="nofollow noopener" translate="no">'
        '<span class="invisible">https://www.</span><span class="">example.com/a?b=1&amp;c=2</span>'
        '<span class="invisible"></span></a>.</p>'
    )

    assert expected == _content("See https://www.example.com/a?b=1&c=2.")
    assert '<span class="ellipsis">example.com/' + "p" * 18 + '</span><span class="invisible">pp<' in _content(
        "https://example.com/" + "p" * 20
    )


def test_loopback_addresses_are_linked_only_where_all_are() -> None:
    """Mastodon links what ends in a known top-level domain."""
    assert "<p>http://127.0.0.1:8/x</p>" == _content("http://127.0.0.1:8/x")
    assert 'href="http://127.0.0.1:8/x"' in _content("http://127.0.0.1:8/x", "all")
    assert "" == url_at("no url", linked="all")


def test_hashtags_and_mentions() -> None:
    """Hashtags stand after white space; only local accounts are mentioned; digits alone are no tag."""
    content = _content("#Foo @bob. @eve #2026 x#bar @bob@127.0.0.1:1 @bob@other.example")

    assert f'<a href="{ORIGIN}/tags/foo" class="mention hashtag" rel="tag">#<span>Foo</span></a>' in content
    assert 2 == content.count('class="u-url mention">@<span>bob</span></a></span>')
    assert "</span>. @eve #2026 x#bar" in content
    assert content.endswith("@bob@other.example</p>")


def test_who_is_mentioned() -> None:
    """Local names, with or without the domain, once each; a zero-width space keeps it from being one."""
    assert ["bob", "al.x"] == mentioned("@bob @bob@here:1, (@al.x) x@no @eve@there /@y @\u200bz", domain="here:1")
