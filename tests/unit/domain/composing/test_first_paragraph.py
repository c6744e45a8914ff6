"""The beginning of an article, with a tree of its HTML and without."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.composing.excerpts import _parsed_opening, first_paragraph
from bot.domain.composing.openings import plain_opening
from bot.domain.text.html import clean

LONG = "The kites flew over the city of Berlin all day long, and nobody knew why."
P = f"<p>{LONG}</p>"


@pytest.mark.parametrize(
    "html",
    [
        P,
        f"{P}<p>And another one that is not looked at, as the first is long enough.</p>",
        "<!-- wp:paragraph --><p class='lead'>{}</p>".format(LONG.replace("Berlin all ", "<b>Berlin</b> all\n")),
        f"<h2>A heading that is rather long, longer than others</h2>{P}",
        f"<figure><img src='x'><figcaption>A caption that is rather long, too.</figcaption></figure>{P}",
        f"<div class='wp-caption'><p class='wp-caption-text'>A caption that is rather long, too.</p></div>{P}",
        f"[caption id='a']<img src='x'> A lake by night, in the woods.[/caption]{P}",
        f"<table><tr><td><p>A cell that is rather long, to be sure.</p></td></tr></table>{P}",
        f"<div id='a' class='ez-toc-container'><p>Here is what you will find on this page.</p></div>{P}",
        f"<ul><li>An item that is rather long, if you ask me.</li></ul>{P}",
        f"<blockquote><p>A quotation that is rather long.</p></blockquote>{P}",
        f"<p>https://www.youtube.com/watch?v=abcdefghijklmnop</p>{P}",
        f"<pre>code that is rather long, but code</pre><p> <code>also_this_is_code_and_no_sentence()</code></p>{P}",
        f"<script>var a = '<p>A script that is rather long.</p>'</script>{P}",
        f"<p>&nbsp;</p><p>* * *</p><p><img src='x'></p>{P}",
        f"<pre class='wp-block-verse'>{LONG}</pre>",
        f"<p><del>An older text that was rather long.</del> {LONG}</p>",
        f"<p>By Jane Doe</p><p>3 May 2026</p>{P}",
        f"<p>Von Maximiliane Schmidt-Rottluff</p>{P}",
        f"<p style='display: none'>A hidden text that is rather long.</p><p hidden>And another one here.</p>{P}",
        f"<div>A text in no paragraph, as of a button or so.</div>{P}",
        f"<style>{'a {} ' * 20_000}</style><img src='data:image/png;base64,{'A' * 50_000}'>{P}",
        f"{LONG}<br /><br />\nAnother paragraph of the classic editor.",
        f"{LONG}\n\nAnother paragraph of the classic editor.",
        f"[vc_row][vc_column width='1/2']{LONG}[/vc_column][/vc_row]",
        f"<p>{LONG}<br><br>And more of it.</p>",
    ],
)
def test_first_paragraph(html: str) -> None:
    """The first that is one, in one line: no caption, heading, list, embed, byline, code…"""
    assert first_paragraph(html) == LONG


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<p>It rains.</p>{P}", f"It rains. {LONG}"),
        (f"<p>A report from our annual meeting</p>{P}", f"A report from our annual meeting – {LONG}"),
        ("<p>It rains.</p><p>It pours.</p><p>Home!</p>", "It rains. It pours. Home!"),
        ("<p>By Jane Doe</p>", "By Jane Doe"),
        ("<ul><li>One</li><li>Two</li></ul>", "One – Two"),
        ("<p>By Jane Doe</p><p>What we saw:</p><ol><li>One</li><li>Two</li></ol>", "What we saw: One – Two"),
        ("<blockquote><p>A quotation that is rather long.</p></blockquote>", ""),
        ("<figure><img src='x'></figure>", ""),
        ("", ""),
        (" \n" * 20_000, ""),
    ],
)
def test_short_paragraphs(html: str, expected: str) -> None:
    """A very short one comes with the next, and where there is nothing else, one that looks like a byline will do."""
    assert expected == first_paragraph(html)


def test_as_much_as_is_asked_for() -> None:
    """Paragraphs are joined until there are so many characters."""
    html = "<p>One is long enough.</p><p>Two is long enough.</p><p>Three is long enough.</p>"

    assert first_paragraph(html, least=10) == "One is long enough."
    assert first_paragraph(html, least=30) == "One is long enough. Two is long enough."
    assert first_paragraph(html, least=9000) == "One is long enough. Two is long enough. Three is long enough."


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("Roses are red,<br />\nviolets are<br>blue, I think.", "Roses are red, violets are blue, I think."),
        ("<p>Run <b><code>make</code></b>, then <code>make install</code>.</p>", "Run make, then make install."),
        ("<p>One &amp;amp; two 🎉<img class='emoji' alt='🎈'>.</p>", "One & two 🎉🎈."),
        ("<p>Use &lt;b&gt; for what is <em>bold</em>.</p>", "Use <b> for what is bold."),
    ],
)
def test_a_paragraph_is_one_line(html: str, expected: str) -> None:
    """What is within a paragraph stays: line breaks as spaces, code, emoji, entities."""
    assert expected == first_paragraph(html)


def test_only_the_beginning_is_looked_at() -> None:
    """What is far behind is no first paragraph, and a word isn't cut in two."""
    assert first_paragraph(f"<h2>{'x ' * 20_000}</h2>{P}") == ""
    assert set(first_paragraph("<p>" + "word " * 20_000).split()) == {"word"}
    assert len(first_paragraph("雨" * 40_000)) == 30_000


PIECES = [
    "<p>", "</p>", "<br>", "<li>", "<code>", "</code>", "<div hidden>", "<p class='caption'>", "<p style=x>",
    "<script>", "<!--", "-->", "[caption]", "[/caption]", "[x_y a=b]", "&#28;", "\x1d", "<img ", "many words",
    "\n\n",
]  # fmt: skip


@given(st.text() | st.lists(st.sampled_from(PIECES) | st.text(max_size=5)).map("".join))
def test_first_paragraph_never_raises(html: str) -> None:
    """Whatever the content: one clean line."""
    text = first_paragraph(html)

    assert text == clean(text)


@pytest.mark.parametrize(
    "noise",
    ["<p>", "<b>", "<p>a", "<", "&", "[a ", "<script", "<!--", "<img ", "[caption]", "<p><code>", "<br>", "\n\n"],
)
def test_much_noise_is_no_burden(noise: str) -> None:
    """Hundreds of kilobytes of anything make at most what the beginning of it says."""
    assert len(first_paragraph(noise * (200_000 // len(noise)))) <= 30_000


# --- what isn't read ----------------------------------------------------------------------------------------------


def unread(*_: object) -> None:
    """Stands for what mustn't be used."""
    raise AssertionError("a tree was made")


@pytest.mark.parametrize(
    "before",
    [
        "",
        "<!-- wp:paragraph -->\n",
        "<figure class='wp-block-image'><a href='#x'><img src='x'></a><figcaption>A kite</figcaption></figure>\n\n",
        "<h2 id='a'>A <em>heading</em></h2>",
        "<p>https://www.youtube.com/watch?v=abcdefghijklmnop</p>",
        "<p>By Jane Doe</p>\n<p class='byline'>3 May</p>".replace("'", '"'),
    ],
)
def test_plain_paragraphs_need_no_tree(before: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an article that begins with them no more is read than is kept, however long it is."""
    monkeypatch.setattr("bot.domain.composing.excerpts.tree", unread)
    paragraph = f'<p class="has-drop-cap">The <b>kites</b> flew &amp; <a href="/b/">flew</a>.</p>{P}'

    found = first_paragraph(f"{before}{paragraph}{'<div><p>[x]' * 20_000}")

    assert f"The kites flew & flew. {LONG}" == found


INLINE = st.sampled_from(
    ["<b>", "</b>", "<em>x</em>", '<a href="/x/">y</a>', "&amp;", "&lt;", "\n", " ", "\n\n", "[a]", "<br>"]
)
PARAGRAPH = st.lists(
    st.sampled_from(["Kites flew over Berlin. ", "It rained all day long, ", "雨。", "By Jo", "https://a.example/"])
    | INLINE
)
BETWEEN = st.sampled_from(
    [
        "",
        "\n",
        "<!-- wp:p -->",
        "<h2>A</h2>",
        "<figure><p>F</p></figure>",
        "<div>",
        "</div>",
        "<ul><li>L</li></ul>",
        "text",
    ]
)
CLASS = st.sampled_from(["", ' class="lead"', ' class="wp-caption-text"', " hidden", ' class="toc_title"'])


@given(
    st.lists(st.tuples(BETWEEN, CLASS, PARAGRAPH.map("".join)), max_size=5).map(
        lambda parts: "".join(f"{before}<p{kind}>{text}</p>" for before, kind, text in parts)
    ),
    st.integers(1, 120),
)
def test_with_a_tree_or_without(html: str, least: int) -> None:
    """The same is found."""
    found = plain_opening(html, least)

    assert found in ("", _parsed_opening(html, least))
