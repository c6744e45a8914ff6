"""Mend by hand: change the words of a status that exists, or delete it, at once.

Neither needs to be recorded before it: an edit and a deletion do no harm when they are repeated.
"""

from dataclasses import replace

from bot.crosspost.by_hand import lane_of, name_of, newest_shared
from bot.crosspost.context import Context
from bot.crosspost.edit import doubt
from bot.crosspost.events import report
from bot.crosspost.lane import Lane
from bot.crosspost.limits import limits_of
from bot.domain.composing.compose import compose
from bot.domain.models import Followed, Post, Share
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
            raise RefusedError(f"{name_of(share)} was shared by another program: edit {share.url} there")
        edited = _worded(lane, share, text)
        opens = lane.opens_at()
        if opens is not None:
            raise RefusedError(
                f"{name_of(share)}: the instance takes no more edits until {opens:%H:%M:%S} UTC (rate limit)"
            )
        lane.keep()
        status = edited.status or share.status
        answer = lane.posting.account.edit(share.status_id, status, media_ids=share.media_ids)
        uncertain = doubt(lane, answer.reply)
        answer = replace(answer, reply=uncertain) if uncertain else answer
        return _record(lane, share, mending.after_edit(share, edited, answer, now=context.clock.now()))


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
                f"{name_of(share)}: the instance takes no more deletions until {opens:%H:%M:%S} UTC (rate limit)"
            )
        lane.keep()
        reply = lane.posting.account.delete(share.status_id)
        change = mending.after_delete(share, doubt(lane, reply) or reply, now=context.clock.now())
        after = _record(lane, share, change)
        context.store.keep_following([Followed(share_id=share.id)])
        return after


def _worded(lane: Lane, share: Share, text: str) -> Share:
    """The share with a person's words; RefusedError where they don't fit."""
    post = Post(id=share.post_id, link=share.link, title=share.title)
    try:
        composed = compose(post, policy=lane.policy, limits=limits_of(lane), site=share.site, text_override=text)
    except ValueError as error:
        raise RefusedError(f"{name_of(share)}: {error}") from error
    assert share.status is not None  # noqa: S101 - for the type checker: edit_status has looked
    status = replace(share.status, text=composed.status.text, mentions=composed.status.mentions)
    return replace(share, status=status, text_override=text)


def _record(lane: Lane, share: Share, change: Change) -> Share:
    """Record what came of it; RefusedError where it wasn't done, or nobody knows."""
    after = lane.context.store.apply(share, change, now=lane.context.clock.now())
    report(share, change)
    outcome, detail = change.attempt.outcome, change.attempt.detail
    done = _DONE[change.attempt.step]
    if outcome == mending.UNANSWERED:
        raise RefusedError(f"{name_of(share)}: nobody knows whether its status was {done} ({detail}): {share.url}")
    if outcome == "refused":
        raise RefusedError(f"{name_of(share)}: its status wasn't {done}: {detail}")
    return after
