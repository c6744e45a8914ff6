"""Alerts: what needs a person, each cause by itself, and telling people of it.

What is due is claimed, sent, and recorded as told, in that order. A kill between the cause and the notice loses none,
since the cause is in the store first; one between the notice and its record repeats that last notice alone.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bot.domain.models import Cause, State
from bot.domain.transitions.alerting import Notices, due
from bot.report.needs import found_needs, unfollowed_words
from bot.report.wording import age, began, counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import datetime

    from bot.domain.models import Share
    from bot.ports import Store
    from bot.ports.notifier import NoticeKind, Notifier
    from bot.report.health import Health

# A claim that is older was made by a process that is gone, or by one that couldn't tell anybody.
_CLAIM = timedelta(minutes=1)
# What is noted need by need; failed and held shares are noted one by one, a rejected config by its daemon.
_NOTED = frozenset({"site", "account", "queue", "disk"})
# So many stuck shares are told of one by one; what is beyond them waits until some are seen to.
MOST_SHARES = 50
_MOST_LINES = 20
# What stuck_words() says, in its parts.
_STUCK = re.compile(r"\S+ (on \S+) (failed|is held): (.*)\. `howdah retry \S+` or `howdah skip \S+`", re.DOTALL)


def causes_of(health: Health, store: Store, *, rejected: str) -> tuple[Cause, ...]:
    """Every cause that there is now.

    rejected: why the daemon didn't take the config over that is in its file, '' where it did.
    """
    return (
        *_config(health, rejected),
        *_needs(health),
        *_shares(health, store),
        *_unfollowed(health),
    )


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
    failures = notifier.send(*notice(mine_notices, now=now))
    if len(failures) < notifier.receivers:
        store.forget_causes([cause.key for cause in mine_notices.solved])
        store.told_causes([cause.key for cause in (*mine_notices.new, *mine_notices.reminders)], now=now)
    return failures


def _config(health: Health, rejected: str) -> Iterator[Cause]:
    if rejected:
        text = (
            f"the config file was rejected, the daemon goes on by the one before: {rejected}. Mend it, then `kill -HUP`"
        )
        yield Cause(key="config", kind="config", text=text, since=health.now)


def _needs(health: Health) -> Iterator[Cause]:
    """Sites and accounts that don't mend themselves, what nobody works on, what stands still."""
    for need in found_needs(health):
        if need.kind in _NOTED:
            yield Cause(key=need.noted_as, kind=need.kind, text=need.text, since=health.now)


def _shares(health: Health, store: Store) -> Iterator[Cause]:
    """Failed and held ones: the newest, and those that were told of before and still are."""
    keys = [one.key.partition(":") for one in store.causes()]
    known = {int(number) for kind, _, number in keys if kind in (State.FAILED, State.HELD)}
    found: dict[int, Share] = {}
    for state in (State.FAILED, State.HELD):
        if health.counts.get(str(state)):
            found |= {share.id: share for share in store.page(state=state, limit=MOST_SHARES).shares}
    found |= {share.id: share for share in store.get(known - set(found)) if share.state in (State.FAILED, State.HELD)}
    for share in found.values():
        key, text = f"{share.state}:{share.id}", stuck_words(share)
        yield Cause(key=key, kind=str(share.state), text=text, since=share.updated_at)


def _unfollowed(health: Health) -> Iterator[Cause]:
    for share in health.unfollowed:
        yield Cause(key=f"edit:{share.id}", kind="failed", text=unfollowed_words(share), since=share.updated_at)


def _only(notices: Notices, keys: Collection[str]) -> Notices:
    def kept(causes: tuple[Cause, ...]) -> tuple[Cause, ...]:
        return tuple(cause for cause in causes if cause.key in keys)

    return Notices(new=kept(notices.new), reminders=kept(notices.reminders), solved=kept(notices.solved))


# --- the words of a notice ----------------------------------------------------------------------------------------


def stuck_words(share: Share) -> str:
    """That a share failed or is held, why, and what to do."""
    return (
        f"{share.name} {'failed' if share.state is State.FAILED else 'is held'}: {share.error}. "
        f"`howdah retry {share.post_name}` or `howdah skip {share.post_name}`"
    )


def notice(notices: Notices, *, now: datetime) -> tuple[str, str, NoticeKind]:
    """The title of a notice, its lines (what, where, since when, and the command that helps), and what it is."""
    new, reminders, solved = map(_together, (notices.new, notices.reminders, notices.solved))
    lines = [f"- {began(cause.text)} (since {cause.since:%Y-%m-%d %H:%M} UTC)" for cause in new]
    lines += [
        f"- still: {cause.text} (for {age(now - cause.since)}, since {cause.since:%Y-%m-%d %H:%M} UTC)"
        for cause in reminders
    ]
    lines += [
        f"- solved after {age((cause.gone_at or now) - cause.since)}: {cause.text.partition('. ')[0]}"
        for cause in solved
    ]
    more = len(lines) - _MOST_LINES
    if more > 0:
        lines = [*lines[:_MOST_LINES], f"… and {more} more: `howdah status`"]
    kind: NoticeKind = "warning" if new or reminders else "success"
    return _title(new=len(new), reminders=len(reminders)), "\n".join(lines), kind


def _title(*, new: int, reminders: int) -> str:
    if new:
        return f"howdah: {counted(new, 'thing')} {'needs' if new == 1 else 'need'} you"
    return f"howdah: {counted(reminders, 'thing')} still open" if reminders else "howdah: solved"


def _together(causes: Iterable[Cause]) -> list[Cause]:
    """The causes, those of shares that failed or are held on one account for the same reason as one."""
    groups: dict[tuple[str, ...], list[Cause]] = {}
    for cause in causes:
        said = _STUCK.fullmatch(cause.text)
        groups.setdefault(said.groups() if said else (cause.key,), []).append(cause)
    return [alike[0] if len(alike) == 1 else _merged(alike, *said) for said, alike in groups.items()]


def _merged(alike: Collection[Cause], where: str, state: str, why: str) -> Cause:
    """One cause for shares that stand still for the same reason, since the first of them did."""
    word, narrowed = state.removeprefix("is "), where.replace("on ", "--account ", 1)
    number = f"{len(alike)} shares{' or more' if len(alike) >= MOST_SHARES else ''}"
    text = (
        f"{number} {where} {state.replace('is', 'are')}: {why}. "
        f"`howdah list --state {word} {narrowed}` shows them, `howdah retry --{word} {narrowed}` tries them anew"
    )
    gone = [cause.gone_at for cause in alike if cause.gone_at is not None]
    first = min(alike, key=lambda cause: cause.since)
    return replace(first, text=text, gone_at=max(gone, default=None))
