"""The bytes of an answer, decoded while they come and bounded all the while.

httpx would decode a whole chunk at once, and encodings that are stacked on each other: 64 kB can become gigabytes
before anyone could look. Here gzip is all that is asked for and all that is read.
"""

import zlib
from collections.abc import Iterable, Iterator

GZIP = "gzip"
_STEP = 65_536


class BodyError(Exception):
    """The body is too big or isn't what it claims to be. Its text is a reason for a person."""


class BodyTooBigError(BodyError):
    """The body is bigger than it may be."""


def read_body(chunks: Iterable[bytes], *, encoding: str, max_bytes: int) -> bytes:
    """All of a body, decoded; BodyError past so many bytes, or where it is cut short or differently encoded."""
    match encoding.strip().lower():
        case "" | "identity":
            return _joined(chunks, max_bytes=max_bytes)
        case "gzip" | "x-gzip":
            return _joined(_unzipped(chunks), max_bytes=max_bytes)
        case _:
            raise BodyError("it came in an encoding that wasn't asked for")


def _joined(chunks: Iterable[bytes], *, max_bytes: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            raise BodyTooBigError(f"it is bigger than {max_bytes:,} bytes")
    return bytes(body)


def _unzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The decoded bytes, in steps small enough that a bound bites in time. No bytes at all are an empty body."""
    unzip = zlib.decompressobj(zlib.MAX_WBITS | 16)
    empty = True
    for chunk in chunks:
        empty = empty and not chunk
        yield from _steps(unzip, chunk)
    if not unzip.eof and not empty:
        raise BodyError("it was cut short")


def _steps(unzip: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    """What one chunk decodes to. A full step may have more behind it, even where no input is left."""
    full = True
    while not unzip.eof and (data or full):
        try:
            piece = unzip.decompress(data, _STEP)
        except zlib.error as error:
            raise BodyError("it isn't the gzip that it claims to be") from error
        data, full = unzip.unconsumed_tail, len(piece) == _STEP
        yield piece
