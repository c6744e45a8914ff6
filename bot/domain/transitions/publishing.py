"""Publishing: what becomes of a share that was begun, by what the instance said and by what was asked after a no.

The table of answers in docs/design.md is here: a key lives until the server has said a definite no, and an unanswered
publish keeps it.
"""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from enum import Enum, auto
from hashlib import sha256
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from bot.domain.answers import Answer, Barred, NotSent, Published, Refused, Reply, Throttled, Unanswered
from bot.domain.composing.hashtags import WITHOUT_HASHTAGS, left_out, to_leave_out
from bot.domain.models import ASIDE, Attempt, MediaState, Share, State
from bot.domain.policy import AccountPolicy
from bot.domain.transitions.change import LOOKING, STOPPED, Basis, Change, Pause, changed, gave_up, new_life, shared
from bot.domain.transitions.outcome import MEDIA_TRIES, account_rests, after_a_no
from bot.domain.transitions.pauses import WALLED

# So many shares in a row: then it isn't something in one of them.
_WALL = 3
# What says nothing of the status: there is no such address or method there, or somebody before it wants something else.
# Where the account works otherwise it is a firewall's word for something in it, as 403 and a redirect are.
_NO_SUCH_PLACE = (402, 404, 405, 407, 410, 421, 423, 425, 426)
# What instances answer to a status that is too long or has too much attached.
_TOO_MUCH = (400, 413, 422)
# What Mastodon answers to a status that it has understood and doesn't take.
_UNPROCESSABLE = 422
# The outcome, in a share's history, of a publish that was refused where the instance may count in another way.
_COUNTED_STRICTLY = "counted strictly"
# What a refusal speaks of that wants a text with each file, or other files. Of a server's own words only.
_OF_FILES = re.compile(
    r" says: .*\b(?:media|attachments?|descriptions?|alt|images?|files?)\b", re.IGNORECASE | re.DOTALL
)


class Question(Enum):
    """What an instance can be asked after a no: its limits, whose the token is, what the attached files are like."""

    LIMITS = auto()
    TOKEN = auto()
    MEDIA = auto()


class Findings(Struct, frozen=True, kw_only=True):
    """What is known beyond the answer when a no is decided on.

    limits_changed: whether the instance's limits are others than the status was composed by. token_works: whether the
    instance says whose the token is. aside: the shares that were put aside for the first time since the account's last
    status went out. media: the state of the first attached file that isn't ready, READY where all are; None where
    nothing is known. software: the instance's. history: the share's. too_long: whether the status is longer than the
    instance takes by the strictest way to count.
    """

    limits_changed: bool = False
    token_works: bool = False
    aside: Collection[int] = ()
    media: MediaState | None = None
    software: str = ""
    history: Sequence[Attempt] = ()
    too_long: bool = False


def is_counted_strictly(history: Sequence[Attempt]) -> bool:
    """Whether a share's status has to be short enough by the strictest way to count, by the share's history."""
    return any(attempt.outcome == _COUNTED_STRICTLY for attempt in history)


def idempotency_key(share: Share, *, instance: str) -> str:
    """The key under which this share is published next, as 64 hexadecimal digits.

    It follows from what is shared where, from when the share was made and from the number of publishes begun before,
    so that a store restored from a backup comes to the same key again, and the server, within its hour, to the same
    status. A new life (after a definite refusal) begins after one more publish, hence with another key. The account's
    instance and name are in it because some servers keep one table of keys for all their users; the link and the
    instant, because another store may have a site of the same name with a post of the same id.
    """
    made = share.created_at.replace(microsecond=share.created_at.microsecond // 1000 * 1000)  # as the store keeps it
    parts = (
        instance,
        share.account,
        share.site,
        share.post_id,
        share.link,
        share.number,
        made.isoformat(),
        share.attempts,
    )
    return sha256("\n".join(map(str, parts)).encode()).hexdigest()


def questions(share: Share, reply: Reply) -> frozenset[Question]:
    """What to ask the instance before after_publish() decides; each costs a request."""
    match reply:
        case Refused(code=code):
            asked = {Question.LIMITS} if code in _TOO_MUCH and not share.failures else set()
            asked |= {Question.TOKEN} if code in _NO_SUCH_PLACE else set()
            return frozenset(asked | ({Question.MEDIA} if share.media_ids else set()))
        case Barred() as no if _may_be_a_walls(no):
            return frozenset({Question.TOKEN})
        case _:
            return frozenset()


def after_publish(share: Share, answer: Answer, findings: Findings, *, basis: Basis) -> Change:
    """What becomes of a share that was sent."""
    match answer.reply:
        case Published() as done:
            change = shared(share, done.url, done.id, done.created_at, step="publish", now=basis.now)
        case Refused(code=code, message=message) if findings.token_works and _has_no_api(share, code, findings.media):
            change = _stopped(share, Barred(code=code, message=message), findings, basis=basis)
        case Refused() as no:
            change = _refused(share, no, findings, basis=basis)
        case Barred() as no if findings.token_works and _may_be_a_walls(no):
            change = _stopped(share, no, findings, basis=basis)
        case Barred() | Throttled() | NotSent() as no:
            no = _said_of_scope(share, no) if isinstance(no, Barred) and no.lacks_scope else no
            change = account_rests(share, no, step="publish", basis=basis)
        case Unanswered(message=message):
            change = _unanswered(share, message, due=basis.now + basis.policy.answer_deadline, now=basis.now)
        case _:
            assert_never(answer.reply)
    return replace(change, statuses_rate=answer.rate)


def abandoned(share: Share, *, policy: AccountPolicy, now: datetime) -> Change:
    """What becomes of a `sending` share whose sender is gone: nobody knows what came of it."""
    given_up = (share.sent_at or now) + policy.timeout
    # sent_at lies ahead where a clock was set back meanwhile.
    due = min(max(now, given_up + policy.answer_deadline), now + policy.answer_deadline)
    return _unanswered(share, STOPPED, due=due, now=now)


def sent_too_late(share: Share, *, basis: Basis) -> Change:
    """What becomes of a begun share whose sender stood still before sending: surely not sent, so it is due again.

    By now another process may have taken the account over; then this change is refused, and nothing was sent twice. It
    uses up an attempt, unless an earlier send may be there already: then the share can't end without being looked for.
    """
    detail = "howdah stood still before sending it"
    if not share.unanswered:
        change = _again(share, detail, basis=basis)
        return replace(change, attempt=replace(change.attempt, step="decide"))  # it was no publish
    waiting = replace(share, state=State.PENDING, next_attempt_at=basis.now)
    return changed(waiting, step="decide", outcome="retry", detail=detail, now=basis.now)


def _said_of_scope(share: Share, no: Barred) -> Barred:
    """The same with what a person is to do about a token that may not publish."""
    what_to_do = f"Make another with `howdah login {share.account}`"
    return replace(no, message=f"its token lacks the scope write:statuses ({no.message}). {what_to_do}")


# --- a definite no ------------------------------------------------------------------------------------------------


def _refused(share: Share, no: Refused, findings: Findings, *, basis: Basis) -> Change:
    """What becomes of a share that is refused with a 4xx: composed otherwise where that may help, else by its files."""
    if findings.limits_changed:
        return _composed_anew(share, "the instance's limits have changed", error=share.error, now=basis.now)
    if findings.media in (None, MediaState.READY):
        otherwise = _without_hashtags(share, no, findings.history, now=basis.now) or _without_images(
            share, no, findings.software, now=basis.now
        )
        otherwise = otherwise or _counted_strictly(share, no, findings, now=basis.now)
        if otherwise is not None:
            return otherwise
    if _has_no_api(share, no.code, findings.media):
        gone = Barred(code=no.code, message=f"{no.message}; is `instance` the address of its API?")
        return account_rests(share, gone, step="publish", basis=basis)
    return _for_good(share, no, media=findings.media, basis=basis)


def _without_hashtags(share: Share, no: Refused, history: Sequence[Attempt], *, now: datetime) -> Change | None:
    """A refused share is tried once without the hashtags that the refusal names; None where that isn't why."""
    if not _is_about_text(share, no) or no.code != _UNPROCESSABLE or left_out(history):
        return None
    hashtags = to_leave_out(share, no.message)
    if not hashtags:
        return None
    detail = " ".join(hashtags)
    error = f"refused ({no.code}): {no.message}; trying without {detail}"
    change = _composed_anew(share, detail, error=error, now=now)
    return replace(change, attempt=replace(change.attempt, outcome=WITHOUT_HASHTAGS))


def _without_images(share: Share, no: Refused, software: str, *, now: datetime) -> Change | None:
    """A share whose images are refused is tried without: GoToSocial may be set to want longer texts with them.

    None where it has none, and where the refusal isn't about them.
    """
    if not _is_about_text(share, no) or no.code not in _TOO_MUCH or not share.media_ids:
        return None
    if software != "gotosocial" and not _OF_FILES.search(no.message):
        return None
    error = f"refused ({no.code}): {no.message}; trying without images"
    return _composed_anew(replace(share, media_failures=MEDIA_TRIES), error, error=error, now=now)


def _counted_strictly(share: Share, no: Refused, findings: Findings, *, now: datetime) -> Change | None:
    """A refused share that may be too long, were it counted in another way, is made shorter once; None where it can't.

    An instance may call itself Mastodon and count otherwise, or know other top-level domains. A person's own words stay
    as they are.
    """
    if not _is_about_text(share, no) or no.code not in _TOO_MUCH or not findings.too_long:
        return None
    if share.text_override or is_counted_strictly(findings.history):
        return None
    error = f"refused ({no.code}): {no.message}; trying a shorter text"
    change = _composed_anew(share, error, error=error, now=now)
    return replace(change, attempt=replace(change.attempt, outcome=_COUNTED_STRICTLY))


def _is_about_text(share: Share, no: Refused) -> bool:
    """Whether a refusal is about the status itself, and none that the repeat of a publish that worked would be told."""
    return not no.unexpected and not share.unanswered


def _composed_anew(share: Share, detail: str, *, error: str, now: datetime) -> Change:
    """A share that is composed otherwise and sent at once, under a new key."""
    fresh = replace(new_life(share), state=State.PENDING, error=error, failures=share.failures + 1, next_attempt_at=now)
    return changed(fresh, step="publish", outcome="retry", detail=detail, now=now)


def _has_no_api(share: Share, code: int, media: MediaState | None) -> bool:
    """Whether a refusal says that statuses aren't published there at all: nothing is wrong with the share then.

    A missing file, and a repeat of a publish whose status was deleted since, are answered in the same way.
    """
    return code in _NO_SUCH_PLACE and not share.unanswered and media is not MediaState.MISSING


def _for_good(share: Share, no: Refused, *, media: MediaState | None, basis: Basis) -> Change:
    detail = f"refused ({no.code}): {no.message}"
    if media is MediaState.PROCESSING:
        return _again(new_life(share), detail, basis=basis)
    if share.unanswered:
        # "Already attached" and "no such record" are what a repeat of a publish that worked is told.
        return _doubtful(share, detail, now=basis.now)
    if media is MediaState.MISSING:
        lost = replace(new_life(share), media_failures=share.media_failures + 1)
        return _again(lost, detail, basis=basis)
    ended = replace(new_life(share), state=State.FAILED, error=detail, next_attempt_at=None)
    return changed(ended, step="publish", outcome="failed", detail=detail, now=basis.now)


def _may_be_a_walls(no: Barred) -> bool:
    """Whether a refusal may be a firewall's before the instance, of this status alone."""
    return not no.lacks_scope and (no.code == 403 or 300 <= no.code < 400)


def _stopped(share: Share, no: Barred, findings: Findings, *, basis: Basis) -> Change:
    """What becomes of a share that is refused though the account works."""
    step = _walled if _is_walled(share, findings) else _put_aside
    return step(share, no, basis=basis)


def _put_aside(share: Share, no: Barred, *, basis: Basis) -> Change:
    """What becomes of a share that is refused, and perhaps it alone: others go on, and this one later.

    A firewall before the instance may dislike something in it: first its images, then whatever it is. It uses up an
    attempt. Where an earlier send went unanswered, its key stays.
    """
    detail = f"refused ({no.code}): {no.message}; the account itself works"
    aside = after_a_no(share)
    if share.media_ids:
        aside = replace(aside, media_failures=MEDIA_TRIES)
    change = _again(aside, detail, basis=basis)
    is_over = change.share.state is State.FAILED
    return change if is_over else replace(change, attempt=replace(change.attempt, outcome=ASIDE))


def _is_walled(share: Share, findings: Findings) -> bool:
    """Whether several shares in a row were refused, none of which was while others went out."""
    was_before = any(attempt.outcome == ASIDE for attempt in findings.history)
    is_fresh = share.id in findings.aside or not was_before
    return is_fresh and len({*findings.aside, share.id}) >= _WALL


def _walled(share: Share, no: Barred, *, basis: Basis) -> Change:
    """What becomes of a share that is refused like those before it: the account rests, and nothing is used up."""
    until = basis.rest_end()
    reason = f"{WALLED} ({no.code}): {no.message}; the account itself works"
    waiting = replace(after_a_no(share), state=State.PENDING, error=reason, next_attempt_at=basis.now)
    change = changed(waiting, step="publish", outcome=ASIDE, detail=reason, now=basis.now)
    return replace(change, pause=Pause(until=until, reason=reason))


def in_turn(shares: Sequence[Share], first: Share | None) -> tuple[Share, ...]:
    """These shares in their order, but for the one that comes first, which need not be among them."""
    if first is None:
        return tuple(shares)
    return (first, *(share for share in shares if share.id != first.id))


def _again(share: Share, detail: str, *, basis: Basis) -> Change:
    failures = share.failures + 1
    if failures >= basis.policy.attempts:
        ended = replace(share, state=State.FAILED, error=gave_up(failures, detail), next_attempt_at=None)
        return changed(
            replace(ended, failures=failures), step="publish", outcome="failed", detail=detail, now=basis.now
        )
    later = basis.retry_at(failures)
    waiting = replace(share, state=State.PENDING, error=detail, failures=failures, next_attempt_at=later)
    return changed(waiting, step="publish", outcome="retry", detail=detail, now=basis.now)


# --- nobody knows -------------------------------------------------------------------------------------------------


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
    return changed(doubtful, step="publish", outcome="unknown", detail=detail, now=now)


def _unanswered(share: Share, message: str, *, due: datetime, now: datetime) -> Change:
    error = f"no answer: {message}; {LOOKING}"
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
    return changed(unknown, step="publish", outcome="unknown", detail=message, now=now)
