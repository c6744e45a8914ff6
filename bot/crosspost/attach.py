"""Attach: fetch the images that go along with a status, make of them what the instance takes, and upload them.

An image that can't be had or used is left out, and the share's history says why; the share itself goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.crosspost.lane import Lane
from bot.domain.answers import Throttled, UploadAnswer, Uploaded
from bot.domain.composing.attachments import Attachment, image_candidates
from bot.domain.models import Attempt, Image, Limits, MediaFile, MediaState, Share
from bot.domain.policy import MediaBudget
from bot.domain.transitions import budget, outcome
from bot.domain.transitions.change import Change
from bot.domain.transitions.outcome import MEDIA_TRIES
from bot.errors import AccountError, ImageError, SiteUnavailableError

# How long an uploaded file may be processed before the share is put off.
PROCESSING_LASTS = timedelta(seconds=60)
_PROCESSING_STEP = timedelta(seconds=1)
# Of an image that can't be had in one size, the others are seldom better.
FILES_TRIED = 4
# What is fetched at most: more than instances take, as it can be made smaller.
IMAGE_BYTES = 32 * 1024 * 1024


def attach(lane: Lane, share: Share, wanted: Sequence[Attachment], limits: Limits) -> tuple[str, ...] | Change:
    """The ids of the uploaded images in their order; none of those that can't be had, used or uploaded for good.

    A Change where the share has to wait for its images.
    """
    if not wanted or share.media_failures >= MEDIA_TRIES:
        return ()
    opens = _opens_at(lane, uploads=len(wanted))
    if opens is not None:
        return _no_room(lane, share, opens)
    pictures = _pictures(lane, share, wanted, limits)
    return pictures if isinstance(pictures, Change) else _uploaded(lane, share, pictures)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Picture:
    """An image as it is going to be uploaded."""

    file: MediaFile
    attachment: Attachment


# --- room ---------------------------------------------------------------------------------------------------------


def _opens_at(lane: Lane, *, uploads: int) -> datetime | None:
    """When the instance takes so many files, where it doesn't now: as if all but the last were there already."""
    now, rate = lane.context.clock.now(), lane.state.media_rate
    uploaded = lane.context.store.uploaded_at(lane.name, since=now - budget.UPLOADS.period)
    window = replace(budget.UPLOADS, calls=max(1, budget.UPLOADS.calls - uploads + 1))
    left = replace(rate, remaining=rate.remaining - uploads + 1) if rate is not None else None
    return budget.opens_at(window, uploaded, left, now=now)


def _no_room(lane: Lane, share: Share, opens: datetime) -> tuple[str, ...] | Change:
    reason = f"the instance takes no more images until {opens:%H:%M:%S} UTC (rate limit)"
    if lane.policy.media_budget is MediaBudget.CARD:
        _note(lane, share, reason)
        return ()
    return outcome.waits_for_budget(share, until=opens, reason=reason, now=lane.context.clock.now())


# --- from the site ------------------------------------------------------------------------------------------------


def _pictures(lane: Lane, share: Share, wanted: Sequence[Attachment], limits: Limits) -> list[_Picture] | Change:
    """What is to be uploaded, each picture once. All of it is at hand before the first upload, lest one be wasted.

    An animation goes alone: many instances make a video of it, and take none beside other files.
    """
    pictures: list[_Picture] = []
    for attachment in wanted:
        try:
            file = _file(lane, share, attachment.image, limits, alone=not pictures)
        except ImageError as error:
            _note(lane, share, str(error))
            continue
        except SiteUnavailableError as error:
            if (change := _later(lane, share, str(error))) is not None:
                return change
            continue
        if all(file.data != picture.file.data for picture in pictures):
            pictures.append(_Picture(file=file, attachment=attachment))
        if file.animated:
            break
    return pictures


def _file(lane: Lane, share: Share, image: Image, limits: Limits, *, alone: bool) -> MediaFile:
    """The first of the image's files that the instance takes, or that it can be made from."""
    site, fitter = lane.context.sites[share.site].site, lane.context.fitter
    develop = fitter.fit if alone else fitter.still
    reason = "none of its files is an image that can be used"
    for size in image_candidates(image, limits)[:FILES_TRIED]:
        lane.keep()
        try:
            return develop(site.fetch_image(size.url, max_bytes=IMAGE_BYTES), limits)
        except ImageError as error:
            reason = str(error)
    raise ImageError(reason)


# --- to the instance ----------------------------------------------------------------------------------------------


def _uploaded(lane: Lane, share: Share, pictures: Sequence[_Picture]) -> tuple[str, ...] | Change:
    """The ids of the files that the instance has.

    Where it slows howdah down all the same, those that it has go: it may never take all of them at once.
    """
    media_ids: tuple[str, ...] = ()
    for picture in pictures:
        lane.keep()
        answer = _upload(lane, share, picture)
        if isinstance(answer.reply, Throttled) and (media_ids or lane.policy.media_budget is MediaBudget.CARD):
            _note(lane, share, f"the instance asks to slow down (429): {answer.reply.message}")
            break
        ready = _ready(lane, share, answer)
        if isinstance(ready, Change):
            return ready
        media_ids += ready
    return media_ids


def _upload(lane: Lane, share: Share, picture: _Picture) -> UploadAnswer:
    attachment = picture.attachment
    answer = lane.posting.account.upload(picture.file, description=attachment.description, focus=attachment.image.focus)
    reply = answer.reply
    done = isinstance(reply, Uploaded)
    attempt = Attempt(
        at=lane.context.clock.now(),
        step="upload",
        outcome="uploaded" if done else type(reply).__name__.lower(),
        detail="" if isinstance(reply, Uploaded) else reply.message,
    )
    lane.context.store.record_upload(share, attempt=attempt, rate=answer.rate)
    lane.state = replace(lane.state, media_rate=answer.rate or lane.state.media_rate)
    return answer


def _ready(lane: Lane, share: Share, answer: UploadAnswer) -> tuple[str, ...] | Change:
    """The file's id once the instance has processed it; () where it is left out."""
    if isinstance(answer.reply, Uploaded):
        return _processed(lane, share, media_id=answer.reply.id, ready=answer.reply.ready)
    now, spread = lane.context.clock.now(), lane.context.jitter()
    change = outcome.after_upload(share, answer, policy=lane.policy, pauses=lane.state.pauses, now=now, spread=spread)
    return change or ()


def _processed(lane: Lane, share: Share, *, media_id: str, ready: bool) -> tuple[str, ...] | Change:
    """Wait until the instance has processed the file."""
    clock = lane.context.clock
    deadline = clock.now() + PROCESSING_LASTS
    state = MediaState.READY if ready else MediaState.PROCESSING
    while state is MediaState.PROCESSING and clock.now() < deadline:
        if clock.wait(_PROCESSING_STEP):
            return _later(lane, share, "howdah was stopped while the instance processed it") or ()
        lane.keep()
        try:
            state = lane.posting.account.media_state(media_id)
        except AccountError as error:
            return _later(lane, share, str(error)) or ()
    if state is MediaState.READY:
        return (media_id,)
    if state is MediaState.FAILED:
        _note(lane, share, "the instance couldn't process it")
        return ()
    return _later(lane, share, "the instance hasn't processed it in time") or ()


# --- what the history says ----------------------------------------------------------------------------------------


def _later(lane: Lane, share: Share, message: str) -> Change | None:
    """The share waits for the image; None where it has waited long enough and goes without."""
    return outcome.media_unready(
        share, message, policy=lane.policy, now=lane.context.clock.now(), spread=lane.context.jitter()
    )


def _note(lane: Lane, share: Share, reason: str) -> None:
    """Say in the share's history that an image was left out, and why."""
    attempt = Attempt(at=lane.context.clock.now(), step="image", outcome="left out", detail=reason)
    lane.context.store.record_upload(share, attempt=attempt, rate=None)
