"""Tiny valid images, made without an imaging library."""

import struct
import zlib

Colour = tuple[int, int, int]
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CELL = 8


def png(width: int = 64, height: int = 64, *, colour: Colour = (99, 100, 255)) -> bytes:
    """A PNG of that size: a chequered pattern in a colour and a lighter one."""
    light = bytes(min(255, channel + 60) for channel in colour)
    dark = bytes(colour)
    rows = [_row(width, first, second) for first, second in ((dark, light), (light, dark))]
    pixels = b"".join(rows[(y // _CELL) % 2] for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(pixels)) + _chunk(b"IEND", b"")
    return _SIGNATURE + body


def png_size(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG; (0, 0) for anything else."""
    if not data.startswith(_SIGNATURE) or len(data) < 24:
        return 0, 0
    width, height = struct.unpack(">II", data[16:24])
    return int(width), int(height)


def mime_type(data: bytes) -> str:
    """What the first bytes say that it is; '' for what neither sandbox knows."""
    known = (
        (_SIGNATURE, "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF8", "image/gif"),
    )
    found = next((kind for start, kind in known if data.startswith(start)), "")
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else found


def moves(data: bytes) -> bool:
    """Whether it is a GIF that plays in a loop."""
    return data.startswith(b"GIF8") and b"NETSCAPE2.0" in data


def _row(width: int, first: bytes, second: bytes) -> bytes:
    """One line of pixels, with its filter byte."""
    return b"\0" + b"".join((first, second)[(x // _CELL) % 2] for x in range(width))


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
