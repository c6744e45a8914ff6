"""What an excerpt says, without what themes add, and titles that are said twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.composing.excerpts import excerpt, is_cut, without_title


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Fifty words and [&hellip;]</p>\n", "Fifty words and…"),
        ("one,&hellip;\n", "one…"),
        ("one. [...]", "one…"),
        ("one (...) ...", "one…"),
        ("[&hellip;]", ""),
        ("Really?! [&hellip;]", "Really?!…"),
        ("Rock &#82 [&hellip;]", "Rock…"),
        ("Rock &hell…", "Rock…"),
        ("AT&T [...]", "AT&T…"),
        ("A sentence.", "A sentence."),
        ('Cut <a class="more-link" href="x">Continue<span> reading</span></a>', "Cut…"),
        ('Whole. <a class="button read_more" href="x">Weiter</a>', "Whole."),
        ('Cut&hellip; <p class="link-more"><a href="x">Lire la suite</a></p>', "Cut…"),
        ('Cut <a href="x">続きを読む</a> &raquo;', "Cut…"),
        ('<a href="x">Read more</a> here', "Read more here"),
        ('See <a href="x">the page</a>', "See the page"),
        ('<span class="screen-reader-text">Hidden</span>Seen', "Seen"),
        ('<a class="more-link" href="x">More</a>', ""),
        ("A sentence. Read more: https://a.example/1/", "A sentence."),
        ("Cut [&hellip;] Weiterlesen https://a.example/1/", "Cut…"),
        ("You can read more https://a.example/1/", "You can read more https://a.example/1/"),
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
    assert (
        excerpt('<p>Words.</p><p>See <a href="https://a.com/p/">it</a> on <a href="https://a.com">A</a>.</p>')
        == "Words. See it on A."
    )
    marked = '<p><a rel="nofollow" href="https://a.com/p/">P</a> hos <a rel="nofollow" href="https://a.com">A</a>.</p>'
    assert excerpt(f"<p>Words.</p>{marked}") == "Words."
    assert excerpt(footer) == ""


def test_a_more_link_is_told_from_its_own_words() -> None:
    """What stands in the link itself is not behind it, however deep."""
    assert "Once upon a time…" == excerpt("Once upon a time <a href='/1/'>Read more <b>about <i>it</i></b></a>")
    assert "Read more about it, he said" == excerpt("<a href='/1/'>Read more <b>about <i>it</i></b></a>, he said")


@pytest.mark.parametrize(
    "text",
    [
        "My favourite song is <a>Den ganzen Tag</a>",
        "Her new book: <a>Read on the Wind</a>",
        "He sang <a>More</a>.",
        "Der Slogan heißt <a>Mehr lesen, weniger scrollen</a>.",
        "Our campaign is called <b><a>Read More Books</a></b>.",
        "El lema: <a>Leer más es vivir</a>",
    ],
)
def test_a_link_within_the_last_sentence_stays(text: str) -> None:
    """It only begins as a theme's "continue reading" does."""
    html = text.replace("<a>", '<a href="/1/">')

    assert text.replace("<a>", "").replace("</a>", "").replace("<b>", "").replace("</b>", "") == excerpt(
        f"<p>{html}</p>"
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("It was dark. <a href='/1/'>Read on the site</a>", "It was dark."),
        ("<p>It was dark</p><p><a href='/1/'>Read the full story of it</a></p>", "It was dark…"),
        ("Once upon a time&hellip; Continue reading My kites", "Once upon a time…"),
        ("Once upon a time &hellip; <span>Continue reading &rarr;</span>", "Once upon a time…"),
        ("Once upon a time [&hellip;] Continue reading Who flies kites?", "Once upon a time…"),
        ("Once upon a time... Read more about Kites", "Once upon a time…"),
        ("Es war einmal … weiterlesen", "Es war einmal…"),
        ("Il pleut [&hellip;] Lire la suite [&hellip;]", "Il pleut…"),
        ("Il pleut … Lire la suite de « Le titre »", "Il pleut…"),
        ("It rained [&#8230;] 続きを読む", "It rained…"),
        ("Some text Read more →", "Some text…"),
        ("Words here. Read more", "Words here."),
        ("Words here. Read more &raquo;", "Words here."),
        ("Il pleut. Lire la suite", "Il pleut."),
        ("雨。続きを読む", "雨。"),
        ("He came. Continue reading Why kites fly", "He came."),
        ("Words. Continue reading “Kites”", "Words."),
        ("Read more", ""),
        ("Continue reading →", ""),
        ("Words. The post My kites. And yours? appeared first on Kite Blog.", "Words."),
        ("Words […] The post A appeared first on B.", "Words…"),
        ("Words. Der Beitrag A erschien zuerst auf B. The post A appeared first on C.", "Words."),
        ("Words. Read more The post A appeared first on B.", "Words."),
        ("Wörter. Der Beitrag X erschien zuerst auf Y.", "Wörter."),
        ("Mots. L’article X est apparu en premier sur Y.", "Mots."),
        ("Words […] La entrada X se publicó primero en Y […]", "Words…"),
        ("Words. (more&hellip;)", "Words."),
        ("Wörter (mehr …)", "Wörter…"),
        ("Words (Read more...)", "Words…"),
        ("Words. [Continue reading]", "Words."),
        ("Words&hellip; more &raquo;", "Words…"),
        ("Words [...] »", "Words…"),
        ("Words&hellip; <span>&rarr;</span>", "Words…"),
        ("Words [&rarr;]", "Words…"),
        ("Words. Read the rest of this entry »", "Words."),
        ("Words. Read full article", "Words."),
    ],
)
def test_a_tail_without_a_link_goes(html: str, expected: str) -> None:
    """Themes and feeds say "continue reading" and "appeared first on" in plain text as well."""
    assert expected == excerpt(html)


@pytest.mark.parametrize(
    "text",
    [
        f"Words. Read more {'X' * 300}.",
        f"Words. Read more {'X ' * 150}",
        "Read more books this year! It is good for you.",
        "I have a plan. Read more books this year!",
        "He stopped… Read more books this year. Do it",
        "Wait… read more slowly.",
        "He was slow (as ever) read only the first page",
        "Nice. Read on the train",
        "The post was late. It appeared first on Monday.",
        "Continue reading the classics, and you will see",
        "It rained… more Berliners came",
        "He wanted… more.",
        "« Il dit : oui… »",
        "From here → there",
        "Nobody knows (more or less)",
        "A good one. Read the rest.",
        "The post Ann wrote appeared first on paper.",
        "Der Beitrag Berlins erschien zuerst auf Papier.",
    ],
)
def test_the_authors_own_words_stay(text: str) -> None:
    """A sentence that only begins as a theme's does."""
    assert text.strip() == excerpt(text)


def test_is_cut() -> None:
    """An excerpt that a machine cut short ends with an ellipsis."""
    assert is_cut(excerpt("<p>Fifty words and [&hellip;]</p>"))
    assert not is_cut(excerpt("<p>A whole sentence.</p>"))
    assert not is_cut("")


# --- the title ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "title", "expected"),
    [
        ("Kites over Berlin: a film", "Kites over Berlin", "a film"),
        ("KITES OVER BERLIN — they fly", "Kites over Berlin", "they fly"),
        ("Kites over Berlin The kites are back", "Kites over Berlin", "The kites are back"),
        ("“Kites – over Berlin” “Again!” he said", "Kites over Berlin", "“Again!” he said"),
        ("Rain. It falls", "Rain", "It falls"),
        ("Rain?! More rain", "Rain?", "More rain"),
        ("Don’t stop – go on", "Don't Stop!", "go on"),
        ('"Rain": "It falls"', "Rain", '"It falls"'),
        ("“Stop!” He left", "Stop", "He left"),
        ("Rain | a blog", "Rain", "a blog"),
        ("北京天气：今天下雨", "北京天气", "今天下雨"),
        ("東京で雨。傘が要る。", "東京で雨", "傘が要る。"),
        ("Rain", "Rain", ""),
        ("Rain…", "Rain", ""),
        ("Rain – ***", "Rain", ""),
        ("Kites over…", "Kites over Berlin", ""),
    ],
)
def test_without_title(words: str, title: str, expected: str) -> None:
    """The title isn't said twice, however it is written, nor is the separator behind it left."""
    assert expected == without_title(words, title)


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("Rain is falling", "Rain"),
        ("Rain Man is a film", "Rain"),
        ("Rainy day", "Rain"),
        ("Rain-soaked streets", "Rain"),
        ("10:30 is when we start", "10"),
        ("3.5 million", "3"),
        ("“Stop!” he said", "Stop"),
        ("Kites over Berlin are common", "Kites over Berlin"),
        ("Kites over", "Kites over Berlin"),
        ("北京天气今天下雨", "北京天气"),
        ("🎉 party", "🎉"),
        ("…", "Rain"),
        ("words", ""),
        ("", "Rain"),
    ],
)
def test_a_sentence_that_begins_with_the_title_stays(words: str, title: str) -> None:
    """Cut out of it, what is left would be no sentence."""
    assert words == without_title(words, title)


@given(st.text(max_size=40), st.text(max_size=20))
def test_without_title_leaves_an_end(words: str, title: str) -> None:
    """What is left are the last of the words."""
    assert words.endswith(without_title(words, title))
    assert without_title(title, title) in ("", title)
