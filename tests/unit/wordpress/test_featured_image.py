"""Images: the featured one of a post, and what kind a file is by its first bytes."""

from typing import Any

import pytest
from hypothesis import given

from bot.domain.models import Image, ImageSize
from bot.sandbox.images import png
from bot.wordpress.featured_image import mime_type
from bot.wordpress.parse import record
from tests.unit.wordpress.records import FULL, JSON, LINK, MEDIA, read


def box(*brands: bytes) -> bytes:
    """The beginning of an ISO media file: its own brand, a version, the compatible ones."""
    own, *compatible = brands
    body = b"ftyp" + own + b"\0\0\0\0" + b"".join(compatible)
    return (len(body) + 4).to_bytes(4, "big") + body + b"avifavif"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (png(1, 1), "image/png"),
        (b"\xff\xd8\xff\xe0JFIF", "image/jpeg"),
        (b"GIF87a...", "image/gif"),
        (b"GIF89a...", "image/gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\x10\0\0\0WAVEfmt ", ""),
        (box(b"avif", b"mif1", b"miaf"), "image/avif"),
        (box(b"mif1", b"avif"), "image/avif"),
        (box(b"heic", b"mif1"), "image/heic"),
        (box(b"mif1"), "image/heic"),
        (box(b"isom", b"mp41"), ""),
        (b"\0\0\0\0ftyp", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"<!DOCTYPE html>", ""),
        (b"", ""),
    ],
)
def test_an_image_is_known_by_its_beginning(data: bytes, kind: str) -> None:
    """What isn't known is ''."""
    assert kind == mime_type(data)


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
