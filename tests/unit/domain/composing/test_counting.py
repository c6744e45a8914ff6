"""How each server family counts: Mastodon's own spec, vectors derived from its source, and the families' rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.composing.counting import _PLAIN_URL, Rule, _url, _weighty, count, rule_for
from bot.domain.composing.known_tlds import is_known_tld

FLAG = "🏳️‍⚧️"
# text, content warning, Mastodon's count: the cases of its spec/validators/status_length_validator_spec.rb
SPEC = [
    ("a" * 200, "", 200),
    ("", "a" * 200, 200),
    ("a" * 50, "a" * 55, 105),
    ("a" * 76 + " http://" + "b" * 30 + ".com/example", "", 100),
    ("a" * 76 + "http://" + "b" * 30 + ".com/example", "", 125),
    ("http://example.com/valid?" + "#foo?" * 1000, "", 5025),
    ("a" * 75 + " @alice@" + "b" * 30 + ".com", "", 82),
    ("@alice@" + "b" * 506 + ".com", "", 517),
    ("✨" * 100, "", 100),
    (FLAG * 100, "", 100),
]
# text, then: Mastodon, code points, graphemes, UTF-16 units
DERIVED = [
    ("https://a.com", 23, 13, 13, 13),
    ("https://example.com/" + "p" * 300, 23, 320, 320, 320),
    ("example.com/path", 16, 16, 16, 16),
    ("http://localhost/foo", 20, 20, 20, 20),
    ("http://192.168.1.10/x", 21, 21, 21, 21),
    ("https://blog.example/x", 22, 22, 22, 22),
    ("https://a.internal/x", 20, 20, 20, 20),
    ("https://example.zip/x", 23, 21, 21, 21),
    ("https://例え.jp/x", 23, 15, 15, 15),
    ("https://xn--bcher-kva.com/x", 23, 27, 27, 27),
    ("https://example.com/a_(b)", 23, 25, 25, 25),
    ("(https://example.com/x)", 25, 23, 23, 23),
    ("https://example.com/x.", 24, 22, 22, 22),
    ("https://example.com/x?a=1&b=2#frag", 23, 34, 34, 34),
    ("https://example.com:8443/x", 23, 26, 26, 26),
    ("見てhttps://example.com/x", 25, 23, 23, 23),
    ("xhttps://example.com/x", 22, 22, 22, 22),
    ("#https://example.com/x", 22, 22, 22, 22),
    ("HTTPS://EXAMPLE.COM/x", 23, 21, 21, 21),
    ("https://example.com/ünïcödé", 23, 27, 27, 27),
    ("https://user:pw@example.com/x", 29, 29, 29, 29),
    ("gemini://example.com/x", 23, 22, 22, 22),
    ("ftp://example.com/" + "x" * 26, 44, 44, 44, 44),
    ("https://example.com/a b", 25, 23, 23, 23),
    ("https://mastodon.social/@bob/1", 23, 30, 30, 30),
    ("@bob", 4, 4, 4, 4),
    ("@bob@example.com", 4, 16, 16, 16),
    ("@bob-x@example.com", 6, 18, 18, 18),
    ("(@bob@example.com)", 6, 18, 18, 18),
    ("foo@example.com", 15, 15, 15, 15),
    ("/@bob@example.com", 17, 17, 17, 17),
    ("＠bob@example.com", 16, 16, 16, 16),
    ("@\u200bbob@example.com", 17, 17, 17, 17),
    ("é", 1, 1, 1, 1),
    ("e\u0301", 1, 2, 1, 2),
    ("a\r\nb", 3, 4, 3, 4),
    ("👨‍👩‍👧‍👦", 1, 7, 1, 11),
    ("🇫🇷", 1, 2, 1, 4),
    (FLAG, 1, 5, 1, 6),
]
# Read off the same sources, beyond the vectors above.
FINER = [
    ("web.archive.org/web/2020/https://example.com/a-long-path", 56),  # read over from a name without scheme
    ("see example.com,https://example.com/a-long-path ok", 4 + 12 + 23 + 3),  # the comma ends that name
    ("https://example.com/a_(b_(c))", 23),
    ("https://example.com/a_(b_(c_(d)))", 23 + 11),  # two nested levels are one too many
    ("https://example.com/a_(日本)", 23 + 4),  # at the end, parentheses are held to the narrower alphabet
    ("https://example.com/<b>", 23 + 3),
    ("https://example.com/x?a=1&b=!", 24),
    ("https://example.com/?", 24),
    ("https://example.com.", 24),
    ("https://under_score.example.com/x", 23),
    ("https://exam_ple.com/x", 22),
    ("https://example.comx/y", 22),
    ("https://example.com見/y", 23 + 3),
    ("https://" + "b" * 64 + ".com/x", 78),  # no IDNA label
    ("https://" + "例" * 60 + ".com/x", 74),  # too long in punycode
    ("https://example.com/" + "p" * 4076, 23),
    ("https://example.com/" + "p" * 4077, 4097),
    ("https://例え.jp/" + "p" * 4077, 4091),  # punycode makes it longer than 4096
    ("https://t.co/abc?x=1", 23 + 4),
    ("https://t.co/" + "a" * 41, 54),
    ("https://example.com/-@bob@example.com", 23),  # the URL came first
    ("@bob@example.com@x", 18),
    ("@bob://x", 8),
    ("@bobé", 5),
    ("mailto:bob@example.com", 22),
]


@pytest.mark.parametrize(("text", "spoiler_text", "expected"), SPEC)
def test_mastodon_spec(text: str, spoiler_text: str, expected: int) -> None:
    """Every case of Mastodon's own spec is counted as the server counts it."""
    assert expected == count(text, spoiler_text, Rule.MASTODON)


@pytest.mark.parametrize(("text", "mastodon", "code_points", "graphemes", "utf16"), DERIVED)
def test_derived(text: str, *, mastodon: int, code_points: int, graphemes: int, utf16: int) -> None:
    """Each family's count of each vector; the safe rule's is the larger of Mastodon's and the UTF-16 units."""
    expected = (mastodon, code_points, graphemes, utf16, max(mastodon, utf16))

    assert expected == tuple(
        count(text, "", rule) for rule in (Rule.MASTODON, Rule.CODE_POINTS, Rule.GRAPHEMES, Rule.UTF16, Rule.SAFE)
    )


@pytest.mark.parametrize(("text", "expected"), FINER)
def test_finer_points(text: str, expected: int) -> None:
    """The oddities of Mastodon's URL and mention matching."""
    assert expected == count(text, "", Rule.MASTODON)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [(Rule.MASTODON, 25), (Rule.CODE_POINTS, 15), (Rule.GRAPHEMES, 15), (Rule.UTF16, 15), (Rule.SAFE, 25)],
)
def test_content_warning_counts(rule: Rule, *, expected: int) -> None:
    """The content warning is added to the text without a separator, and a URL in it isn't shortened."""
    assert expected == count("https://a.com", "cw", rule)
    assert count("", "https://a.com", Rule.MASTODON) == 13


@pytest.mark.parametrize("rule", list(Rule))
def test_stripped_first(rule: Rule) -> None:
    """White space at the edges doesn't count, but a no-break space does, since Ruby leaves it."""
    assert count(" \na b\r\n ", "\tcw ", rule) == 5
    assert count("\u00a0a", "", rule) == 2


def test_conjuncts_count_twice() -> None:
    """Servers with an older Unicode see two clusters in an Indic conjunct, so that is what is counted."""
    assert count("नमस्ते", "", Rule.MASTODON) == 4


@pytest.mark.parametrize(
    ("software", "version", "expected"),
    [
        ("mastodon", "4.4.1", Rule.MASTODON),
        ("Mastodon", "4.4.1+glitch", Rule.MASTODON),
        ("hometown", "1.1.1", Rule.MASTODON),
        ("glitch-soc", "4.5.0", Rule.MASTODON),
        ("gotosocial", "0.20.0", Rule.CODE_POINTS),
        ("takahe", "0.11", Rule.CODE_POINTS),
        ("pleroma", "2.7.2 (compatible; Pleroma 2.5.1)", Rule.GRAPHEMES),
        ("akkoma", "2.7.2 (compatible; Akkoma 3.10)", Rule.GRAPHEMES),
        ("mastodon", "2.7.2 (compatible; Pleroma 2.5.1)", Rule.GRAPHEMES),
        ("", "4.2.1 (compatible; Iceshrimp.NET/2025.1)", Rule.SAFE),
        ("iceshrimp.net", "2025.1", Rule.UTF16),
        ("sharkey", "2025.4", Rule.UTF16),
        ("misskey", "2025.4", Rule.UTF16),
        ("pixelfed", "3.5.3 (compatible; Pixelfed 0.12.4)", Rule.CODE_POINTS),
        ("iceshrimp", "2023.12.7", Rule.UTF16),
        ("fedibird", "0.1", Rule.SAFE),
        ("friendica", "2.8.0 (compatible; Friendica 2024.08)", Rule.SAFE),
        ("snac", "2.70", Rule.SAFE),
        ("", "", Rule.SAFE),
    ],
)
def test_rule_for(software: str, version: str, expected: Rule) -> None:
    """The software decides; a version that names it in truth outweighs; what is unknown is counted safely."""
    assert expected == rule_for(software, version)


@given(st.text(), st.text(max_size=20))
def test_safe_is_never_less(text: str, spoiler_text: str) -> None:
    """What is short enough by the safe rule is short enough by every other."""
    safe = count(text, spoiler_text, Rule.SAFE)

    assert all(count(text, spoiler_text, rule) <= safe for rule in Rule)


@given(
    st.lists(
        st.sampled_from(["https://", "a.com", "@", "bob", "/", "(", ")", ".", "?", "é", "日本", " ", "xn--a", "-", "_"])
    )
)
def test_any_mixture_is_counted(parts: list[str]) -> None:
    """No mixture of what URLs and mentions are made of makes counting fail or end below nothing."""
    assert count("".join(parts), "", Rule.MASTODON) >= 0


def test_a_domain_of_too_many_labels_is_counted_by_letters() -> None:
    """Nobody has one; letters are never fewer than a URL's 23."""
    labels = "a." * 40

    assert 23 == count("https://" + "a." * 11 + "com/", "", Rule.MASTODON)
    assert len(f"https://{labels}com/") == count(f"https://{labels}com/", "", Rule.MASTODON)


@given(
    st.lists(
        st.sampled_from(
            ["a", "B", "9", "-", ".", "/", "_", "com", "de", "t.co", "example", "http", "https", "://", "xn--"]
        )
    ).map("".join)
)
def test_a_plain_url_is_counted_as_any(word: str) -> None:
    """The short way to tell a URL comes to the same as the long one."""
    for link in (word, f"https://{word}", f"https://a.com/{word}", f"https://{word}.com/a"):
        plain = _PLAIN_URL.fullmatch(link)
        if plain and is_known_tld(plain["tld"].lower()):
            long = [entity for found in _url().finditer(link) for entity in _weighty(found)]
            assert [(0, len(link), "x" * 23)] == long
