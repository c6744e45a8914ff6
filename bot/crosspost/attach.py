"""Attach: fetch the images that go along with a status, and upload them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.crosspost.lane import Lane
from bot.domain import budget, outcome
from bot.domain.answers import Uploaded
from bot.domain.attachments import Attachment, image_candidates
from bot.domain.change import Change
from bot.domain.models import Attempt, Image, Limits, MediaFile, MediaState, Share
from bot.domain.outcome import MEDIA_TRIES
from bot.errors import AccountError, ImageError, SiteUnavailableError

# How long an uploaded file may be processed before the share is put off.
PROCESSING_LASTS = timedelta(seconds=60)
_PROCESSING_STEP = timedelta(seconds=1)
# Of an image that can't be had in one size, the others are seldom better.
_FILES_TRIED = 4
# What an instance takes that doesn't say: Mastodon's own bound for images.
_IMAGE_BYTES = 16 * 1024 * 1024


def attach(lane: Lane, share: Share, wanted: Sequence[Attachment], limits: Limits) -> tuple[str, ...] | Change:
    """The ids of the uploaded image: none where there is no image, or it can't be had, used or uploaded for good."""
    if not wanted or share.media_failures >= MEDIA_TRIES:
        return ()
    waits = _upload_budget(lane, share)
    if waits is not None:
        return waits
    try:
        file = _fetch(lane, share, wanted[0].image, limits)
    except SiteUnavailableError as error:
        return _unready(lane, share, str(error))
    lane.keep()
    return _upload(lane, share, file, description=wanted[0].description) if file else ()


def _fetch(lane: Lane, share: Share, image: Image, limits: Limits) -> MediaFile | None:
    """The first of the image's files that is an image and small enough."""
    site = lane.house.sites[share.site].site
    max_bytes = limits.image_size_limit or _IMAGE_BYTES
    for size in image_candidates(image, limits)[:_FILES_TRIED]:
        lane.keep()
        try:
            return site.fetch_image(size.url, max_bytes=max_bytes)
        except ImageError:
            continue
    return None


def _upload(lane: Lane, share: Share, file: MediaFile, *, description: str) -> tuple[str, ...] | Change:
    answer = lane.posting.account.upload(file, description=description)
    now = lane.house.clock.now()
    said = "uploaded" if isinstance(answer.reply, Uploaded) else type(answer.reply).__name__.lower()
    lane.house.store.record_upload(share, attempt=Attempt(at=now, step="upload", outcome=said), rate=answer.rate)
    lane.state = replace(lane.state, media_rate=answer.rate or lane.state.media_rate)
    if isinstance(answer.reply, Uploaded):
        return _ready(lane, share, media_id=answer.reply.id, ready=answer.reply.ready)
    change = outcome.after_upload(
        share, answer, policy=lane.policy, pauses=lane.state.pauses, now=now, spread=lane.house.dice()
    )
    return change or ()


def _ready(lane: Lane, share: Share, *, media_id: str, ready: bool) -> tuple[str, ...] | Change:
    """Wait until the instance has processed the file."""
    clock = lane.house.clock
    deadline = clock.now() + PROCESSING_LASTS
    state = MediaState.READY if ready else MediaState.PROCESSING
    while state is MediaState.PROCESSING and clock.now() < deadline:
        if clock.wait(_PROCESSING_STEP):
            return _unready(lane, share, "howdah was stopped while the instance processed it")
        lane.keep()
        try:
            state = lane.posting.account.media_state(media_id)
        except AccountError as error:
            return _unready(lane, share, str(error))
    if state is MediaState.READY:
        return (media_id,)
    if state is MediaState.FAILED:
        return ()
    return _unready(lane, share, "the instance hasn't processed it in time")


def _unready(lane: Lane, share: Share, message: str) -> tuple[str, ...] | Change:
    change = outcome.media_unready(
        share, message, policy=lane.policy, now=lane.house.clock.now(), spread=lane.house.dice()
    )
    return change or ()


def _upload_budget(lane: Lane, share: Share) -> Change | None:
    now = lane.house.clock.now()
    uploaded = lane.house.store.uploaded_at(lane.name, since=now - budget.UPLOADS.period)
    opens = budget.opens_at(budget.UPLOADS, uploaded, lane.state.media_rate, now=now)
    if opens is None:
        return None
    reason = f"the instance takes no more images until {opens:%H:%M:%S} UTC (rate limit)"
    return outcome.waits_for_budget(share, until=opens, reason=reason, now=now)
