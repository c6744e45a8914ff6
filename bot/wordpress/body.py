"""The bytes of an answer, decoded while they come and bounded all the while.

httpx would decode a whole chunk at once, and encodings that are stacked on each other: 64 kB can become gigabytes
before anyone could look. Here gzip is all that is asked for and all that is read. Whether a body is gzip its first
bytes tell: caches and proxies have been seen to send it without the header, and the header without it.
"""

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

GZIP = "gzip"
_STEP = 65_536
_GZIP_BEGINS = b"\x1f\x8b"


class BodyError(Exception):
    """The body is too big or isn't what it claims to be. Its text is a reason for a person."""


class BodyTooBigError(BodyError):
    """The body is bigger than it may be."""


def read_body(chunks: Iterable[bytes], *, encoding: str, max_bytes: int) -> bytes:
    """All of a body, decoded; BodyError past so many bytes, or where it is cut short or differently encoded."""
    if encoding.strip().lower() not in ("", "identity", "gzip", "x-gzip"):
        raise BodyError("it came in an encoding that wasn't asked for")
    left = iter(chunks)
    head = b""
    while len(head) < len(_GZIP_BEGINS) and (chunk := next(left, None)) is not None:
        head += chunk
    whole = chain((head,), left)
    return _joined(_unzipped(whole) if head.startswith(_GZIP_BEGINS) else whole, max_bytes=max_bytes)


def _joined(chunks: Iterable[bytes], *, max_bytes: int) -> bytes:
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > max_bytes:
            raise BodyTooBigError(f"it is bigger than {max_bytes:,} bytes")
    return bytes(body)


def _unzipped(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The decoded bytes, in steps small enough that a bound bites in time."""
    unzip = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for chunk in chunks:
        yield from _steps(unzip, chunk)
    if not unzip.eof:
        raise BodyError("it was cut short")


def _steps(unzip: "zlib._Decompress", data: bytes) -> Iterator[bytes]:
    """What one chunk decodes to. A full step may have more behind it, even where no input is left."""
    full = True
    while not unzip.eof and (data or full):
        try:
            piece = unzip.decompress(data, _STEP)
        except zlib.error as error:
            raise BodyError("its gzip is broken") from error
        data, full = unzip.unconsumed_tail, len(piece) == _STEP
        yield piece
