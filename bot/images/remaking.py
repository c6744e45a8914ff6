"""Making an image anew: from a file that a site has to one that an instance takes. Pillow is imported here.

opened in bounds ─▶ unpacked ─▶ upright, small enough, encoded as is wanted

Runs in a process of its own (child.py): whatever a file does to it, howdah goes on.
"""

import struct
import warnings
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from io import BytesIO

from msgspec import Struct
from PIL import ExifTags, Image

from bot.domain.models import MediaFile
from bot.errors import ImageError
from bot.images.process import JPEG, PNG, Task

# --- a file that anybody may have made: only known formats, and only what can be unpacked in bounds

_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
}
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
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)


@contextmanager
def _guarded(mime_type: str) -> Iterator[None]:
    """ImageError for all that goes wrong within. What is odd about a file Pillow warns of, which helps nobody."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except _BROKEN as error:
        raise ImageError(f"the image is broken, or no {_FORMATS[mime_type]}") from error
    except MemoryError as error:
        raise ImageError("the image takes more memory than there is for it") from error


def _orientation(image: Image.Image) -> int:
    """How the image has to be turned, as EXIF numbers it: 1 for not at all. What is broken here doesn't count."""
    try:
        turn = image.getexif().get(ExifTags.Base.Orientation, 1)
    except _BROKEN:
        return 1
    return turn if turn in range(1, 9) else 1


# --- to the instance

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


def remade(data: bytes, task: Task) -> MediaFile:
    """A new file of the (first) picture: upright, small enough, without metadata. ImageError where there is none."""
    if task.mime_type not in _FORMATS:
        raise ImageError(f"howdah can't read {task.mime_type or 'images of this kind'}")
    with _guarded(task.mime_type):
        unpacked = _unpacked(data, task)
        picture = _fitted(unpacked)
        lossless = unpacked.few_colours or picture.mode == "RGBA"
        return _encoded(
            picture, profile=unpacked.profile, lossless=lossless, types=task.types, max_bytes=task.max_bytes
        )


class _Unpacked(Struct, frozen=True, kw_only=True):
    """A picture as it stands in its file, and how large it is going to be."""

    picture: Image.Image
    size: tuple[int, int]
    turn: int
    profile: bytes | None
    few_colours: bool


def _unpacked(data: bytes, task: Task) -> _Unpacked:
    """The file's picture; with the file's own decoder goes the memory that it needed."""
    with Image.open(BytesIO(data), formats=[_FORMATS[task.mime_type]]) as image:
        turn, size, few_colours = _orientation(image), task.size(*image.size), image.mode in ("1", "P")
        image.draft(None, size)  # a JPEG is unpacked at a fraction of its size
        picture = _in_plain_colours(image)
        profile = _profile(image, picture)
        picture.info = {}
        return _Unpacked(picture=picture, size=size, turn=turn, profile=profile, few_colours=few_colours)


def _fitted(unpacked: _Unpacked) -> Image.Image:
    picture = unpacked.picture
    if picture.size != unpacked.size:
        picture = picture.resize(unpacked.size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return picture.transpose(_TURNS[unpacked.turn]) if unpacked.turn in _TURNS else picture


def _in_plain_colours(image: Image.Image) -> Image.Image:
    """The picture in grey (L), colours (RGB), or colours with transparency (RGBA)."""
    if image.has_transparency_data:
        picture = _in_mode(image, "RGBA")
        return picture if picture.getchannel("A").getextrema() != (255, 255) else picture.convert("RGB")
    if image.mode.startswith("I"):  # 16 bits of grey
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return _in_mode(image, "L" if image.mode in ("1", "L") else "RGB")


def _in_mode(image: Image.Image, mode: str) -> Image.Image:
    """The picture in this mode, without the file it came from; not copied where it is in that mode already."""
    image.load()
    return image._new(image.im) if image.mode == mode else image.convert(mode)  # noqa: SLF001 # .copy() takes as much again


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
    if PNG in types and (lossless or JPEG not in types):
        yield MediaFile(data=_saved(picture, "PNG", icc_profile=profile), mime_type=PNG)
    if JPEG in types:
        picture = _on_white(picture)
        for _ in range(_SIZES):
            for quality in _QUALITIES:
                data = _saved(picture, "JPEG", icc_profile=profile, quality=quality, optimize=True)
                yield MediaFile(data=data, mime_type=JPEG)
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
