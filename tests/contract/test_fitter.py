"""The contract of the ImageFitter port, held by the fake and by the real one on real images."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.models import Limits, MediaFile
from bot.errors import ImageError
from bot.images import PillowFitter
from bot.ports import ImageFitter
from tests.fakes.fitter import FakeDarkroom
from tests.pictures import moving, noise, picture, saved

LIMITS = Limits(
    supported_mime_types=("image/jpeg", "image/png", "image/gif"), image_size_limit=100_000, image_matrix_limit=10**7
)
Develop = Callable[[MediaFile, Limits], MediaFile]


@pytest.fixture(params=[FakeDarkroom, PillowFitter])
def fitter(request: pytest.FixtureRequest) -> ImageFitter:
    """A fitter of either kind."""
    made: ImageFitter = request.param()
    return made


@pytest.fixture(params=["fit", "still"])
def develop(request: pytest.FixtureRequest, fitter: ImageFitter) -> Develop:
    """Either of its methods."""
    method: Develop = getattr(fitter, request.param)
    return method


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
def test_what_is_fine(develop: Develop, kind: str) -> None:
    """It comes out as it is, also where the instance says nothing of its limits."""
    file = saved(picture(), kind)

    assert file == develop(file, LIMITS)
    assert file == develop(file, Limits())


def test_a_type_that_is_not_taken(develop: Develop) -> None:
    """It comes out as one that is."""
    found = develop(saved(picture(), "WEBP"), LIMITS)

    assert found.mime_type in LIMITS.supported_mime_types


def test_too_many_bytes(develop: Develop) -> None:
    """It comes out smaller than the instance's limit: a file of exactly that size is refused by some."""
    file = saved(noise(600, 400), quality=95)
    limit = len(file.data)

    assert len(develop(file, replace(LIMITS, image_size_limit=limit)).data) < limit


def test_an_animation(fitter: ImageFitter) -> None:
    """It goes on moving where it may, and says so; a still of it doesn't move."""
    file = moving()

    assert replace(file, animated=True) == fitter.fit(file, LIMITS)
    assert file != fitter.still(file, LIMITS)
    assert not fitter.still(file, LIMITS).animated
    assert not fitter.fit(file, replace(LIMITS, image_size_limit=len(file.data))).animated


@pytest.mark.parametrize(
    "file",
    [
        MediaFile(data=b"", mime_type=""),
        MediaFile(data=b"<html>", mime_type="image/jpeg"),
        replace(saved(picture(), "PNG"), mime_type="image/jpeg"),
    ],
    ids=["empty", "html", "another type"],
)
def test_what_is_no_image(develop: Develop, file: MediaFile) -> None:
    """An ImageError, and nothing else."""
    with pytest.raises(ImageError):
        develop(file, LIMITS)
