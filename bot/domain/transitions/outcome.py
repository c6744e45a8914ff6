"""From what happened to a share to what becomes of it: the state machine, as pure functions.

Each returns a Change: the share as it is to be, the line for its history, and what follows for its account. Two of
the rules that keep the promises live here, the third in reconciling.py:

- a key lives until the server has said a definite no; an unanswered publish keeps it;
- what only a person can mend pauses the account and uses up nothing of the share.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from msgspec.structs import replace

from bot.domain.answers import Barred, NotSent, Throttled, Unanswered, UploadAnswer
from bot.domain.models import Asked, Attempt, FoundStatus, Share, State
from bot.domain.transitions.change import Basis, Change, Pause, backoff, changed, new_life
from bot.domain.transitions.pauses import rests_because

_LONGEST_ASKED_SECONDS = 24 * 60 * 60.0
# After so many uploads that came to nothing the status goes out without its image.
MEDIA_TRIES = 3


def after_upload(share: Share, answer: UploadAnswer, *, basis: Basis) -> Change | None:
    """What becomes of a share whose image could not be uploaded; None where the status goes out without it."""
    match answer.reply:
        case Barred() | Throttled() | NotSent() as no:
            return account_rests(share, no, step="image", basis=basis)
        case Unanswered(message=message):
            return media_unready(share, message, basis=basis)
        case _:
            return None


def media_unready(share: Share, message: str, *, basis: Basis) -> Change | None:
    """What becomes of a share whose image isn't ready; None where that was the last try and it goes out without."""
    failures = share.media_failures + 1
    if failures >= MEDIA_TRIES:
        return None
    later = basis.retry_at(failures)
    error = f"image not uploaded yet: {message}"
    return changed(
        replace(share, state=State.PENDING, error=error, media_failures=failures, next_attempt_at=later),
        step="image",
        outcome="retry",
        detail=message,
        now=basis.now,
    )


def site_wait(first: timedelta, failures: int, asked: float | None, *, spread: float) -> timedelta:
    """How long to leave a site alone after so many failures: the backoff, or what it asked for, within a day.

    asked: seconds (Retry-After), None where it said nothing.
    """
    return max(backoff(first, failures, spread=spread), timedelta(seconds=min(asked or 0.0, _LONGEST_ASKED_SECONDS)))


def reads_refused(history: Sequence[Attempt]) -> int:
    """How often in a row a share's post could not be read, up to now."""
    # A wait that ended early is no try: refusals before and after it are in a row.
    tries = (attempt for attempt in reversed(history) if attempt.outcome != "due")
    refused = takewhile(lambda attempt: (attempt.step, attempt.outcome) == ("read", "retry"), tries)
    return sum(1 for _ in refused)


def site_silent(share: Share, message: str, *, retry_at: datetime, now: datetime) -> Change:
    """What becomes of a share whose post could not be read just before sending: it waits, and uses up nothing."""
    return changed(
        replace(share, error=message, next_attempt_at=retry_at), step="read", outcome="retry", detail=message, now=now
    )


def read_again(share: Share, *, now: datetime) -> Change:
    """What becomes of a share that waits for its site, once the site was found to work: it is due at once."""
    due = replace(share, next_attempt_at=now)
    return changed(due, step="read", outcome="due", detail="its site works again", now=now)


def account_rests(share: Share, no: Barred | Throttled | NotSent, *, step: str, basis: Basis) -> Change:
    """Nothing was created and nothing is wrong with the share: it waits with its account, and uses up nothing."""
    until = basis.rest_end()
    if isinstance(no, Throttled) and no.until is not None:
        until = max(basis.now, no.until)
    base = share if isinstance(no, NotSent) else after_a_no(share)
    reason = rests_because(no)
    waiting = replace(base, state=State.PENDING, error=reason, next_attempt_at=basis.now)
    change = changed(waiting, step=step, outcome="wait", detail=reason, now=basis.now)
    return replace(change, pause=Pause(until=until, reason=reason))


def waits_for_budget(share: Share, *, until: datetime, reason: str, now: datetime) -> Change:
    """What becomes of a share when a rate window of its account is full: the account rests until it opens."""
    waiting = replace(share, next_attempt_at=now)
    change = changed(waiting, step="budget", outcome="wait", detail=reason, now=now)
    return replace(change, pause=Pause(until=until, reason=reason))


def dropped(share: Share, reason: str, *, now: datetime) -> Change:
    """A share that is not to be: skipped, with its reason."""
    # A doubt outlives the decision: asked for again, the share is looked for first.
    base = share if share.unanswered else new_life(share)
    ended = replace(base, state=State.SKIPPED, error=reason, next_attempt_at=None)
    return changed(ended, step="decide", outcome="skipped", detail=reason, now=now)


def undecided(share: Share, reason: str, *, now: datetime) -> Change:
    """A share of which the filters can't tell whether it is wanted: held for a person."""
    base = share if share.unanswered else new_life(share)
    ended = replace(base, state=State.HELD, error=reason, next_attempt_at=None)
    return changed(ended, step="decide", outcome="held", detail=reason, now=now)


def waits_for_plugin(share: Share, *, until: datetime, now: datetime) -> Change:
    """What becomes of a share while another plugin on its site may be sharing the post: it waits."""
    detail = "Share on Mastodon may be sharing it just now"
    return changed(replace(share, next_attempt_at=until), step="read", outcome="wait", detail=detail, now=now)


def adopted(share: Share, url: str, *, now: datetime) -> Change:
    """A share that WordPress says was made already: its url is taken over, nothing is posted."""
    ended = replace(share, state=State.SHARED, url=url, error="", next_attempt_at=None)
    return changed(ended, step="read", outcome="adopted", detail=url, now=now)


def marked(share: Share, *, url: str, status_id: str, note: str, now: datetime) -> Change:
    """A share that another program or a person has made already; note: how that is known. Nothing is posted."""
    ended = replace(
        share,
        state=State.SHARED,
        url=url or share.url,
        status_id=status_id or share.status_id,
        error="",
        next_attempt_at=None,
    )
    return changed(ended, step="decide", outcome="adopted", detail=note, now=now)


def found(share: Share, status: FoundStatus, *, now: datetime) -> Change:
    """A share that is on the account already, though the store didn't know: taken over, nothing is posted.

    Where it was sent, and came to be at last, the account works again.
    """
    ended = replace(share, state=State.SHARED, url=status.url, status_id=status.id, error="", next_attempt_at=None)
    change = changed(ended, step="reconcile", outcome="found", detail=status.url, now=now)
    return replace(change, recovered=bool(share.unanswered))


def uncomposable(share: Share, reason: str, *, now: datetime) -> Change:
    """A share that no status can be made of: failed, with its reason."""
    ended = replace(new_life(share), state=State.FAILED, error=reason, next_attempt_at=None)
    return changed(ended, step="decide", outcome="failed", detail=reason, now=now)


def retried(share: Share, *, now: datetime) -> Change:
    """A person lets a share go that stands still: it goes the ordinary way, and past filters only if named before.

    One that may be on the account already is looked for there first: a person's wish is no proof that it isn't.
    """
    return _anew(share, Asked.QUEUED if share.by_name else Asked.RELEASED, due=now, now=now)


def wanted(share: Share, *, asked: Asked, text: str, due: datetime, now: datetime) -> Change:
    """A person names this share's post: it goes past filters, with these words where there are any.

    asked: NAMED for now, QUEUED for the account's rhythm. due: when it may go at the earliest.
    """
    change = _anew(share, asked, due=due, now=now)
    if change.share.state is not State.PENDING:
        return change
    return replace(change, share=replace(change.share, text_override=text or share.text_override))


def after_a_no(share: Share) -> Share:
    """The share after a no that says nothing of it: a new life, unless an earlier publish may still turn out done.

    Then the key is what keeps a late one from becoming a double.
    """
    return share if share.unanswered else new_life(share)


def _anew(share: Share, asked: Asked, *, due: datetime, now: datetime) -> Change:
    if share.unanswered:
        fresh = replace(share, state=State.UNKNOWN, absences=0, unread=0, failures=0, asked=asked, next_attempt_at=now)
        return changed(fresh, step="decide", outcome="retry", detail="by hand; looking for it first", now=now)
    fresh = replace(
        new_life(share),
        state=State.PENDING,
        failures=0,
        media_failures=0,
        error="",
        asked=asked,
        next_attempt_at=due,
    )
    return changed(fresh, step="decide", outcome="retry", detail="by hand", now=now)
