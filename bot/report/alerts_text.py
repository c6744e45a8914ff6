"""The words of a notice: one line for a cause, and one for shares that stand still for the same reason."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.domain.models import State
from bot.report.wording import age, began, counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from bot.domain.models import Cause, Share
    from bot.domain.transitions.alerting import Notices

# So many stuck shares are told of one by one; what is beyond them waits until some are seen to.
MOST_SHARES = 50
_MOST_LINES = 20
# What stuck_words() says, in its parts.
_STUCK = re.compile(r"\S+ (on \S+) (failed|is held): (.*)\. `howdah retry \S+` or `howdah skip \S+`", re.DOTALL)


def stuck_words(share: Share) -> str:
    """That a share failed or is held, why, and what to do."""
    return (
        f"{share.name} {'failed' if share.state is State.FAILED else 'is held'}: {share.error}. "
        f"`howdah retry {share.post_name}` or `howdah skip {share.post_name}`"
    )


def notice(notices: Notices, *, now: datetime) -> tuple[str, str]:
    """The title of a notice, and its lines: what, where, since when, and the command that helps."""
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
    return _title(new=len(new), reminders=len(reminders)), "\n".join(lines)


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
