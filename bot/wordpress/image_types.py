"""What an image is, by its first bytes: neither its name nor what the server calls it can be relied on."""

_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
_AVIF = frozenset({b"avif", b"avis"})
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_LONGEST_BOX = 256


def mime_type(data: bytes) -> str:
    """The type of an image's bytes: PNG, JPEG, GIF, WebP, AVIF, HEIC; '' for anything else."""
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return _by_brand(data) if data[4:8] == b"ftyp" else ""


def _by_brand(data: bytes) -> str:
    """AVIF and HEIC share a container; its brands tell which it is, the own one first, then the compatible ones."""
    end = min(int.from_bytes(data[:4], "big"), len(data), _LONGEST_BOX)
    brands = {data[8:12], *(data[place : place + 4] for place in range(16, end, 4))}
    if brands & _AVIF:
        return "image/avif"
    return "image/heic" if brands & _HEIC else ""
