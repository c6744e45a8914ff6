"""Pictures: fetch the images that a status wants, and fit them to what the instance takes. Nothing is uploaded here.

Who sends a status and who only shows it ask here, so that what is shown is what would be sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.domain.models import ImageSize
from bot.errors import ImageError, SiteUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """An image as it goes to the instance. size: its file at the site, found: as it was there; anew: made from it."""

    attachment: Attachment
    size: ImageSize
    found: MediaFile
    file: MediaFile
    anew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An image that doesn't go along, and why. size: the file of it that was tried first, found: what it was.

    is_missed: whether the status lacks something without it; it doesn't where the same picture goes already.
    """

    attachment: Attachment
    size: ImageSize
    reason: str
    found: MediaFile | None = None
    is_missed: bool = True
    file: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotNow:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
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
