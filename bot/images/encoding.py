"""Encoding a picture so that an instance takes it."""

from collections.abc import Collection, Iterator
from io import BytesIO

from PIL import Image

from bot.domain.models import MediaFile
from bot.errors import ImageError

JPEG, PNG = "image/jpeg", "image/png"
_QUALITIES = (85, 75, 65)
# Each half as wide and high as the one before.
_SIZES = 5


def encoded(
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
