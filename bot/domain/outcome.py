"""From what happened to a share to what becomes of it: the state machine, as pure functions.

Each returns a Change: the share as it is to be, the line for its history, and what follows for its account. The
rules that keep the first two promises live here:

- a key lives until the server has said a definite no; an unanswered publish keeps it;
- an unanswered publish is never sent again before two complete listings, taken after the server's deadline, have
  shown that the status isn't there;
- what only a person can mend pauses the account and uses up nothing of the share.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import assert_never

from bot.domain.answers import (
    Answer,
    Barred,
    NotSent,
    Published,
    Refused,
    Throttled,
    Unanswered,
    UploadAnswer,
)
from bot.domain.links import same_link
from bot.domain.models import (
    Anchor,
    Attempt,
    Listing,
    MediaState,
    OwnStatus,
    RateLimit,
    Share,
    State,
)
from bot.domain.policy import AccountPolicy

LONGEST_WAIT = timedelta(hours=1)
_LONGEST_ASKED_SECONDS = 24 * 60 * 60.0
# After so many uploads that came to nothing the status goes out without its image.
MEDIA_TRIES = 3
# An instance that is down for so long after an unanswered publish needs a person; until then it is asked again.
UNREAD_FOR = timedelta(days=1)
# The second look for an unanswered status comes this part of the answer's deadline after the first (60 s of 150 s).
_SECOND_LOOK = 0.4
_LOOKS_BEFORE_SENDING_AGAIN = 2
_WRITTEN = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_PUNCTUATION = ".,;:!?'\"”’»)]}*_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """Send nothing on the account before until."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of a share, and of its account.

    share: the row as it is to be. attempt: the line to add to its history. pause: the account rests. recovered: the
    account works again, so its pauses are forgotten. statuses_rate: what the answer said is left. latest: the
    account's newest own status.
    """

    share: Share
    attempt: Attempt
    pause: Pause | None = None
    recovered: bool = False
    statuses_rate: RateLimit | None = None
    latest: Anchor | None = None


def backoff(first: timedelta, failures: int, *, spread: float) -> timedelta:
    """How long to wait after so many failures in a row: doubling, up to an hour, and up to a quarter more by spread.

    spread is the jitter, in [0, 1), drawn by the caller.
    """
    doubled = first * 2 ** min(max(failures, 1) - 1, 32) if first < LONGEST_WAIT else LONGEST_WAIT
    return min(doubled, LONGEST_WAIT) * (1 + spread / 4)


def after_publish(
    share: Share,
    answer: Answer,
    *,
    policy: AccountPolicy,
    pauses: int,
    media: MediaState | None,
    now: datetime,
    spread: float,
) -> Change:
    """What becomes of a share that was sent.

    pauses: how often the account was paused in a row. media: the state of the attached file, looked up after a
    refusal; None where nothing was attached or nothing was refused.
    """
    match answer.reply:
        case Published() as done:
            change = _shared(share, done.url, done.id, done.created_at, step="publish", now=now)
        case Refused() as no:
            change = _refused(share, no, media=media, policy=policy, now=now, spread=spread)
        case Barred() | Throttled() | NotSent() as no:
            change = account_rests(share, no, step="publish", policy=policy, pauses=pauses, now=now, spread=spread)
        case Unanswered(message=message):
            change = _unanswered(share, message, policy=policy, now=now)
        case _:
            assert_never(answer.reply)
    return replace(change, statuses_rate=answer.rate)


def after_upload(
    share: Share, answer: UploadAnswer, *, policy: AccountPolicy, pauses: int, now: datetime, spread: float
) -> Change | None:
    """What becomes of a share whose image could not be uploaded; None where the status goes out without it."""
    match answer.reply:
        case Barred() | Throttled() | NotSent() as no:
            return account_rests(share, no, step="image", policy=policy, pauses=pauses, now=now, spread=spread)
        case Unanswered(message=message):
            return media_unready(share, message, policy=policy, now=now, spread=spread)
        case _:
            return None


def media_unready(share: Share, message: str, *, policy: AccountPolicy, now: datetime, spread: float) -> Change | None:
    """What becomes of a share whose image isn't ready; None where that was the last try and it goes out without."""
    failures = share.media_failures + 1
    if failures >= MEDIA_TRIES:
        return None
    later = now + backoff(policy.backoff, failures, spread=spread)
    error = f"image not uploaded yet: {message}"
    return _change(
        replace(share, state=State.PENDING, error=error, media_failures=failures, next_attempt_at=later),
        step="image",
        outcome="retry",
        detail=message,
        now=now,
    )


def after_listing(
    share: Share,
    listing: Listing,
    *,
    taken: Collection[str],
    policy: AccountPolicy,
    now: datetime,
    spread: float,
) -> Change:
    """What becomes of an unknown share once the account's own statuses since its anchor were read.

    taken: ids of listed statuses that belong to other shares.
    """
    found = _find(share, listing, taken)
    if found is not None:
        return _shared(share, found.url, found.id, found.created_at, step="reconcile", now=now)
    if not listing.complete:
        return _held(share, "the account's own statuses can't be read back to when it was sent", now=now)
    absences = share.absences + 1
    if absences < _LOOKS_BEFORE_SENDING_AGAIN:
        again = now + policy.answer_deadline * _SECOND_LOOK
        return _change(
            replace(share, absences=absences, next_attempt_at=again),
            step="reconcile",
            outcome="absent",
            detail="not on the account; looking once more before sending again",
            now=now,
        )
    return _absent(share, policy=policy, now=now, spread=spread)


def after_unread(share: Share, message: str, *, policy: AccountPolicy, now: datetime, spread: float) -> Change:
    """What becomes of an unknown share where reading the account's own statuses failed this time."""
    unread = share.unread + 1
    since = now - (share.sent_at or now)
    if unread >= policy.attempts and since >= UNREAD_FOR:
        return after_forbidden(replace(share, unread=unread), message, now=now)
    later = now + backoff(policy.backoff, unread, spread=spread)
    return _unread(replace(share, unread=unread, next_attempt_at=later), message, now=now)


def after_forbidden(share: Share, message: str, *, now: datetime) -> Change:
    """What becomes of an unknown share where the account's own statuses may not be read at all (403)."""
    return _held(share, f"the account's own statuses can't be read: {message}", now=now)


def after_barred(
    share: Share, message: str, *, policy: AccountPolicy, pauses: int, now: datetime, spread: float
) -> Change:
    """What becomes of an unknown share where the account is refused altogether: it stays unknown, the account rests."""
    until = now + backoff(policy.backoff, pauses + 1, spread=spread)
    reason = f"the instance refuses the account: {message}"
    change = _unread(replace(share, next_attempt_at=until), reason, now=now)
    return replace(change, pause=Pause(until=until, reason=reason))


def abandoned(share: Share, *, policy: AccountPolicy, now: datetime) -> Change:
    """What becomes of a `sending` share whose sender is gone: nobody knows what came of it."""
    return _unanswered(share, "howdah was stopped while it was being sent", policy=policy, now=now)


def site_wait(first: timedelta, failures: int, asked: float | None, *, spread: float) -> timedelta:
    """How long to leave a site alone after so many failures: the backoff, or what it asked for, within a day.

    asked: seconds (Retry-After), None where it said nothing.
    """
    return max(backoff(first, failures, spread=spread), timedelta(seconds=min(asked or 0.0, _LONGEST_ASKED_SECONDS)))


def site_silent(share: Share, message: str, *, retry_at: datetime, now: datetime) -> Change:
    """What becomes of a share whose post could not be read just before sending: it waits, and uses up nothing."""
    return _change(
        replace(share, error=message, next_attempt_at=retry_at), step="read", outcome="retry", detail=message, now=now
    )


def account_rests(
    share: Share,
    no: Barred | Throttled | NotSent,
    *,
    step: str,
    policy: AccountPolicy,
    pauses: int,
    now: datetime,
    spread: float,
) -> Change:
    """Nothing was created and nothing is wrong with the share: it waits with its account, and uses up nothing."""
    until = now + backoff(policy.backoff, pauses + 1, spread=spread)
    base = share
    match no:
        case Barred(code=code, message=message):
            reason = f"the instance refuses the account ({code}): {message}"
            base = _new_life(share)
        case Throttled(message=message, until=opens):
            reason = f"the instance asks to slow down (429): {message}"
            until = max(now, opens) if opens is not None else until
            base = _new_life(share)
        case _:
            reason = f"the instance can't be reached: {no.message}"
    waiting = replace(base, state=State.PENDING, error=reason, next_attempt_at=now)
    change = _change(waiting, step=step, outcome="wait", detail=reason, now=now)
    return replace(change, pause=Pause(until=until, reason=reason))


def waits_for_budget(share: Share, *, until: datetime, reason: str, now: datetime) -> Change:
    """What becomes of a share when a rate window of its account is full: the account rests until it opens."""
    waiting = replace(share, next_attempt_at=now)
    change = _change(waiting, step="budget", outcome="wait", detail=reason, now=now)
    return replace(change, pause=Pause(until=until, reason=reason))


def overslept(share: Share, *, now: datetime) -> Change:
    """What becomes of a begun share whose sender stood still before sending: surely not sent, so it is due again.

    By now another process may have taken the account over; then this change is refused, and nothing was sent twice.
    """
    waiting = replace(share, state=State.PENDING, next_attempt_at=now)
    return _change(waiting, step="decide", outcome="retry", detail="howdah stood still before sending it", now=now)


def dropped(share: Share, reason: str, *, now: datetime) -> Change:
    """A share that is not to be: skipped, with its reason."""
    ended = replace(_new_life(share), state=State.SKIPPED, error=reason, next_attempt_at=None)
    return _change(ended, step="decide", outcome="skipped", detail=reason, now=now)


def adopted(share: Share, url: str, *, now: datetime) -> Change:
    """A share that WordPress says was made already: its url is taken over, nothing is posted."""
    ended = replace(share, state=State.SHARED, url=url, error="", next_attempt_at=None)
    return _change(ended, step="read", outcome="adopted", detail=url, now=now)


def uncomposable(share: Share, reason: str, *, now: datetime) -> Change:
    """A share that no status can be made of: failed, with its reason."""
    ended = replace(_new_life(share), state=State.FAILED, error=reason, next_attempt_at=None)
    return _change(ended, step="decide", outcome="failed", detail=reason, now=now)


def retried(share: Share, *, now: datetime) -> Change:
    """A person wants a share that stands still tried anew.

    One that may be on the account already is looked for there first: a person's wish is no proof that it isn't.
    """
    if share.unanswered:
        fresh = replace(share, state=State.UNKNOWN, absences=0, unread=0, failures=0, next_attempt_at=now)
        return _change(fresh, step="decide", outcome="retry", detail="by hand; looking for it first", now=now)
    fresh = replace(
        _new_life(share),
        state=State.PENDING,
        failures=0,
        media_failures=0,
        error="",
        by_hand=True,
        next_attempt_at=now,
    )
    return _change(fresh, step="decide", outcome="retry", detail="by hand", now=now)


def wanted(share: Share, *, text: str, now: datetime) -> Change:
    """A person wants this share now, with these words where there are any."""
    change = retried(share, now=now)
    if change.share.state is not State.PENDING:
        return change
    return replace(change, share=replace(change.share, text_override=text or share.text_override))


def _shared(share: Share, url: str, status_id: str, created_at: datetime, *, step: str, now: datetime) -> Change:
    ended = replace(share, state=State.SHARED, url=url, status_id=status_id, error="", next_attempt_at=None)
    change = _change(ended, step=step, outcome="shared", detail=url, now=now)
    return replace(change, recovered=True, latest=Anchor(id=status_id, created_at=created_at))


def _refused(
    share: Share,
    no: Refused,
    *,
    media: MediaState | None,
    policy: AccountPolicy,
    now: datetime,
    spread: float,
) -> Change:
    detail = f"refused ({no.code}): {no.message}"
    if media is MediaState.PROCESSING:
        return _again(_new_life(share), detail, policy=policy, now=now, spread=spread)
    if share.unanswered:
        # "Already attached" and "no such record" are what a repeat of a publish that worked is told.
        return _doubtful(share, detail, now=now)
    if media is MediaState.MISSING:
        lost = replace(_new_life(share), media_failures=share.media_failures + 1)
        return _again(lost, detail, policy=policy, now=now, spread=spread)
    ended = replace(_new_life(share), state=State.FAILED, error=detail, next_attempt_at=None)
    return _change(ended, step="publish", outcome="failed", detail=detail, now=now)


def _again(share: Share, detail: str, *, policy: AccountPolicy, now: datetime, spread: float) -> Change:
    failures = share.failures + 1
    if failures >= policy.attempts:
        ended = replace(share, state=State.FAILED, error=_gave_up(failures, detail), next_attempt_at=None)
        return _change(replace(ended, failures=failures), step="publish", outcome="failed", detail=detail, now=now)
    later = now + backoff(policy.backoff, failures, spread=spread)
    waiting = replace(share, state=State.PENDING, error=detail, failures=failures, next_attempt_at=later)
    return _change(waiting, step="publish", outcome="retry", detail=detail, now=now)


def _doubtful(share: Share, detail: str, *, now: datetime) -> Change:
    """Refused, but perhaps because an earlier publish worked: look first; the key's life is over all the same."""
    doubtful = replace(
        share,
        state=State.UNKNOWN,
        error=detail,
        failures=share.failures + 1,
        absences=0,
        unread=0,
        idempotency_key="",
        next_attempt_at=now,
    )
    return _change(doubtful, step="publish", outcome="unknown", detail=detail, now=now)


def _unanswered(share: Share, message: str, *, policy: AccountPolicy, now: datetime) -> Change:
    due = max(now, (share.sent_at or now) + policy.answer_deadline)
    error = f"no answer: {message}; looking whether it is on the account"
    unknown = replace(
        share,
        state=State.UNKNOWN,
        error=error,
        failures=share.failures + 1,
        unanswered=share.unanswered + 1,
        absences=0,
        unread=0,
        next_attempt_at=due,
    )
    return _change(unknown, step="publish", outcome="unknown", detail=message, now=now)


def _unread(share: Share, detail: str, *, now: datetime) -> Change:
    return _change(share, step="reconcile", outcome="unread", detail=detail, now=now)


def _absent(share: Share, *, policy: AccountPolicy, now: datetime, spread: float) -> Change:
    detail = "not on the account after two complete looks"
    if share.failures >= policy.attempts:
        error = _gave_up(share.failures, share.error)
        ended = replace(_new_life(share), state=State.FAILED, error=error, next_attempt_at=None)
        return _change(ended, step="reconcile", outcome="failed", detail=detail, now=now)
    sent_at = share.sent_at or now
    due = max(now, sent_at + backoff(policy.backoff, share.failures, spread=spread))
    base = share if share.idempotency_key else _new_life(share)
    waiting = replace(base, state=State.PENDING, absences=0, next_attempt_at=due)
    return _change(waiting, step="reconcile", outcome="retry", detail=detail, now=now)


def _held(share: Share, reason: str, *, now: datetime) -> Change:
    error = (
        f"may or may not be on the account: {reason}. Look there: `howdah skip` if it is, "
        f"`howdah retry` to look again, `howdah share --again` if it isn't"
    )
    held = replace(share, state=State.HELD, error=error, next_attempt_at=None)
    return _change(held, step="reconcile", outcome="held", detail=reason, now=now)


def _find(share: Share, listing: Listing, taken: Collection[str]) -> OwnStatus | None:
    free = (status for status in listing.statuses if status.id not in taken)
    return next((status for status in free if _carries(status, share.link)), None)


def _carries(status: OwnStatus, link: str) -> bool:
    """Whether a status has this link: linked, or written out where the server doesn't link such addresses."""
    written = (form for found in _WRITTEN.findall(status.text) for form in (found, found.rstrip(_PUNCTUATION)))
    return any(same_link(candidate, link) for candidate in (*status.links, *written))


def _new_life(share: Share) -> Share:
    """The share without its key, and so without what was frozen under it: the next attempt composes anew."""
    return replace(
        share,
        idempotency_key="",
        status=None,
        media_ids=(),
        anchor=None,
        sent_at=None,
        unanswered=0,
        absences=0,
        unread=0,
    )


def _gave_up(failures: int, detail: str) -> str:
    return f"gave up after {failures} attempts: {detail}"


def _change(share: Share, *, step: str, outcome: str, detail: str, now: datetime) -> Change:
    return Change(share=share, attempt=Attempt(at=now, step=step, outcome=outcome, detail=detail))
