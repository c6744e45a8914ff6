"""Attach: fetch the images that go along with a status, make of them what the instance takes, and upload them.

An image that can't be had or used is left out, and the share's history says why; the share itself goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.crosspost.anew import made_anew
from bot.crosspost.lane import Lane
from bot.crosspost.token import is_refused_alone
from bot.domain.answers import Refused, Throttled, Unanswered, UploadAnswer, Uploaded
from bot.domain.composing.attachments import Attachment, image_candidates
from bot.domain.models import Attempt, Limits, MediaFile, MediaState, Share
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
# Why an image is left out before any of its files is looked at.
UNUSABLE = "none of its files is an image that can be used"
NOT_SHOWN = "the site doesn't show its featured image: is it private, or was it deleted?"
# What is fetched at most: more than instances take, as it can be made smaller.
IMAGE_BYTES = 32 * 1024 * 1024
# What instances answer to a file that they can't do anything with: they say so, or stumble over it.
_FILE_REFUSED, _FAILED = (400, 406, 413, 415, 422), 500
_JPEG = "image/jpeg"


def attach(lane: Lane, share: Share, wanted: Sequence[Attachment], limits: Limits) -> tuple[str, ...] | Change:
    """The ids of the uploaded images in their order; none of those that can't be had, used or uploaded for good.

    A Change where the share has to wait for its images.
    """
    if not wanted or share.media_failures >= MEDIA_TRIES:
        return ()
    lane.settle()
    opens = _opens_at(lane, uploads=len(wanted))
    if opens is not None:
        return _no_room(lane, share, opens)
    pictures = _pictures(lane, share, wanted, limits)
    return pictures if isinstance(pictures, Change) else _uploaded(lane, share, pictures, limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Picture:
    """An image as it is going to be uploaded. url: where the site has it. anew: whether it was made anew."""

    file: MediaFile
    attachment: Attachment
    url: str
    anew: bool = False


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
        note_left_out(lane, share, reason)
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
            picture = _picture(lane, share, attachment, limits, alone=not pictures)
        except ImageError as error:
            note_left_out(lane, share, str(error))
            continue
        except SiteUnavailableError as error:
            if (change := _later(lane, share, str(error))) is not None:
                return change
            continue
        if all(picture.file.data != other.file.data for other in pictures):
            pictures.append(picture)
        if picture.file.animated:
            break
    return pictures


def _picture(lane: Lane, share: Share, attachment: Attachment, limits: Limits, *, alone: bool) -> _Picture:
    """The first of the image's files that the instance takes, or that it can be made from."""
    reason = UNUSABLE if attachment.image.sizes else NOT_SHOWN
    for size in image_candidates(attachment.image, limits)[:FILES_TRIED]:
        lane.keep()
        try:
            return _from_site(lane, share, attachment, limits, url=size.url, alone=alone)
        except ImageError as error:
            reason = str(error)
    raise ImageError(reason)


def _from_site(lane: Lane, share: Share, attachment: Attachment, limits: Limits, *, url: str, alone: bool) -> _Picture:
    fitter = lane.context.fitter
    found = lane.context.sites[share.site].site.fetch_image(url, max_bytes=IMAGE_BYTES)
    whole = fitter.whole(found, limits)
    if whole is not None and (alone or not whole.animated):
        return _Picture(file=whole, attachment=attachment, url=url)
    made = made_anew(lane, share, url, lambda: fitter.remade(found, limits))
    return _Picture(file=made, attachment=attachment, url=url, anew=True)


# --- to the instance ----------------------------------------------------------------------------------------------


def _uploaded(lane: Lane, share: Share, pictures: Sequence[_Picture], limits: Limits) -> tuple[str, ...] | Change:
    """The ids of the files that the instance has.

    Where it slows howdah down all the same, those that it has go: it may never take all of them at once.
    """
    media_ids: tuple[str, ...] = ()
    for picture in pictures:
        lane.keep()
        answer = _upload(lane, share, picture)
        if isinstance(answer.reply, Refused) and _wants_longer_text(lane, share, picture):
            answer = _upload(lane, share, _with_title(picture, share))
        if _is_objected_to(answer) and (plain := _plain(lane, share, picture, limits)) is not None:
            answer = _upload(lane, share, plain)
        if isinstance(answer.reply, Throttled) and (media_ids or lane.policy.media_budget is MediaBudget.CARD):
            note_left_out(lane, share, f"the instance asks to slow down (429): {answer.reply.message}")
            break
        ready = _ready(lane, share, answer)
        if isinstance(ready, Change):
            return ready
        media_ids += ready
    return media_ids


def _wants_longer_text(lane: Lane, share: Share, picture: _Picture) -> bool:
    """Whether a refused file may be taken with the post's title as its text: GoToSocial may be set to want some."""
    limits = lane.state.limits
    is_longer = len(share.title) > len(picture.attachment.description)
    return limits is not None and limits.software == "gotosocial" and is_longer


def _with_title(picture: _Picture, share: Share) -> _Picture:
    return replace(picture, attachment=replace(picture.attachment, description=share.title))


def _upload(lane: Lane, share: Share, picture: _Picture) -> UploadAnswer:
    attachment = picture.attachment
    answer = lane.account.upload(picture.file, description=attachment.description, focus=attachment.image.focus)
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


def _is_objected_to(answer: UploadAnswer) -> bool:
    """Whether the instance can't do anything with the file as it is: it says so, or fails over it."""
    reply = answer.reply
    return (isinstance(reply, Refused) and reply.code in _FILE_REFUSED) or (
        isinstance(reply, Unanswered) and reply.code == _FAILED
    )


def _plain(lane: Lane, share: Share, picture: _Picture, limits: Limits) -> _Picture | None:
    """The picture as a plain JPEG; None where it is one that was made for the instance already, or none can be made."""
    if picture.anew and picture.file.mime_type == _JPEG:
        return None
    try:
        made = made_anew(lane, share, picture.url, lambda: lane.context.fitter.jpeg(picture.file, limits))
    except ImageError:
        return None  # which the share's history says
    return replace(picture, file=made, anew=True)


def _ready(lane: Lane, share: Share, answer: UploadAnswer) -> tuple[str, ...] | Change:
    """The file's id once the instance has processed it; () where it is left out."""
    if is_refused_alone(answer.reply, lane):
        note_left_out(lane, share, f"the instance refuses it (403): {answer.reply.message}")
        return ()
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
            state = lane.account.media_state(media_id)
        except AccountError as error:
            return _later(lane, share, str(error)) or ()
    if state is MediaState.READY:
        return (media_id,)
    if state is MediaState.FAILED:
        note_left_out(lane, share, "the instance couldn't process it")
        return ()
    return _later(lane, share, "the instance hasn't processed it in time") or ()


# --- what the history says ----------------------------------------------------------------------------------------


def _later(lane: Lane, share: Share, message: str) -> Change | None:
    """The share waits for the image; None where it has waited long enough and goes without."""
    return outcome.media_unready(
        share, message, policy=lane.policy, now=lane.context.clock.now(), spread=lane.context.jitter()
    )


def note_left_out(lane: Lane, share: Share, reason: str) -> None:
    """Say in the share's history that an image was left out, and why."""
    attempt = Attempt(at=lane.context.clock.now(), step="image", outcome="left out", detail=reason)
    lane.context.store.record_upload(share, attempt=attempt, rate=None)
