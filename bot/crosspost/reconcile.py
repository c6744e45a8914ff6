"""Reconcile: find out what became of an unknown share by reading the account's own statuses.

found ▶ shared · absent in two complete listings ▶ send again, same key · can't be read ▶ held
"""

from bot.crosspost.context import Context, Posting
from bot.crosspost.events.shares import report
from bot.crosspost.lane import Lane
from bot.domain.answers import Barred
from bot.domain.models import Share
from bot.domain.transitions import publishing, reconciling
from bot.domain.transitions.change import Basis, Change
from bot.errors import AccountBarredError, AccountUnavailableError


def recover(lane: Lane) -> tuple[Share, ...]:
    """Turn `sending` shares whose sender is gone into unknown ones. Call with the account's lease in hand."""
    sending = lane.context.store.sending(lane.name)
    lane.keep()  # after a long stop here, what is being sent may be another process's by now
    return tuple(_recover(lane, share) for share in sending)


def reconcile(context: Context, posting: Posting) -> tuple[Share, ...]:
    """Look for every unknown share of the account whose time has come. Call with the account's lease in hand."""
    due = context.store.unknown_due(posting.policy.name, now=context.clock.now())
    return tuple(_record(context, share, _look_for(context, posting, share)) for share in due)


def _recover(lane: Lane, share: Share) -> Share:
    change = publishing.abandoned(share, policy=lane.policy, now=lane.context.clock.now())
    return _record(lane.context, share, change)


def _look_for(context: Context, posting: Posting, share: Share) -> Change:
    policy, since = posting.policy, context.clock.elapsed()
    try:
        listing = posting.account.statuses_since(share.anchor)
    except AccountUnavailableError as error:
        return reconciling.after_unread(share, str(error), basis=_basis(context, posting))
    except AccountBarredError as error:
        return _barred(context, posting, share, error)
    # What else stands there is new to a store that was restored, and catching up begins behind what is found here.
    context.store.remember_statuses(policy.name, reconciling.believable(listing, now=context.clock.now()))
    if listing.complete and share.anchor is not None:
        context.remembered.read_at[policy.name] = (since, share.anchor.created_at)
    account = context.store.account(policy.name)
    known = reconciling.Known(
        account=account,
        taken=context.store.known_status_ids(policy.name, [status.id for status in listing.statuses]),
        aside=context.store.put_aside(policy.name, now=context.clock.now()),
        history=context.store.attempts(share),
    )
    return reconciling.after_listing(share, listing, known, basis=_basis(context, posting, pauses=account.pauses))


def _barred(context: Context, posting: Posting, share: Share, error: AccountBarredError) -> Change:
    if error.code == 403:
        return reconciling.after_forbidden(share, str(error), now=context.clock.now())
    no = Barred(code=error.code, message=str(error))
    basis = _basis(context, posting, pauses=context.store.account(share.account).pauses)
    return reconciling.after_barred(share, no, basis=basis)


def _basis(context: Context, posting: Posting, *, pauses: int = 0) -> Basis:
    return Basis(policy=posting.policy, now=context.clock.now(), spread=context.jitter(), pauses=pauses)


def _record(context: Context, share: Share, change: Change) -> Share:
    after = context.store.apply(share, change, now=context.clock.now())
    report(share, change)
    return after
