"""Developing: from a file that a site has to one that an instance takes. Pillow is imported here."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from math import sqrt

from PIL import Image

from bot.domain.attachments import LONGEST_SIDE, MOST_PIXELS
from bot.domain.models import Limits, MediaFile
from bot.images.encoding import JPEG, PNG, encoded
from bot.images.metadata import bare
from bot.images.opening import opened, orientation

# What every instance takes, also where it doesn't say so.
_SURE_TYPES = (JPEG, PNG, "image/gif")
_SURE_BYTES = 8 * 1024 * 1024
_MOVING = ("image/gif", PNG, "image/webp")
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
    with opened(file) as image:
        moves = _moves(image, file)
        whole = _whole(image, file, wanted)
        return replace(whole, animated=moves) if whole is not None else _remade(image, wanted)


def stilled(file: MediaFile, limits: Limits) -> MediaFile:
    """The same, but of an animation only its first frame."""
    wanted = _wanted(limits)
    with opened(file) as image:
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
    if not is_wanted or orientation(image) != 1 or image.mode == "CMYK":  # printers' colours come out odd on the web
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
    turn = orientation(image)
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
    return encoded(picture, profile=profile, lossless=lossless, types=wanted.types, max_bytes=wanted.max_bytes)


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
