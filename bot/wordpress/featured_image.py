"""A post's featured image, from the record of its file that is embedded in the post's; and what kind a file is.

The kind is told by a file's first bytes: neither its name nor what the server calls it can be relied on.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from bot.domain.models import Image, ImageSize
from bot.wordpress.json_values import address_of, items_of, name_of, object_of, rendered, text_of

_LONGEST_SIDE = 100_000
_LONGEST_ALT = 20_000
# Themes register some dozen sizes of an image.
_MOST_SIZES = 50


def embeds(record: Mapping[str, Any], relation: str) -> object:
    """What is embedded in a record under WordPress's name of a relation, which was a long one before 4.5."""
    embedded = object_of(record.get("_embedded"))
    return embedded.get(f"wp:{relation}") or embedded.get(f"https://api.w.org/{relation}")


def first_readable(found: object) -> Mapping[str, Any]:
    """The first of some embeds that is no error, or the only one where there is no list; {} where there is none."""
    several = [found] if "id" in object_of(found) else items_of(found)
    return next((value for one in several if (value := object_of(one)) and "code" not in value), {})


def image_of(record: Mapping[str, Any], *, base: str, home: str) -> Image | None:
    """The featured image. Where it is gone, old WordPress embeds its whole REST index instead.

    base, home: what addresses without a host are relative to, as in address_of().
    """
    media = first_readable(embeds(record, "featuredmedia"))
    if _is_image(media) and isinstance(media.get("source_url"), str):
        files = (size for size in _sizes(media, base=base, home=home) if size.url)
        sizes = {size.url: size for size in islice(files, _MOST_SIZES)}
        if sizes:
            return Image(
                sizes=tuple(sizes.values()),
                alt=text_of(media.get("alt_text"))[:_LONGEST_ALT].strip(),
                caption=rendered(media.get("caption"), longest=_LONGEST_ALT),
                focus=_focus(media),
            )
    fallback = address_of(record.get("jetpack_featured_media_url"), base=base, home=home)
    return Image(sizes=(ImageSize(url=fallback),)) if fallback else None


def _is_image(media: Mapping[str, Any]) -> bool:
    """Whether a file is an image; some serializers leave out what WordPress says of that, and say its type alone."""
    kind = media.get("media_type")
    return kind == "image" or (kind is None and text_of(media.get("mime_type")).startswith("image/"))


def _focus(media: Mapping[str, Any]) -> tuple[float, float] | None:
    """The point that matters, where a plugin adds `focal_point`: x and y from the upper left corner.

    Of the image's sides from 0 to 1, as WordPress's own picker gives it, or in per cent.
    """
    point = object_of(media.get("focal_point") or object_of(media.get("meta")).get("focal_point"))
    x, y = _number(point.get("x")), _number(point.get("y"))
    if x is None or y is None:
        return None
    whole = 100 if max(x, y) > 1 else 1
    return 2 * x / whole - 1, 1 - 2 * y / whole


def _number(value: object) -> float | None:
    """A number from 0 to 100; None where it is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= 100 else None


def _sizes(media: Mapping[str, Any], *, base: str, home: str) -> Iterator[ImageSize]:
    """The original and the smaller files, the original first."""
    details = object_of(media.get("media_details"))
    yield _size(media, details, base=base, home=home)
    for value in items_of(details.get("sizes")):
        size = object_of(value)
        yield _size(size, size, base=base, home=home)


def _size(file: Mapping[str, Any], measures: Mapping[str, Any], *, base: str, home: str) -> ImageSize:
    return ImageSize(
        url=address_of(file.get("source_url"), base=base, home=home),
        width=_side(measures.get("width")),
        height=_side(measures.get("height")),
        mime_type=name_of(file.get("mime_type")),
    )


def _side(value: object) -> int:
    """Pixels; some plugins store them as text. 0 where it can't be read."""
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    pixels = int(text) if re.fullmatch(r"[0-9]{1,6}", text) else 0
    return pixels if pixels <= _LONGEST_SIDE else 0


# --- what kind a file is ------------------------------------------------------------------------------------------

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_AVIF = frozenset({b"avif", b"avis"})
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_LONGEST_BOX = 256


def mime_type(data: bytes) -> str:
    """The type of an image's bytes: PNG, JPEG, GIF, WebP, AVIF, HEIC; '' for anything else."""
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return _by_brand(data) if data[4:8] == b"ftyp" else ""


def _by_brand(data: bytes) -> str:
    """AVIF and HEIC share a container; its brands tell which it is, the own one first, then the compatible ones."""
    end = min(int.from_bytes(data[:4], "big"), len(data), _LONGEST_BOX)
    brands = {data[8:12], *(data[place : place + 4] for place in range(16, end, 4))}
    if brands & _AVIF:
        return "image/avif"
    return "image/heic" if brands & _HEIC else ""
