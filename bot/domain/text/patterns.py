"""Patterns that are compiled where they are used first: most texts need few of them, and a long one takes 10 ms."""

from collections.abc import Callable
from functools import cache

import regex


def lazily(pattern: str, flags: int = 0) -> Callable[[], regex.Pattern[str]]:
    """A pattern to be called for, compiled once."""
    return cache(lambda: regex.compile(pattern, flags))
