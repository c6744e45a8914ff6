"""What becomes of an unknown share once its account's own statuses were read, or could not be.

An unanswered publish is never sent again before two complete listings, taken after the server's deadline, have shown
that the status isn't there.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from bot.domain.answers import Barred
from bot.domain.models import ASIDE, AccountState, Attempt, Listing, OwnStatus, Post, Share, State
from bot.domain.text.links import normalise
from bot.domain.transitions.change import (
    CLOCK_ERROR,
    LOOKING,
    STOPPED,
    Basis,
    Change,
    Pause,
    changed,
    gave_up,
    new_life,
    shared,
)
from bot.domain.transitions.pauses import TAKES_NONE, rests_because, takes_turns

# An instance that is down, or takes no status, for so long after an unanswered publish needs a person; until then it
# is asked again.
UNREAD_FOR = timedelta(days=1)
# The second look for an unanswered status comes this part of the answer's deadline after the first (60 s of 150 s).
_SECOND_LOOK = 0.4
_LOOKS_BEFORE_SENDING_AGAIN = 2
# So many sends of a share that come to nothing may be chance; what still isn't there then has others go first.
_SENT_AT_ONCE = 2
# How a share's history calls a publish of which nobody knows what came, and what it was decided by last.
_IS_UNANSWERED = ("publish", "unknown")
_DECISIVE = ("publish", "decide")
# An unknown share holds up its account: it is asked for again within this time, also after long failure.
_LONGEST_HOLD_UP = timedelta(minutes=10)
# Every server lists what anybody may see; '' is the account's own default.
_ALWAYS_LISTED = ("", "public", "unlisted")
# With a scheme or without: some servers show a link as its text alone.
_WRITTEN = re.compile(r"https?://[^\s<>\"]+|(?<![^\s(])[\w-]+(?:\.[\w-]+)+/[^\s<>\"]*", re.IGNORECASE)
CUT_SHORT = "the store may be older than it, and its own statuses weren't listed to the end"
# Behind an origin: that the first listing under it was incomplete.
_INCOMPLETE = " incomplete"
_IS_HELD = ("reconcile", "held")
_PUNCTUATION = ".,;:!?'\"”’»)]}*_"


class Known(Struct, frozen=True, kw_only=True):
    """What the store knows when a listing is judged.

    taken: ids of listed statuses that belong to other shares. account: the share's; of a visibility that its listing
    has never shown, and that isn't for everybody, a listing proves nothing. aside: the shares that were put aside for
    the first time since the account's last status went out. history: the share's, oldest first.
    """

    account: AccountState
    taken: Collection[str] = ()
    aside: Collection[int] = ()
    history: Sequence[Attempt] = ()


def after_listing(share: Share, listing: Listing, known: Known, *, basis: Basis) -> Change:
    """What becomes of an unknown share once the account's own statuses since its anchor were read."""
    found = _find(share, listing, known.taken)
    if found is not None:
        return shared(share, found.url, found.id, found.created_at, step="reconcile", now=basis.now)
    if not listing.complete and not listing.statuses:
        silent = "the instance lists none of the account's own statuses"
        return after_unread(share, silent, basis=basis)
    if not listing.complete:
        return _held(share, "the account's own statuses can't be read back to when it was sent", now=basis.now)
    if is_hidden(_visibility(share), known.account.listed):
        return _held(
            share, f"its instance has never listed a {_visibility(share)} status of the account", now=basis.now
        )
    absences = share.absences + 1
    if absences < _LOOKS_BEFORE_SENDING_AGAIN:
        again = basis.now + basis.policy.answer_deadline * _SECOND_LOOK
        return changed(
            replace(share, absences=absences, next_attempt_at=again),
            step="reconcile",
            outcome="absent",
            detail="not on the account; looking once more before sending again",
            now=basis.now,
        )
    return _takes_none(share, known, basis=basis) or _absent(share, basis=basis)


def is_hidden(visibility: str, shown: Collection[str]) -> bool:
    """Whether statuses of a visibility may be missing from the account's own listing, as on Takahē."""
    return visibility not in _ALWAYS_LISTED and visibility not in shown


def is_unproven(share: Share, post: Post, history: Iterable[Attempt], *, since: datetime) -> bool:
    """Whether a share that the store takes for new may have been shared before it knew of anything: before since.

    That is where its post is older. What a person asked for later they have looked for. history: the share's.
    """
    if post.published_at is not None and post.published_at >= since:
        return False
    asked = [attempt.at for attempt in history if (attempt.step, attempt.outcome) == ("decide", "retry")]
    if share.by_name:
        asked.append(share.created_at)
    return all(at < since for at in asked)


def is_let_go(history: Iterable[Attempt]) -> bool:
    """Whether a person let a share go after it was held for want of proof. history: the share's, oldest first."""
    steps = [(attempt.step, attempt.outcome) for attempt in history]
    return ("decide", "retry") in steps[steps.index(_IS_HELD) :] if _IS_HELD in steps else False


def read_under(state: AccountState, origin: str, *, complete: bool, now: datetime) -> AccountState:
    """What is known of an account once its own statuses were read under an origin of the store.

    Under another origin than before the store may be older than what is there. What an incomplete first listing left
    unseen no later one shows, since those begin behind it: that stays known for as long as the origin lasts.
    """
    cut_short = origin + _INCOMPLETE
    is_same = state.origin == origin
    if state.origin == cut_short or (is_same and (complete or state.latest is not None)):
        return state
    before = (state.unproven_before if is_same else None) or now
    return replace(state, origin=origin if complete else cut_short, unproven_before=before)


def is_cut_short(state: AccountState) -> bool:
    """Whether the account may have statuses from before AccountState.unproven_before that were never listed."""
    return state.origin.endswith(_INCOMPLETE)


def hidden(visibility: str) -> str:
    """Why the listing of an account proves nothing of a status that a store from before may not know."""
    return f"the store may be older than it, and its instance has never listed a {visibility} status of it"


def unproven(share: Share, reason: str, *, now: datetime) -> Change:
    """What becomes of a share that may be on the account already, unseen: a person looks, and decides."""
    error = (
        f"may or may not be on the account: {reason}. Look there: `howdah skip` if it is, `howdah retry` if it isn't"
    )
    held = replace(share, state=State.HELD, error=error, next_attempt_at=None)
    return changed(held, step="reconcile", outcome="held", detail=error, now=now)


def after_unread(share: Share, message: str, *, basis: Basis) -> Change:
    """What becomes of an unknown share where reading the account's own statuses failed this time."""
    unread = share.unread + 1
    since = basis.now - (share.sent_at or basis.now)
    if unread >= basis.policy.attempts and since >= UNREAD_FOR:
        return after_forbidden(replace(share, unread=unread), message, now=basis.now)
    later = basis.now + min(basis.wait(unread), _LONGEST_HOLD_UP)
    return _unread(replace(share, unread=unread, next_attempt_at=later), message, now=basis.now)


def after_forbidden(share: Share, message: str, *, now: datetime) -> Change:
    """What becomes of an unknown share where the account's own statuses may not be read at all (403)."""
    return _held(share, f"the account's own statuses can't be read: {message}", now=now)


def after_barred(share: Share, no: Barred, *, basis: Basis) -> Change:
    """What becomes of an unknown share where the account is refused altogether: it stays unknown, the account rests."""
    until = basis.rest_end()
    reason = rests_because(no)
    change = _unread(replace(share, next_attempt_at=until), reason, now=basis.now)
    return replace(change, pause=Pause(until=until, reason=reason))


def believable(listing: Listing, *, now: datetime) -> Listing:
    """The listing without statuses that claim to be from the future: none of them can be the account's newest."""
    latest = now + CLOCK_ERROR
    return replace(listing, statuses=tuple(status for status in listing.statuses if status.created_at <= latest))


def links_of(status: OwnStatus) -> frozenset[str]:
    """The links of a status, normalised: linked, or written out where the server doesn't link such addresses.

    None of a reply: howdah never replies, and a reply with a post's link is no share of it.
    """
    if status.in_reply_to_id:
        return frozenset()
    written = (form for found in _WRITTEN.findall(status.text) for form in (found, found.rstrip(_PUNCTUATION)))
    return frozenset(map(normalise, (*status.links, *written))) - {""}


def _unread(share: Share, detail: str, *, now: datetime) -> Change:
    return changed(share, step="reconcile", outcome="unread", detail=detail, now=now)


def _takes_none(share: Share, known: Known, *, basis: Basis) -> Change | None:
    """The account rests where its instance may take no status at all now; None where it may.

    That is where one was sent several times and never came to be, and no other went out since. The share uses up
    nothing then, for a day, and others are tried in turn: once one goes out, it was this one, and it alone.
    """
    said = _said_last(share, known.history)
    is_in_doubt = share.unanswered >= _SENT_AT_ONCE or takes_turns(known.account.pause_reason)
    if not said or not is_in_doubt or _is_it_alone(share, known, now=basis.now):
        return None
    reason = f"{TAKES_NONE}: {said}; nothing of it is on the account, which can be read"
    base = replace(_sent_anew(share), error=reason, failures=max(share.failures - 1, 0), next_attempt_at=basis.now)
    change = changed(base, step="reconcile", outcome=ASIDE, detail=reason, now=basis.now)
    return replace(change, pause=Pause(until=basis.rest_end(), reason=reason))


def _said_last(share: Share, history: Sequence[Attempt]) -> str:
    """What came instead of an answer to a share's last publish; '' where that says nothing of the instance now.

    howdah was stopped then, or a no was said of the share, or a person has let it go since.
    """
    last = [attempt for attempt in history if attempt.step in _DECISIVE][-1:]
    unanswered = [attempt.detail for attempt in last if (attempt.step, attempt.outcome) == _IS_UNANSWERED]
    return "".join(unanswered) if share.idempotency_key and unanswered != [STOPPED] else ""


def _is_it_alone(share: Share, known: Known, *, now: datetime) -> bool:
    """Whether a share was put aside while others went out, or a day ago."""
    aside = [attempt.at for attempt in known.history if attempt.outcome == ASIDE]
    return bool(aside) and (share.id not in known.aside or now - aside[0] >= UNREAD_FOR)


def _sent_anew(share: Share) -> Share:
    """A share that isn't on the account, pending again: under the same key, unless that one's life is over."""
    base = share if share.idempotency_key else new_life(share)
    return replace(base, state=State.PENDING, absences=0)


def _absent(share: Share, *, basis: Basis) -> Change:
    """What becomes of a share that isn't on the account: at first it is sent again at once, later behind others."""
    detail = "not on the account after two complete looks"
    error = share.error.replace(LOOKING, "it isn't on the account")
    if share.failures >= basis.policy.attempts:
        error = gave_up(share.failures, error)
        ended = replace(new_life(share), state=State.FAILED, error=error, next_attempt_at=None)
        return changed(ended, step="reconcile", outcome="failed", detail=detail, now=basis.now)
    is_first = share.unanswered < _SENT_AT_ONCE
    since = (share.sent_at or basis.now) if is_first else basis.now
    due = max(basis.now, since + basis.wait(share.failures))
    waiting = replace(_sent_anew(share), error=error, next_attempt_at=due)
    return changed(waiting, step="reconcile", outcome="retry", detail=detail, now=basis.now)


def _visibility(share: Share) -> str:
    return share.status.visibility if share.status else ""


def _held(share: Share, reason: str, *, now: datetime) -> Change:
    error = (
        f"may or may not be on the account: {reason}. Look there: `howdah skip` if it is, "
        f"`howdah retry` to look again, `howdah share --again` if it isn't"
    )
    held = replace(share, state=State.HELD, error=error, next_attempt_at=None)
    return changed(held, step="reconcile", outcome="held", detail=reason, now=now)


def _find(share: Share, listing: Listing, taken: Collection[str]) -> OwnStatus | None:
    free = (status for status in listing.statuses if status.id not in taken)
    link = normalise(share.link)
    return next((status for status in free if link in links_of(status)), None)
