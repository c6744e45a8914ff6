"""From WordPress's JSON to our values, whatever sites make of it."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.models import ListedPost, Term
from bot.wordpress.json_values import address_of, instant_of
from bot.wordpress.parse import Row, post_id, raw_texts, record, records, rows
from bot.wordpress.payload import UnreadableError
from tests.unit.wordpress.records import AT, FULL, JSON, LINK, MEDIA, ROW, read

RECORDED = Path(__file__).parents[2] / "data" / "wordpress"


def test_a_row_is_read() -> None:
    """As WordPress has it."""
    listed = ListedPost(
        id=7,
        date="2026-06-01T12:00:00",
        published_at=AT,
        modified_at=AT,
        link=LINK,
        title="Hello &#038; you",
        share_url="https://mastodon.example/@a/1",
    )

    assert (Row(post=listed, status="publish", type="post"),) == rows([ROW])


def test_the_sites_own_date() -> None:
    """It is kept as it is, where it is a date."""
    dates = ["2026-06-01T12:00:00", "0000-00-00T00:00:00", "2026-06-31T12:00:00", "yesterday", None]

    assert ["2026-06-01T12:00:00", "", "", "", ""] == [read(date=date).local_date for date in dates]


@pytest.mark.parametrize(
    ("raw", "read_as"),
    [
        ("[:en]Bridge[:de]Brücke[:]", ""),
        ("{:en}Bridge{:}{:de}Brücke{:}", ""),
        ("<!--:en-->Bridge<!--:--><!--:de-->Brücke<!--:-->", ""),
        ("Notes [1] on {curly} <!-- and --> [:]", "Notes [1] on {curly} <!-- and --> [:]"),
    ],
)
def test_a_text_in_all_languages_of_its_site(raw: str, read_as: str) -> None:
    """What multilingual plugins keep in one text isn't for readers: what the site makes of it is taken instead."""
    assert {7: (read_as, "")} == raw_texts([{"id": 7, "title": {"raw": raw}}])


@pytest.mark.parametrize("file", sorted(RECORDED.rglob("*.fields-embed.json")), ids=lambda file: file.name)
def test_records_of_a_real_wordpress_are_read(file: Path) -> None:
    """Each has its link, its date and a category; titles, images and passwords where they are."""
    found = record(json.loads(file.read_text(encoding="utf-8"))["record"]).post

    assert found.link
    assert found.published_at is not None
    assert found.categories
    assert bool(found.title) is not file.name.startswith(("empty_title", "aside_format"))
    assert found.protected is file.name.startswith("password")
    assert (found.image is not None) is file.name.startswith(("featured_alt", "featured_big", "featured_no"))


def test_a_row_of_which_only_the_id_is_left_is_a_row() -> None:
    """Every other field may be missing."""
    listed = ListedPost(id=7, date="", published_at=None, modified_at=None, link="")

    assert (Row(post=listed, status="", type=""),) == rows([{"id": 7}])


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        None,
        7,
        "seven",
        {"id": "07"},
        {"id": "٧"},
        {"id": True},
        {"id": 0},
        {"id": -1},
        {"id": 2**63},
        {"id": 7.0},
    ],
)
def test_a_record_without_an_id_is_none(value: object) -> None:
    """Those beside it are read all the same; where there is no other, it isn't WordPress that speaks."""
    assert rows([ROW]) == rows([value, ROW, value])
    assert records([ROW]) == records([value, ROW])
    with pytest.raises(UnreadableError, match="no id"):
        rows([value, value])
    with pytest.raises(UnreadableError):
        post_id(value)
    with pytest.raises(UnreadableError):
        record(value)


@given(st.dictionaries(st.sampled_from([*ROW, "excerpt", "content", "meta", "_embedded"]), JSON))
def test_any_shape_is_read_without_an_error(fields: dict[str, Any]) -> None:
    """Types swapped, lists for objects, nothing at all: defaults, and texts that can be stored."""
    fields["id"] = 7
    (row,) = rows([fields])
    found = record(fields).post

    for text in (row.post.title, row.post.link, found.excerpt, found.author):
        assert "\0" not in text
        text.encode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-06-01T10:00:00", AT),
        ("2026-06-01T10:00:00Z", AT),
        ("2026-06-01T12:00:00+02:00", AT),
        ("2026-06-01 10:00:00", AT),
        ("0000-00-00T00:00:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
        ("soon", None),
        (None, None),
        (1_780_308_000, None),
    ],
)
def test_a_date_in_gmt_is_utc(text: object, expected: datetime | None) -> None:
    """With or without a Z; zeros and nonsense are no date."""
    assert expected == instant_of(text)


@pytest.mark.parametrize("date", ["2026-06-01 12:00:00", "2026-06-01T12:00:00Z", "2026-06-01", 5, None])
def test_a_local_date_in_another_form_is_no_key(date: object) -> None:
    """It couldn't be handed back, or wouldn't sort."""
    assert [""] == [row.post.date for row in rows([{**ROW, "date": date}])]


def test_a_title_may_be_bare() -> None:
    """Some serializers leave the object out."""
    assert "Hello" == read(title="Hello").title


def test_halves_of_characters_and_nul_are_taken_out() -> None:
    """JSON may carry what no database stores."""
    assert "a\ufffdb" == read(title={"rendered": "a\ud83db\0"}).title
    assert "🎈" == read(title={"rendered": "\ud83c\udf88"}).title


@pytest.mark.parametrize("link", ["/hello/", "javascript:alert(1)", "https://", "http://[::1", 5, None])
def test_a_link_that_is_no_web_address_is_none(link: object) -> None:
    """Nothing else is ever followed or shared."""
    assert "" == read(link=link).link


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "publish"),
        ({"status": "private"}, "private"),
        ({"status": None}, "unreadable"),
        ({"status": []}, "unreadable"),
    ],
)
def test_a_status_that_cannot_be_read_is_not_public(fields: dict[str, Any], status: str) -> None:
    """One that is absent is: anyone may read only public posts."""
    assert status == read(**fields).status
    assert status == record({"id": 7, **fields}).status


@pytest.mark.parametrize("field", ["excerpt", "content"])
def test_a_password_shows_in_either_field(field: str) -> None:
    """Types without an excerpt say it of the content."""
    assert read(**{field: {"rendered": "", "protected": True}}).protected
    assert not read(**{field: {"rendered": "", "protected": False}}).protected


def test_the_content_is_read_unless_there_is_a_password() -> None:
    """Its beginning, where it is very long; bare, as some serializers have it."""
    assert "<p>Long</p>" == read(content={"rendered": "<p>Long</p>", "protected": False}).content
    assert "<p>Long</p>" == read(content="<p>Long</p>").content
    assert "" == read(content={"rendered": "<p>Long</p>", "protected": True}).content
    assert "" == read(content="<p>Long</p>", excerpt={"rendered": "", "protected": True}).content
    assert 200_001 == len(read(content={"rendered": "c" * 300_000}).content)


@pytest.mark.parametrize(("value", "sticky"), [(True, True), (False, False), (None, False), ("yes", False), (1, False)])
def test_a_post_is_sticky_only_if_it_says_so(*, value: object, sticky: bool) -> None:
    """By WordPress's own word, which is a boolean."""
    assert sticky is read(sticky=value).sticky


def test_what_is_longer_than_a_person_writes_is_cut() -> None:
    """Before anything looks into it: titles, excerpts, names, alternative texts; links of that length are none."""
    many = [{"taxonomy": "category", "name": "n" * 300, "slug": "s" * 300}] * 300
    sizes = {str(number): {"source_url": f"{FULL}?{number}"} for number in range(300)}
    media = MEDIA | {"alt_text": "a" * 200_000, "media_details": {"sizes": sizes}}

    post = read(
        title={"rendered": "t" * 200_000},
        excerpt={"rendered": "e" * 200_000},
        link=LINK + "l" * 2_000,
        _embedded={"wp:term": [many, many], "author": [{"name": "a" * 300}], "wp:featuredmedia": [media]},
    )

    assert (2_001, 20_001, "") == (len(post.title), len(post.excerpt), post.link)
    assert (100, {250}, {250}) == (
        len(post.categories),
        {len(term.name) for term in post.categories},
        {len(term.slug) for term in post.categories},
    )
    assert post.image is not None
    assert (250, 20_000, 50) == (len(post.author), len(post.image.alt), len(post.image.sizes))
    assert 2_001 == len(rows([{"id": 7, "title": "t" * 200_000}])[0].post.title)


@pytest.mark.parametrize(
    ("end", "left"),
    [
        ("<a href='https://site.example/'", ""),
        ("</p", ""),
        ("</", ""),
        ("<", ""),
        ("&hellip", ""),
        ("&", ""),
        ("3 < 4 and", "3 < 4 and"),
        ("a & b", "a & b"),
    ],
)
def test_an_excerpt_is_cut_in_no_tag_or_entity(end: str, left: str) -> None:
    """What is left says by an ellipsis that there was more."""
    begun = "e" * (20_000 - len(end))

    assert f"{begun}{left}…" == read(excerpt={"rendered": begun + end + "e" * 100}).excerpt


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("/2024/05/a-lighthouse/", "https://site.example/2024/05/a-lighthouse/"),
        ("//site.example/a/", "https://site.example/a/"),
        ("a/", "https://site.example/uk/a/"),
        ("./a/", "https://site.example/uk/a/"),
        ("?p=12", "https://site.example/uk/?p=12"),
        ("site.example/uk/a/", "https://site.example/uk/a/"),
        ("https:/site.example/uk/a/", "https://site.example/uk/a/"),
        ("\ufeffhttps://site.example/a/?p=1&#038;lang=fr", "https://site.example/a/?p=1&lang=fr"),
        ("//[::1", ""),
        ("#a", ""),
        ("mailto:ann@site.example", ""),
        ("<a href='/a/'>", ""),
    ],
)
def test_a_link_without_a_host_is_the_sites(given: str, meant: str) -> None:
    """Some plugins leave out the host, the scheme, a slash; what is no address is no link."""
    value = {"id": 7, "link": given}

    assert meant == record(value, base="https://site.example/uk").post.link
    assert meant == rows([value], base="https://site.example/uk")[0].post.link
    assert [meant] == [found.post.link for found in records([value], base="https://site.example/uk")]


def test_numbers_may_stand_for_texts() -> None:
    """JSON_NUMERIC_CHECK makes numbers of titles and names that are digits; one that is too large is none."""
    terms = [[{"name": 2026, "slug": 2026, "taxonomy": "post_tag"}]]
    found = read(title={"rendered": 1984}, _embedded={"wp:term": terms}, meta={"_share_on_mastodon": 0})

    assert ("1984", (Term(name="2026", slug="2026"),), "0") == (found.title, found.tags, found.share_box)
    assert "" == read(title={"rendered": 10**400}).title
    assert "" == read(title={"rendered": float("nan")}).title


def test_a_password_may_be_told_by_a_number_or_a_text() -> None:
    """What isn't plainly a no is a yes: nothing behind a password is shared."""
    yes: list[object] = [True, 1, "1", "true", "x"]
    no: list[object] = [False, 0, "0", "", "false", None, [], {}]
    for said in yes:
        assert read(content={"rendered": "x", "protected": said}).protected
    for said in no:
        assert not read(content={"rendered": "x", "protected": said}).protected


def test_numbers_as_texts_and_an_embed_without_its_list() -> None:
    """Caches make texts of numbers, and some plugins embed an object where WordPress has a list of one."""
    media = {"id": 1, "media_type": "image", "source_url": "https://a.example/a.png"}
    post = record({"id": "7", "_embedded": {"wp:featuredmedia": media, "author": {"id": 2, "name": "Ann"}}}).post

    assert (7, "Ann") == (post.id, post.author)
    assert post.image is not None


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("2026/hello", "https://a.example/blog/2026/hello"),
        ("?p=1", "https://a.example/blog/?p=1"),
        ("a.example/x", "https://a.example/x"),
        ("none", ""),
        ("0", ""),
        ("#top", ""),
    ],
)
def test_a_path_is_below_the_site_and_a_word_is_no_address(given: object, address: str) -> None:
    """Plugins write a word where there is nothing."""
    assert address == address_of(given, home="https://a.example/blog")
