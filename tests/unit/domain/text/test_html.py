"""HTML as WordPress gives it → text; mentions and links in other people's text."""

import pytest
import regex
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.composing.excerpts import excerpt
from bot.domain.composing.mentions import defuse_mentions
from bot.domain.text.html import clean, is_removed, plain, remove, unlink


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
        ("The <del>old</del> <ins>new</ins> town", "The new town"),
        ("For <s>100</s> <strike>80</strike> 50 €", "For 50 €"),
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


# --- other people's text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@bob", "@\u200bbob"),
        ("(@bob@example.com)", "(@\u200bbob@example.com)"),
        ("/@bob =@bob _@bob -@bob", "/@\u200bbob =@\u200bbob _@\u200bbob -@\u200bbob"),
        ("@@bob", "@@\u200bbob"),
        ("mail bob@example.com", "mail bob@example.com"),
        ("日@bob é@bob", "日@\u200bbob é@\u200bbob"),
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


class Unsearched(BeautifulSoup):
    """A tree that must not be searched."""

    def find(self, *_args, **_kwargs):
        """Nobody may."""
        raise AssertionError("what stands within was searched")


def test_whether_a_tag_is_removed() -> None:
    """It is told of the tag itself, and of those within it; nothing within is searched, which may be thousands deep."""
    tree = Unsearched("<div><p>a <b>b</b></p><i>c</i></div>", "html.parser")
    tags = tree.find_all(True)
    assert not any(map(is_removed, [tree, *tags]))

    remove(tag for tag in tags if tag.name in {"p", "b"})

    assert ["div", "i"] == [tag.name for tag in tags if not is_removed(tag)]
