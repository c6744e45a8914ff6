"""Pictures: fetch the images that a status wants, and fit them to what the instance takes. Nothing is uploaded here.

Who sends a status and who only shows it ask here, so that what is shown is what would be sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from bot.domain.models import Attempt, ImageSize
from bot.errors import ImageError, SiteUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from bot.crosspost.context import Context
    from bot.domain.composing.attachments import Attachment
    from bot.domain.models import Limits, MediaFile, Share

# Of an image that can't be had in one size, the others are seldom better.
_FILES_TRIED = 4
# Why an image is left out before any of its files is looked at.
UNUSABLE = "none of its files is an image that can be used"
NOT_SHOWN = "the site doesn't show its featured image: is it private, or was it deleted?"
# What is fetched at most: more than instances take, as it can be made smaller.
_IMAGE_BYTES = 32 * 1024 * 1024
# What a share's history says of an image that is made anew.
_STEP = "image"
_BEGUN, _MADE, _FAILED = "begun", "made", "failed"


class Fitted(Struct, frozen=True, kw_only=True):
    """An image as it goes to the instance. size: its file at the site, found: as it was there; anew: made from it."""

    attachment: Attachment
    size: ImageSize
    found: MediaFile
    file: MediaFile
    anew: bool = False


class LeftOut(Struct, frozen=True, kw_only=True):
    """An image that doesn't go along, and why. size: the file of it that was tried first, found: what it was.

    is_missed: whether the status lacks something without it; it doesn't where the same picture goes already.
    """

    attachment: Attachment
    size: ImageSize
    reason: str
    found: MediaFile | None = None
    is_missed: bool = True
    file: None = None


class NotNow(Struct, frozen=True, kw_only=True):
    """An image that its site can't give now, and why: a share waits for it, a few times."""

    attachment: Attachment
    size: ImageSize
    reason: str
    found: None = None
    file: None = None


Picture = Fitted | LeftOut | NotNow


class ImageMaker(Protocol):
    """Who works on the images: what is done around each step of it."""

    def begin(self) -> None:
        """Called before each file is fetched. May raise what ends the work."""

    def make(self, url: str, make: Callable[[], MediaFile]) -> MediaFile:
        """The file of this address made anew. ImageError as make raises it, and where it isn't to be tried."""
        ...


def pictures(
    context: Context, share: Share, wanted: Sequence[Attachment], limits: Limits, *, maker: ImageMaker
) -> Iterator[Picture]:
    """What becomes of each image, in their order: each picture once, and an animation alone.

    Many instances make a video of an animation, and take none beside other files; one that isn't the first stands
    still.
    """
    work = _Work(context=context, share=share, limits=limits, maker=maker)
    going: list[MediaFile] = []
    for attachment in wanted:
        if any(file.animated for file in going):
            yield _spared(attachment, _first(attachment), "an animation goes alone")
            continue
        picture = work.picture(attachment, alone=not going)
        if isinstance(picture, Fitted):
            if any(picture.file.data == file.data for file in going):
                picture = _spared(attachment, picture.size, "it is the same picture once more", picture.found)
            else:
                going.append(picture.file)
        yield picture


class _Work(Struct, frozen=True, kw_only=True):
    """The images of one share."""

    context: Context
    share: Share
    limits: Limits
    maker: ImageMaker

    def picture(self, attachment: Attachment, *, alone: bool) -> Picture:
        """The first of an image's files that can go; else the first, and what is wrong with it."""
        from bot.domain.composing.attachments import image_candidates

        tried: list[Picture] = []
        for size in image_candidates(attachment.image, self.limits)[:_FILES_TRIED]:
            tried.append(self._file(attachment, size, alone=alone))
            if not isinstance(tried[-1], LeftOut):
                return tried[-1]
        reason = UNUSABLE if attachment.image.sizes else NOT_SHOWN
        return tried[0] if tried else LeftOut(attachment=attachment, size=_first(attachment), reason=reason)

    def _file(self, attachment: Attachment, size: ImageSize, *, alone: bool) -> Picture:
        """One file of an image, fetched and fitted."""
        found = None
        self.maker.begin()
        try:
            found = self.context.sites[self.share.site].site.fetch_image(size.url, max_bytes=_IMAGE_BYTES)
            return self._fitted(attachment, size, found, alone=alone)
        except ImageError as error:
            return LeftOut(attachment=attachment, size=size, reason=str(error), found=found)
        except SiteUnavailableError as error:
            return NotNow(attachment=attachment, size=size, reason=str(error))

    def _fitted(self, attachment: Attachment, size: ImageSize, found: MediaFile, *, alone: bool) -> Fitted:
        fitter = self.context.fitter
        whole = fitter.whole(found, self.limits)
        if whole is not None and (alone or not whole.animated):
            return Fitted(attachment=attachment, size=size, found=found, file=whole)
        made = self.maker.make(size.url, lambda: fitter.remade(found, self.limits))
        return Fitted(attachment=attachment, size=size, found=found, file=made, anew=True)


def _spared(attachment: Attachment, size: ImageSize, reason: str, found: MediaFile | None = None) -> LeftOut:
    return LeftOut(attachment=attachment, size=size, reason=reason, found=found, is_missed=False)


def _first(attachment: Attachment) -> ImageSize:
    return next(iter(attachment.image.sizes), ImageSize(url=""))


def _nothing() -> None:
    pass


class RecordingMaker:
    """Makes the images of a share that is about to be sent, and writes each begin down.

    The process that makes one is bounded, but a machine may run out of memory all the same. Then the next start finds
    in the share's history that an image was begun and never ended, and goes without that one.

    keep: called before each file; it may raise what ends the work.
    """

    def __init__(self, context: Context, share: Share, *, keep: Callable[[], None] = _nothing) -> None:
        self._context = context
        self._share = share
        self._keep = keep

    def begin(self) -> None:
        """Keep what has to be kept."""
        self._keep()

    def make(self, url: str, make: Callable[[], MediaFile]) -> MediaFile:
        """A file made anew; ImageError also where howdah was stopped in the midst of it before."""
        _refuse_stopped(url, self._context.store.attempts(self._share))
        self._note(outcome=_BEGUN, detail=url)
        try:
            file = make()
        except ImageError as error:
            self._note(outcome=_FAILED, detail=str(error))
            raise
        self._note(outcome=_MADE, detail=file.mime_type)
        return file

    def _note(self, *, outcome: str, detail: str) -> None:
        attempt = Attempt(at=self._context.clock.now(), step=_STEP, outcome=outcome, detail=detail)
        self._context.store.record_upload(self._share, attempt=attempt, rate=None)


class TrialMaker:
    """Makes images that are only looked at, and writes nothing down.

    history: what the store knows of the share.
    """

    def __init__(self, history: Collection[Attempt] = ()) -> None:
        self._history = history

    def begin(self) -> None:
        """Nothing is held."""

    def make(self, url: str, make: Callable[[], MediaFile]) -> MediaFile:
        """A file made anew; ImageError also where it would not be tried for a send."""
        _refuse_stopped(url, self._history)
        return make()


def _refuse_stopped(url: str, history: Iterable[Attempt]) -> None:
    if url in stopped_at(history):
        raise ImageError(f"howdah was stopped while it made {url} anew")


def stopped_at(history: Iterable[Attempt]) -> frozenset[str]:
    """The images that were begun and never ended, by a share's history, in its order."""
    stopped, begun = set(), ""
    for attempt in (attempt for attempt in history if attempt.step == _STEP):
        if attempt.outcome == _BEGUN:
            stopped.add(begun)
            begun = attempt.detail
        elif attempt.outcome in (_MADE, _FAILED):
            begun = ""
    return frozenset({*stopped, begun} - {""})
