"""Stopping on a signal: the share in hand is finished, no other is begun."""

from __future__ import annotations

import queue
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stop_on_signal() -> Iterator[threading.Event]:
    """An event that SIGINT or SIGTERM sets. The second signal acts as it did before: it ends the command at once."""
    stop = threading.Event()
    # A handler may run while the main thread holds the event's own lock; only a SimpleQueue can be put to from there.
    signals: queue.SimpleQueue[bool] = queue.SimpleQueue()
    before = {number: signal.getsignal(number) for number in _SIGNALS}

    def handle(_number: int, _frame: FrameType | None) -> None:
        _restore(before)
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
        _restore(before)
        signals.put(False)
        watcher.join()


def _restore(handlers: dict[signal.Signals, signal._HANDLER]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)
