"""Fitting: from a file that a site has to one that an instance takes. Pillow is imported here.

opened in bounds ─▶ as it is but for its metadata, or made anew: upright, small enough, encoded as is wanted
"""

import struct
import warnings
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from math import sqrt

from PIL import ExifTags, Image

from bot.domain.composing.attachments import LONGEST_SIDE, MOST_PIXELS
from bot.domain.models import Limits, MediaFile
from bot.errors import ImageError
from bot.images.metadata import bare

# --- a file that anybody may have made: only known formats, and only what can be unpacked in bounds

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
_BROKEN = (
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
def _opened(file: MediaFile) -> Iterator[Image.Image]:
    """The image, nothing but its header read yet. ImageError for all that goes wrong, within too."""
    kind = _FORMATS.get(file.mime_type)
    if kind is None:
        raise ImageError(f"howdah can't read {file.mime_type or 'images of this kind'}")
    try:
        with _quietly(), Image.open(BytesIO(file.data), formats=[kind]) as image:
            _check(image, file)
            yield image
    except _BROKEN as error:
        raise ImageError(f"the image is broken, or no {kind}") from error


def _orientation(image: Image.Image) -> int:
    """How the image has to be turned, as EXIF numbers it: 1 for not at all. What is broken here doesn't count."""
    try:
        turn = image.getexif().get(ExifTags.Base.Orientation, 1)
    except _BROKEN:
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


# --- to the instance

_JPEG, _PNG = "image/jpeg", "image/png"
# What every instance takes, also where it doesn't say so.
_SURE_TYPES = (_JPEG, _PNG, "image/gif")
_SURE_BYTES = 8 * 1024 * 1024
_MOVING = ("image/gif", _PNG, "image/webp")
_LONGEST_PROFILE = 1_000_000
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def fitted(file: MediaFile, limits: Limits) -> MediaFile:
    """The image as the instance takes it; an animation keeps moving where the instance takes it whole."""
    wanted = _wanted(limits)
    with _opened(file) as image:
        moves = _moves(image, file)
        whole = _whole(image, file, wanted)
        return replace(whole, animated=moves) if whole is not None else _remade(image, wanted)


def stilled(file: MediaFile, limits: Limits) -> MediaFile:
    """The same, but of an animation only its first frame."""
    wanted = _wanted(limits)
    with _opened(file) as image:
        whole = None if _moves(image, file) else _whole(image, file, wanted)
        return whole if whole is not None else _remade(image, wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What the file has to be: of these types, smaller than max_bytes, with no more than max_pixels."""

    types: Collection[str]
    max_bytes: int
    max_pixels: int

    def scale(self, width: int, height: int) -> float:
        """By how much such an image has to be made smaller; 1 for not at all."""
        return min(1.0, LONGEST_SIDE / max(width, height), sqrt(self.max_pixels / (width * height)))


def _wanted(limits: Limits) -> _Wanted:
    return _Wanted(
        types=limits.supported_mime_types or _SURE_TYPES,
        max_bytes=limits.image_size_limit or _SURE_BYTES,
        max_pixels=limits.image_matrix_limit or MOST_PIXELS,
    )


def _moves(image: Image.Image, file: MediaFile) -> bool:
    """Whether it is an animation. Several pictures in a JPEG aren't: cameras put a preview there."""
    return file.mime_type in _MOVING and bool(getattr(image, "is_animated", False))


def _whole(image: Image.Image, file: MediaFile, wanted: _Wanted) -> MediaFile | None:
    """The file but for its metadata; None where that isn't what is wanted."""
    is_wanted = file.mime_type in wanted.types and wanted.scale(*image.size) == 1
    if not is_wanted or _orientation(image) != 1 or image.mode == "CMYK":  # printers' colours come out odd on the web
        return None
    try:
        data = bare(file.data, file.mime_type)
    except ValueError:
        return None
    if len(data) >= wanted.max_bytes:
        return None
    image.draft(None, (1, 1))  # a JPEG is looked through at an eighth of its size, which finds what is broken too
    image.load()
    return replace(file, data=data)


def _remade(image: Image.Image, wanted: _Wanted) -> MediaFile:
    """A new file of the picture: upright, small enough, without metadata."""
    turn = _orientation(image)
    scale = wanted.scale(*image.size)
    size = (max(1, int(image.width * scale)), max(1, int(image.height * scale)))
    few_colours = image.mode in ("1", "P")
    image.draft(None, size)
    picture = _in_plain_colours(image)
    profile = _profile(image, picture)
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    if turn in _TURNS:
        picture = picture.transpose(_TURNS[turn])
    picture.info = {}
    lossless = few_colours or picture.mode == "RGBA"
    return _encoded(picture, profile=profile, lossless=lossless, types=wanted.types, max_bytes=wanted.max_bytes)


def _in_plain_colours(image: Image.Image) -> Image.Image:
    """The picture in grey (L), colours (RGB), or colours with transparency (RGBA)."""
    if image.has_transparency_data:
        picture = image.convert("RGBA")
        return picture if picture.getchannel("A").getextrema() != (255, 255) else picture.convert("RGB")
    if image.mode.startswith("I"):  # 16 bits of grey
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def _profile(image: Image.Image, picture: Image.Image) -> bytes | None:
    """The image's colour profile where it is one of the picture's kind of colours."""
    profile = image.info.get("icc_profile")
    if not isinstance(profile, bytes) or len(profile) > _LONGEST_PROFILE:
        return None
    kind = b"GRAY" if picture.mode == "L" else b"RGB "
    return profile if profile[16:20] == kind else None


_QUALITIES = (85, 75, 65)
# Each half as wide and high as the one before.
_SIZES = 5


def _encoded(
    picture: Image.Image, *, profile: bytes | None, lossless: bool, types: Collection[str], max_bytes: int
) -> MediaFile:
    """The picture in the best form that is smaller than max_bytes; ImageError where there is none.

    profile: its colour profile, and all that is said of it. lossless: it is tried as a PNG first. A JPEG has a white
    ground where the picture has none; where its lowest quality is still too large, the picture is made smaller.
    """
    for file in _forms(picture, profile=profile, lossless=lossless, types=types):
        if len(file.data) < max_bytes:
            return file
    raise ImageError("the image can't be made into a file that the instance takes")


def _forms(
    picture: Image.Image, *, profile: bytes | None, lossless: bool, types: Collection[str]
) -> Iterator[MediaFile]:
    if _PNG in types and (lossless or _JPEG not in types):
        yield MediaFile(data=_saved(picture, "PNG", icc_profile=profile), mime_type=_PNG)
    if _JPEG in types:
        picture = _on_white(picture)
        for _ in range(_SIZES):
            for quality in _QUALITIES:
                data = _saved(picture, "JPEG", icc_profile=profile, quality=quality, optimize=True)
                yield MediaFile(data=data, mime_type=_JPEG)
            picture = picture.reduce(2)


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()
