"""The images of a preview: fetched and made ready as they would be, and not uploaded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bot.domain.models import ImageSize
from bot.errors import SiteError
from bot.report.wording import size_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.crosspost.context import Context
    from bot.domain.composing.attachments import Attachment
    from bot.domain.models import Limits, MediaFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """An image that would go along: its file at the site, its alternative text, and what would be sent of it.

    sent is None where the status would go without it, problem says why.
    """

    size: ImageSize
    description: str
    focus: tuple[float, float] | None = None
    found: MediaFile | None = None
    sent: MediaFile | None = None
    problem: str = ""

    def facts(self) -> str:
        """What the file is: `1600 × 900, image/jpeg, 412 kB`."""
        known = [f"{self.size.width} × {self.size.height}"] if self.size.width and self.size.height else []
        if self.found is not None:
            known += [self.found.mime_type, size_words(len(self.found.data))]
        return ", ".join(known)

    def outcome(self) -> str:
        """What becomes of it."""
        if self.sent is None or self.found is None:
            return f"left out: {self.problem}"
        if self.sent.data == self.found.data:
            return "sent as it is"
        return f"sent as {self.sent.mime_type}, {size_words(len(self.sent.data))}"


def media_of(context: Context, site: str, wanted: Iterable[Attachment], limits: Limits) -> tuple[Media, ...]:
    """What becomes of each image, as attaching would have it: each picture once, and an animation alone."""
    found: list[Media] = []
    for attachment in wanted:
        going = [media.sent for media in found if media.sent is not None]
        media = _media(context, site, attachment, limits=limits, alone=not going)
        if any(file.animated for file in going):
            media = replace(media, sent=None, problem="an animation goes alone")
        elif media.sent is not None and any(file.data == media.sent.data for file in going):
            media = replace(media, sent=None, problem="it is the same picture once more")
        found.append(media)
    return tuple(found)


def _media(context: Context, site: str, attachment: Attachment, *, limits: Limits, alone: bool) -> Media:
    """The first of an image's files that can be sent; else the first, and what is wrong with it."""
    from bot.crosspost.attach import FILES_TRIED, NOT_SHOWN, UNUSABLE
    from bot.domain.composing.attachments import image_candidates

    nothing = Media(
        size=ImageSize(url=attachment.image.sizes[0].url if attachment.image.sizes else ""),
        description=attachment.description,
        focus=attachment.image.focus,
        problem=UNUSABLE if attachment.image.sizes else NOT_SHOWN,
    )
    tried = []
    for size in image_candidates(attachment.image, limits)[:FILES_TRIED]:
        tried.append(_tried(context, site, replace(nothing, size=size), limits=limits, alone=alone))
        if tried[-1].sent is not None:
            return tried[-1]
    return tried[0] if tried else nothing


def _tried(context: Context, site: str, media: Media, *, limits: Limits, alone: bool) -> Media:
    """What becomes of one file of an image."""
    from bot.crosspost.attach import IMAGE_BYTES

    try:
        found = context.sites[site].site.fetch_image(media.size.url, max_bytes=IMAGE_BYTES)
        media = replace(media, found=found)
        whole = context.fitter.whole(found, limits)
        as_it_is = whole is not None and (alone or not whole.animated)
        return replace(media, sent=whole if as_it_is else context.fitter.remade(found, limits))
    except SiteError as error:  # an ImageError among them
        return replace(media, problem=str(error))
