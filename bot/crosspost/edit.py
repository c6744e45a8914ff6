"""Edit: let a status say what its post says by now.

A PUT replaces the whole status and does no harm when it is repeated. That one is sent is recorded before: killed in
between, or without an answer, nobody knows what the status says, and it is edited again, whatever the post says now.
"""

from collections.abc import Sequence
from datetime import timedelta

from msgspec import Struct
from msgspec.structs import replace

from bot.crosspost.attach import Attached, Waits, attach
from bot.crosspost.draft import Draft, NoStatus, draft
from bot.crosspost.lane import Lane
from bot.crosspost.questions import limits_of
from bot.domain.answers import DeleteReply, Refused, Reply, Unanswered
from bot.domain.models import Followed, Post, Share, Status
from bot.domain.transitions import following
from bot.domain.transitions.following import Step
from bot.domain.transitions.outcome import MEDIA_TRIES
from bot.errors import AccountError, SiteError


def edit(lane: Lane, share: Share, followed: Followed, post: Post) -> Step:
    """Compose a status anew whose post has changed, and edit it where it would be another one.

    Raises LeaseLostError where another process has the account by now, and StoreError.
    """
    case = _Case(lane=lane, share=share, followed=followed, post=post)
    if post.status != "publish" or post.protected or post.members_only:
        return case.kept()  # what isn't for everybody isn't told
    later = following.may_edit_at(followed, now=lane.context.clock.now())
    if later is not None:
        return following.later(followed, later)
    try:
        made = draft(lane.context, replace(share, media_failures=0), post, limits_of(lane))
    except (SiteError, AccountError) as error:
        return following.failed(followed, str(error), basis=lane.basis())
    return case.unfit(made.reason) if isinstance(made, NoStatus) else _edit(case, made)


def doubt(lane: Lane, reply: Reply | DeleteReply) -> Unanswered | None:
    """What to make of a reply that says that there is no such status, where the account can't be read either.

    A proxy in trouble, or a wrong address, answers 404 to everything. None where nothing is in doubt.
    """
    if not isinstance(reply, Refused) or reply.code not in following.NO_STATUS:
        return None
    try:
        lane.posting.account.verify()
    except AccountError as error:
        return Unanswered(message=f"{reply.message}; but nor can the account be read: {error}")
    return None


class _Case(Struct, frozen=True, kw_only=True):
    """A share whose post has changed, and the post as it is by now."""

    lane: Lane
    share: Share
    followed: Followed
    post: Post

    @property
    def poll_every(self) -> timedelta:
        """How often the share's site is looked at."""
        return self.lane.context.sites[self.share.site].policy.poll_every

    def kept(self) -> Step:
        """Nothing is to be edited."""
        now = self.lane.context.clock.now()
        return following.still(
            self.share, self.followed, modified_at=self.post.modified_at, poll_every=self.poll_every, now=now
        )

    def unfit(self, reason: str) -> Step:
        """No status can be made of the post."""
        now = self.lane.context.clock.now()
        return following.unfit(
            self.share,
            self.followed,
            reason,
            modified_at=self.post.modified_at,
            poll_every=self.poll_every,
            now=now,
        )


def _edit(case: _Case, made: Draft) -> Step:
    """Edit the status where it would be another one, and may be edited now."""
    share = case.share
    status = following.revised(share, made.composition.status)
    images = made.composition.image_names
    words = following.differences(share, status, images)
    if not words and not case.followed.in_doubt:
        return case.kept()
    if objection := made.objection(made.wanted):
        return case.unfit(objection)
    opens = case.lane.opens_at()
    if opens is not None:
        return following.later(case.followed, opens)
    attached = _media(case, made, images)
    if isinstance(attached, Waits):
        now = case.lane.context.clock.now()
        return following.waits_for_image(share, case.followed, attached.change, now=now)
    edited = replace(
        share,
        link=case.post.link,
        status=status,
        media_ids=attached.media_ids,
        images=images,
        post_modified_at=case.post.modified_at,
    )
    return _send(case, edited, status, words or ("text",))


def _media(case: _Case, made: Draft, images: tuple[str, ...]) -> Attached | Waits:
    """The files that go along: those that are there where the images are the same, or others can't be had."""
    share, there = case.share, Attached(media_ids=case.share.media_ids)
    if following.same_images(share, images):
        return there
    if not made.wanted:
        return Attached()
    if case.followed.failures >= MEDIA_TRIES:
        return there
    attached = attach(case.lane, replace(share, media_failures=0), made)
    return there if attached == Attached() else attached


def _send(case: _Case, edited: Share, status: Status, words: Sequence[str]) -> Step:
    """Send the edit to this status, and see what becomes of it. edited: the share as it is where that works."""
    lane, context = case.lane, case.lane.context
    lane.keep()
    # One that was never looked at before is looked at again too where nothing more is recorded.
    again_at = case.followed.next_check_at or context.clock.now()
    context.store.keep_following([replace(case.followed, next_check_at=again_at, in_doubt=True)])
    answer = lane.posting.account.edit(case.share.status_id, status, media_ids=edited.media_ids)
    lane.pace.spend(context.clock.now())
    step = following.after_edit(
        case.share,
        edited,
        case.followed,
        doubt(lane, answer.reply) or answer.reply,
        words=words,
        basis=lane.basis(),
        poll_every=case.poll_every,
    )
    change = replace(step.change, statuses_rate=answer.rate) if step.change else None
    return replace(step, change=change)
