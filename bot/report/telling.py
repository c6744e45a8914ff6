"""Telling people: what is due is claimed, sent, and recorded as told, in that order.

A kill between the cause and the notice loses none, since the cause is in the store first; one between the notice and
its record repeats that last notice alone.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from bot.domain.transitions.telling import Notices, due
from bot.report.wording import age, began, counted

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from bot.domain.models import Cause
    from bot.ports import Store
    from bot.ports.notifier import Notifier

# A claim that is older was made by a process that is gone, or by one that couldn't tell anybody.
_CLAIM = timedelta(minutes=1)
_MOST_LINES = 20


def tell(
    store: Store, notifier: Notifier, *, kinds: Collection[str], remind_every: timedelta, now: datetime
) -> tuple[str, ...] | None:
    """Tell what is due, all in one notice; who could not be told, each with the reason. None where nothing was due."""
    notices = due(store.causes(), kinds=kinds, remind_every=remind_every, now=now)
    store.forget_causes([cause.key for cause in notices.over])
    keys = [cause.key for cause in notices.told()]
    mine = (
        store.claim_causes(keys, now=now, unclaimed_since=now - _CLAIM) if keys and notifier.receivers else frozenset()
    )
    if not mine:
        return None
    mine_notices = _only(notices, mine)
    failures = notifier.send(title_of(mine_notices), body_of(mine_notices, now=now))
    if len(failures) < notifier.receivers:
        store.forget_causes([cause.key for cause in mine_notices.solved])
        store.told_causes([cause.key for cause in (*mine_notices.new, *mine_notices.reminders)], now=now)
    return failures


def title_of(notices: Notices) -> str:
    """What a notice is about, in one line."""
    if notices.new:
        number = len(notices.new)
        return f"howdah: {counted(number, 'thing')} {'needs' if number == 1 else 'need'} you"
    if notices.reminders:
        return f"howdah: {counted(len(notices.reminders), 'thing')} still open"
    return "howdah: solved"


def body_of(notices: Notices, *, now: datetime) -> str:
    """What, where, since when, and the command that helps; a line each."""
    lines = [f"- {began(cause.text)} (since {cause.since:%Y-%m-%d %H:%M} UTC)" for cause in notices.new]
    lines += [
        f"- still: {cause.text} (for {age(now - cause.since)}, since {cause.since:%Y-%m-%d %H:%M} UTC)"
        for cause in notices.reminders
    ]
    lines += [
        f"- solved after {age((cause.gone_at or now) - cause.since)}: {cause.text.partition('. ')[0]}"
        for cause in notices.solved
    ]
    more = len(lines) - _MOST_LINES
    if more > 0:
        lines = [*lines[:_MOST_LINES], f"… and {more} more: `howdah status`"]
    return "\n".join(lines)


def _only(notices: Notices, keys: Collection[str]) -> Notices:
    def kept(causes: tuple[Cause, ...]) -> tuple[Cause, ...]:
        return tuple(cause for cause in causes if cause.key in keys)

    return Notices(new=kept(notices.new), reminders=kept(notices.reminders), solved=kept(notices.solved))
