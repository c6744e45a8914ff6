"""From WordPress's JSON to our values, whatever sites make of it."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.models import Image, ImageSize, ListedPost, Post, Term
from bot.wordpress.json_values import address_of, instant_of
from bot.wordpress.parse import Row, post_id, record, records, rows
from bot.wordpress.payload import UnreadableError

RECORDED = Path(__file__).parents[2] / "data" / "wordpress"
AT = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
LINK = "https://site.example/hello/"
ROW: dict[str, Any] = {
    "id": 7,
    "date": "2026-06-01T12:00:00",
    "date_gmt": "2026-06-01T10:00:00",
    "modified_gmt": "2026-06-01T10:00:00",
    "link": LINK,
    "title": {"rendered": "Hello &#038; you"},
    "status": "publish",
    "type": "post",
    "share_on_mastodon": {"url": "https://mastodon.example/@a/1", "error": ""},
}
FULL = "https://site.example/wp-content/a.jpg"
MEDIA: dict[str, Any] = {
    "id": 8,
    "media_type": "image",
    "mime_type": "image/jpeg",
    "alt_text": " A kite ",
    "source_url": FULL,
    "media_details": {
        "width": 1200,
        "height": "800",
        "sizes": {
            "medium": {"source_url": f"{FULL}-300", "width": 300, "height": 200, "mime_type": "image/jpeg"},
            "full": {"source_url": FULL, "width": 1200, "height": 800, "mime_type": "image/jpeg"},
            "broken": [],
            "relative": {"source_url": "/a.jpg", "width": 1, "height": 1},
        },
    },
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("2026-06-01T10:00:00"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def read(**fields: Any) -> Post:
    """A post from a record with these fields."""
    return record({"id": 7, **fields}).post


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


@given(JSON, JSON, JSON, JSON)
def test_any_embed_is_read_without_an_error(media: Any, details: Any, sizes: Any, terms: Any) -> None:
    """The same for what is embedded."""
    embedded = {
        "wp:featuredmedia": [{**MEDIA, "media_details": {"sizes": sizes, "width": details}}, media],
        "wp:term": [[terms], terms],
        "author": [media],
    }

    assert read(_embedded=embedded).image is not None
    read(_embedded={"wp:featuredmedia": [{**MEDIA, "media_details": details}], "wp:term": terms, "author": terms})
    read(_embedded={"wp:featuredmedia": media})


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
    ("fields", "url"),
    [
        ({"share_on_mastodon": {"url": "https://m.example/1", "error": ""}}, "https://m.example/1"),
        ({"share_on_mastodon": {"url": "", "error": "no"}}, ""),
        ({"share_on_mastodon": {"errors": {"invalid_id": ["Invalid post ID."]}}}, ""),
        ({"share_on_mastodon": []}, ""),
        ({"share_on_mastodon": {"url": ["https://m.example/1"]}}, ""),
        ({"share_on_mastodon": {"url": "shared"}}, ""),
        ({"share_on_mastodon": "https://m.example/3"}, "https://m.example/3"),
        ({"meta": {"_share_on_mastodon_url": "https://m.example/2"}}, "https://m.example/2"),
        ({"meta": {"_share_on_mastodon_url": ["https://m.example/2"]}}, "https://m.example/2"),
        ({"meta": []}, ""),
    ],
)
def test_where_the_plugin_shared_it(fields: dict[str, Any], url: str) -> None:
    """Its field, or its meta of old; only a web address means that it is shared."""
    assert url == read(**fields).share_url


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


@pytest.mark.parametrize(
    ("fields", "language"),
    [
        ({"lang": "en"}, "en"),
        ({"polylang_current_lang": "pt_BR"}, "pt-BR"),
        ({"wpml_current_locale": "de_DE_formal"}, "de-DE-formal"),
        ({"wpml_current_locale": "en_GB", "lang": "fr"}, "fr"),
        ({"wpml_current_locale": "en_GB", "lang": ""}, "en-GB"),
        ({"wpml_current_locale": "en_GB", "lang": {"slug": "fr"}}, "en-GB"),
        ({"lang": "  nl\n"}, "nl"),
        ({"lang": "english"}, ""),
        ({"lang": "e"}, ""),
        ({"lang": "en GB"}, ""),
        ({"lang": "en\nSet-Cookie: a=b"}, ""),
        ({"lang": "en" + "-x" * 10}, ""),
        ({"lang": "ëñ"}, ""),
        ({"lang": 5}, ""),
        ({}, ""),
    ],
)
def test_the_language_is_what_a_plugin_says(fields: dict[str, Any], language: str) -> None:
    """As a tag with hyphens; nothing that doesn't look like one."""
    assert language == read(**fields).language


def test_what_the_author_wrote_for_the_status_is_read() -> None:
    """Plain text as the plugin keeps it; cut where nobody would write so much."""
    post = read(meta={"_share_on_mastodon_status": " Mine:\n%permalink% \0", "_share_on_mastodon_cw": "Heights"})

    assert ("Mine:\n%permalink%", "Heights") == (post.share_text, post.share_cw)
    assert 10_000 == len(read(meta={"_share_on_mastodon_status": "w" * 20_000}).share_text)
    assert ("x", "") == (read(meta={"_share_on_mastodon_status": ["x"]}).share_text, read(meta=[]).share_cw)


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


def test_an_image_has_all_its_files() -> None:
    """The original first, each URL once, what can't be fetched left out."""
    sizes = (
        ImageSize(url=FULL, width=1200, height=800, mime_type="image/jpeg"),
        ImageSize(url=f"{FULL}-300", width=300, height=200, mime_type="image/jpeg"),
    )

    assert Image(sizes=sizes, alt="A kite") == read(_embedded={"wp:featuredmedia": [MEDIA]}).image


@pytest.mark.parametrize("details", [None, [], {}, {"sizes": []}, {"sizes": {}, "width": True, "height": "-5"}])
def test_an_image_without_measures_is_still_one(details: object) -> None:
    """A 1×1 PNG has no sizes, an SVG no details."""
    found = read(_embedded={"wp:featuredmedia": [{**MEDIA, "media_details": details}]}).image

    assert Image(sizes=(ImageSize(url=FULL, mime_type="image/jpeg"),), alt="A kite") == found


@pytest.mark.parametrize("width", [0, 100_001, 10**30, "1e3", "999999", 1.5, None, False])
def test_an_odd_measure_is_none(width: object) -> None:
    """0 means that it isn't known."""
    media = {**MEDIA, "media_details": {"width": width}}
    found = read(_embedded={"wp:featuredmedia": [media]}).image

    assert found is not None
    assert 0 == found.sizes[0].width


@pytest.mark.parametrize(
    "embeds",
    [
        [],
        {},
        [None],
        [{"code": "rest_forbidden", "message": "No.", "data": {"status": 401}}],
        [{"name": "Site", "url": "https://site.example", "routes": {"/": {}}, "site_icon_url": FULL}],
        [{**MEDIA, "media_type": "file"}],
        [{**MEDIA, "source_url": None}],
        [{**MEDIA, "code": "odd"}],
        [{**MEDIA, "source_url": "/relative.jpg", "media_details": {}}],
        [{**MEDIA, "source_url": "data:image/png;base64,AAAA", "media_details": {}}],
    ],
)
def test_what_is_no_readable_image_is_none(embeds: object) -> None:
    """Errors, the whole REST index in place of a deleted file, videos, odd addresses."""
    assert read(_embedded={"wp:featuredmedia": embeds}).image is None


def test_an_image_has_its_caption() -> None:
    """HTML, as WordPress gives it."""
    found = read(_embedded={"wp:featuredmedia": [{**MEDIA, "caption": {"rendered": "<p>By the sea</p>\n"}}]}).image

    assert found is not None
    assert "<p>By the sea</p>\n" == found.caption


@pytest.mark.parametrize(
    ("fields", "focus"),
    [
        ({"focal_point": {"x": 0.25, "y": 0.75}}, (-0.5, -0.5)),
        ({"focal_point": {"x": 0, "y": 0}}, (-1.0, 1.0)),
        ({"focal_point": {"x": 1, "y": 1}}, (1.0, -1.0)),
        ({"focal_point": {"x": 25.0, "y": 0}}, (-0.5, 1.0)),
        ({"focal_point": {"x": 50, "y": 100, "css": "50% 100%"}}, (0.0, -1.0)),
        ({"meta": {"focal_point": {"x": 0.5, "y": 0.5}}}, (0.0, 0.0)),
        ({"focal_point": {"x": 0.5}}, None),
        ({"focal_point": {"x": "0.5", "y": 0.5}}, None),
        ({"focal_point": {"x": True, "y": 0.5}}, None),
        ({"focal_point": {"x": float("nan"), "y": 0.5}}, None),
        ({"focal_point": {"x": -0.1, "y": 0.5}}, None),
        ({"focal_point": {"x": 10**400, "y": 0.5}}, None),
        ({"focal_point": [0.5, 0.5]}, None),
        ({"meta": []}, None),
    ],
)
def test_an_image_has_the_point_that_matters(fields: dict[str, Any], focus: tuple[float, float] | None) -> None:
    """Where a plugin says it: from the upper left, in parts or per cent; Mastodon has it from the middle, upwards."""
    found = read(_embedded={"wp:featuredmedia": [MEDIA | fields]}).image

    assert found is not None
    assert focus == found.focus


def test_jetpack_knows_an_image_too() -> None:
    """Where the embed is missing."""
    found = read(jetpack_featured_media_url=FULL)

    assert Image(sizes=(ImageSize(url=FULL),)) == found.image
    assert read(jetpack_featured_media_url="").image is None


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


def test_an_image_without_a_scheme_is_the_posts() -> None:
    """Of the scheme and the host of the post's own link."""
    media = {"media_type": "image", "source_url": "//cdn.example/a.png", "media_details": {"sizes": {"m": MEDIA}}}
    sizes = {"media_details": {"sizes": {"small": {"source_url": "/b.png", "width": 5}}}}
    image = read(link="http://site.example/x/", _embedded={"wp:featuredmedia": [media | sizes]}).image

    assert image is not None
    assert ["http://cdn.example/a.png", "http://site.example/b.png"] == [size.url for size in image.sizes]


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("wp-content/a.png", "https://site.example/uk/wp-content/a.png"),
        ("site.example/a.png", "https://site.example/a.png"),
        ("https://cdn.example/a.png?w=1&amp;h=2", "https://cdn.example/a.png?w=1&h=2"),
        ("\\\\cdn\\a.png", ""),
        ("data:image/png;base64,AAAA", ""),
        (False, ""),
    ],
)
def test_an_images_address_may_be_relative_to_the_site(given: object, meant: str) -> None:
    """What is no web address is no image, be it that the post has one."""
    media = {"media_type": "image", "source_url": given}
    value = {"id": 7, "link": LINK, "_embedded": {"wp:featuredmedia": [media]}}
    image = record(value, base="https://site.example/uk").post.image

    assert meant == (image.sizes[0].url if image else "")


@pytest.mark.parametrize(
    "embedded",
    [
        {"wp:featuredmedia": {"1": MEDIA}},
        {"wp:featuredmedia": MEDIA},
        {"wp:featuredmedia": [None, [], MEDIA]},
        {"wp:featuredmedia": [{"code": "rest_forbidden", "message": "No."}, MEDIA]},
        {"https://api.w.org/featuredmedia": [MEDIA]},
        {"wp:featuredmedia": [{name: value for name, value in MEDIA.items() if name != "media_type"}]},
    ],
)
def test_an_image_is_found_however_it_is_embedded(embedded: object) -> None:
    """Behind an error, by itself, under the name that the relation had of old, without what kind of file it is."""
    found = read(_embedded=embedded).image

    assert found is not None
    assert FULL == found.sizes[0].url


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


@pytest.mark.parametrize(
    ("fields", "members"),
    [
        ({"meta": {"_jetpack_newsletter_access": "subscribers"}}, True),
        ({"meta": {"_jetpack_newsletter_access": "everybody"}}, False),
        ({"meta": []}, False),
        ({"content": {"rendered": '<div class="pmpro_content_message">Join</div>'}}, True),
        (
            {"content": {"rendered": "<div class='a mepr-unauthorized'>Join</div>"}, "excerpt": {"rendered": "Hi"}},
            False,
        ),
        ({"content": {"rendered": "<p>We have no paywall</p>"}}, False),
        ({"content": {"rendered": '<div class="entry no-paywall">All of it</div>'}}, False),
        ({"content": {"rendered": '<div class="a paywall-message">Join</div>'}}, True),
        ({"content": {"rendered": '<div class="leaky_paywall_message">Join</div>'}}, True),
        ({"content": {"rendered": f'<div class="paywall"><p>{"All of it. " * 100}</p></div>'}}, False),
        ({"excerpt": {"rendered": f'<div class="paywall"><p>{"All of it. " * 100}</p></div>'}}, False),
        (
            {
                "content": {"rendered": f'<div class="paywall"><p>{"All of it. " * 100}</p></div>'},
                "excerpt": {"rendered": f"<p>{'All of it. ' * 18}[&hellip;]</p>"},
            },
            False,
        ),
        ({"excerpt": {"rendered": '<div class="members-access-error">Sorry, but no.</div>\n'}}, True),
        ({"excerpt": {"rendered": '<p>A teaser.</p><div class="members-access-error">More?</div>'}}, False),
        (
            {
                "content": {
                    "rendered": '<div class="mp_wrapper"><p class="mepr-unauthorized">Sign in,</p><p>or join</p>'
                },
                "excerpt": {"rendered": "<p>Sign in,or join [&hellip;]</p>"},
            },
            True,
        ),
        (
            {
                "content": {"rendered": '<p>Long ago</p><div class="pmpro_content_message">Join</div>'},
                "excerpt": {"rendered": "<p>Long ago [&hellip;]</p>"},
            },
            False,
        ),
    ],
)
def test_a_post_for_members_is_known_by_what_the_site_says(fields: dict[str, Any], *, members: bool) -> None:
    """A newsletter's setting, or a wall where the text should be; an excerpt for everybody is for everybody.

    WordPress makes excerpts of the wall's words where there is no other.
    """
    assert members is read(**fields).members_only


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
