"""What servers say about time: instants, how long they ask to be left alone, and what their clocks say.

Instants become aware and UTC; one without a zone is UTC. What is none is None, never an exception.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_NUMBER = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,9})?", re.ASCII)
# Numbers from here on are instants, in seconds or milliseconds since 1970: nobody means to wait for thirty years.
_EPOCH, _EPOCH_MILLISECONDS = 10**9, 10**11


def iso_instant(text: str) -> datetime | None:
    """An instant from ISO 8601."""
    try:
        return _in_utc(datetime.fromisoformat(text.strip().upper()))
    except (ValueError, OverflowError):
        return None


def http_instant(text: str) -> datetime | None:
    """An instant from an HTTP date."""
    try:
        return _in_utc(parsedate_to_datetime(text))
    except (ValueError, OverflowError, IndexError):
        return None


def seconds_asked(value: str, *, date: str, now: datetime) -> float | None:
    """How many seconds a `Retry-After` asks to wait, never less than 0; None where it says nothing clear.

    It is a number of seconds or an instant: HTTP's date, ISO 8601, or a number since 1970. An instant counts from
    date, the answer's own `Date`, so that a clock that is off doesn't matter; else from now.
    """
    text = value.strip()
    number = float(text) if _NUMBER.fullmatch(text) else None
    if number is not None and number < _EPOCH:
        return number
    until = http_instant(text) or iso_instant(text) if number is None else _since_1970(number)
    return max(0.0, (until - (http_instant(date) or now)).total_seconds()) if until else None


def stated_at(headers: Mapping[str, str]) -> datetime | None:
    """When an answer was given by its server's clock, with the time that it lay in a cache; None where it says not.

    The names of the headers are lower case.
    """
    at, age = http_instant(headers.get("date", "")), headers.get("age", "")
    since = timedelta(seconds=int(age[:9])) if age.isascii() and age.isdigit() else timedelta(0)
    return at + since if at is not None else None


def _since_1970(number: float) -> datetime:
    return datetime.fromtimestamp(min(number / 1000 if number >= _EPOCH_MILLISECONDS else number, _EPOCH * 100), UTC)


def _in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
