"""Fitting images to what an instance takes."""

from typing import Protocol

from bot.domain.models import (
    Limits,
    MediaFile,
)


class ImageFitter(Protocol):
    """Makes of an image what an instance takes. May be used by several threads at once.

    Bounded in time and memory, whatever the bytes; raises nothing but ImageError: for what is broken, of an unknown
    kind, too large to be looked at, or can't be brought within the limits. What comes out shows the image upright, is
    of a type that the instance takes and smaller than its bounds, and says nothing of where, when and with what it was
    taken; its colour profile stays. What meets all that already comes out as it is.
    """

    def fit(self, file: MediaFile, limits: Limits) -> MediaFile:
        """The image as the instance takes it; an animation keeps moving where the instance takes it whole."""
        ...

    def still(self, file: MediaFile, limits: Limits) -> MediaFile:
        """The same, but of an animation only its first frame."""
        ...
