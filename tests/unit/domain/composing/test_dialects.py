"""What servers make of a text beyond what Mastodon does, and how it is kept from them."""

import pytest

from bot.domain.composing.compose import Composition, compose
from bot.domain.composing.counting import count, rule_for
from bot.domain.composing.dialects import content_type, foreign, takes_any_language
from bot.domain.composing.mentions import defuse_mentions
from bot.domain.models import Limits, Post, Term
from tests.makers import account_policy

SNAC = Limits(software="snac", version="4.0.0 (not true; really snac/2.96)")
MASTODON = Limits(software="mastodon", version="4.5.0")
GOTOSOCIAL = Limits(software="gotosocial", version="0.20.0")


def composed(limits: Limits, **fields: object) -> Composition:
    """A status on such a server."""
    post = Post(id=1, link="https://a.example/1/", **fields)  # type: ignore[arg-type] # whatever a test wants
    return compose(post, policy=account_policy(), limits=limits)


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (GOTOSOCIAL, "text/plain"),
        (Limits(software="mastodon", version="4.4.0+glitch"), "text/plain"),
        (Limits(software="glitch-soc", version="4.4.0"), "text/plain"),
        (Limits(software="mastodon", version="2.7.2 (compatible; Pleroma 2.5.1)"), "text/plain"),
        (Limits(software="akkoma"), "text/plain"),
        (MASTODON, ""),
        (SNAC, ""),
        (Limits(), ""),
    ],
)
def test_content_type(limits: Limits, expected: str) -> None:
    """Said where it is known; elsewhere nobody is asked to understand it."""
    assert expected == content_type(limits) == composed(limits, title="T").status.content_type


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("- 20 degrees tonight", "\u200b- 20 degrees tonight"),
        ("# 1 in the charts", "\u200b# 1 in the charts"),
        ("> 9000 visitors", "\u200b> 9000 visitors"),
        (">9000 visitors", "\u200b>9000 visitors"),
        ("1. FC Köln wins", "\u200b1. FC Köln wins"),
        ("1) first", "\u200b1) first"),
        ("* a star", "\u200b* a star"),
        ("+ a plus", "\u200b+ a plus"),
        ("--- a line", "\u200b--- a line"),
        ("```", "\u200bˋˋˋ"),
        ("A [link](evil.example/x) in markdown", "A [link]\u200b(evil.example/x) in markdown"),
        ("5*3*2 and *so* on", "5∗3∗2 and ∗so∗ on"),
        ("a * alone", "a * alone"),
        ("snake_case_name", "snake＿case＿name"),
        ("_so_ #my_own_tag", "＿so＿ #my_own_tag"),
        ("my_file", "my_file"),
        ("run `make` now", "run ˋmakeˋ now"),
        ("~~gone~~", "~\u200b~gone~\u200b~"),
        ("-20 degrees", "-20 degrees"),
        ("#hashtag first", "#hashtag first"),
        ("2026. It was", "\u200b2026. It was"),
        ("3.5 million [1]", "3.5 million [1]"),
        ("Use <b> wisely</b> <!-- now", "Use <\u200bb> wisely<\u200b/b> <\u200b!-- now"),
        ("1 < 2 <3", "1 < 2 <3"),
        ("costs $[5 or so]", "costs $\u200b[5 or so]"),
        ("mailto:a@evil.example", "mailto\u200b:a@evil.example"),
        ("gopher+x://evil.example", "gopher+x\u200b://evil.example"),
        ("", ""),
    ],
)
@pytest.mark.parametrize("software", ["snac", "friendica", "sharkey"])
def test_markdown(software: str, text: str, expected: str) -> None:
    """Where it is read whatever is said, a site's words keep from meaning more than they do."""
    assert expected == foreign(text, Limits(software=software))


def test_bbcode() -> None:
    """Friendica reads that too."""
    text = "[b]So[/b] [url=evil.example]x[/url], [1] [sic]"
    expected = "[\u200bb]So[\u200b/b] [\u200burl=evil.example]x[\u200b/url], [1] [sic]"

    assert expected == foreign(text, Limits(software="friendica"))


@pytest.mark.parametrize(
    "text", ["- 20 degrees tonight", "5*3*2", "A [link](x)", "_a_ `b`", "example.org and www.a.example"]
)
def test_mastodon_reads_none_of_it(text: str) -> None:
    """A text stays as it is there."""
    assert text == foreign(text, MASTODON)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("www.evil.example first", "www.\u200bevil.\u200bexample first"),
        ("evil.example/x", "evil.\u200bexample/x"),
        ("ftp:evil.example", "ftp\u200b:evil.\u200bexample"),
        ("mailto:a@evil.example", "mailto\u200b:a@evil.\u200bexample"),
        ("3.5 million, e.g. this", "3.5 million, e.g. this"),
        ("The end. The next", "The end. The next"),
        ("at 10:30", "at 10:30"),
    ],
)
@pytest.mark.parametrize("software", ["gotosocial", "pleroma", "akkoma", "pixelfed", "unheard-of", ""])
def test_bare_domains(software: str, text: str, expected: str) -> None:
    """Where a server makes links of them, none stands before the post's own; neither where nobody knows."""
    assert expected == foreign(text, Limits(software=software))


@pytest.mark.parametrize("software", ["mastodon", "takahe", "sharkey"])
def test_where_a_link_needs_its_scheme(software: str) -> None:
    """There a domain stays as it is."""
    assert "www.evil.example" == foreign("www.evil.example", Limits(software=software))


def test_the_status_is_counted_with_it() -> None:
    """What is put in counts as the server counts it."""
    found = composed(SNAC, title="- 20 degrees", tags=(Term(name="snow_ball"),))

    assert "\u200b- 20 degrees\n\nhttps://a.example/1/\n\n#snow_ball" == found.status.text
    assert found.length == count(found.status.text, "", rule_for(SNAC.software, SNAC.version))


@pytest.mark.parametrize(
    "title", ["\u3164", "\u2800", "\u200e", "\U000e0041\U000e0042", "\u115f \ufe0f", "\u200f\u061c"]
)
def test_a_title_that_nobody_sees(title: str) -> None:
    """It is none."""
    assert composed(MASTODON, title="").status.text == composed(MASTODON, title=title).status.text
    assert (
        composed(MASTODON, excerpt="<p>Words</p>").status.text
        == composed(MASTODON, title=f"<b>{title}</b>", excerpt="<p>Words</p>").status.text
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"title": "We #love it"},
        {"title": "T", "excerpt": "<p>All about #LOVE.</p>"},
        {"title": "T", "share_text": "My words #love"},
    ],
)
def test_a_hashtag_of_the_text_is_not_said_again(fields: dict[str, str]) -> None:
    """Below stand the others; one comes up in its place."""
    found = composed(MASTODON, **fields, tags=(Term(name="love"), Term(name="town")))

    assert 1 == found.status.text.lower().count("#love")
    assert found.hashtags in ((), ("#town",))


@pytest.mark.parametrize(
    ("limits", "full"),
    [(MASTODON, False), (Limits(), False), (Limits(software="glitch"), False), (GOTOSOCIAL, True), (SNAC, True)],
)
def test_languages(limits: Limits, full: bool) -> None:
    """Mastodon's list is Mastodon's."""
    assert full == takes_any_language(limits)
    assert ("pt-BR" if full else "pt") == composed(limits, title="T", language="pt-BR").status.language


@pytest.mark.parametrize(
    ("limits", "words", "expected"),
    [
        (SNAC, "# Read this\n--\n*My* words", "\u200b# Read this\n\u200b--\n∗My∗ words"),
        (SNAC, "*see https://b.example/a_b_c/ too*", "∗see https://b.example/a_b_c/ too∗"),
        (SNAC, "- %title%", "\u200b- A title"),
        (Limits(software="friendica"), "[b]Mine[/b]", "[\u200bb]Mine[\u200b/b]"),
        (GOTOSOCIAL, "*My* words", "*My* words"),
        (MASTODON, "# *My* words", "# *My* words"),
    ],
)
def test_the_authors_own_words(limits: Limits, words: str, expected: str) -> None:
    """They are no markup either, line by line; what they link to stays a link. GoToSocial is told that all is plain."""
    text = composed(limits, title="A title", share_text=f"Mine:\n{words}").status.text

    assert f"Mine:\n{expected}\n\nhttps://a.example/1/" == text


def test_the_authors_own_words_that_are_not_wanted() -> None:
    """The template's stand in their place."""
    post = Post(id=1, link="https://a.example/1/", title="A title", share_text="Mine")

    assert (
        "A title\n\nhttps://a.example/1/"
        == compose(post, policy=account_policy(author_words=False), limits=MASTODON).status.text
    )


@pytest.mark.parametrize("software", ["gotosocial", "pleroma"])
def test_whom_a_text_may_mention_keeps_the_host(software: str) -> None:
    """Whoever may be named is so by the whole handle; who is not, is by none."""
    text = defuse_mentions("@ana@far.example met @bo@far.example", ["ana@far.example"])

    assert "@ana@far.example met @\u200bbo@far.\u200bexample" == foreign(text, Limits(software=software))
