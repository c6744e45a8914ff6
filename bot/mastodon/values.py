"""Reading values out of foreign JSON and headers: what isn't what it should be is None, never an exception.

Ids are opaque strings, though some servers send numbers. Instants become aware and UTC; one without a zone is UTC.
"""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from bot.domain.text import storable
from bot.net.times import iso_instant

# Longer runs of digits are no number that an instance could mean, and are slow to read.
_MOST_DIGITS = 12
_LONGEST_ID = 200
_LONGEST_NAME = 200
_LONGEST_ADDRESS = 2_000


def text_of(value: object) -> str:
    """A string without the space around it, as it can be stored: no NUL, no half of a surrogate pair; else ''."""
    if not isinstance(value, str):
        return ""
    return storable(value).strip()


def id_of(value: object) -> str:
    """An id as a string; '' where it is none: longer than one that could be asked for, or with control characters."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**_LONGEST_ID else ""
    text = text_of(value)
    return text if len(text) <= _LONGEST_ID and text.isprintable() else ""


def name_of(value: object) -> str:
    """A name or a version as one line, cut where it is too long to be one; '' for anything else."""
    text = text_of(value)[: 10 * _LONGEST_NAME]
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:_LONGEST_NAME]


def address_of(value: object) -> str:
    """A web address as it was given; '' where it is none that could be shown and opened.

    None are those of other schemes than http(s), without a host, too long, or with control characters.
    """
    text = text_of(value)
    if len(text) > _LONGEST_ADDRESS or not text.isprintable():
        return ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in ("http", "https") and parts.hostname else ""


def number_of(value: object, *, least: int, most: int) -> int | None:
    """A whole number within bounds, also where it comes as digits in a string."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _MOST_DIGITS:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    return None


def instant_of(value: object) -> datetime | None:
    """An instant from ISO 8601."""
    return iso_instant(text_of(value))


def epoch_instant_of(value: object) -> datetime | None:
    """An instant from whole seconds since 1970, in digits."""
    seconds = number_of(value, least=0, most=10**_MOST_DIGITS)
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def at(value: object, *path: str) -> Any:
    """What stands in nested objects under these names; None where there is nothing."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def own_original(record: object) -> object:
    """The status that a record boosts where both are one account's, else the record itself.

    snac shows a status that its author has boosted as the boost alone, in listings and as the answer to an edit.
    """
    booster, author = id_of(at(record, "account", "id")), id_of(at(record, "reblog", "account", "id"))
    return at(record, "reblog") if booster and booster == author else record
