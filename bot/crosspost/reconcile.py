"""Reconcile: find out what became of an unknown share by reading the account's own statuses.

found ▶ shared · absent in two complete listings ▶ send again, same key · can't be read ▶ held
"""

from bot.crosspost.events import report
from bot.crosspost.house import House, Posting
from bot.crosspost.lane import Lane
from bot.domain import outcome, reconciling
from bot.domain.change import Change
from bot.domain.models import Share
from bot.errors import AccountBarredError, AccountUnavailableError


def recover(lane: Lane) -> tuple[Share, ...]:
    """Turn `sending` shares whose sender is gone into unknown ones. Call with the account's lease in hand."""
    sending = lane.house.store.sending(lane.name)
    lane.keep()  # after a long stop here, what is being sent may be another process's by now
    return tuple(_recover(lane, share) for share in sending)


def reconcile(house: House, posting: Posting) -> tuple[Share, ...]:
    """Look for every unknown share of the account whose time has come. Call with the account's lease in hand."""
    due = house.store.unknown_due(posting.policy.name, now=house.clock.now())
    return tuple(_record(house, share, _look_for(house, posting, share)) for share in due)


def _recover(lane: Lane, share: Share) -> Share:
    change = outcome.abandoned(share, policy=lane.policy, now=lane.house.clock.now())
    return _record(lane.house, share, change)


def _look_for(house: House, posting: Posting, share: Share) -> Change:
    policy = posting.policy
    try:
        listing = posting.account.statuses_since(share.anchor)
    except AccountUnavailableError as error:
        return reconciling.after_unread(share, str(error), policy=policy, now=house.clock.now(), spread=house.dice())
    except AccountBarredError as error:
        return _barred(house, posting, share, error)
    # What else stands there is new to a store that was restored, and catching up begins behind what is found here.
    house.store.remember_statuses(policy.name, reconciling.believable(listing, now=house.clock.now()))
    taken = house.store.known_status_ids(policy.name, [status.id for status in listing.statuses])
    return reconciling.after_listing(
        share, listing, taken=taken, policy=policy, now=house.clock.now(), spread=house.dice()
    )


def _barred(house: House, posting: Posting, share: Share, error: AccountBarredError) -> Change:
    now = house.clock.now()
    if error.code == 403:
        return reconciling.after_forbidden(share, str(error), now=now)
    pauses = house.store.account(share.account).pauses
    return reconciling.after_barred(
        share, str(error), policy=posting.policy, pauses=pauses, now=now, spread=house.dice()
    )


def _record(house: House, share: Share, change: Change) -> Share:
    after = house.store.apply(share, change, now=house.clock.now())
    report(share, change)
    return after
