"""What an image file says beyond its picture (where, when and with what it was taken), taken out of its bytes.

The picture itself isn't touched: nothing is decoded, nothing loses quality. What stays is what is known to be part of
the picture; all else goes, and so does what stands behind the file's end. Malformed files raise ValueError.
"""

from collections.abc import Iterator

from bot.images.blocks import GIF_EXTENSION, PNG_SIGNATURE, gif_parts, jpeg_segments, png_chunks, webp_chunks


def bare(data: bytes, mime_type: str) -> bytes:
    """The file without its metadata and without what stands behind its end; the colour profile stays.

    ValueError where it is malformed, or of a type that nothing can be taken out of.
    """
    match mime_type:
        case "image/jpeg":
            return b"\xff\xd8" + b"".join(_jpeg_parts(data))
        case "image/png":
            return PNG_SIGNATURE + b"".join(_png_parts(data))
        case "image/webp":
            return _webp(b"".join(_webp_parts(data)))
        case "image/gif":
            return b"".join(_gif_parts(data)) + b";"
        case _:
            msg = f"nothing can be taken out of {mime_type}"
            raise ValueError(msg)


# JFIF, colour profile, Adobe's colour transform. Other application segments and comments go.
_APP0, _APP2, _APP14, _APP15, _COMMENT = 0xE0, 0xE2, 0xEE, 0xEF, 0xFE
_PROFILE = b"ICC_PROFILE\0"
# Of this length it has no small picture in it, which may show what was cut off the large one.
_JFIF_LENGTH = 18


def _jpeg_parts(data: bytes) -> Iterator[bytes]:
    return (segment for kind, segment in jpeg_segments(data) if _stays(kind, segment))


def _stays(kind: int, segment: bytes) -> bool:
    said = segment[4:]
    if kind == _APP0:
        return said.startswith(b"JFIF\0") and len(segment) == _JFIF_LENGTH
    if kind == _APP2:
        return said.startswith(_PROFILE)
    if kind == _APP14:
        return said.startswith(b"Adobe")
    return not (_APP0 <= kind <= _APP15 or kind == _COMMENT)


_PNG_SHOWN = frozenset(
    {
        b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"mDCV", b"cLLI",
        b"bKGD", b"pHYs", b"sBIT", b"hIST", b"acTL", b"fcTL", b"fdAT",
    }
)  # fmt: skip
_PNG_OPTIONAL = 0x20


def _png_parts(data: bytes) -> Iterator[bytes]:
    for name, chunk in png_chunks(data):
        if name in _PNG_SHOWN:
            yield chunk
        elif not name[0] & _PNG_OPTIONAL:
            msg = f"the file can't be shown without a chunk that isn't known: {name!r}"
            raise ValueError(msg)


_WEBP_SHOWN = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_FLAGS = 0x08 | 0x04  # of the VP8X chunk: EXIF, XMP


def _webp_parts(data: bytes) -> Iterator[bytes]:
    for name, chunk in webp_chunks(data):
        if name == b"VP8X":
            yield chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS]) + chunk[9:]
        elif name in _WEBP_SHOWN:
            yield chunk


def _webp(chunks: bytes) -> bytes:
    return b"RIFF" + (len(chunks) + 4).to_bytes(4, "little") + b"WEBP" + chunks


# How long a frame is shown; how often all of them are; the colour profile. Comments, texts and XMP go.
_GIF_CONTROL, _GIF_APPLICATION = 0xF9, 0xFF
_GIF_APPLICATIONS = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")


def _gif_parts(data: bytes) -> Iterator[bytes]:
    for part in gif_parts(data):
        is_shown = part[0] != GIF_EXTENSION or part[1] == _GIF_CONTROL
        if is_shown or (part[1] == _GIF_APPLICATION and part[3:14] in _GIF_APPLICATIONS):
            yield part
