"""What a call comes to, where both are allowed: a value or an error."""

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
E = TypeVar("E", bound=Exception)


def tried(call: Callable[[], T], error: type[E]) -> T | E:
    """The value of a call, or its error of this kind; any other error is raised."""
    try:
        return call()
    except error as raised:
        return raised
