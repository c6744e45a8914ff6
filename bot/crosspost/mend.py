"""Mend by hand: change the words of a status that exists, or delete it, at once.

Both do no harm when they are repeated. That an edit is sent is recorded before, with the words that a person gave:
without an answer nobody knows what the status says, and where it follows its post the edit is made again.
"""

from dataclasses import replace

from bot.crosspost.by_hand import lane_of, newest_shared
from bot.crosspost.context import Context
from bot.crosspost.edit import doubt
from bot.crosspost.events.shares import report
from bot.crosspost.lane import Lane
from bot.crosspost.questions import limits_of
from bot.domain.composing.compose import compose
from bot.domain.models import Followed, Post, Share, Status
from bot.domain.transitions import budget, following, mending
from bot.domain.transitions.change import Change
from bot.errors import RefusedError

_DONE = {"edit": "edited", "delete": "deleted"}


def edit_status(context: Context, site: str, post_id: int, *, account: str, text: str) -> Share:
    """Give the newest status of a post other words; the link is added. Images, warning and visibility stay.

    Waits while another process attends to the account. Raises RefusedError where there is no status that howdah made
    and knows, where the words don't fit, where the instance refuses, and where nobody knows whether it was done;
    AccountError where the instance can't be asked. What is edited later, because its post is, has these words too.
    """
    with lane_of(context, account) as lane:
        share = newest_shared(context, site, post_id, account=account, to="edit")
        if share.status is None:
            raise RefusedError(f"{share.name} was shared by another program: edit {share.url} there")
        status = _worded(lane, share, share.status, text)
        opens = lane.opens_at()
        if opens is not None:
            raise RefusedError(
                f"{share.name}: the instance takes no more edits until {opens:%H:%M:%S} UTC (rate limit)"
            )
        return _send(lane, share, status, text)


def delete_status(context: Context, site: str, post_id: int, *, account: str) -> Share:
    """Delete the newest status of a post; its share is skipped then, and nothing but a person shares the post anew.

    Raises what edit_status raises. One that isn't there any more is as good as deleted.
    """
    with lane_of(context, account) as lane:
        share = newest_shared(context, site, post_id, account=account, to="delete")
        now = context.clock.now()
        used = context.store.acted_at(account, ["delete"], since=now - following.DELETES.period)
        opens = budget.opens_at(following.DELETES, used, None, now=now)
        if opens is not None:
            raise RefusedError(
                f"{share.name}: the instance takes no more deletions until {opens:%H:%M:%S} UTC (rate limit)"
            )
        lane.keep()
        reply = lane.posting.account.delete(share.status_id)
        change = mending.after_delete(share, doubt(lane, reply) or reply, now=context.clock.now())
        after = _done(_record(lane, share, change), change)
        context.store.keep_following([Followed(share_id=share.id)])
        return after


def _worded(lane: Lane, share: Share, status: Status, text: str) -> Status:
    """The share's status with a person's words; RefusedError where they don't fit."""
    post = Post(id=share.post_id, link=share.link, title=share.title)
    try:
        composed = compose(post, policy=lane.policy, limits=limits_of(lane), site=share.site, text_override=text)
    except ValueError as error:
        raise RefusedError(f"{share.name}: {error}") from error
    return replace(status, text=composed.status.text, mentions=composed.status.mentions)


def _send(lane: Lane, share: Share, status: Status, text: str) -> Share:
    """Send the edit, and record what came of it. text: the words as the person gave them."""
    store, now = lane.context.store, lane.context.clock.now()
    edited = replace(share, status=status, text_override=text)
    before = mending.followed(share, store.followed(share.id), now=now)
    lane.keep()
    store.keep_following([mending.in_doubt(before)])
    answer = lane.posting.account.edit(share.status_id, status, media_ids=share.media_ids)
    answer = replace(answer, reply=doubt(lane, answer.reply) or answer.reply)
    change = mending.after_edit(share, edited, answer, in_doubt=before.in_doubt, now=lane.context.clock.now())
    after, outcome = _record(lane, share, change), change.attempt.outcome
    if outcome != mending.UNANSWERED:
        store.keep_following([replace(before, in_doubt=before.in_doubt and outcome != mending.EDITED)])
    return _done(after, change)


def _record(lane: Lane, share: Share, change: Change) -> Share:
    """Record what came of it."""
    after = lane.context.store.apply(share, change, now=lane.context.clock.now())
    report(share, change)
    return after


def _done(share: Share, change: Change) -> Share:
    """The share, where it was done; RefusedError where it wasn't, or nobody knows."""
    outcome, detail = change.attempt.outcome, change.attempt.detail
    done = _DONE[change.attempt.step]
    if outcome == mending.UNANSWERED:
        raise RefusedError(f"{share.name}: nobody knows whether its status was {done} ({detail}): {share.url}")
    if outcome == "refused":
        raise RefusedError(f"{share.name}: its status wasn't {done}: {detail}")
    return share
