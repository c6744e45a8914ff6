"""Boost: show a status that exists to the account's followers once more, instead of a second one."""

from datetime import timedelta

from bot.crosspost.context import Context, lease_length
from bot.crosspost.events import report
from bot.crosspost.lane import Lane
from bot.domain.models import Share, State
from bot.domain.transitions import boosting
from bot.errors import AccountBarredError, RefusedError

# Between two looks whether another process has given the account back.
_RETRY_EVERY = timedelta(milliseconds=200)


def boost(context: Context, site: str, post_id: int, *, account: str) -> Share | None:
    """Boost the newest status of a post on an account; its share, or None where it was boosted already.

    Waits while another process attends to the account. Raises RefusedError where there is no status that howdah knows,
    where the instance refuses, and where nobody knows whether it was done; AccountError where the instance can't be
    asked.
    """
    lane = Lane(context, context.accounts[account])
    _take(lane)
    try:
        return _boost(lane, _newest(context, site, post_id, account=account))
    finally:
        lane.release()


def _newest(context: Context, site: str, post_id: int, *, account: str) -> Share:
    """The share whose status is boosted."""
    name = f"{site}/{post_id} on {account}"
    shares = context.store.shares(site=site, post_id=post_id, account=account, state=State.SHARED)
    share = max(shares, key=lambda share: share.number, default=None)
    if share is None:
        raise RefusedError(
            f"{name} isn't shared: there is no status to boost. `howdah share {site}/{post_id}` shares it"
        )
    if not share.status_id:
        raise RefusedError(
            f"{name} was shared by another program: howdah doesn't know the id of {share.url}. Boost it there"
        )
    return share


def _take(lane: Lane) -> None:
    """Take the lane, waiting as long as a lease may last."""
    clock = lane.context.clock
    begun, patience = clock.elapsed(), lease_length(lane.policy)
    while not lane.lease():
        if clock.elapsed() - begun > patience or clock.wait(_RETRY_EVERY):
            raise RefusedError(f"another process attends to account {lane.name}: try again in a moment")


def _boost(lane: Lane, share: Share) -> Share | None:
    account, now = lane.posting.account, lane.context.clock.now()
    name = f"{share.site}/{share.post_id} on {share.account}"
    lane.state = lane.context.store.account(lane.name)
    lane.count_spent()
    boosted = _is_boosted(lane, share)
    if boosted:
        return None
    if boosted is None:
        raise RefusedError(f"{name}: the instance has no status {share.url} (any more): there is nothing to boost")
    opens = lane.opens_at()
    if opens is not None:
        raise RefusedError(f"{name}: the instance takes no more boosts until {opens:%H:%M:%S} UTC (rate limit)")
    lane.keep()
    change = boosting.after_boost(share, account.boost(share.status_id), now=now)
    after = lane.context.store.apply(share, change, now=lane.context.clock.now())
    report(share, change)
    if change.attempt.outcome == boosting.UNANSWERED:
        raise RefusedError(
            f"{name}: nobody knows whether it was boosted ({change.attempt.detail}). Look at {share.url}"
        )
    if change.attempt.outcome != boosting.BOOSTED:
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
