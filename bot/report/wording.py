"""Small matters of wording: numbers with their nouns, names in a row, ages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """A sentence that asks whether a like name is meant, led by a space; '' where none is like it."""
    from difflib import get_close_matches

    close = get_close_matches(wrong, list(known), n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def began(text: str) -> str:
    """A sentence as it begins: with a capital, unless it begins with a name, such as uk/7, or a number."""
    first, _, _ = text.partition(" ")
    return text[:1].upper() + text[1:] if first.rstrip(":").isalpha() else text


def counted(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: "1 share", "2 shares"."""
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"


def listed(names: Iterable[str]) -> str:
    """Names in a sentence: "uk", "de and uk", "at, de and uk"."""
    *rest, last = list(names) or ["none"]
    return f"{', '.join(rest)} and {last}" if rest else last


def size_words(number: int) -> str:
    """A number of bytes: "412 kB", "1.3 MB"."""
    if number < 1_000:
        return counted(number, "byte")
    return f"{number / 1_000:.0f} kB" if number < 999_500 else f"{number / 1_000_000:.1f} MB"


def ago(at: datetime, *, now: datetime) -> str:
    """How long ago an instant was, or how far ahead it lies, in the largest unit: "3 min ago", "in 2 d"."""
    length = age(abs(now - at))
    return f"in {length}" if at > now else f"{length} ago"


def age(duration: timedelta) -> str:
    """A duration in its largest unit: "3 min"."""
    seconds = int(duration.total_seconds())
    unit, size = next(((unit, size) for unit, size in _UNITS if seconds >= size), _UNITS[-1])
    return f"{seconds // size} {unit}"
