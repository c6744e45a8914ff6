"""A value that takes a while to find out, kept for a moment."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class Kept(Generic[_Value]):
    """Found out at most once in so many seconds, by one thread while the others wait for it."""

    def __init__(
        self, find: Callable[[], _Value], *, seconds: float, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._find = find
        self._seconds = seconds
        self._steady = steady
        self._lock = threading.Lock()
        self._found: tuple[float, _Value] | None = None

    def get(self) -> _Value:
        """The value, so many seconds old at the most."""
        with self._lock:
            if self._found is None or self._steady() - self._found[0] >= self._seconds:
                self._found = (self._steady(), self._find())
            return self._found[1]

    def forget(self) -> None:
        """Find it out anew the next time."""
        with self._lock:
            self._found = None
