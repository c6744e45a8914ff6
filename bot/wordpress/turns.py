"""One request at a time for a host, whichever of its sites and threads wants something of it."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from bot.net.deadline import put_off

# Of many sites on one host each waits for those before it: longer than any single answer may take.
PATIENCE = 300.0


class BusyError(Exception):
    """A host was not asked, since others had their turn. Its text is a clause for a person."""


@dataclass(slots=True)
class _Turn:
    """silent_at: when its host left a request unanswered last, by the steady clock."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    silent_at: float = float("-inf")


class Turns:
    """The turns of each host; may be used by several threads at once.

    Args:
        patience: seconds that one request waits for its turn.
    """

    def __init__(self, *, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._lock = threading.Lock()
        self._turns: dict[str, _Turn] = {}

    @contextmanager
    def taken(self, host: str) -> Iterator[None]:
        """Wait until no other request to the host is under way; what the call may take begins after that.

        BusyError where that takes too long, and where the host fell silent meanwhile: whoever waits for it would only
        find that out one after the other.
        """
        turn, asked = self._of(host), time.monotonic()
        if not turn.lock.acquire(timeout=self._patience):
            raise BusyError("another request to its host is still under way")
        try:
            if turn.silent_at > asked:
                raise BusyError("its host has left another request unanswered just now")
            put_off(time.monotonic() - asked)
            yield
        finally:
            turn.lock.release()

    def fell_silent(self, host: str) -> None:
        """The request whose turn it is was not answered in time."""
        self._of(host).silent_at = time.monotonic()

    def _of(self, host: str) -> _Turn:
        with self._lock:
            return self._turns.setdefault(host, _Turn())
