"""The fitter: what becomes of an image before it is uploaded."""

import threading

from bot.domain.models import Limits, MediaFile


class PillowFitter:
    """An ImageFitter over Pillow, which is imported when the first image comes in.

    One image at a time, whatever the threads: the memory that a picture needs unpacked is needed once.
    """

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()

    def fit(self, file: MediaFile, limits: Limits) -> MediaFile:
        """The image as the instance takes it; an animation keeps moving where the instance takes it whole."""
        from bot.images.fitting import fitted

        with self._one_at_a_time:
            return fitted(file, limits)

    def still(self, file: MediaFile, limits: Limits) -> MediaFile:
        """The same, but of an animation only its first frame."""
        from bot.images.fitting import stilled

        with self._one_at_a_time:
            return stilled(file, limits)
