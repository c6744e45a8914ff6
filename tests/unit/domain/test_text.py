"""HTML as WordPress gives it → text; shortening; mentions and links in other people's text."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.excerpts import excerpt
from bot.domain.mentions import defuse_mentions
from bot.domain.shortening import shorten
from bot.domain.text import clean, plain, unlink


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", ""),
        ("Fish &#038; chips", "Fish & chips"),
        ("&amp;amp; &amp;#8217; &amp;hellip;", "& ’ …"),
        ("5 < 6 &amp; 7 > 6", "5 < 6 & 7 > 6"),
        ("I <3 you", "I <3 you"),
        ("A <i>title</i> with <script>alert(1)</script> tags", "A title with tags"),
        ("<p>One</p><p>two<br>three</p>", "One two three"),
        ("a<b>b</b>c", "abc"),
        ("AT&T R&D &copy=2", "AT&T R&D &copy=2"),
        ("a&nbsp;\u3000\u2028 b\n", "a b"),
        ("a\u202e\u2066b\u2069\u202c\u200b\ufeff\xad\x00\x07", "ab"),
        ("&#xD800;a&#0;&#xFFFF;&#x110000;", "a"),
        ("نرم\u200cافزار", "نرم\u200cافزار"),
        ("\u200da \u200c b\u200d", "a b"),
        ("👩‍👩‍👧‍👦 ❤️", "👩‍👩‍👧‍👦 ❤️"),
        ('Hi <img class="emoji" alt="🎉" src="x"><img alt="photo">', "Hi 🎉"),
        ("<!-- wp:paragraph --><p>x</p><!-- /wp:paragraph -->", "x"),
        ("a <!-- never closed", "a"),
        ("a <![foo b", "a"),
        ("<?php echo 1 ?>a<!DOCTYPE html>", "a"),
        ('Cut <a href="https://exam', "Cut"),
        ("https://example.org/page", "https://example.org/page"),
        ("post.html", "post.html"),
        ("&#" + "9" * 5000 + ";", "&#" + "9" * 5000 + ";"),
        ("<ruby>漢字<rp>(</rp><rt>かんじ</rt><rp>)</rp></ruby>", "漢字"),
        ("<noscript><iframe>x</iframe></noscript><svg><svg></svg></svg>a", "a"),
    ],
)
def test_plain(html: str, expected: str) -> None:
    """Tags and entities go, text stays, all on one line."""
    assert expected == plain(html)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Fifty words and [&hellip;]</p>\n", "Fifty words and…"),
        ("one,&hellip;\n", "one…"),
        ("one. [...]", "one…"),
        ("one (...) ...", "one…"),
        ("[&hellip;]", ""),
        ("Really?! [&hellip;]", "Really?!…"),
        ("A sentence.", "A sentence."),
        ('Cut <a class="more-link" href="x">Continue<span> reading</span></a>', "Cut…"),
        ('Whole. <a class="button read_more" href="x">Weiter</a>', "Whole."),
        ('Cut&hellip; <p class="link-more"><a href="x">Lire la suite</a></p>', "Cut…"),
        ('Cut <a href="x">続きを読む</a> &raquo;', "Cut…"),
        ('<a href="x">Read more</a> here', "Read more here"),
        ('See <a href="x">the page</a>', "See the page"),
        ('<span class="screen-reader-text">Hidden</span>Seen', "Seen"),
        ('<a class="more-link" href="x">More</a>', ""),
    ],
)
def test_excerpt_ends(html: str, expected: str) -> None:
    """However a theme ends an excerpt, a cut one ends with one ellipsis, and no link to the rest is left."""
    assert expected == excerpt(html)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("Before. [gallery ids=&#8220;1,2&#8221;] After", "Before. After"),
        ("[gallery] a", "a"),
        ("[caption id=&quot;a&quot;]A lake[/caption] b", "A lake b"),
        ("[unknown foo=&#8221;bar&#8221;]inner[/unknown].", "inner."),
        ("[note]inner[/note]", "inner"),
        ("[vc_row][vc_column]a[/vc_column][/vc_row] [my_thing]", "a"),
        ("[button /] a [x y /]", "a"),
        ("a [/stray]", "a"),
        ("a [video src=&#8220;https://exam [&hellip;]", "a…"),
        ("He said [sic] that", "He said [sic] that"),
        ("[Update] New", "[Update] New"),
        ("[see page 3] [1] [a = b]", "[see page 3] [1] [a = b]"),
    ],
)
def test_excerpt_shortcodes(html: str, expected: str) -> None:
    """Shortcodes go and what they enclose stays; a word in brackets is prose."""
    assert expected == excerpt(html)


def test_excerpt_footer() -> None:
    """The feed's last paragraph, with links to the post and to the site, goes in whatever language it is."""
    footer = '<p>Der Beitrag <a href="https://a.com/p/">P</a> erschien zuerst auf <a href="https://a.com">A</a>.</p>'

    assert excerpt(f"<p>Words.</p>{footer}") == "Words."
    assert (
        excerpt('<p>Words.</p><p><a href="https://a.com/">A</a> and <a href="https://b.com/">B</a></p>')
        == "Words. A and B"
    )
    assert excerpt('<p><a href="https://a.com/p/">P</a> <a href="https://a.com">A</a></p>') == "P A"


FRAGMENTS = st.recursive(
    st.text()
    | st.sampled_from(["&amp;", "&lt;", "&#8217;", "&amp;amp;", "&hellip;", "<br>", "<b", "</p>", "<!--", "<![", "&"]),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag}>",
        st.sampled_from(
            [
                "p",
                "b",
                "div",
                "a class='more-link' href='x'",
                "script",
                "svg",
                "li",
                "img class=emoji alt=x",
                "noscript",
            ]
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@given(FRAGMENTS)
def test_never_raises(html: str) -> None:
    """Whatever the fragment: one line without controls."""
    for text in (plain(html), excerpt(html)):
        assert text == clean(text)
        assert not regex.search(r"[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]", text)


WORDS = st.lists(st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=8), min_size=1, max_size=5).map(
    " ".join
)


@given(WORDS, st.lists(st.sampled_from(["p", "b", "em", "div", "a", "li", "h2"]), max_size=6))
def test_nothing_of_the_markup_is_left(text: str, tags: list[str]) -> None:
    """However deep text is nested and however often (twice) it was escaped, the text is all that is left."""
    html = "&amp;amp;" + text
    for tag in tags:
        html = f"<{tag}>{html}</{tag}>"

    assert plain(html) == clean("&" + text)


def test_nesting_and_noise_are_no_burden() -> None:
    """Hundreds of kilobytes of markup are read like any other."""
    assert plain("<b>" * 5000 + "x") == "x"
    assert plain("<" * 20_000) == "<" * 20_000
    assert plain("<a" * 5000 + ">x") == "x"
    for noise in (". ", "....", "…", "[…]", "-", "»", "\u200d", "[a ", "(", "@", "&", "<p>"):
        assert excerpt(noise * 5000 + "x").endswith("x")


# --- shortening ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("Hello world", 11, "Hello world"),
        ("Hello world", 10, "Hello…"),
        ("Hello, world", 9, "Hello…"),
        ("one – two", 6, "one…"),
        ("one state-of-the-art", 12, "one…"),
        ("wait… what", 8, "wait…"),
        ("3.5 million", 5, "3.5…"),
        ("Incomprehensible", 6, "Incom…"),
        ("这是一个没有空格的。段落", 6, "这是一个没…"),
        ("สวัสดีชาวโลก", 6, "สวัส…"),
        ("see https://example.com/long/path now", 30, "see…"),
        ("https://example.com/long/path", 10, ""),
        ("one\n\ntwo", 6, "one…"),
        ("— — —", 3, ""),
        ("abc", 1, ""),
    ],
)
def test_shorten(text: str, length: int, expected: str) -> None:
    """Cut at a word's end, or between the characters of scripts without spaces; never within a URL."""
    assert expected == shorten(text, lambda part: len(part) <= length)


@given(st.text() | WORDS, st.integers(0, 40))
def test_shorten_never_splits_a_cluster(text: str, length: int) -> None:
    """What is left fits, is a beginning of the text, and ends between two grapheme clusters."""
    short = shorten(text, lambda part: len(part) <= length)

    assert len(short) <= length
    if short != text and short:
        assert short.endswith("…")
        ends = {match.end() for match in regex.finditer(r"\X", text)}
        assert text.startswith(short[:-1])
        assert len(short) - 1 in ends


def test_shorten_looks_no_further_than_it_has_to() -> None:
    """A long text is measured a few times only, and as a whole but once."""
    measured: list[int] = []

    def fits(part: str) -> bool:
        measured.append(len(part))
        return len(part) <= 500

    assert 490 <= len(shorten("word " * 20_000, fits)) <= 500
    assert len(measured) < 30
    assert sum(measured) < 110_000


# --- other people's text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@bob", "@\u200bbob"),
        ("(@bob@example.com)", "(@\u200bbob@example.com)"),
        ("/@bob =@bob _@bob -@bob", "/@\u200bbob =@\u200bbob _@\u200bbob -@\u200bbob"),
        ("@@bob", "@@\u200bbob"),
        ("mail bob@example.com", "mail bob@example.com"),
        ("日@bob", "日@bob"),
        ("12 @ 3, ＠bob", "12 @ 3, ＠bob"),
        ("ends in @", "ends in @\u200b"),
        ("https://mastodon.social/@bob/1", "https://mastodon.social/%40bob/1"),
        ("#hashtag", "#hashtag"),
    ],
)
def test_defuse_mentions(text: str, expected: str) -> None:
    """Nobody is mentioned by other people's text; e-mail addresses and URLs stay usable."""
    assert expected == defuse_mentions(text)


@given(st.text(st.sampled_from("@bob. /=(_-é日1:https\u200c\u0301"), max_size=30))
def test_no_mention_is_left(text: str) -> None:
    """Neither Mastodon's pattern nor that of GoToSocial finds a mention."""
    defused = defuse_mentions(text)

    assert not regex.search(r"(?<![=/\p{L}\p{M}\p{Nd}\p{Pc}])@[a-z0-9_]", defused, regex.IGNORECASE)
    assert not regex.search(r"(?:^|[\s\p{P}])@[\p{L}\p{N}._-]", defused)


def test_unlink() -> None:
    """A URL in other people's text stays readable but is no link, so that the post's own is the first."""
    assert unlink("See https://example.org/page (HTTP://a.com)") == "See example.org/page (a.com)"


@pytest.mark.parametrize(
    "text", ["hthttps://tps://evil.example/", "https:https:////evil.example/", "htthttp://http://ps://x.example"]
)
def test_no_url_is_left_where_one_was_taken_out(text: str) -> None:
    """What stood around a scheme may be a scheme; the post's own link has to stay the first."""
    assert "://" not in unlink(text)


@pytest.mark.parametrize("html", ["<<!x>![bogus x]>", "<<!---->![bogus x]>", "<<?x>![ 1", "<<<!x>!DOCTYPE ["])
def test_what_is_taken_out_makes_no_declaration_of_the_rest(html: str) -> None:
    """Python's parser gives up at a malformed one, and with it the whole look would."""
    assert html.rpartition(">!")[2] in plain(html)


def test_a_more_link_is_told_from_its_own_words() -> None:
    """What stands in the link itself is not behind it, however deep."""
    assert "Once upon a time…" == excerpt("Once upon a time <a href='/1/'>Read more <b>about <i>it</i></b></a>")
    assert "Read more about it, he said" == excerpt("<a href='/1/'>Read more <b>about <i>it</i></b></a>, he said")
