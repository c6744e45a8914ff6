"""What an image file says of its picture before any of it is unpacked: read from its bytes, without Pillow.

ValueError for all that isn't plain to see: then only unpacking it tells more.
"""

import re
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from msgspec import Struct

from bot.images.blocks import exif_block, gif_parts, jpeg_segments, png_chunks, webp_chunks


class Header(Struct, frozen=True, kw_only=True):
    """An image's size in pixels, and what else decides whether it can go as it is.

    moves: it is an animation. upright: EXIF doesn't turn it. common: everybody shows its colours (printers' come out
    odd on the web). scans: how often a JPEG goes over its pixels; several where it is a progressive one.
    """

    width: int
    height: int
    moves: bool = False
    upright: bool = True
    common: bool = True
    scans: int = 1


def header_of(data: bytes, mime_type: str) -> Header:
    """What an image's file says of it; ValueError where it is malformed, or of a type that isn't known."""
    read = _READERS.get(mime_type)
    if read is None:
        msg = f"{mime_type or 'an unknown type'} isn't read"
        raise ValueError(msg)
    try:
        header = read(data)
    except (struct.error, LookupError) as error:
        msg = "the file ends too early"
        raise ValueError(msg) from error
    if header.width < 1 or header.height < 1:
        msg = "the file says of no size"
        raise ValueError(msg)
    return header


# --- each type ----------------------------------------------------------------------------------------------------

_FRAME_KINDS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
# Baseline, extended and progressive: what every decoder knows.
_COMMON_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_SCAN, _APP1 = 0xDA, 0xE1


def _jpeg(data: bytes) -> Header:
    size, common, upright, scans = (0, 0), True, True, 0
    for kind, segment in jpeg_segments(data):
        if kind in _FRAME_KINDS and size == (0, 0):
            precision, height, width, colours = struct.unpack_from(">BHHB", segment, 4)
            size, common = (width, height), kind in _COMMON_FRAMES and precision == 8 and colours != 4
        elif kind == _APP1 and segment[4:10] == b"Exif\0\0":
            upright = _upright(segment[10:])
        scans += kind == _SCAN
    return Header(width=size[0], height=size[1], upright=upright, common=common, scans=scans)


def _png(data: bytes) -> Header:
    chunks = dict(png_chunks(data))
    width, height = struct.unpack_from(">II", chunks[b"IHDR"], 8)
    frames = int.from_bytes(chunks[b"acTL"][8:12], "big") if b"acTL" in chunks else 1
    return Header(width=width, height=height, moves=frames > 1, upright=_upright(chunks.get(b"eXIf", b"")[8:-4]))


def _gif(data: bytes) -> Header:
    width, height = struct.unpack_from("<HH", data, 6)
    frames = sum(part[:1] == b"," for part in gif_parts(data))
    if not frames:
        msg = "the file has no picture"
        raise ValueError(msg)
    return Header(width=width, height=height, moves=frames > 1)


def _webp(data: bytes) -> Header:
    size, frames, upright = (0, 0), 0, True
    for name, chunk in webp_chunks(data):
        if name == b"ANMF":
            frames += 1
        elif name == b"EXIF":
            upright = _upright(exif_block(chunk[8:]))
        elif size == (0, 0):
            size = _webp_size(name, chunk)
    return Header(width=size[0], height=size[1], moves=frames > 1, upright=upright)


def _webp_size(name: bytes, chunk: bytes) -> tuple[int, int]:
    """The size that a chunk tells; none where it tells none."""
    if name == b"VP8X":
        return 1 + int.from_bytes(chunk[12:15], "little"), 1 + int.from_bytes(chunk[15:18], "little")
    if name == b"VP8L":
        bits = int.from_bytes(chunk[9:13], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if name == b"VP8 ":
        width, height = struct.unpack_from("<HH", chunk, 14)
        return width & 0x3FFF, height & 0x3FFF
    return 0, 0


_AVIF_SIZE = re.compile(rb"ispe\0\0\0\0(.{4})(.{4})", re.DOTALL)
_AVIF_HEADER = 10_000


def _avif(data: bytes) -> Header:
    """The largest of the sizes in it: those of parts and thumbnails stand beside the picture's."""
    sizes = [(int.from_bytes(w), int.from_bytes(h)) for w, h in _AVIF_SIZE.findall(data[:_AVIF_HEADER])]
    width, height = max(sizes, key=lambda size: size[0] * size[1], default=(0, 0))
    return Header(width=width, height=height)


_READERS: Mapping[str, Callable[[bytes], Header]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/gif": _gif,
    "image/webp": _webp,
    "image/avif": _avif,
}


# --- EXIF ---------------------------------------------------------------------------------------------------------

_ORIENTATION, _SHORT = 0x0112, 3
_MOST_FIELDS = 200


def _upright(exif: bytes) -> bool:
    """Whether a block of EXIF turns the picture in no way. What is broken here doesn't count."""
    try:
        turns = [value for tag, kind, value in _fields(exif) if (tag, kind) == (_ORIENTATION, _SHORT)]
    except struct.error:
        return True
    return not any(turn in range(2, 9) for turn in turns)


def _fields(exif: bytes) -> Iterator[tuple[int, int, int]]:
    """Tag, type and (where it is a short number) value of the fields of a block's first directory."""
    order: Literal["<", ">"] = "<" if exif[:2] == b"II" else ">"
    (start,) = struct.unpack_from(f"{order}I", exif, 4)
    (count,) = struct.unpack_from(f"{order}H", exif, start)
    for place in range(start + 2, start + 2 + 12 * min(count, _MOST_FIELDS), 12):
        tag, kind, _, value = struct.unpack_from(f"{order}HHIH", exif, place)
        yield tag, kind, value
