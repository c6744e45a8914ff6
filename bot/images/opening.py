"""Opening an image that anybody may have made: only known formats, and only what can be unpacked in bounds."""

import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import ExifTags, Image

from bot.domain.models import MediaFile
from bot.errors import ImageError

_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
}
# Unpacked, a pixel takes four bytes. JPEGs are unpacked at a fraction of their size, so that they may have more.
_MOST_PIXELS = 50_000_000
_MOST_JPEG_PIXELS = 120_000_000
# A progressive JPEG goes over all its pixels once for every scan; honest ones have ten.
_MOST_PASSES = 1_200_000_000
_SCAN = b"\xff\xda"
# What Pillow and its decoders raise for broken files; they name no family of their own.
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    AssertionError,
    RuntimeError,
    EOFError,
    MemoryError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)


@contextmanager
def opened(file: MediaFile) -> Iterator[Image.Image]:
    """The image, nothing but its header read yet. ImageError for all that goes wrong, within too."""
    kind = _FORMATS.get(file.mime_type)
    if kind is None:
        raise ImageError(f"howdah can't read {file.mime_type or 'images of this kind'}")
    try:
        with _quietly(), Image.open(BytesIO(file.data), formats=[kind]) as image:
            _check(image, file)
            yield image
    except BROKEN as error:
        raise ImageError(f"the image is broken, or no {kind}") from error


def orientation(image: Image.Image) -> int:
    """How the image has to be turned, as EXIF numbers it: 1 for not at all. What is broken here doesn't count."""
    try:
        turn = image.getexif().get(ExifTags.Base.Orientation, 1)
    except BROKEN:
        return 1
    return turn if turn in range(1, 9) else 1


@contextmanager
def _quietly() -> Iterator[None]:
    """Pillow warns on standard error of what is odd about a file, which is nothing that anybody could do about it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _check(image: Image.Image, file: MediaFile) -> None:
    """ImageError for what is too large to be unpacked."""
    is_jpeg = file.mime_type == "image/jpeg"
    pixels = image.width * image.height
    if pixels > (_MOST_JPEG_PIXELS if is_jpeg else _MOST_PIXELS):
        raise ImageError(f"the image has too many pixels: {image.width} × {image.height}")
    if is_jpeg and pixels * file.data.count(_SCAN) > _MOST_PASSES:
        raise ImageError("the image takes too long to unpack: its JPEG has too many scans")
