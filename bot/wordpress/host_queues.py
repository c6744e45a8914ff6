"""One request at a time for a host, whichever of its sites and threads wants something of it."""

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

from msgspec import Struct, field

from bot.net.httpx_transport import put_off

# Of many sites on one host each waits for those before it: longer than any single answer may take.
PATIENCE = 300.0


class BusyError(Exception):
    """A host was not asked, since others had their turn. Its text is a clause for a person."""


class _Queue(Struct):
    """Those who want something of a host, in the order in which they came; whose turn it is stands first.

    silent_at: when the host left a request unanswered last, by the steady clock.
    """

    changed: threading.Condition = field(default_factory=threading.Condition)
    waiting: deque[object] = field(default_factory=deque[object])
    silent_at: float = float("-inf")

    def join(self, *, patience: float) -> object:
        """Wait for one's turn; BusyError where it doesn't come in so many seconds."""
        ticket = object()
        with self.changed:
            self.waiting.append(ticket)
            if self.changed.wait_for(lambda: self.waiting[0] is ticket, patience):
                return ticket
        self.leave(ticket)
        raise BusyError("another request to its host is still under way")

    def leave(self, ticket: object) -> None:
        """Let the next one have its turn."""
        with self.changed:
            self.waiting.remove(ticket)
            self.changed.notify_all()


class HostQueues:
    """The turns of each host; may be used by several threads at once.

    Args:
        patience: seconds that one request waits for its turn.
    """

    def __init__(self, *, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._lock = threading.Lock()
        self._queues: dict[str, _Queue] = {}

    @contextmanager
    def taken(self, host: str) -> Iterator[None]:
        """Wait until no other request to the host is under way; what the call may take begins after that.

        BusyError where that takes too long, and where the host fell silent meanwhile: whoever waits for it would only
        find that out one after the other.
        """
        queue, asked = self._of(host), time.monotonic()
        ticket = queue.join(patience=self._patience)
        try:
            if queue.silent_at > asked:
                raise BusyError("its host has left another request unanswered just now")
            put_off(time.monotonic() - asked)
            yield
        finally:
            queue.leave(ticket)

    def fell_silent(self, host: str) -> None:
        """The request whose turn it is was not answered in time."""
        self._of(host).silent_at = time.monotonic()

    def _of(self, host: str) -> _Queue:
        with self._lock:
            return self._queues.setdefault(host, _Queue())
