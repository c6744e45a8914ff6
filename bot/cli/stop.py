"""Stopping on a signal: the share in hand is finished, no other is begun."""

from __future__ import annotations

import os
import queue
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_STOPPING = b"\nStopping: what is in hand is finished first. Ctrl-C once more ends it at once.\n"
_ENDED = (
    b"\nEnded. A status that was just being sent may be on the account: the daemon or the next `howdah sync` finds "
    b"out, and sends none twice.\n"
)


@contextmanager
def stop_on_signal(stop: threading.Event | None = None) -> Iterator[threading.Event]:
    """An event that SIGINT or SIGTERM sets, and says so. The second signal ends the process at once, whatever it does.

    Nothing is lost by that: what is recorded is committed, and what was being sent is found out later.
    """
    stop = stop or threading.Event()
    # A handler may run while the main thread holds the event's own lock; only a SimpleQueue can be put to from there.
    signals: queue.SimpleQueue[bool] = queue.SimpleQueue()
    stopping: list[int] = []
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def handle(number: int, _frame: FrameType | None) -> None:
        if stopping:
            os.write(2, _ENDED)
            os._exit(128 + number)
        stopping.append(number)
        os.write(2, _STOPPING)  # nothing else of Python's output may be used in a handler
        signals.put(True)

    def watch() -> None:
        if signals.get():
            stop.set()

    watcher = threading.Thread(target=watch, name="signals", daemon=True)
    watcher.start()
    for number in _SIGNALS:
        signal.signal(number, handle)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signals.put(False)
        watcher.join()
