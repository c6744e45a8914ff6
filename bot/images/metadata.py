"""What an image file says beyond its picture (where, when and with what it was taken), taken out of its bytes.

The picture itself isn't touched: nothing is decoded, nothing loses quality. Malformed files raise ValueError.
"""

import re
from collections.abc import Iterator
from typing import Literal

# JPEG: JFIF, colour profile, Adobe's colour transform. Other application segments and comments go.
_APP0, _APP2, _APP14, _APP15, _COMMENT = 0xE0, 0xE2, 0xEE, 0xEF, 0xFE
_START_OF_SCAN, _END = 0xDA, 0xD9
_PROFILE = b"ICC_PROFILE\0"
# Between scans, a marker is 0xFF and neither a stuffed byte, nor a restart, nor filling.
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_SPOKEN = frozenset({b"eXIf", b"iTXt", b"tEXt", b"zTXt", b"tIME", b"dSIG", b"caBX"})
_WEBP_SPOKEN = frozenset({b"EXIF", b"XMP "})
_WEBP_FLAGS = 0x08 | 0x04  # of the VP8X chunk: EXIF, XMP


def bare(data: bytes, mime_type: str) -> bytes:
    """The file without its metadata and without what stands behind its end; the colour profile stays.

    As it is where there is nothing to take out, and for a GIF, which knows no such data. ValueError where it is
    malformed, or of a type that nothing can be taken out of.
    """
    match mime_type:
        case "image/jpeg":
            return b"".join(_jpeg_parts(data))
        case "image/png":
            return _PNG_SIGNATURE + b"".join(_png_parts(data))
        case "image/webp":
            return _webp(b"".join(_webp_parts(data)))
        case "image/gif":
            return data
        case _:
            msg = f"nothing can be taken out of {mime_type}"
            raise ValueError(msg)


def _jpeg_parts(data: bytes) -> Iterator[bytes]:
    """The segments that stay, each with what is coded behind it."""
    yield data[:2]
    place = 2
    while True:
        marker = _next(_MARKER.search(data, place))
        kind = data[marker + 1]
        if kind == _END:
            yield data[marker : marker + 2]
            return
        end = marker + 2 + _number(data, marker + 2, length=2, order="big")
        place = _next(_MARKER.search(data, end)) if kind == _START_OF_SCAN else end
        if _stays(kind, data[marker + 4 : marker + 4 + len(_PROFILE)]):
            yield data[marker:place]


def _stays(kind: int, beginning: bytes) -> bool:
    if kind == _APP2:
        return beginning == _PROFILE
    return kind in (_APP0, _APP14) or not (_APP0 <= kind <= _APP15 or kind == _COMMENT)


def _png_parts(data: bytes) -> Iterator[bytes]:
    """The chunks that stay: length, name, content, checksum."""
    place, name = len(_PNG_SIGNATURE), b""
    while name != b"IEND":
        name = data[place + 4 : place + 8]
        end = place + 12 + _number(data, place, length=4, order="big")
        if name not in _PNG_SPOKEN:
            yield _slice(data, place, end)
        place = end


def _webp_parts(data: bytes) -> Iterator[bytes]:
    """The chunks that stay: name, length, content, and a byte where that is odd."""
    place, last = 12, 8 + _number(data, 4, length=4, order="little")
    while place < last:
        name, length = data[place : place + 4], _number(data, place + 4, length=4, order="little")
        end = place + 8 + length + length % 2
        chunk = _slice(data, place, end)
        if name == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS]) + chunk[9:]
        if name not in _WEBP_SPOKEN:
            yield chunk
        place = end


def _webp(chunks: bytes) -> bytes:
    return b"RIFF" + (len(chunks) + 4).to_bytes(4, "little") + b"WEBP" + chunks


def _next(marker: re.Match[bytes] | None) -> int:
    if marker is None:
        msg = "the file ends too early"
        raise ValueError(msg)
    return marker.start()


def _number(data: bytes, place: int, *, length: int, order: Literal["big", "little"]) -> int:
    return int.from_bytes(_slice(data, place, place + length), order)


def _slice(data: bytes, start: int, end: int) -> bytes:
    """These bytes; ValueError where the file ends before."""
    if end > len(data) or end <= start:
        msg = "the file ends too early"
        raise ValueError(msg)
    return data[start:end]
