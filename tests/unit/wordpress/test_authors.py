"""A post's terms and authors, as WordPress and its plugins have them."""

from typing import Any

import pytest

from bot.domain.models import Term
from tests.unit.wordpress.records import read


def test_terms_are_told_apart_by_taxonomy() -> None:
    """Categories and tags; other taxonomies, errors and empty lists are left out."""
    embedded = {
        "wp:term": [
            [{"name": "World &amp; More", "slug": "world", "taxonomy": "category"}],
            [],
            {"code": "rest_forbidden"},
            [
                {"name": "kite", "slug": "kite", "taxonomy": "post_tag"},
                {"name": "odd", "taxonomy": "mood"},
                {"code": "rest_forbidden", "name": "x", "taxonomy": "post_tag"},
                {"name": "", "taxonomy": "post_tag"},
                "text",
            ],
        ]
    }

    found = read(_embedded=embedded)

    assert (Term(name="World &amp; More", slug="world"),) == found.categories
    assert (Term(name="kite", slug="kite"),) == found.tags


@pytest.mark.parametrize(
    "author", [[], {}, [{"code": "rest_user_invalid_id", "message": "No.", "name": "x"}], [None], "x", [[]]]
)
def test_an_author_that_is_gone_has_no_name(author: object) -> None:
    """A deleted user is an error inside the embed."""
    assert ("", "") == (read(_embedded={"author": author}).author, read().author_slug)


def test_an_author_has_name_and_slug() -> None:
    """The display name as it is."""
    found = read(_embedded={"author": [{"name": "Ann Other", "slug": "ann"}]})

    assert ("Ann Other", "ann") == (found.author, found.author_slug)


@pytest.mark.parametrize(
    "groups",
    [
        [[{"name": "Wind", "slug": "wind", "taxonomy": "post_tag"}]],
        [{"name": "Wind", "slug": "wind", "taxonomy": "post_tag"}],
        {"post_tag": {"5": {"name": "Wind", "slug": "wind", "taxonomy": "post_tag"}}, "category": False},
        [None, {"code": "rest_no_route", "message": "No."}, [{"name": "Wind", "slug": "wind", "taxonomy": "post_tag"}]],
    ],
)
@pytest.mark.parametrize("relation", ["wp:term", "https://api.w.org/term"])
def test_terms_are_found_however_they_are_embedded(relation: str, groups: object) -> None:
    """In a list for each taxonomy, in one list of all, in objects, beside errors."""
    assert (Term(name="Wind", slug="wind"),) == read(_embedded={relation: groups}).tags


def test_terms_may_come_as_an_object_with_holes() -> None:
    """PHP writes a list that something was taken out of as an object."""
    terms = {"0": {"name": "Wind", "taxonomy": "post_tag"}, "2": {"name": "Coast", "taxonomy": "post_tag"}}

    for groups in ([terms], {"1": terms}):
        assert ["Wind", "Coast"] == [tag.name for tag in read(_embedded={"wp:term": groups}).tags]


def test_co_authors_are_the_authors() -> None:
    """The first one signs; all of them count for filters."""
    post = read(
        _embedded={"author": [{"name": "Typist", "slug": "typist"}]},
        coauthors=[{"display_name": "Guest One", "user_nicename": "guest-one"}, {"display_name": "Second"}, 12],
        authors={"3": {"display_name": "Third", "slug": "third"}},
    )

    assert ("Guest One", "guest-one") == (post.author, post.author_slug)
    assert ["Guest One", "Second", "Third"] == [author.name for author in post.authors]
    assert (Term(name="Typist", slug="typist"),) == read(
        _embedded={"author": [{"name": "Typist", "slug": "typist"}]}, coauthors=[12]
    ).authors


@pytest.mark.parametrize(
    "fields",
    [
        {"coauthors": [{"display_name": "Guest One", "user_nicename": "guest-one"}]},
        {"coauthors": {"display_name": "Guest One", "user_nicename": "guest-one", "id": 5}},
        {"coauthors": {"3": {"name": "Guest One", "slug": "guest-one"}}},
        {"authors": [{"nickname": "Guest One", "slug": "guest-one"}, 5, None]},
        {"authors": ["Guest One"]},
        {"authors": "Guest One", "coauthors": False},
        {"coauthors": [{"display_name": "Guest One", "slug": "guest-one"}], "authors": ["Guest One", "12"]},
    ],
)
def test_co_authors_are_found_however_they_are_named(fields: dict[str, Any]) -> None:
    """As objects of several plugins, as names alone, each once; an id is no name."""
    assert (Term(name="Guest One", slug="guest-one"),) == read(**fields).coauthors


@pytest.mark.parametrize(
    ("terms", "names"),
    [
        ([("jane.writer", "cap-jane-writer"), ("guest-gale", "cap-guest-gale")], ["jane.writer", "guest-gale"]),
        ([("guest-gale", "cap-guest-gale"), ("typist99", "cap-typist")], ["guest-gale", "The Typist"]),
        ([("typist99", "typist")], ["The Typist"]),
        ([], []),
    ],
)
def test_the_authors_of_co_authors_plus_are_terms(terms: list[tuple[str, str]], names: list[str]) -> None:
    """Its field has their numbers alone. The post's own user is named in full where they are among them."""
    group = [{"name": name, "slug": slug, "taxonomy": "author"} for name, slug in terms]
    embedded = {"author": [{"name": "The Typist", "slug": "typist"}], "wp:term": [[], group]}
    post = read(_embedded=embedded, coauthors=[7])

    assert names == [author.name for author in post.coauthors]
    assert (names or ["The Typist"])[0] == post.author
