"""Fitting images to what an instance takes."""

from typing import Protocol

from bot.domain.models import Limits, MediaFile


class ImageFitter(Protocol):
    """Makes of an image what an instance takes. May be used by several threads at once.

    Bounded in time and memory, whatever the bytes; raises nothing but ImageError: for what is broken, of an unknown
    kind, too large to be unpacked, or can't be brought within the limits. What comes out is of a type that the
    instance takes and smaller than its bounds, and says nothing of where, when and with what it was taken; its colour
    profile stays.
    """

    def whole(self, file: MediaFile, limits: Limits) -> MediaFile | None:
        """The file but for its metadata, animated where it moves; None where the instance doesn't take it so.

        Takes no time and no memory: nothing is unpacked. A file that is broken within may come out as well.
        """
        ...

    def remade(self, file: MediaFile, limits: Limits) -> MediaFile:
        """A new file of the picture, upright, or of an animation's first frame. Whatever goes wrong, howdah goes on."""
        ...

    def jpeg(self, file: MediaFile, limits: Limits) -> MediaFile:
        """The same as a JPEG of the plainest kind, which instances take that refuse the file as it is."""
        ...
