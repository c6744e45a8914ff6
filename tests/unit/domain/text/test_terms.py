"""Terms: which of a post's categories, tags and authors somebody meant, and which mean nothing."""

import pytest

from bot.domain.models import Term
from bot.domain.text.terms import is_default, matching

FILM = Term(name="Film &amp; TV", slug="film")
NEWS = Term(name="News", slug="aktuell")


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (("Film & TV",), "Film & TV"),
        (("FILM",), "Film & TV"),
        (("news", "film"), "Film & TV"),
        (("AKTUELL",), "News"),
        (("Film &amp; TV",), ""),
        (("fil",), ""),
        ((), ""),
    ],
)
def test_matching(wanted: tuple[str, ...], expected: str) -> None:
    """By name as a person reads it, or by slug, whatever the case; the post's first that is wanted."""
    assert expected == matching((FILM, NEWS), wanted)


def test_a_term_without_a_slug() -> None:
    """It is told by its name."""
    assert matching((Term(name="Straße"),), ("STRASSE",)) == "Straße"


@pytest.mark.parametrize(
    "term",
    [
        Term(name="Uncategorized", slug="uncategorized"),
        Term(name="Allgemein"),
        Term(name="News", slug="non-classe"),
        Term(name="NON CLASSÉ"),
        Term(name="未分類"),
    ],
)
def test_the_category_of_posts_without_one(term: Term) -> None:
    """It says nothing, in whatever language, nor where only its name was changed."""
    assert is_default(term)


@pytest.mark.parametrize("term", [FILM, NEWS, Term(name=""), Term(name="General")])
def test_a_category_that_somebody_chose(term: Term) -> None:
    """It says something."""
    assert not is_default(term)
