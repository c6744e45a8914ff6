"""Following: what becomes of a status whose post was edited, or is gone. Nothing here ever publishes.

A status is edited when its post's modified_at has moved and the status would be another one now. That comparison is
also the guard against loops: a write-back moves modified_at and changes nothing else. It is deleted when the site has
said twice, an hour apart, that the post is gone, and when not too many are gone at once.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from bot.domain.answers import Barred, Deleted, DeleteReply, NotSent, Published, Refused, Reply, Throttled, Unanswered
from bot.domain.models import Followed, Share, State, Status
from bot.domain.transitions.budget import Window
from bot.domain.transitions.change import Basis, Change, Pause, changed, gave_up, new_life
from bot.domain.transitions.pauses import rests_because

# So long a post is gone before its status is deleted, looked at twice at least.
GONE_FOR = timedelta(hours=1)
# More posts of a site than this gone within a day are no editor's work, but a site that was reset or closed.
MOST_GONE = 10
GONE_WITHIN = timedelta(days=1)
# No status is edited more often than that; the newest words win.
EDIT_GAP = timedelta(minutes=10)
# Looks come due at the same moments, so that one request tells of many posts.
GRID = timedelta(minutes=5)
# Mastodon's window for deletions, which sends no header of its own.
DELETES = Window(calls=30, period=timedelta(minutes=30))

GONE = "the post is gone from the site; its status was deleted"
CROWD = (
    f"more than {MOST_GONE} posts of the site are gone within a day: no further status is deleted. "
    f"Delete on the account itself what is not to stay"
)
SILENT = "the post is gone, and so is all else that is known of the site: its status is left alone"
UNPROCESSABLE = 422
_UNCHANGED = "status was not changed"
# What says of a status that it isn't there. Which of them, is each server's choice.
NO_STATUS = (404, 410)

# How often a post is looked at, by how long ago it was shared; and how often after all of that.
_OFTEN = (
    (timedelta(hours=1), timedelta(minutes=5)),
    (timedelta(days=1), timedelta(minutes=30)),
    (timedelta(days=7), timedelta(hours=1)),
)
_SELDOM = timedelta(hours=6)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_No = Refused | Barred | Throttled | NotSent | Unanswered


class Step(Struct, frozen=True, kw_only=True):
    """What follows from one look at a post: how it stands with following it, and what is recorded of its share."""

    followed: Followed
    change: Change | None = None


def next_check(share: Share, *, poll_every: timedelta, now: datetime) -> datetime:
    """When to look at a shared post again: often at first, then ever more seldom.

    poll_every: how often its site is looked at. Who wants that more often than every five minutes wants the edits of
    the first hour as soon.
    """
    age = now - (share.sent_at or share.created_at)
    every = next((often for young, often in _OFTEN if age < young), _SELDOM)
    grid = GRID
    if every == GRID:
        every = grid = min(GRID, poll_every)
    return _EPOCH + ((now + every - _EPOCH) // grid) * grid


def moved(share: Share, followed: Followed, modified_at: datetime | None) -> bool:
    """Whether the post may say something else than its status does.

    One that was shared before its modified_at was kept counts from the first look on: a howdah that composes a little
    differently than the one before must not edit everything. While an edit that nobody heard of is tried again, nobody
    knows what the status says, whatever the date.
    """
    known = followed.modified_at or share.post_modified_at
    is_tried_again = followed.in_doubt and followed.failures > 0
    return is_tried_again or (modified_at is not None and known is not None and modified_at != known)


def revised(share: Share, composed: Status) -> Status:
    """What the status would be after an edit: its visibility can't change, nor its language be taken away."""
    stands = share.status or composed
    return replace(composed, visibility=stands.visibility, language=composed.language or stands.language)


def differences(share: Share, status: Status, images: tuple[str, ...]) -> tuple[str, ...]:
    """What an edit would change, as words for the history."""
    stands = share.status or status
    pairs = {
        "text": (stands.text, status.text),
        "content warning": (stands.spoiler_text, status.spoiler_text),
        "sensitive": (stands.sensitive, status.sensitive),
        "language": (stands.language, status.language),
    }
    words = tuple(name for name, (before, after) in pairs.items() if before != after)
    return words if same_images(share, images) else (*words, "image")


def same_images(share: Share, images: tuple[str, ...]) -> bool:
    """Whether these are the images that the status has; taken for so where howdah didn't keep which they were."""
    return images == share.images or (bool(share.media_ids) and not share.images)


def may_edit_at(followed: Followed, *, now: datetime) -> datetime | None:
    """When the status may be edited again; None where it may be now, as after an edit that a wrong clock has dated."""
    edited_at = followed.edited_at
    return edited_at + EDIT_GAP if edited_at is not None and abs(now - edited_at) < EDIT_GAP else None


# --- what a look found --------------------------------------------------------------------------------------------


def still(
    share: Share, followed: Followed, *, modified_at: datetime | None, poll_every: timedelta, now: datetime
) -> Step:
    """The post is there and its status says what it says."""
    there = replace(
        followed,
        next_check_at=next_check(share, poll_every=poll_every, now=now),
        modified_at=modified_at or followed.modified_at,
        gone_since=None,
        failures=0,
        unread=0,
        error="",
    )
    was_in_doubt = followed.gone_since is not None or moved(share, followed, modified_at)
    if not (was_in_doubt and share.error):
        return Step(followed=there)
    detail = "the post is there, and the status says what it says"
    change = changed(replace(share, error=""), step="decide", outcome="settled", detail=detail, now=now)
    return Step(followed=there, change=change)


def unsure(share: Share, followed: Followed, *, poll_every: timedelta, now: datetime) -> Step:
    """Nothing can be concluded, and nothing is wrong."""
    at = next_check(share, poll_every=poll_every, now=now)
    return Step(followed=replace(followed, next_check_at=at, unread=0, error=""))


def unread(followed: Followed, error: str, *, until: datetime) -> Step:
    """The site can't be asked, or doesn't tell of this post, until then: nothing is concluded."""
    return Step(followed=replace(followed, next_check_at=until, unread=followed.unread + 1, error=error))


def later(followed: Followed, until: datetime) -> Step:
    """It can't be done now; nothing is wrong."""
    return Step(followed=replace(followed, next_check_at=until))


def failed(followed: Followed, error: str, *, basis: Basis) -> Step:
    """Something that is needed can't be had now: it is tried again, later and later."""
    failures = followed.failures + 1
    return Step(followed=replace(followed, failures=failures, error=error, next_check_at=basis.retry_at(failures)))


def waits_for_image(share: Share, followed: Followed, wanted: Change, *, now: datetime) -> Step:
    """The new image can't be had now, as attaching says: the edit waits, and the share stays as it is."""
    pause = wanted.pause if wanted.attempt.step == "image" else None
    until = pause.until if pause is not None else wanted.share.next_attempt_at or now
    waiting = replace(
        followed,
        failures=followed.failures + 1,
        error=wanted.attempt.detail,
        next_check_at=max(until, now + GRID),
    )
    return Step(followed=waiting, change=Change(share=share, attempt=wanted.attempt, pause=pause))


def unfit(
    share: Share,
    followed: Followed,
    reason: str,
    *,
    modified_at: datetime | None,
    poll_every: timedelta,
    now: datetime,
) -> Step:
    """No status can be made of what the post says now: the one that stands is left, until the post's next change."""
    given_up = still(share, followed, modified_at=modified_at, poll_every=poll_every, now=now).followed
    noted = replace(share, error=f"not edited: {reason}")
    return Step(followed=given_up, change=changed(noted, step="decide", outcome="kept", detail=reason, now=now))


def missing(followed: Followed, *, now: datetime) -> Step:
    """The site says that the post is gone: for the first time, or still within the hour."""
    since = min(followed.gone_since or now, now)  # a clock that was ahead may have seen it first
    return Step(followed=replace(followed, gone_since=since, next_check_at=since + GONE_FOR, unread=0, error=""))


def is_gone(followed: Followed, *, now: datetime) -> bool:
    """Whether the post is gone for long enough, now that the site has said so again."""
    return followed.gone_since is not None and now - followed.gone_since >= GONE_FOR


def held(share: Share, followed: Followed, reason: str, *, now: datetime) -> Step:
    """The status isn't deleted, for this reason, though its post is gone; it is told once."""
    waiting = replace(followed, next_check_at=now + GONE_FOR, unread=0, error="")
    if share.error == reason:
        return Step(followed=waiting)
    noted = replace(share, error=reason)
    return Step(followed=waiting, change=changed(noted, step="decide", outcome="held", detail=reason, now=now))


# --- what the instance said ---------------------------------------------------------------------------------------


def says_unchanged(no: Refused) -> bool:
    """Whether an edit is refused since it changes nothing, as GoToSocial does: the status says so already."""
    return no.code == UNPROCESSABLE and _UNCHANGED in no.message


def after_edit(
    share: Share,
    edited: Share,
    followed: Followed,
    reply: Reply,
    *,
    words: Iterable[str],
    basis: Basis,
    poll_every: timedelta,
) -> Step:
    """What becomes of a share whose status was to be edited. edited: the share as it is where that worked.

    followed: how it stood before; where nobody knows of an earlier edit, a no to this one doesn't tell of that, unless
    it says that nothing would change. Its id and url are taken from the answer: some servers give an edited status
    another one.
    """
    modified_at = edited.post_modified_at
    given_up = still(share, followed, modified_at=modified_at, poll_every=poll_every, now=basis.now).followed
    match reply:
        case Published() as done:
            stands = replace(edited, status_id=done.id, url=done.url, error="")
            return _edited(stands, given_up, words, now=basis.now)
        case Refused() as no if followed.in_doubt and says_unchanged(no):
            return _edited(replace(edited, error=""), given_up, words, now=basis.now)
        case Refused(code=code) if code in NO_STATUS:
            detail = f"the instance has no such status to edit ({code}): deleted there? It isn't made anew"
            ended = replace(followed, next_check_at=None)
            return Step(
                followed=ended, change=changed(share, step="edit", outcome="missing", detail=detail, now=basis.now)
            )
        case _:
            return _not_done(share, followed, reply, given_up=given_up, step="edit", basis=basis)


def after_delete(share: Share, followed: Followed, reply: DeleteReply, *, basis: Basis) -> Step:
    """What becomes of a share whose status was to be deleted. One that wasn't there (any more) is as good."""
    ended = replace(followed, next_check_at=None)
    match reply:
        case Deleted():
            return Step(followed=ended, change=_deleted(share, "deleted", now=basis.now))
        case Refused(code=code) if code in NO_STATUS:
            return Step(followed=ended, change=_deleted(share, "missing", now=basis.now))
        case _:
            return _not_done(share, followed, reply, given_up=ended, step="delete", basis=basis)


def _edited(stands: Share, given_up: Followed, words: Iterable[str], *, now: datetime) -> Step:
    change = changed(stands, step="edit", outcome="edited", detail=", ".join(words), now=now)
    next_check_at = max(given_up.next_check_at or now, now + EDIT_GAP)
    then = replace(given_up, edited_at=now, next_check_at=next_check_at, in_doubt=False)
    return Step(followed=then, change=replace(change, recovered=True))


def _deleted(share: Share, outcome: str, *, now: datetime) -> Change:
    """A share that is no more: its post is gone, and so is its status. The id stays, to be known by."""
    ended = replace(new_life(share), state=State.SKIPPED, url="", error=GONE, next_attempt_at=None)
    return changed(ended, step="delete", outcome=outcome, detail=share.url, now=now)


def _not_done(share: Share, followed: Followed, no: _No, *, given_up: Followed, step: str, basis: Basis) -> Step:
    """What becomes of a share that is on the account and stays there as it is, for now or until its next change.

    given_up: how it stands with following it where that is no use any more.
    """
    match no:
        case Refused(code=code, message=message) | Barred(code=403 as code, message=message):
            return _refused(share, given_up, f"refused ({code}): {message}", step=step, now=basis.now)
        case Unanswered(message=message):
            waiting = failed(followed, message, basis=basis).followed
            if step == "edit":
                waiting, given_up = replace(waiting, in_doubt=True), replace(given_up, in_doubt=True)
            if waiting.failures >= basis.policy.attempts:
                return _refused(share, given_up, gave_up(waiting.failures, message), step=step, now=basis.now)
            change = changed(share, step=step, outcome="unanswered", detail=message, now=basis.now)
            return Step(followed=waiting, change=change)
        case Throttled() | Barred() | NotSent():
            opens = no.until if isinstance(no, Throttled) else None
            until, reason = opens or basis.rest_end(), rests_because(no)
        case _:
            assert_never(no)
    # Deletions have a window of their own: what is throttled there needn't hold up what is published.
    rests = not (step == "delete" and isinstance(no, Throttled))
    change = changed(share, step=step, outcome="wait", detail=reason, now=basis.now)
    pause = Pause(until=until, reason=reason) if rests else None
    return Step(followed=replace(followed, next_check_at=until), change=replace(change, pause=pause))


def _refused(share: Share, given_up: Followed, detail: str, *, step: str, now: datetime) -> Step:
    noted = replace(share, error=f"{step}: {detail}")
    return Step(followed=given_up, change=changed(noted, step=step, outcome="refused", detail=detail, now=now))
