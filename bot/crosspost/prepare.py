"""Prepare: read the post once more, decide whether it is still to be shared, compose its status, upload its image.

Ends in the share with everything that is to be frozen under its key, or in the change that says why it doesn't go.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.crosspost.house import House, Posting, Watched
from bot.domain import budget, outcome
from bot.domain.answers import Barred, NotSent, Uploaded
from bot.domain.compose import Composition, compose, image_candidates
from bot.domain.models import AccountState, Anchor, Attempt, Limits, MediaFile, MediaState, Post, Share
from bot.domain.outcome import MEDIA_TRIES, Change
from bot.domain.plan import refusal
from bot.domain.policy import Images
from bot.errors import (
    AccountBarredError,
    AccountUnavailableError,
    ImageError,
    PostGoneError,
    SiteUnavailableError,
)

# Instances change their limits seldom.
LIMITS_LAST = timedelta(days=1)
# How long an uploaded file may be processed before the share is put off.
PROCESSING_LASTS = timedelta(seconds=60)
_PROCESSING_STEP = timedelta(seconds=1)
# What an instance takes that doesn't say: Mastodon's own bound for images.
_IMAGE_BYTES = 16 * 1024 * 1024


def prepare(house: House, posting: Posting, share: Share, state: AccountState) -> Share | Change:
    """The share ready to be begun, or what becomes of it instead.

    A share whose last publish went unanswered is sent again as it was: same text, same media, same key.
    """
    if share.idempotency_key and share.status is not None:
        return share
    watched = house.sites[share.site]
    post = _read(house, watched, share)
    if isinstance(post, Change):
        return post
    verdict = _verdict(house, watched, share, post)
    if verdict is not None:
        return verdict
    try:
        return _compose(house, posting, share, state, post=post)
    except AccountUnavailableError as error:
        return _account_rests(house, posting, share, state, no=NotSent(message=str(error)))
    except AccountBarredError as error:
        return _account_rests(house, posting, share, state, no=Barred(code=error.code, message=str(error)))


def limits_of(house: House, posting: Posting, state: AccountState) -> Limits:
    """What the account's instance allows: as remembered for a day, else asked, else as remembered for longer."""
    now = house.clock.now()
    if state.limits is not None and state.limits_at is not None and now - state.limits_at < LIMITS_LAST:
        return state.limits
    try:
        limits = posting.account.limits()
    except (AccountUnavailableError, AccountBarredError):
        if state.limits is None:
            raise
        return state.limits
    house.store.remember_limits(posting.policy.name, limits, now=now)
    return limits


def _read(house: House, watched: Watched, share: Share) -> Post | Change:
    store = house.store
    try:
        root = store.site(share.site).root or watched.site.find_root()
        return watched.site.read(root, share.post_id)
    except PostGoneError as error:
        return outcome.dropped(share, str(error), now=house.clock.now())
    except SiteUnavailableError as error:
        now = house.clock.now()
        failures = len(store.attempts(share))
        wait = outcome.backoff(watched.policy.poll_every, failures, spread=house.dice())
        wait = max(wait, timedelta(seconds=error.retry_after or 0))
        return outcome.site_silent(share, str(error), retry_at=now + wait, now=now)


def _verdict(house: House, watched: Watched, share: Share, post: Post) -> Change | None:
    """Why the post isn't shared after all; what a person asked for by hand is only refused where it isn't public."""
    now = house.clock.now()
    if post.share_url and share.number == 1 and not share.text_override:
        return outcome.adopted(share, post.share_url, now=now)
    policy = replace(watched.policy, filters=type(watched.policy.filters)()) if share.by_hand else watched.policy
    reason = refusal(policy, post)
    return outcome.dropped(share, reason, now=now) if reason else None


def _compose(house: House, posting: Posting, share: Share, state: AccountState, *, post: Post) -> Share | Change:
    limits = limits_of(house, posting, state)
    try:
        composition = compose(post, policy=posting.policy, limits=limits, text_override=share.text_override)
    except ValueError as error:
        return outcome.uncomposable(share, f"no status can be made of it: {error}", now=house.clock.now())
    anchor = _anchor(house, posting, state)
    attached = _attach(house, posting, share, state, composition=composition, limits=limits)
    if isinstance(attached, Change):
        return attached
    return replace(share, status=composition.status, media_ids=attached, anchor=anchor)


def _anchor(house: House, posting: Posting, state: AccountState) -> Anchor | None:
    """The newest own status, remembered from the last publish or asked for once.

    A token that may not read statuses (403) may still publish: reconciling will then need a person.
    """
    if state.latest is not None:
        return state.latest
    try:
        latest = posting.account.latest()
    except AccountBarredError as error:
        if error.code == 401:
            raise
        return None
    if latest is not None:
        house.store.remember_latest(posting.policy.name, latest)
    return latest


def _attach(
    house: House,
    posting: Posting,
    share: Share,
    state: AccountState,
    *,
    composition: Composition,
    limits: Limits,
) -> tuple[str, ...] | Change:
    """The ids of the uploaded image: none where there is no image, or it can't be had, used or uploaded for good."""
    image = composition.image
    if image is None or posting.policy.images is Images.CARD or share.media_failures >= MEDIA_TRIES:
        return ()
    waits = _upload_budget(house, share, state)
    if waits is not None:
        return waits
    try:
        file = _fetch(house, share, composition, limits)
    except SiteUnavailableError as error:
        return _unready(house, posting, share, str(error))
    return _upload(house, posting, share, state, file=file, description=composition.description) if file else ()


def _fetch(house: House, share: Share, composition: Composition, limits: Limits) -> MediaFile | None:
    """The first of the image's files that is an image and small enough."""
    site = house.sites[share.site].site
    max_bytes = limits.image_size_limit or _IMAGE_BYTES
    for size in _sizes(composition, limits):
        try:
            return site.fetch_image(size, max_bytes=max_bytes)
        except ImageError:
            continue
    return None


def _sizes(composition: Composition, limits: Limits) -> Iterator[str]:
    if composition.image is not None:
        yield from (size.url for size in image_candidates(composition.image, limits))


def _upload(
    house: House, posting: Posting, share: Share, state: AccountState, *, file: MediaFile, description: str
) -> tuple[str, ...] | Change:
    answer = posting.account.upload(file, description=description)
    now = house.clock.now()
    said = "uploaded" if isinstance(answer.reply, Uploaded) else type(answer.reply).__name__.lower()
    house.store.record_upload(share, attempt=Attempt(at=now, step="upload", outcome=said), rate=answer.rate)
    if isinstance(answer.reply, Uploaded):
        return _ready(house, posting, share, media_id=answer.reply.id, ready=answer.reply.ready)
    change = outcome.after_upload(
        share, answer, policy=posting.policy, pauses=state.pauses, now=now, spread=house.dice()
    )
    return change or ()


def _ready(house: House, posting: Posting, share: Share, *, media_id: str, ready: bool) -> tuple[str, ...] | Change:
    """Wait until the instance has processed the file."""
    deadline = house.clock.now() + PROCESSING_LASTS
    state = MediaState.READY if ready else MediaState.PROCESSING
    while state is MediaState.PROCESSING and house.clock.now() < deadline:
        if house.clock.wait(_PROCESSING_STEP):
            return _unready(house, posting, share, "howdah was stopped while the instance processed it")
        state = posting.account.media_state(media_id)
    if state is MediaState.READY:
        return (media_id,)
    if state is MediaState.FAILED:
        return ()
    return _unready(house, posting, share, "the instance hasn't processed it in time")


def _unready(house: House, posting: Posting, share: Share, message: str) -> tuple[str, ...] | Change:
    change = outcome.media_unready(share, message, policy=posting.policy, now=house.clock.now(), spread=house.dice())
    return change or ()


def _upload_budget(house: House, share: Share, state: AccountState) -> Change | None:
    now = house.clock.now()
    uploaded = house.store.uploaded_at(share.account, since=now - budget.UPLOADS.period)
    opens = budget.opens_at(budget.UPLOADS, uploaded, state.media_rate, now=now)
    if opens is None:
        return None
    reason = f"the instance takes no more images until {opens:%H:%M:%S} UTC (rate limit)"
    return outcome.waits_for_budget(share, until=opens, reason=reason, now=now)


def _account_rests(
    house: House, posting: Posting, share: Share, state: AccountState, *, no: NotSent | Barred
) -> Change:
    return outcome.account_rests(
        share,
        no,
        step="read",
        policy=posting.policy,
        pauses=state.pauses,
        now=house.clock.now(),
        spread=house.dice(),
    )
