"""The blocks that image files are made of, walked without unpacking anything. Malformed files raise ValueError."""

import re
import zlib
from collections.abc import Iterator
from typing import Literal

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
# Between scans, a marker is 0xFF and neither a stuffed byte, nor a restart, nor filling.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9


def jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The segments of a JPEG's first picture: kind, and bytes from the marker on; a scan with what is coded in it."""
    if data[:2] != b"\xff\xd8":
        raise _malformed("no JPEG")
    place = 2
    while True:
        marker = _next(_MARKER.search(data, place))
        kind = data[marker + 1]
        if kind == _END_OF_IMAGE:
            yield kind, data[marker : marker + 2]
            return
        end = marker + 2 + _number(data, marker + 2, length=2, order="big")
        place = _next(_MARKER.search(data, end)) if kind == _START_OF_SCAN else end
        yield kind, data[marker:place]


def png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG up to its end: name, and bytes from the length to the checksum, which is right."""
    if data[: len(PNG_SIGNATURE)] != PNG_SIGNATURE:
        raise _malformed("no PNG")
    place, name = len(PNG_SIGNATURE), b""
    while name != b"IEND":
        end = place + 12 + _number(data, place, length=4, order="big")
        chunk = _slice(data, place, end)
        name = chunk[4:8]
        if zlib.crc32(memoryview(chunk)[4:-4]) != int.from_bytes(chunk[-4:], "big"):
            raise _malformed("a checksum is wrong")
        yield name, chunk
        place = end


def webp_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a WebP: name, and bytes from the name on, with the one that fills up an odd length."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        raise _malformed("no WebP")
    place, last = 12, 8 + _number(data, 4, length=4, order="little")
    while place < last:
        length = _number(data, place + 4, length=4, order="little")
        end = place + 8 + length + length % 2
        yield data[place : place + 4], _slice(data, place, end)
        place = end


# What begins a block of a GIF, and what ends the file.
GIF_EXTENSION, GIF_PICTURE, _GIF_END = 0x21, 0x2C, 0x3B
_GIF_SIGNATURES = (b"GIF87a", b"GIF89a")
_GIF_HEADER, _GIF_DESCRIPTOR = 13, 10


def gif_parts(data: bytes) -> Iterator[bytes]:
    """The parts of a GIF: its head, then each extension and each picture; what ends it isn't among them.

    One that just stops behind a part has an end as well, for every program that shows it.
    """
    if data[:6] not in _GIF_SIGNATURES:
        raise _malformed("no GIF")
    place = _GIF_HEADER + _table(data, 10)
    yield _slice(data, 0, place)
    while place < len(data) and data[place] != _GIF_END:
        begun, kind = place, data[place]
        if kind == GIF_EXTENSION:
            place = _behind_blocks(data, place + 2)
        elif kind == GIF_PICTURE:
            table = place + _GIF_DESCRIPTOR - 1
            place = _behind_blocks(data, place + _GIF_DESCRIPTOR + _table(data, table) + 1)
        elif kind == 0:  # filling, which some programs leave
            place += 1
            continue
        else:
            raise _malformed("an unknown block")
        yield data[begun:place]


def _table(data: bytes, place: int) -> int:
    """The length of the colour table that the flags at this place tell of."""
    flags = _number(data, place, length=1, order="little")
    return 3 * 2 ** (1 + (flags & 7)) if flags & 0x80 else 0


def _behind_blocks(data: bytes, place: int) -> int:
    """Behind the sub-blocks that begin here: each has its length before it, and the last has none."""
    while length := _number(data, place, length=1, order="little"):
        place += 1 + length
    return place + 1


def exif_block(block: bytes) -> bytes:
    """A block of EXIF without the name that some programs put before it."""
    return block.removeprefix(b"Exif\0\0")


def _next(marker: re.Match[bytes] | None) -> int:
    if marker is None:
        raise _malformed("it ends too early")
    return marker.start()


def _number(data: bytes, place: int, *, length: int, order: Literal["big", "little"]) -> int:
    return int.from_bytes(_slice(data, place, place + length), order)


def _slice(data: bytes, start: int, end: int) -> bytes:
    """These bytes; ValueError where the file ends before."""
    if end > len(data) or end <= start:
        raise _malformed("it ends too early")
    return data[start:end]


def _malformed(why: str) -> ValueError:
    return ValueError(f"the file is malformed: {why}")
