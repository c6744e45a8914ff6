"""Deliver: publish what is due on one account, one status at a time, in the order that its owner wants.

    lease the lane ─▶ recover ─▶ reconcile ─▶ for each share that is due:
        may the account send? ─▶ prepare (read, compose, upload) ─▶ begin ═COMMIT═▶ publish ─▶ outcome ═COMMIT═

Nothing is sent that was not begun, and begun means committed. A share that can't go now is left with the reason and
the time at which it is tried again.
"""

from contextlib import suppress
from datetime import datetime
from typing import cast

from msgspec.structs import replace

from bot.crosspost.backlog import backlog
from bot.crosspost.context import Context, lease_length
from bot.crosspost.events import tell
from bot.crosspost.events.shares import Backlog, LeaseLost, Rests
from bot.crosspost.lane import BATCH, Lane
from bot.crosspost.prepare import Stays, prepare
from bot.crosspost.questions import findings
from bot.crosspost.reconcile import reconcile, recover
from bot.domain.answers import NotSent
from bot.domain.models import Share, State, Status
from bot.domain.transitions import budget, outcome, publishing
from bot.domain.transitions.change import Change, Ended
from bot.domain.transitions.publishing import idempotency_key
from bot.errors import AtRestError, LeaseLostError

# So many shares are kept in memory, to be told of at the end.
MOST_AT_A_TIME = 1000


def attend(context: Context, name: str) -> tuple[Share, ...]:
    """Do everything that is due on one account; returns the shares that were touched, each as it is now.

    Does nothing while another process attends to the account, nor without its token. Ends early, between two shares,
    when asked to stop, and after a thousand of them: what is due still is there for the next call.
    """
    lane = Lane(context, context.accounts[name])
    if name in context.remembered.tokenless or not lane.lease():
        return ()
    try:
        _work(lane)
    except LeaseLostError as error:
        tell(LeaseLost(account=name, error=str(error)))
        with suppress(LeaseLostError):
            lane.record_ended()
    finally:
        lane.making.end()  # nobody works on the account's shares once the lease is given back
        lane.release()
    return tuple(lane.recorded.values())


def _work(lane: Lane) -> None:
    """Find out what became of the unknown ones, then deliver batch by batch until nothing is due or nothing may go."""
    reconciled = (*recover(lane), *reconcile(lane.context, lane.posting))
    lane.recorded |= {share.id: share for share in reconciled}
    while len(lane.recorded) < MOST_AT_A_TIME and (shares := lane.due()):
        for share, following in zip(shares, (*shares[1:], None), strict=True):
            if lane.context.clock.stopping() or lane.rests() or not _deliver(lane, share, following):
                lane.record_ended()
                return
        lane.record_ended()
        if len(shares) < BATCH and all(lane.recorded[share.id].state is State.SHARED for share in shares):
            return  # these were all; what has come due since is there for the next call


def _deliver(lane: Lane, share: Share, following: Share | None) -> bool:
    """Deliver one share; False where the lane has to stop, before it or after it. following: the one after it."""
    full = _window_full(lane, share)
    if full is not None:
        return _record(lane, share, full)
    if _rests_by_rhythm(lane, share):
        return False
    prepared = prepare(lane, share)
    if isinstance(prepared, Stays):
        return _record(lane, share, prepared.change)
    status = prepared.share.status
    if status is not None and status.mentions:
        lane.account.look_up(status.mentions)
        lane.keep()
    if lane.context.clock.stopping() or _rests_by_rhythm(lane, share):  # quiet hours may have begun meanwhile
        return False
    return _send(lane, prepared.share, following)


def _send(lane: Lane, share: Share, following: Share | None) -> bool:
    """begin, publish, and what came of it: the order that keeps the promise. As _deliver().

    The outcome of a status that stands is recorded with the beginning of the next one; every other at once.
    """
    context, now, since = lane.context, lane.context.clock.now(), lane.context.clock.elapsed()

    def may_send() -> bool:
        """Whether the lease will outlast this publish still: the process, or the disk, may have stood still."""
        return context.clock.elapsed() - since <= lane.policy.timeout

    key = share.idempotency_key or idempotency_key(share, instance=lane.posting.instance)
    try:
        begun = _begin(lane, replace(share, idempotency_key=key), now=now)
    except AtRestError:
        return False
    status = cast("Status", begun.status)  # prepare gave it
    if following is not None and (following.at_once or lane.pace.lets_another(now)):
        lane.making.begin(following, lane.state.limits)
    answer = lane.posting.account.publish(status, media_ids=begun.media_ids, key=key, may_send=may_send)
    if isinstance(answer.reply, NotSent) and not may_send():
        return _record(lane, begun, publishing.sent_too_late(begun, basis=lane.basis()))
    found = findings(lane, begun, answer.reply)
    change = publishing.after_publish(begun, answer, found, basis=lane.basis())
    lane.pace.spend(now, is_status=change.attempt.outcome in budget.THERE)
    if change.share.state is not State.SHARED:
        return _record(lane, begun, change)
    lane.ended = Ended(share=begun, change=change)
    lane.state = change.account_after(lane.state)
    return True


def _begin(lane: Lane, share: Share, *, now: datetime) -> Share:
    """Commit that a share is being sent, and what came of the one before: one transaction."""
    context, ended = lane.context, lane.ended
    until = now + lease_length(lane.policy)
    begun = context.store.begin(share, owner=context.owner, lease_until=until, now=now, ended=ended)
    if ended is not None:
        lane.ended = None
        lane.note_recorded(ended, replace(ended.change.share, updated_at=now))
    return begun


def _window_full(lane: Lane, share: Share) -> Change | None:
    """The change that makes a share wait for its account's rate window, if that is full."""
    now = lane.context.clock.now()
    opens = lane.opens_at()
    if opens is None:
        return None
    reason = f"the instance takes no more statuses until {opens:%H:%M:%S} UTC (rate limit)"
    return outcome.waits_for_budget(share, until=opens, reason=reason, now=now)


def _rests_by_rhythm(lane: Lane, share: Share) -> bool:
    """Whether the owner's rhythm holds the lane back; if so, all that waits there is put off until it allows more."""
    if share.at_once:
        return False  # a person wants it now
    until = lane.pace.rests_until(now=lane.context.clock.now())
    if until is None:
        return False
    lane.record_ended()
    lane.context.store.put_off(lane.name, until=until)
    tell(Rests(account=lane.name, until=until))
    _tell_backlog(lane)
    return True


def _record(lane: Lane, share: Share, change: Change) -> bool:
    """Record what becomes of a share; False where the lane has to stop: its publish may be in flight, or it rests.

    Where the next status begins at once, that tells whether a person lets the lane rest by now.
    """
    lane.record_ended()
    after = lane.context.store.apply(share, change, now=lane.context.clock.now())
    lane.state = change.account_after(lane.state)
    lane.note_recorded(Ended(share=share, change=change), after)
    if change.attempt.step == "budget":
        _tell_backlog(lane)
    return after.state is not State.UNKNOWN and not lane.is_let_rest(share)


def _tell_backlog(lane: Lane) -> None:
    """Log how long it will take until an account that has to rest has caught up, where several posts wait."""
    now = lane.context.clock.now()
    waits = backlog(lane.context.store, lane.policy, sites=lane.context.sites, now=now)
    if waits is not None and waits.waiting > 1:
        words = waits.said(now=now)
        tell(Backlog(account=lane.name, waiting=waits.waiting, last_at=waits.last_at, forecast=words))
