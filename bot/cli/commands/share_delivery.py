"""Deliver what a person asked for, and wait until it stands still: here, or where a running daemon has it in hand."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.crosspost.deliver import attend
from bot.domain.models import UNDER_WAY, Share, State

if TYPE_CHECKING:
    import threading
    from collections.abc import Collection, Sequence
    from concurrent.futures import Future
    from datetime import datetime

    from bot.cli.terminal.spinner import Spinner
    from bot.crosspost.context import Context

# How often the asked shares are looked at, and how often an account is looked after that has nothing due.
_LOOK_EVERY = timedelta(milliseconds=50)
_RETRY_EVERY = timedelta(milliseconds=200)
# A share that comes due later than this is not waited for.
_SOON = timedelta(seconds=1)
_MARGIN = timedelta(seconds=10)


class Standing(Struct, frozen=True, kw_only=True):
    """A share as it stands now. again_at: when it is tried again by itself, None for never; reason: why not sooner."""

    share: Share
    again_at: datetime | None = None
    reason: str = ""


def deliver(
    context: Context, asked: Collection[Share], *, stop: threading.Event, spinner: Spinner
) -> tuple[Standing, ...]:
    """Attend to the accounts of these shares until each of them stands still, has to wait, or stop is set.

    stop is the event that the context's clock heeds; it is set when this returns. What else is due on an account may
    be delivered on the way.
    """
    ids = [share.id for share in asked]
    accounts = sorted({share.account for share in asked})
    for account in accounts:
        context.store.resume(account)  # a person asks: a pause ends
    with ThreadPoolExecutor(max(len(accounts), 1), "account") as pool:
        try:
            workers = [pool.submit(_attend, context, account, stop) for account in accounts]
            _watch(context, ids, workers=workers, spinner=spinner)
        finally:
            stop.set()
    for worker in workers:
        worker.result()
    return _standings(context, ids, now=context.clock.now())


def _attend(context: Context, account: str, stop: threading.Event) -> None:
    while not stop.is_set():
        if context.store.due_accounts([account], sites=context.sites, now=context.clock.now()):
            attend(context, account)
        stop.wait(_RETRY_EVERY.total_seconds())


def _watch(context: Context, ids: Sequence[int], *, workers: Collection[Future[None]], spinner: Spinner) -> None:
    """Until nothing moves any more, time is up, howdah is asked to stop, or a worker is at its end."""
    deadline = context.clock.now() + _patience(context, ids)
    while not context.clock.stopping() and (now := context.clock.now()) < deadline:
        moving = [standing for standing in _standings(context, ids, now=now) if _moves(standing, now=now)]
        if not moving:
            return
        spinner.say(_waited_for(moving[0].share))
        if wait(workers, timeout=_LOOK_EVERY.total_seconds()).done:
            return


def _patience(context: Context, ids: Sequence[int]) -> timedelta:
    """As long as it takes to find out twice what became of an unanswered publish, and a bit."""
    policies = [context.accounts[share.account].policy for share in context.store.get(ids)]
    return max((1.5 * policy.answer_deadline + 2 * policy.timeout for policy in policies), default=_MARGIN) + _MARGIN


def _standings(context: Context, ids: Sequence[int], *, now: datetime) -> tuple[Standing, ...]:
    return tuple(_standing(context, share, now=now) for share in context.store.get(ids))


def _standing(context: Context, share: Share, *, now: datetime) -> Standing:
    if share.state not in UNDER_WAY:
        return Standing(share=share, reason=share.error)
    account = context.store.account(share.account)
    if share.state is State.PENDING and account.is_paused(now=now):
        return Standing(share=share, again_at=account.paused_until, reason=account.pause_reason)
    if share.state is State.PENDING and context.store.at_rest(share.site, share.account, now=now):
        return Standing(share=share, reason=_rest(context, share, now=now))
    return Standing(share=share, again_at=max(share.next_attempt_at or now, now), reason=share.error)


def _rest(context: Context, share: Share, *, now: datetime) -> str:
    """Who was put to rest by a person, and how that ends."""
    is_account = context.store.account(share.account).is_at_rest(now=now)
    what, name = ("account", share.account) if is_account else ("site", share.site)
    return f"{what} {name} rests, as a person wants it. It stays queued; `howdah resume {name}` lets it go"


def _moves(standing: Standing, *, now: datetime) -> bool:
    """Whether it makes sense to wait: not for one that was put off, but for one that is looked for, however long."""
    if standing.share.state is State.PENDING:
        return standing.again_at is not None and standing.again_at <= now + _SOON
    return standing.share.state in UNDER_WAY


def _waited_for(share: Share) -> str:
    if share.state is State.UNKNOWN:
        return f"{share.name}: the instance gave no answer; looking whether the status is there …"
    if share.state is State.SENDING:
        return f"{share.name}: being sent …"
    return f"{share.name}: waiting for its turn …"
