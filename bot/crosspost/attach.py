"""Attach: fetch the images that go along with a status, make of them what the instance takes, and upload them.

An image that can't be had or used is left out, and the share's history says why; the share itself goes on.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from bot.crosspost.draft import Draft
from bot.crosspost.events import tell
from bot.crosspost.events.shares import ImageUploaded
from bot.crosspost.lane import Lane
from bot.crosspost.pictures import Fitted, ImageMaker, LeftOut, NotNow, Picture, RecordingMaker, pictures
from bot.crosspost.questions import token_works
from bot.domain.answers import Barred, Refused, Throttled, Unanswered, UploadAnswer, Uploaded
from bot.domain.models import Attempt, Limits, MediaState, Share
from bot.domain.policy import MediaBudget
from bot.domain.transitions import budget, outcome
from bot.domain.transitions.change import Change
from bot.domain.transitions.pauses import rests_because
from bot.errors import AccountError, ImageError

# How long an uploaded file may be processed before the share is put off.
PROCESSING_LASTS = timedelta(seconds=60)
_PROCESSING_STEP = timedelta(seconds=1)
# What instances answer to a file that they can't do anything with: they say so, or stumble over it.
_FILE_REFUSED, _FAILED = (400, 406, 413, 415, 422), 500
_JPEG = "image/jpeg"


class Attached(Struct, frozen=True, kw_only=True):
    """The ids of the files that go along, in their order; what can't be had, used or uploaded for good is left out."""

    media_ids: tuple[str, ...] = ()


class Waits(Struct, frozen=True, kw_only=True):
    """The share has to wait for its images; change: what is recorded of it."""

    change: Change


_NOTHING = Attached()


def attach(lane: Lane, share: Share, draft: Draft, found: Iterable[Picture] | None = None) -> Attached | Waits:
    """Upload the images that a draft of the share wants. Raises LeaseLostError where the lane is another's by now.

    found: what has become of them already; None where they are still to be fetched.
    """
    if not draft.wanted:
        return _NOTHING
    lane.record_ended()
    opens = _opens_at(lane, uploads=len(draft.wanted))
    if opens is not None:
        return _no_room(lane, share, opens)
    maker = RecordingMaker(lane.context, share, keep=lane.keep)
    if found is None:
        found = pictures(lane.context, share, draft.wanted, draft.limits, maker=maker)
    fitted = _fitted(lane, share, found)
    if isinstance(fitted, Waits):
        return fitted
    return _Uploads(lane=lane, share=share, limits=draft.limits, maker=maker).all(fitted)


# --- room ---------------------------------------------------------------------------------------------------------


def _opens_at(lane: Lane, *, uploads: int) -> datetime | None:
    """When the instance takes so many files, where it doesn't now: as if all but the last were there already."""
    now, rate = lane.context.clock.now(), lane.state.media_rate
    uploaded = lane.context.store.uploaded_at(lane.name, since=now - budget.UPLOADS.period)
    window = replace(budget.UPLOADS, calls=max(1, budget.UPLOADS.calls - uploads + 1))
    left = replace(rate, remaining=rate.remaining - uploads + 1) if rate is not None else None
    return budget.opens_at(window, uploaded, left, now=now)


def _no_room(lane: Lane, share: Share, opens: datetime) -> Attached | Waits:
    reason = f"the instance takes no more images until {opens:%H:%M:%S} UTC (rate limit)"
    if lane.policy.media_budget is MediaBudget.CARD:
        _note_left_out(lane, share, reason)
        return _NOTHING
    change = outcome.waits_for_budget(share, until=opens, reason=reason, now=lane.context.clock.now())
    return Waits(change=change)


# --- from the site ------------------------------------------------------------------------------------------------


def _fitted(lane: Lane, share: Share, found: Iterable[Picture]) -> list[Fitted] | Waits:
    """What is to be uploaded. All of it is at hand before the first upload, lest one be wasted."""
    fitted: list[Fitted] = []
    for picture in found:
        match picture:
            case Fitted():
                fitted.append(picture)
            case LeftOut(reason=reason, is_missed=is_missed):
                if is_missed:
                    _note_left_out(lane, share, reason)
            case NotNow(reason=reason):
                waits = _later(lane, share, reason)
                if isinstance(waits, Waits):
                    return waits
            case _:
                assert_never(picture)
    return fitted


# --- to the instance ----------------------------------------------------------------------------------------------


class _Uploads(Struct, frozen=True, kw_only=True):
    """The uploads of one share."""

    lane: Lane
    share: Share
    limits: Limits
    maker: ImageMaker

    def all(self, fitted: Sequence[Fitted]) -> Attached | Waits:
        """Upload one after the other.

        Where the instance slows howdah down all the same, those that it has go: it may never take all of them at once.
        """
        media_ids: tuple[str, ...] = ()
        for picture in fitted:
            self.lane.keep()
            answer = self._best(picture)
            if isinstance(answer.reply, Throttled) and (media_ids or self.lane.policy.media_budget is MediaBudget.CARD):
                _note_left_out(self.lane, self.share, rests_because(answer.reply))
                break
            attached = self._after(answer)
            if isinstance(attached, Waits):
                return attached
            media_ids += attached.media_ids
        return Attached(media_ids=media_ids)

    def _best(self, picture: Fitted) -> UploadAnswer:
        """The instance's answer to the file; to a longer text or a plainer file with it, where it dislikes these."""
        answer = self._upload(picture)
        if isinstance(answer.reply, Refused) and self._wants_longer_text(picture):
            answer = self._upload(_with_title(picture, self.share))
        if _is_objected_to(answer) and (plain := self._plain(picture)) is not None:
            answer = self._upload(plain)
        return answer

    def _wants_longer_text(self, picture: Fitted) -> bool:
        """Whether a refused file may be taken with the post's title as its text: GoToSocial may be set to want some."""
        is_longer = len(self.share.title) > len(picture.attachment.description)
        return self.limits.software == "gotosocial" and is_longer

    def _upload(self, picture: Fitted) -> UploadAnswer:
        lane, attachment = self.lane, picture.attachment
        answer = lane.account.upload(picture.file, description=attachment.description, focus=attachment.image.focus)
        reply = answer.reply
        done = isinstance(reply, Uploaded)
        attempt = Attempt(
            at=lane.context.clock.now(),
            step="upload",
            outcome="uploaded" if done else type(reply).__name__.lower(),
            detail="" if isinstance(reply, Uploaded) else reply.message,
        )
        lane.context.store.record_upload(self.share, attempt=attempt, rate=answer.rate)
        site, post_id, account = self.share.site, self.share.post_id, self.share.account
        outcome, detail = attempt.outcome, attempt.detail
        tell(ImageUploaded(site=site, post_id=post_id, account=account, outcome=outcome, detail=detail))
        lane.state = replace(lane.state, media_rate=answer.rate or lane.state.media_rate)
        return answer

    def _plain(self, picture: Fitted) -> Fitted | None:
        """The picture as a plain JPEG; None where it is one that was made anew already, or none can be made."""
        if picture.anew and picture.file.mime_type == _JPEG:
            return None
        fitter = self.lane.context.fitter
        try:
            made = self.maker.make(picture.size.url, lambda: fitter.jpeg(picture.file, self.limits))
        except ImageError:
            return None  # which the share's history says
        return replace(picture, file=made, anew=True)

    def _after(self, answer: UploadAnswer) -> Attached | Waits:
        """The file's id once the instance has processed it; none where it is left out."""
        lane, share = self.lane, self.share
        match answer.reply:
            case Uploaded() as uploaded:
                return self._processed(uploaded)
            case Barred(code=403, message=message) as no if no.lacks_scope or token_works(lane):
                _note_left_out(lane, share, f"the instance refuses it (403): {message}")
                return _NOTHING
        return _as_result(outcome.after_upload(share, answer, basis=lane.basis()))

    def _processed(self, uploaded: Uploaded) -> Attached | Waits:
        """Wait until the instance has processed the file."""
        lane, share, clock = self.lane, self.share, self.lane.context.clock
        deadline = clock.now() + PROCESSING_LASTS
        state = MediaState.READY if uploaded.ready else MediaState.PROCESSING
        while state is MediaState.PROCESSING and clock.now() < deadline:
            if clock.wait(_PROCESSING_STEP):
                return _later(lane, share, "howdah was stopped while the instance processed it")
            lane.keep()
            try:
                state = lane.account.media_state(uploaded.id)
            except AccountError as error:
                return _later(lane, share, str(error))
        if state is MediaState.READY:
            return Attached(media_ids=(uploaded.id,))
        if state is MediaState.FAILED:
            _note_left_out(lane, share, "the instance couldn't process it")
            return _NOTHING
        return _later(lane, share, "the instance hasn't processed it in time")


def _with_title(picture: Fitted, share: Share) -> Fitted:
    return replace(picture, attachment=replace(picture.attachment, description=share.title))


def _is_objected_to(answer: UploadAnswer) -> bool:
    """Whether the instance can't do anything with the file as it is: it says so, or fails over it."""
    reply = answer.reply
    return (isinstance(reply, Refused) and reply.code in _FILE_REFUSED) or (
        isinstance(reply, Unanswered) and reply.code == _FAILED
    )


# --- what the history says ----------------------------------------------------------------------------------------


def _later(lane: Lane, share: Share, message: str) -> Attached | Waits:
    """The share waits for the image; where it has waited long enough it goes without."""
    return _as_result(outcome.media_unready(share, message, basis=lane.basis()))


def _as_result(change: Change | None) -> Attached | Waits:
    """What a transition says of an image: a change to wait with, None to go without it."""
    return _NOTHING if change is None else Waits(change=change)


def _note_left_out(lane: Lane, share: Share, reason: str) -> None:
    """Say in the share's history that an image was left out, and why."""
    attempt = Attempt(at=lane.context.clock.now(), step="image", outcome="left out", detail=reason)
    lane.context.store.record_upload(share, attempt=attempt, rate=None)
