"""Mend by hand: what a person does at once with a status that exists: change its words, delete it, or boost it.

The first two do no harm when they are repeated. That an edit is sent is recorded before, with the words that a person
gave: without an answer nobody knows what the status says, and where it follows its post the edit is made again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from msgspec.structs import replace

from bot.crosspost.context import Context, lease_length
from bot.crosspost.edit import doubt
from bot.crosspost.events.shares import report
from bot.crosspost.lane import Lane
from bot.crosspost.questions import limits_of
from bot.domain.models import Followed, Post, Share, State, Status
from bot.domain.transitions import budget, following, mending
from bot.domain.transitions.change import Change
from bot.errors import AccountBarredError, RefusedError

_DONE = {"edit": "edited", "delete": "deleted"}
# Between two looks whether another process has given the account back.
_RETRY_EVERY = timedelta(milliseconds=200)


def edit_status(context: Context, site: str, post_id: int, *, account: str, text: str) -> Share:
    """Give the newest status of a post other words; the link is added. Images, warning and visibility stay.

    Waits while another process attends to the account. Raises RefusedError where there is no status that howdah made
    and knows, where the words don't fit, where the instance refuses, and where nobody knows whether it was done;
    AccountError where the instance can't be asked. What is edited later, because its post is, has these words too.
    """
    with lane_of(context, account) as lane:
        share = newest_with_id(context, site, post_id, account=account, to="edit")
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

    Waits as edit_status() does. One that isn't there any more is as good as deleted. Raises RefusedError where there is
    no status that howdah made and knows, where the instance refuses or takes no more deletions now, and where nobody
    knows whether it was done; AccountError where the instance can't be asked.
    """
    with lane_of(context, account) as lane:
        share = newest_with_id(context, site, post_id, account=account, to="delete")
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


def boost(
    context: Context, site: str, post_id: int, *, account: str, patience: timedelta | None = None
) -> Share | None:
    """Show a post's newest status to the account's followers once more; its share, None where it was boosted already.

    One that another program published is looked for among the account's own statuses. Waits while another process
    attends to the account, for patience at the most, or as long as a lease may last. Raises RefusedError where there
    is no status that howdah knows, where the instance refuses, and where nobody knows whether it was done;
    AccountError where the instance can't be asked.
    """
    with lane_of(context, account, patience=patience) as lane:
        share = newest_shared(context, site, post_id, account=account, to="boost")
        return _boost(lane, with_status_id(lane, share, to="boost"))


def newest_with_id(context: Context, site: str, post_id: int, *, account: str, to: str) -> Share:
    """The post's newest share that is on the account, with its status' id; to: what is to be done with it.

    RefusedError where there is none that howdah knows the id of.
    """
    share = newest_shared(context, site, post_id, account=account, to=to)
    if not share.status_id:
        raise _without_id(share, to=to)
    return share


def newest_shared(context: Context, site: str, post_id: int, *, account: str, to: str) -> Share:
    """The same, whoever shared it, and perhaps without its status' id. RefusedError where there is none."""
    shares = context.store.shares(site=site, post_id=post_id, account=account, state=State.SHARED)
    share = max(shares, key=lambda share: share.number, default=None)
    if share is None:
        name = _post_name(context, site, post_id)
        raise RefusedError(
            f"{name} on {account} isn't shared: there is no status to {to}. `howdah share {name}` shares it"
        )
    return share


def with_status_id(lane: Lane, share: Share, *, to: str) -> Share:
    """The share with its status' id: where another program published it, as the account's own listing has it.

    to: what is to be done with it. RefusedError where nobody knows its url, or the status isn't listed, AccountError
    where that can't be read.
    """
    if share.status_id:
        return share
    if not share.url:
        raise _without_id(share, to=to)
    listing = lane.posting.account.statuses_since(None)
    found = next((status.id for status in listing.statuses if status.url == share.url), "")
    if not found:
        raise RefusedError(f"{share.name}: {share.url} isn't among the account's own statuses")
    return replace(share, status_id=found)


@contextmanager
def lane_of(context: Context, account: str, *, patience: timedelta | None = None) -> Iterator[Lane]:
    """The account's lane, taken for as long as it lasts; RefusedError where another process doesn't give it back.

    patience: how long to wait for that; as long as a lease may last where it isn't said.
    """
    lane = Lane(context, context.accounts[account])
    _take(lane, patience if patience is not None else lease_length(lane.policy))
    try:
        lane.state = context.store.account(account)
        lane.pace.count_spent(now=context.clock.now())
        yield lane
    finally:
        lane.release()


def _worded(lane: Lane, share: Share, status: Status, text: str) -> Status:
    """The share's status with a person's words; RefusedError where they don't fit."""
    from bot.domain.composing.compose import compose  # takes 100 ms: only where words are changed

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


def _boost(lane: Lane, share: Share) -> Share | None:
    account, now = lane.posting.account, lane.context.clock.now()
    name = share.name
    boosted = _is_boosted(lane, share)
    if boosted:
        return None
    if boosted is None:
        raise RefusedError(f"{name}: the instance has no status {share.url} (any more): there is nothing to boost")
    opens = lane.opens_at()
    if opens is not None:
        raise RefusedError(f"{name}: the instance takes no more boosts until {opens:%H:%M:%S} UTC (rate limit)")
    lane.keep()
    change = mending.after_boost(share, account.boost(share.status_id), now=now)
    after = _record(lane, share, change)
    if change.attempt.outcome == mending.UNANSWERED:
        raise RefusedError(
            f"{name}: nobody knows whether it was boosted ({change.attempt.detail}). Look at {share.url}"
        )
    if change.attempt.outcome != mending.BOOSTED:
        raise RefusedError(f"{name} wasn't boosted: {change.attempt.detail}")
    return after


def _is_boosted(lane: Lane, share: Share) -> bool | None:
    """Whether the status is boosted; a token that may not read (403) may still boost, and most servers do it once."""
    try:
        return lane.posting.account.boosted(share.status_id)
    except AccountBarredError as error:
        if error.code != 403:
            raise
        return False


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


def _without_id(share: Share, *, to: str) -> RefusedError:
    """Another program shared it, and perhaps told no url either."""
    return RefusedError(
        f"{share.name} was shared by another program: howdah doesn't know the id of {share.url or 'its status'}. "
        f"{to.capitalize()} it there, or let `howdah adopt {share.site}` find it first"
    )


def _post_name(context: Context, site: str, post_id: int) -> str:
    """What the post is called, by any share of it: its own id may be one that howdah made up."""
    shares = context.store.shares(site=site, post_id=post_id, limit=1)
    return next((share.post_name for share in shares), f"{site}/{post_id}")


def _take(lane: Lane, patience: timedelta) -> None:
    """Take the lane, waiting so long at the most."""
    clock = lane.context.clock
    begun = clock.elapsed()
    while not lane.lease():
        if clock.elapsed() - begun > patience or clock.wait(_RETRY_EVERY):
            raise RefusedError(f"another process attends to account {lane.name}: try again in a moment")
