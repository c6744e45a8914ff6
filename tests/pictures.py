"""Real image files, made by Pillow."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image

from bot.domain.models import Limits, MediaFile
from bot.images import PillowFitter
from bot.images.fitter import task_for
from bot.images.remaking import remade

TYPES = {
    "JPEG": "image/jpeg",
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "GIF": "image/gif",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
}
PLACE = b"Sandringham"


def picture(width: int = 80, height: int = 60, *, mode: str = "RGB") -> Image.Image:
    """A picture that is red at the top left and blue elsewhere."""
    image = Image.new("RGB", (width, height), "blue")
    image.paste("red", (0, 0, width // 2, height // 2))
    return image.convert(mode)


def noise(width: int, height: int) -> Image.Image:
    """A picture that can't be packed well."""
    return Image.effect_noise((width, height), 80).convert("RGB")


def saved(image: Image.Image, kind: str = "JPEG", **options: Any) -> MediaFile:
    """The picture as a file of this kind."""
    file = BytesIO()
    image.save(file, kind, **options)
    return MediaFile(data=file.getvalue(), mime_type=TYPES[kind])


def moving(kind: str = "GIF", *, size: int = 80, **options: Any) -> MediaFile:
    """A short animation."""
    first, *others = (Image.new("RGB", (size, size), colour) for colour in ("red", "green", "blue"))
    return saved(first, kind, save_all=True, append_images=others, duration=100, loop=0, **options)


def told(*, orientation: int = 1) -> Image.Exif:
    """What a camera says of a picture: how it was held, and where."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.ImageDescription] = PLACE.decode()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (52.0, 49.0, 47.0)
    return exif


def looked_at(file: MediaFile) -> Image.Image:
    """The picture of a file, unpacked."""
    with Image.open(BytesIO(file.data)) as image:
        assert TYPES[str(image.format)] == file.mime_type
        image.load()
        return image


def chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def bomb(side: int = 50_000) -> MediaFile:
    """A small PNG that claims to be huge."""
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000))
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")
    return MediaFile(data=data, mime_type="image/png")


def taken(file: MediaFile, limits: Limits, *, still: bool = False) -> MediaFile:
    """The file as an instance takes it, made in this process; of what moves its first frame where that is wanted."""
    whole = PillowFitter().whole(file, limits)
    return remade(file.data, task_for(file, limits)) if whole is None or (still and whole.animated) else whole
