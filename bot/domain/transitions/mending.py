"""By hand: what becomes of a share whose status a person has edited, deleted or boosted."""

from datetime import UTC, datetime

from msgspec.structs import replace

from bot.domain.answers import Answer, Deleted, DeleteReply, Published, Refused, Reply, Throttled, Unanswered
from bot.domain.models import Followed, Share, State
from bot.domain.transitions.change import Change, Pause, changed, new_life
from bot.domain.transitions.following import NO_STATUS, says_unchanged
from bot.domain.transitions.pauses import rests_because

EDITED = "edited"
DELETED = "deleted"
BOOSTED = "boosted"
MISSING = "missing"
UNANSWERED = "unanswered"
REFUSED = "refused"
BY_HAND = "its status was deleted by hand"
NOT_THERE = "its status isn't on the account any more"
# When no post was modified: one that was last seen so counts as changed.
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def followed(share: Share, known: Followed | None, *, now: datetime) -> Followed:
    """How it stands with following a share; one that was never looked at (None) is due."""
    return known or Followed(share_id=share.id, next_check_at=now)


def in_doubt(before: Followed) -> Followed:
    """How it stands once an edit is on its way: its post counts as changed, so that following makes the edit again."""
    return replace(before, in_doubt=True, modified_at=_NEVER)


def after_edit(share: Share, edited: Share, answer: Answer, *, in_doubt: bool = False, now: datetime) -> Change:
    """What is recorded of an edit; Change.attempt.outcome says whether it was done. edited: the share as it is then.

    Its id and url are taken from the answer: some servers give an edited status another one. in_doubt: nobody knows of
    an earlier edit; where the instance says that this one would change nothing, that one was made. Where nobody knows
    of this one, the words are kept for when it is made again.
    """
    pause = None
    match answer.reply:
        case Published(id=status_id, url=url):
            share = replace(edited, status_id=status_id, url=url, error="")
            outcome, detail = EDITED, "by hand"
        case Refused() as no if in_doubt and says_unchanged(no):
            share = replace(edited, error="")
            outcome, detail = EDITED, "by hand"
        case Unanswered(message=message):
            share = replace(share, text_override=edited.text_override)
            outcome, detail = UNANSWERED, message
        case no:
            outcome, detail, pause = REFUSED, no.message, _slow_down(no)
    change = changed(share, step="edit", outcome=outcome, detail=detail, now=now)
    return replace(change, pause=pause, statuses_rate=answer.rate, recovered=outcome == EDITED)


def left(share: Share, *, now: datetime) -> Change:
    """A person leaves a status as it is, though it doesn't follow its post; it isn't told any more."""
    return changed(replace(share, error=""), step="decide", outcome="left", detail=f"by hand: {share.error}", now=now)


def after_delete(share: Share, reply: DeleteReply, *, now: datetime) -> Change:
    """What is recorded of a deletion; one that wasn't there (any more) is as good.

    The share is skipped then: nothing but a person shares the post anew. The status' id stays, to be known by.
    """
    match reply:
        case Deleted():
            outcome, error = DELETED, BY_HAND
        case Refused(code=code) if code in NO_STATUS:
            outcome, error = MISSING, NOT_THERE
        case Unanswered(message=message):
            return changed(share, step="delete", outcome=UNANSWERED, detail=message, now=now)
        case no:
            return changed(share, step="delete", outcome=REFUSED, detail=no.message, now=now)
    ended = replace(new_life(share), state=State.SKIPPED, url="", error=error, next_attempt_at=None)
    return changed(ended, step="delete", outcome=outcome, detail=share.url, now=now)


def after_boost(share: Share, answer: Answer, *, now: datetime) -> Change:
    """What is recorded of a boost: the share stays as it is. Change.attempt.outcome says whether it was done."""
    pause = None
    match answer.reply:
        case Published(url=url):
            outcome, detail = BOOSTED, url
        case Unanswered(message=message):
            outcome, detail = UNANSWERED, message
        case no:
            outcome, detail, pause = REFUSED, no.message, _slow_down(no)
    change = changed(share, step="boost", outcome=outcome, detail=detail, now=now)
    return replace(change, pause=pause, statuses_rate=answer.rate)


def _slow_down(no: Reply) -> Pause | None:
    """The account's pause, where it was asked to slow down: statuses, edits and boosts are counted together.

    No other no to one of these says anything of the account.
    """
    if not isinstance(no, Throttled) or no.until is None:
        return None
    return Pause(until=no.until, reason=rests_because(no))
