"""Times that a person types: a date, a date with a time, a time of day, or how long from now or ago."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

import click

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_EXAMPLES = '"2026-12-01", "2026-12-01 08:30", "2026-12-01T08:30Z", "08:30" or "3d"'


def later(text: str) -> datetime:
    """A time to come, in UTC: a bare duration counts from now, a time of day is the next one. For click's type=."""
    return _instant(text, now=datetime.now().astimezone(), sign=1)


def earlier(text: str) -> datetime:
    """A time that has passed, in UTC: a bare duration counts back from now, a time of day is the last one."""
    return _instant(text, now=datetime.now().astimezone(), sign=-1)


def _instant(text: str, *, now: datetime, sign: int) -> datetime:
    """What a text means. What has no time zone is by now's."""
    text = text.strip()
    length = _length(text)
    try:
        if length is not None:
            return (now + sign * length).astimezone(UTC)
        if clock := _CLOCK.fullmatch(text):
            return _nearest(time(int(clock[1]), int(clock[2])), now=now, sign=sign).astimezone(UTC)
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.astimezone()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(f"{text!r} is no time. Write it like {_EXAMPLES}.") from error


def _nearest(clock: time, *, now: datetime, sign: int) -> datetime:
    """When the clock shows this next, or showed it last."""
    at = datetime.combine(now.date(), clock).astimezone()
    passed = at <= now
    return at if passed == (sign < 0) else datetime.combine(now.date() + timedelta(days=sign), clock).astimezone()


def _length(text: str) -> timedelta | None:
    from bot.config import parse_duration

    try:
        return parse_duration(text)
    except ValueError:
        return None
