"""What image files say beside their pictures, in every place where programs put it."""

import struct

import pytest
from msgspec.structs import replace
from PIL import Image

from bot.domain.models import Limits, MediaFile
from bot.images import PillowFitter
from bot.images.header import header_of
from bot.images.metadata import bare
from tests.pictures import PLACE, chunk, looked_at, moving, noise, picture, saved, told

GIF = moving("GIF")
COMMENT = b"\x21\xfe\x0b" + PLACE + b"\0"
PLAIN_TEXT = b"\x21\x01\x0c" + b"\0" * 12 + b"\x0b" + PLACE + b"\0"
# Adobe's way: the packet isn't cut into blocks, and what stands behind it reads as blocks for those who don't know it.
XMP = b"\x21\xff\x0bXMP DataXMP" + b'<x:xmpmeta photoshop:City="' + PLACE + b'"/>' + bytes([1, *range(255, -1, -1), 0])
OTHER = b"\x21\xff\x0bMGK8BIM0000" + b"\x0b" + PLACE + b"\0"
BEHIND = b"PK\x03\x04 " + PLACE


def put(data: bytes, part: bytes, *, behind: bool) -> bytes:
    """The GIF with this part before its first extension, or at its end."""
    first = data.index(b"\x21\xff\x0bNETSCAPE")
    return data[:-1] + part + data[-1:] if behind else data[:first] + part + data[first:]


@pytest.mark.parametrize("behind", [False, True])
@pytest.mark.parametrize("part", [COMMENT, PLAIN_TEXT, XMP, OTHER], ids=["comment", "text", "xmp", "application"])
def test_a_gif(part: bytes, behind: bool) -> None:
    """Whatever block it stands in; the animation is the same, byte for byte."""
    spoken = put(GIF.data, part, behind=behind)
    assert PLACE in spoken

    assert GIF.data == bare(spoken, "image/gif")


@pytest.mark.parametrize("kind", ["GIF", "PNG", "JPEG", "WEBP"])
def test_behind_the_end(kind: str) -> None:
    """What stands there isn't sent: an archive, a script, the rest of a camera's file."""
    file = saved(picture(), kind)

    assert file.data == bare(file.data + BEHIND, file.mime_type)


@pytest.mark.parametrize("kind", ["GIF", "PNG"])
def test_an_animation_keeps_its_frames(kind: str) -> None:
    """How often and how fast it plays, too."""
    before, after = moving(kind), MediaFile(data=bare(moving(kind).data + BEHIND, moving(kind).mime_type), mime_type="")

    shown = looked_at(replace(after, mime_type=before.mime_type))
    assert 3 == getattr(shown, "n_frames", 1)
    assert before.data == after.data


def test_a_gif_that_just_stops() -> None:
    """It gets its end; filling between its blocks goes."""
    assert GIF.data == bare(GIF.data[:-1], "image/gif")
    assert GIF.data == bare(GIF.data[:-1] + b"\0\0;", "image/gif")


@pytest.mark.parametrize(
    "name", [b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"caBX", b"prVt", b"vpAg", b"iDOT"], ids=bytes.decode
)
@pytest.mark.parametrize("still", [True, False])
def test_a_png(name: bytes, still: bool) -> None:
    """Every chunk that isn't known to be part of the picture goes, of an animation too."""
    file = saved(picture(), "PNG") if still else moving("PNG")
    said = chunk(name, b"Comment\0" + PLACE)
    for place in (33, len(file.data) - 12):
        assert file.data == bare(file.data[:place] + said + file.data[place:], "image/png")


def test_a_png_of_apple() -> None:
    """One that can't be shown without a chunk of somebody's own isn't sent as it is."""
    file = saved(picture(), "PNG")

    with pytest.raises(ValueError, match="isn't known"):
        bare(file.data[:33] + chunk(b"CgBI", b"\0\0\0\0") + file.data[33:], "image/png")


@pytest.mark.parametrize("kind", [0xE0, 0xE1, 0xE2, 0xE3, 0xEC, 0xED, 0xEE, 0xEF, 0xFE])
def test_a_jpeg(kind: int) -> None:
    """Every segment that isn't known to be part of the picture goes; small pictures in it, too."""
    file = saved(picture())
    said = bytes([0xFF, kind]) + struct.pack(">H", 2 + 5 + len(PLACE)) + b"JFXX\0" + PLACE

    assert file.data == bare(file.data[:2] + said + file.data[2:], "image/jpeg")


def test_a_webp() -> None:
    """Chunks that nobody knows go as well."""
    file = saved(picture(), "WEBP", exif=told())
    said = b"NOTE" + struct.pack("<I", len(PLACE)) + PLACE + b"\0"
    spoken = file.data[:4] + struct.pack("<I", len(file.data) - 8 + len(said)) + file.data[8:] + said

    assert PLACE not in bare(spoken, "image/webp")


@pytest.mark.parametrize("kind", ["GIF", "PNG", "JPEG", "WEBP"])
def test_every_beginning_of_a_file(kind: str) -> None:
    """What breaks off is malformed, wherever it does, but for a GIF between two parts; nothing else is raised."""
    file = saved(noise(40, 30), kind)
    for length in range(len(file.data) - 1):
        try:
            found = bare(file.data[:length], file.mime_type)
        except ValueError:
            continue
        assert kind == "GIF"
        assert found[-1:] == b";"


class TestHeader:
    """What is read of a picture without unpacking it."""

    @pytest.mark.parametrize("kind", ["GIF", "PNG", "JPEG", "WEBP", "AVIF"])
    @pytest.mark.parametrize("size", [(1, 1), (80, 60), (641, 3)])
    def test_its_size(self, kind: str, size: tuple[int, int]) -> None:
        """Of each type."""
        file = saved(picture(*size), kind)
        header = header_of(file.data, file.mime_type)

        assert (*size, False, True, True) == (header.width, header.height, header.moves, header.upright, header.common)

    @pytest.mark.parametrize("options", [{}, {"lossless": True}, {"exif": told()}])
    def test_of_a_webp(self, options: dict[str, object]) -> None:
        """In each of its forms."""
        header = header_of(saved(picture(130, 70), "WEBP", **options).data, "image/webp")

        assert (130, 70) == (header.width, header.height)

    @pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP"])
    def test_whether_it_moves(self, kind: str) -> None:
        """Of each type that can; one frame of an animation's type doesn't move."""
        one = saved(picture(), kind, save_all=True)

        assert header_of(moving(kind).data, one.mime_type).moves
        assert not header_of(one.data, one.mime_type).moves

    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
    @pytest.mark.parametrize(("orientation", "upright"), [(1, True), (0, True), (2, False), (8, False), (9, True)])
    def test_whether_it_stands_upright(self, kind: str, orientation: int, upright: bool) -> None:
        """By its EXIF, wherever the type keeps it."""
        file = saved(picture(), kind, exif=told(orientation=orientation))

        assert upright == header_of(file.data, file.mime_type).upright

    def test_what_not_everybody_shows(self) -> None:
        """Printers' colours."""
        assert not header_of(saved(picture(mode="CMYK")).data, "image/jpeg").common

    def test_scans(self) -> None:
        """One, or as many as a progressive JPEG has."""
        assert 1 == header_of(saved(picture()).data, "image/jpeg").scans
        assert 1 < header_of(saved(picture(), progressive=True).data, "image/jpeg").scans

    @pytest.mark.parametrize("mime_type", ["", "image/heic", "image/gif", "image/avif", "image/png"])
    @pytest.mark.parametrize("data", [b"", b"GIF89a" + b"\0" * 7 + b";", b"\0\0\0\x18ftypavif", b"RIFF"])
    def test_what_tells_nothing(self, mime_type: str, data: bytes) -> None:
        """A ValueError."""
        with pytest.raises(ValueError, match=r"\w"):
            header_of(data, mime_type)


class TestGifMatrix:
    """Mastodon makes a video of every GIF, and takes none of more than 1280 × 720 pixels."""

    def test_the_largest(self) -> None:
        """It goes as it is."""
        file = saved(Image.new("P", (1280, 720)), "GIF")

        assert file == PillowFitter().whole(file, Limits(software="mastodon", version="4.5.0"))

    @pytest.mark.parametrize("software", ["mastodon", "glitch", "hometown", ""])
    def test_one_that_is_larger(self, software: str) -> None:
        """It has to be made anew, still or not; also where nobody knows what the instance is."""
        file = saved(Image.new("P", (1281, 720)), "GIF")

        assert PillowFitter().whole(file, Limits(software=software, version="4.5.0")) is None

    @pytest.mark.parametrize("software", ["gotosocial", "pleroma", "akkoma"])
    def test_where_there_is_no_such_limit(self, software: str) -> None:
        """Its own limit holds."""
        file = saved(Image.new("P", (1600, 900)), "GIF")

        assert file == PillowFitter().whole(file, Limits(software=software, image_matrix_limit=16_777_216))
