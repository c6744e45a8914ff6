"""Images that somebody made to do harm: whatever the bytes, an image comes out or an ImageError does, in bounds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.domain.models import Limits, MediaFile
from bot.errors import ImageError
from bot.images import PillowFitter
from tests.hostile.trying import tried
from tests.pictures import PLACE, bomb, looked_at, moving, noise, picture, saved, taken, told

LIMITS = (
    Limits(),
    Limits(supported_mime_types=("image/jpeg", "image/png", "image/gif", "image/webp"), image_size_limit=5_000),
    Limits(supported_mime_types=("image/jpeg",), image_matrix_limit=500),
    Limits(supported_mime_types=("image/png",)),
    Limits(supported_mime_types=("video/mp4", ""), image_size_limit=1, image_matrix_limit=1),
)
FILES = (
    saved(noise(64, 48), exif=told(orientation=6)),
    saved(noise(64, 48), progressive=True, comment=PLACE),
    saved(picture(64, 48, mode="CMYK")),
    saved(noise(64, 48), "PNG", exif=told(orientation=3)),
    saved(picture(64, 48).quantize(8), "PNG", transparency=1),
    saved(picture(64, 48, mode="RGBA"), "WEBP", exif=told()),
    saved(noise(64, 48), "WEBP", lossless=True),
    saved(noise(64, 48), "AVIF", exif=told(orientation=5)),
    saved(picture(64, 48), "MPO", save_all=True, append_images=[picture(32, 32)]),
    moving("GIF", size=40),
    moving("PNG", size=40),
    moving("WEBP", size=40, exif=told().tobytes()),
    moving("AVIF", size=40),
)


@st.composite
def spoilt(draw: st.DrawFn) -> MediaFile:
    """A file with some of its bytes changed, cut out, doubled or cut off."""
    file = draw(st.sampled_from(FILES))
    data = bytearray(file.data)
    for _ in range(draw(st.integers(1, 6))):
        # Most of what a decoder decides by stands at the beginning.
        start = draw(st.integers(0, min(len(data), draw(st.sampled_from([40, 400, 100_000])))))
        end = start + draw(st.integers(0, 8))
        data[start:end] = draw(st.one_of(st.binary(max_size=8), st.sampled_from([b"", bytes(data[start:end]) * 2])))
    return replace(file, data=bytes(data[: draw(st.sampled_from([None, len(data) // 2]))]))


@settings(max_examples=400)
@given(file=spoilt(), limits=st.sampled_from(LIMITS), method=st.sampled_from(["fit", "still"]))
def test_spoilt_files(file: MediaFile, limits: Limits, method: str) -> None:
    """What comes out is what the instance takes; all else is an ImageError."""
    found = tried(lambda: taken(file, limits, still=method == "still"), ImageError)

    if isinstance(found, MediaFile):
        assert found.mime_type in (limits.supported_mime_types or ("image/jpeg", "image/png", "image/gif"))
        assert len(found.data) < (limits.image_size_limit or 8 * 1024 * 1024)


@given(data=st.binary(max_size=300), mime_type=st.sampled_from([file.mime_type for file in FILES] + ["", "text/html"]))
def test_any_bytes(data: bytes, mime_type: str) -> None:
    """What never was an image is none."""
    with pytest.raises(ImageError):
        taken(MediaFile(data=data, mime_type=mime_type), Limits())


@pytest.mark.parametrize("limits", LIMITS)
@pytest.mark.parametrize("file", FILES)
def test_no_place_is_told(file: MediaFile, limits: Limits) -> None:
    """Of none of these files, under no limits, is told where it was taken."""
    found = tried(lambda: taken(file, limits), ImageError)

    if isinstance(found, MediaFile):
        assert PLACE not in found.data
        assert not looked_at(found).getexif()


@pytest.mark.timeout(30)
def test_bombs() -> None:
    """Little that unpacks to much isn't unpacked."""
    wide = replace(
        bomb(8_000), data=bomb(8_000).data.replace((8_000).to_bytes(4, "big"), (2**31 - 1).to_bytes(4, "big"))
    )
    for file in (bomb(), bomb(20_000), wide):
        with pytest.raises(ImageError):
            PillowFitter().remade(file, Limits())
