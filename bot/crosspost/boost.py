"""Boost: show a status that exists to the account's followers once more, instead of a second one."""

from datetime import timedelta

from bot.crosspost.by_hand import lane_of, newest_anyhow, with_status_id
from bot.crosspost.context import Context
from bot.crosspost.events.shares import report
from bot.crosspost.lane import Lane
from bot.domain.models import Share
from bot.domain.transitions import mending
from bot.errors import AccountBarredError, RefusedError


def boost(
    context: Context, site: str, post_id: int, *, account: str, patience: timedelta | None = None
) -> Share | None:
    """Boost the newest status of a post on an account; its share, or None where it was boosted already.

    One that another program published is looked for among the account's own statuses. Waits while another process
    attends to the account, for patience at the most, or as long as a lease may last. Raises RefusedError where there
    is no status that howdah knows, where the instance refuses, and where nobody knows whether it was done;
    AccountError where the instance can't be asked.
    """
    with lane_of(context, account, patience=patience) as lane:
        share = newest_anyhow(context, site, post_id, account=account, to="boost")
        return _boost(lane, with_status_id(lane, share, to="boost"))


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
    after = lane.context.store.apply(share, change, now=lane.context.clock.now())
    report(share, change)
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
