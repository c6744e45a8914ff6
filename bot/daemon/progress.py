"""Whether the ticks really work: what a watchdog, a heartbeat and a health check go by."""

import threading
import time
from collections.abc import Callable, Mapping

# Where no tick has come back for so long they are stuck: a call on a database that hangs is given up within seconds.
STUCK_AFTER_SECONDS = 60.0


class Progress:
    """When the ticks last came back, and when each last worked. May be used by several threads at once.

    periods: how often each tick runs, in seconds, by its name. steady: a clock in seconds that nobody sets.
    """

    def __init__(self, periods: Mapping[str, float], *, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._periods = dict(periods)
        self._lock = threading.Lock()
        self._returned = steady()
        self._worked: dict[str, float] = {}

    def returned(self, tick: str, *, worked: bool) -> None:
        """Note that a tick came back; worked: without an error."""
        with self._lock:
            self._returned = self._steady()
            if worked:
                self._worked[tick] = self._returned

    def stuck(self) -> bool:
        """Whether no tick has come back for a minute beyond the shortest period.

        They share a thread: one that never comes back keeps them all, while those that a database keeps waiting one
        after the other do come back.
        """
        with self._lock:
            return self._steady() - self._returned > min(self._periods.values()) + STUCK_AFTER_SECONDS

    def idle(self) -> tuple[str, ...]:
        """The ticks that have not worked yet, or not for a minute beyond their period, sorted."""
        now = self._steady()
        with self._lock:
            return tuple(
                tick
                for tick, period in sorted(self._periods.items())
                if tick not in self._worked or now - self._worked[tick] > period + STUCK_AFTER_SECONDS
            )
