"""Durations as people write them: "2m", "90s", "1h30m", "2d", "250ms", or plain 0."""

import re
from datetime import timedelta
from decimal import Decimal

from bot.config.toml_text import shown

_MILLISECOND = timedelta(milliseconds=1)
# In milliseconds, the largest first, as they have to stand in a duration.
_UNITS = {"d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000, "ms": 1}

_PARTS = "".join(rf"(?:([0-9]{{1,9}}(?:\.[0-9]{{1,9}})?){unit} ?)?" for unit in _UNITS)
_DURATION = re.compile(_PARTS)
_EXAMPLE = '"2m", "90s" or "1h30m"'

PATTERN = "^(0|(?=[0-9])" + "".join(rf"([0-9]+(\.[0-9]+)?{unit} ?)?" for unit in _UNITS) + ")$"
"""What an editor may check a duration with: the same notation as an ECMAScript regular expression."""


def parse_duration(value: object) -> timedelta:
    """The duration that a config's value means, in whole milliseconds. ValueError says what is wrong, for a person."""
    match value:
        case bool():
            raise ValueError(f"{shown(value)} isn't a duration (write it with a unit, such as {_EXAMPLE})")
        case int() | float():
            return _plain(value)
        case str():
            return _text(value.strip())
        case _:
            raise ValueError(f"{shown(value)} isn't a duration (write it as text with a unit, such as {_EXAMPLE})")


def format_duration(duration: timedelta) -> str:
    """The shortest notation that parse_duration reads back as the same duration; for durations of 0 and more."""
    rest = duration // _MILLISECOND
    parts = []
    for unit, length in _UNITS.items():
        count, rest = divmod(rest, length)
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts) or "0s"


def _plain(number: float) -> timedelta:
    if number == 0:
        return timedelta(0)
    if number < 0:
        raise ValueError(f"{number} is negative (a duration is 0 or more, such as {_EXAMPLE})")
    raise ValueError(f'{number} has no unit (write "{number}s" for seconds, "{number}m" for minutes)')


def _text(text: str) -> timedelta:
    if text == "0":
        return timedelta(0)
    if text.startswith("-"):
        raise ValueError(f"{shown(text)} is negative (a duration is 0 or more, such as {_EXAMPLE})")
    found = _DURATION.fullmatch(text)
    if not text or found is None:
        raise ValueError(
            f"{shown(text)} isn't a duration (write it with units, such as {_EXAMPLE}; units: d, h, m, s, ms)"
        )
    counts = zip(found.groups(default="0"), _UNITS.values(), strict=True)
    milliseconds = sum((Decimal(count) * length for count, length in counts), Decimal(0))
    if milliseconds % 1:
        raise ValueError(f"{shown(text)} is finer than a millisecond (the smallest duration is 1ms)")
    return _whole(int(milliseconds), text)


def _whole(milliseconds: int, text: str) -> timedelta:
    try:
        return timedelta(milliseconds=milliseconds)
    except OverflowError as error:
        raise ValueError(f"{shown(text)} is longer than time itself (the longest is 999999999d)") from error
