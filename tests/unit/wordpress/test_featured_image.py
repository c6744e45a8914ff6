"""Images by their first bytes."""

import pytest

from bot.sandbox.images import png
from bot.wordpress.featured_image import mime_type


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
