"""The contract of the ImageFitter port, held by the fake and by the real one on real images."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from bot.domain.models import Limits, MediaFile
from bot.errors import ImageError
from bot.images import PillowFitter
from bot.ports import ImageFitter
from tests.fakes.fitter import FakeFitter
from tests.pictures import moving, noise, picture, saved

LIMITS = Limits(
    supported_mime_types=("image/jpeg", "image/png", "image/gif"), image_size_limit=100_000, image_matrix_limit=10**7
)
Make = Callable[[MediaFile, Limits], MediaFile]


@pytest.fixture(params=[FakeFitter, PillowFitter])
def fitter(request: pytest.FixtureRequest) -> ImageFitter:
    """A fitter of either kind."""
    made: ImageFitter = request.param()
    return made


@pytest.fixture(params=["remade", "jpeg"])
def make(request: pytest.FixtureRequest, fitter: ImageFitter) -> Make:
    """Either of the ways to make a new file."""
    method: Make = getattr(fitter, request.param)
    return method


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
def test_what_is_fine(fitter: ImageFitter, kind: str) -> None:
    """It comes out as it is, also where the instance says nothing of its limits."""
    file = saved(picture(), kind)

    assert file == fitter.whole(file, LIMITS)
    assert file == fitter.whole(file, Limits())


def test_a_type_that_is_not_taken(fitter: ImageFitter, make: Make) -> None:
    """It can't go as it is; it comes out as one that is taken."""
    file = saved(picture(), "WEBP")

    assert fitter.whole(file, LIMITS) is None
    assert make(file, LIMITS).mime_type in LIMITS.supported_mime_types


def test_too_many_bytes(fitter: ImageFitter, make: Make) -> None:
    """It comes out smaller than the instance's limit: a file of exactly that size is refused by some."""
    file = saved(noise(600, 400), quality=95)
    limits = replace(LIMITS, image_size_limit=len(file.data))

    assert fitter.whole(file, limits) is None
    assert len(make(file, limits).data) < limits.image_size_limit


def test_an_animation(fitter: ImageFitter, make: Make) -> None:
    """It goes on moving where it may, and says so; what is made of it doesn't move."""
    file = moving()

    assert replace(file, animated=True) == fitter.whole(file, LIMITS)
    assert fitter.whole(file, replace(LIMITS, image_size_limit=len(file.data))) is None
    assert not make(file, LIMITS).animated


def test_a_plain_jpeg(fitter: ImageFitter) -> None:
    """Whatever the file was."""
    assert "image/jpeg" == fitter.jpeg(saved(picture(mode="1"), "PNG"), LIMITS).mime_type


@pytest.mark.parametrize(
    "file",
    [
        MediaFile(data=b"", mime_type=""),
        MediaFile(data=b"<html>", mime_type="image/jpeg"),
        replace(saved(picture(), "PNG"), mime_type="image/jpeg"),
    ],
    ids=["empty", "html", "another type"],
)
def test_what_is_no_image(fitter: ImageFitter, make: Make, file: MediaFile) -> None:
    """An ImageError, and nothing else."""
    assert fitter.whole(file, LIMITS) is None
    with pytest.raises(ImageError):
        make(file, LIMITS)
