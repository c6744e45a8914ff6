"""Deliver: publish what is due on one account, one status at a time, oldest post first.

    lease the lane ─▶ recover ─▶ reconcile ─▶ for each share that is due:
        may the account send? ─▶ prepare (read, compose, upload) ─▶ begin ═COMMIT═▶ publish ─▶ outcome ═COMMIT═

Nothing is sent that was not begun, and begun means committed. A share that can't go now is left with the reason and
the time at which it is tried again.
"""

import logging
from dataclasses import replace
from datetime import datetime

from bot.crosspost.events import report
from bot.crosspost.house import House, Posting, lease_length
from bot.crosspost.prepare import prepare
from bot.crosspost.reconcile import reconcile, recover
from bot.domain import budget, outcome
from bot.domain.answers import Answer, Refused
from bot.domain.keys import idempotency_key
from bot.domain.models import AccountState, MediaState, Share
from bot.domain.outcome import Change
from bot.errors import AccountError, LeaseLostError

log = logging.getLogger("howdah")


def attend(house: House, name: str) -> tuple[Share, ...]:
    """Do everything that is due on one account; returns the shares that were touched, each as it is now.

    Does nothing while another process attends to the account. Ends early, between two shares, when asked to stop.
    """
    posting = house.accounts[name]
    if not _lease(house, posting):
        return ()
    touched: dict[int, Share] = {}
    try:
        settled = (*recover(house, posting), *reconcile(house, posting))
        touched.update((share.id, share) for share in settled)
        while (delivered := _deliver_next(house, posting)) is not None:
            touched[delivered.id] = delivered
    except LeaseLostError as error:
        log.warning("lease lost: %s: %s", name, error, extra={"event": "lease_lost", "account": name})
    finally:
        house.store.release(name, owner=house.owner)
    return tuple(touched.values())


def _lease(house: House, posting: Posting) -> bool:
    now = house.clock.now()
    until = now + lease_length(posting.policy)
    return house.store.lease(posting.policy.name, owner=house.owner, now=now, until=until)


def _deliver_next(house: House, posting: Posting) -> Share | None:
    """Deliver the next share that is due; None where there is none, or the account rests, or howdah stops."""
    name = posting.policy.name
    now = house.clock.now()
    state = house.store.account(name)
    if house.clock.stopping() or _rests(state, now=now):
        return None
    share = house.store.next_due(name, sites=house.sites, now=now)
    if share is None:
        return None
    if not _lease(house, posting):
        raise LeaseLostError(f"another process attends to account {name} now")
    return _deliver(house, posting, share, state)


def _deliver(house: House, posting: Posting, share: Share, state: AccountState) -> Share:
    waits = _must_wait(house, posting, share, state)
    if waits is not None:
        return _record(house, share, waits)
    prepared = prepare(house, posting, share, state)
    if isinstance(prepared, Change):
        return _record(house, share, prepared)
    return _send(house, posting, prepared, state)


def _send(house: House, posting: Posting, share: Share, state: AccountState) -> Share:
    """begin, publish, finish: the order that keeps the promise."""
    now = house.clock.now()
    keyed = share if share.idempotency_key else replace(share, idempotency_key=_key(posting, share))
    begun = house.store.begin(keyed, owner=house.owner, lease_until=now + lease_length(posting.policy), now=now)
    assert begun.status is not None  # noqa: S101 - prepare gave it; for the type checker
    answer = posting.account.publish(begun.status, media_ids=begun.media_ids, key=begun.idempotency_key)
    change = outcome.after_publish(
        begun,
        answer,
        policy=posting.policy,
        pauses=state.pauses,
        media=_media_after(posting, begun, answer),
        now=house.clock.now(),
        spread=house.dice(),
    )
    return _record(house, begun, change)


def _key(posting: Posting, share: Share) -> str:
    return idempotency_key(share, instance=posting.instance)


def _media_after(posting: Posting, share: Share, answer: Answer) -> MediaState | None:
    """What the attached file is like after a refusal: it may be what the refusal is about."""
    if not isinstance(answer.reply, Refused) or not share.media_ids:
        return None
    try:
        return posting.account.media_state(share.media_ids[0])
    except AccountError:
        return None


def _rests(state: AccountState, *, now: datetime) -> bool:
    return state.paused_until is not None and state.paused_until > now


def _must_wait(house: House, posting: Posting, share: Share, state: AccountState) -> Change | None:
    """The change that makes a share wait for its account's rate window or its owner's rhythm, if it has to."""
    now = house.clock.now()
    window = budget.STATUSES
    longest = max(window.period, posting.policy.min_interval)
    sent = house.store.sent_at(share.account, since=now - longest)
    opens = budget.opens_at(window, sent, state.statuses_rate, now=now)
    if opens is not None:
        reason = f"the instance takes no more statuses until {opens:%H:%M:%S} UTC (rate limit)"
        return outcome.waits_for_budget(share, until=opens, reason=reason, now=now)
    if share.by_hand:
        return None  # a person wants it now
    until = budget.rhythm(posting.policy, sent[-1] if sent else None, now=now)
    return outcome.waits_for_rhythm(share, until=until, now=now) if until is not None else None


def _record(house: House, share: Share, change: Change) -> Share:
    after = house.store.apply(share, change, now=house.clock.now())
    report(share, change)
    return after
