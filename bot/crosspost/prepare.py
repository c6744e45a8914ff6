"""Prepare: read the post once more, decide whether it is still to be shared, compose its status, upload its image.

Ends in the share with everything that is to be frozen under its key, or in the change that says why it doesn't go.
"""

from dataclasses import replace
from datetime import timedelta

from bot.crosspost.catch_up import catch_up, found
from bot.crosspost.lane import Lane
from bot.domain import budget, outcome
from bot.domain.answers import Barred, NotSent, Uploaded
from bot.domain.change import CLOCK_ERROR, Change
from bot.domain.compose import Composition, compose, image_candidates
from bot.domain.models import Anchor, Attempt, Image, Limits, MediaFile, MediaState, Post, Share
from bot.domain.outcome import MEDIA_TRIES
from bot.domain.plan import refusal
from bot.domain.policy import Filters
from bot.errors import (
    AccountBarredError,
    AccountError,
    AccountUnavailableError,
    ImageError,
    PostGoneError,
    SiteUnavailableError,
)

# So many pauses in a row are waited for the newest status, where one is asked for; then a share goes without anchor.
PAUSES_FOR_ANCHOR = 3
# How long an uploaded file may be processed before the share is put off.
PROCESSING_LASTS = timedelta(seconds=60)
_PROCESSING_STEP = timedelta(seconds=1)
# Of an image that can't be had in one size, the others are seldom better.
_FILES_TRIED = 4
# What an instance takes that doesn't say: Mastodon's own bound for images.
_IMAGE_BYTES = 16 * 1024 * 1024


def prepare(lane: Lane, share: Share) -> Share | Change:
    """The share ready to be begun, or what becomes of it instead.

    A share whose last publish went unanswered is sent again as it was, if its post is still to be shared: same text,
    same media, same key.
    """
    try:
        return _prepare(lane, share)
    except PostGoneError as error:
        return outcome.dropped(share, str(error), now=lane.house.clock.now())
    except SiteUnavailableError as error:
        return _site_silent(lane, share, error)
    except AccountUnavailableError as error:
        return _account_rests(lane, share, NotSent(message=str(error)))
    except AccountBarredError as error:
        return _account_rests(lane, share, Barred(code=error.code, message=str(error)))


def _prepare(lane: Lane, share: Share) -> Share | Change:
    post = lane.read(share)
    verdict = _verdict(lane, share, post)
    if verdict is not None:
        return verdict
    catch_up(lane)
    there = found(lane, share, post.link)
    if there is not None:
        return outcome.found(share, there, now=lane.house.clock.now())
    if share.unanswered and share.idempotency_key:
        return share
    return _compose(lane, share, post)


def _site_silent(lane: Lane, share: Share, error: SiteUnavailableError) -> Change:
    house, now = lane.house, lane.house.clock.now()
    failures = 1 + sum(attempt.step == "read" for attempt in house.store.attempts(share))
    first = house.sites[share.site].policy.poll_every
    wait = outcome.site_wait(first, failures, error.retry_after, spread=house.dice())
    return outcome.site_silent(share, str(error), retry_at=now + wait, now=now)


def _verdict(lane: Lane, share: Share, post: Post) -> Change | None:
    """Why the post isn't shared after all; what a person asked for is only refused where it isn't public."""
    now, policy = lane.house.clock.now(), lane.house.sites[share.site].policy
    if post.share_url and share.number == 1:
        return outcome.adopted(share, post.share_url, now=now)
    reason = refusal(replace(policy, filters=Filters()) if share.by_hand else policy, post)
    return outcome.dropped(share, reason, now=now) if reason else None


def _compose(lane: Lane, share: Share, post: Post) -> Share | Change:
    lane.keep()
    limits = lane.limits()
    title = lane.site_title(share.site)
    try:
        composition = compose(
            post, policy=lane.policy, limits=limits, site_title=title, text_override=share.text_override
        )
    except ValueError as error:
        return outcome.uncomposable(share, f"no status can be made of it: {error}", now=lane.house.clock.now())
    if composition.length > composition.limit:
        reason = f"doesn't fit: {composition.length} of {composition.limit} characters, and nothing left to shorten"
        return outcome.uncomposable(share, reason, now=lane.house.clock.now())
    anchor = _anchor(lane, share)
    attached = _attach(lane, share, composition, limits)
    if isinstance(attached, Change):
        return attached
    return replace(share, link=post.link, status=composition.status, media_ids=attached, anchor=anchor)


def _anchor(lane: Lane, share: Share) -> Anchor | None:
    """The newest own status that is known; asked for anew before a post is shared once more.

    A status with the same link that somebody else published in between must not be taken for this one. Where it can't
    be had, reconciling has to read back to the first status.
    """
    if share.number == 1:
        return lane.state.latest
    try:
        latest = lane.posting.account.latest()
    except AccountBarredError as error:
        if error.code != 403:
            raise
        return None
    except AccountUnavailableError:
        if lane.state.pauses < PAUSES_FOR_ANCHOR:
            raise
        return None
    if latest is not None and latest.created_at > lane.house.clock.now() + CLOCK_ERROR:
        return None
    if latest is not None:
        lane.house.store.remember_latest(lane.name, latest)
    lane.state = replace(lane.state, latest=latest)
    return latest


def _attach(lane: Lane, share: Share, composition: Composition, limits: Limits) -> tuple[str, ...] | Change:
    """The ids of the uploaded image: none where there is no image, or it can't be had, used or uploaded for good."""
    if composition.image is None or share.media_failures >= MEDIA_TRIES:
        return ()
    waits = _upload_budget(lane, share)
    if waits is not None:
        return waits
    try:
        file = _fetch(lane, share, composition.image, limits)
    except SiteUnavailableError as error:
        return _unready(lane, share, str(error))
    lane.keep()
    return _upload(lane, share, file, description=composition.description) if file else ()


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


def _account_rests(lane: Lane, share: Share, no: NotSent | Barred) -> Change:
    return outcome.account_rests(
        share,
        no,
        step="read",
        policy=lane.policy,
        pauses=lane.state.pauses,
        now=lane.house.clock.now(),
        spread=lane.house.dice(),
    )
