"""What an article says first: excerpts without boilerplate, first paragraphs, and no title twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.excerpts import excerpt, first_paragraph, is_cut, without_title

LONG = "The ferry stayed in harbour for the first time in thirty-one years, and nobody complained about it."


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Some words […] Continue reading The Title</p>", "Some words…"),
        ("Some words&hellip; Continue reading &rarr;", "Some words…"),
        ("<p>A whole sentence. Read more</p>", "A whole sentence."),
        ("<p>A whole sentence. Weiterlesen »</p>", "A whole sentence."),
        ("Some words … Lire la suite de « Le titre »", "Some words…"),
        ("One. The post The Title appeared first on The Site.", "One."),
        ("The post The Title appeared first on The Site.", ""),
        ("Read more books this year! Read on, and on.", "Read more books this year! Read on, and on."),
        ("It was said. Read more books. They help.", "It was said. Read more books. They help."),
        ("Well… read on. Then sleep.", "Well… read on. Then sleep."),
    ],
)
def test_boilerplate_tails(html: str, expected: str) -> None:
    """What a theme writes behind an excerpt goes, link or not; what the author wrote stays."""
    assert expected == excerpt(html)


def test_is_cut() -> None:
    """An excerpt that a machine cut short ends with an ellipsis."""
    assert is_cut(excerpt("Some words [&hellip;]"))
    assert not is_cut(excerpt("Some words."))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f"<p>{LONG}</p><p>Second.</p>", LONG),
        (f"<p>By Ann</p>\n<p>{LONG}</p>", LONG),
        (f"<h2>Head</h2><figure><p>{LONG}!</p></figure><blockquote><p>Said.</p></blockquote><p>{LONG}</p>", LONG),
        (f'<p class="FigureCaption_x wp-caption-text">A ferry. (Photo: Moe)</p><p>{LONG}</p>', LONG),
        (
            "<p>Nobody complained.</p><p>Two hundred slept in the hall.</p>",
            "Nobody complained. Two hundred slept in the hall.",
        ),
        (f"<p><img src='x'></p><p>[gallery ids=\"1\"]</p><p>{LONG}</p>", LONG),
        ("Plain <b>text</b><br>without paragraphs", "Plain text without paragraphs"),
        ("<p>Short.</p>", "Short."),
        ("", ""),
        ("<p> </p>", ""),
    ],
)
def test_first_paragraph(html: str, expected: str) -> None:
    """The first one that tells something, with the next where it is very short."""
    assert expected == first_paragraph(html)


def test_as_much_as_is_asked_for() -> None:
    """Paragraphs are joined until there are so many characters."""
    html = "<p>One is long enough.</p><p>Two is long enough.</p><p>Three is long enough.</p>"

    assert first_paragraph(html, least=10) == "One is long enough."
    assert first_paragraph(html, least=30) == "One is long enough. Two is long enough."
    assert first_paragraph(html, least=9000) == "One is long enough. Two is long enough. Three is long enough."


@pytest.mark.parametrize(
    ("words", "title", "expected"),
    [
        ("The ferry stays: it blows.", "The ferry stays", "it blows."),
        ("THE FERRY STAYS – it blows.", "The ferry stays", "it blows."),
        ("“The ferry’s stay”. It blows.", "The ferry's stay", "It blows."),
        ("The ferry stays It blows.", "The ferry stays", "It blows."),
        ("The ferry stays.", "The ferry stays", ""),
        ("The ferry stays in harbour.", "The ferry stays", "The ferry stays in harbour."),
        ("Rain is falling.", "Rain", "Rain is falling."),
        ("Rain: it falls.", "Rain", "it falls."),
        ("Rain Falls.", "Rain", "Rain Falls."),
        ("It blows.", "The ferry stays", "It blows."),
        ("The ferry", "The ferry stays", "The ferry"),
        ("It blows.", "", "It blows."),
        ("東京で雨。傘が要る。", "東京で雨", "傘が要る。"),
    ],
)
def test_without_title(words: str, title: str, expected: str) -> None:
    """A title at the beginning isn't said twice, unless it is the beginning of a sentence."""
    assert expected == without_title(words, title)


@given(st.text(alphabet="<p>/ab &;[]….\"'\n", max_size=200), st.text(max_size=20))
def test_whatever_the_site_sends(html: str, title: str) -> None:
    """Nothing raises, and nothing is added."""
    assert len(first_paragraph(html)) <= len(html) + 1
    assert without_title(excerpt(html), title) in excerpt(html)
