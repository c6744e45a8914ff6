"""Whether the ticks really work: what a watchdog, a heartbeat and a health check go by."""

import threading
import time
from collections.abc import Callable, Mapping

# A tick that has not come back for so long is stuck: a database that answers at all does so within seconds.
STUCK_AFTER_SECONDS = 60.0


class Progress:
    """When each tick last came back, and when it last worked. May be used by several threads at once.

    periods: how often each tick runs, in seconds, by its name. steady: a clock in seconds that nobody sets.
    """

    def __init__(self, periods: Mapping[str, float], *, steady: Callable[[], float] = time.monotonic) -> None:
        self._steady = steady
        self._periods = dict(periods)
        self._lock = threading.Lock()
        self._returned = dict.fromkeys(periods, steady())
        self._worked: dict[str, float] = {}

    def returned(self, tick: str, *, worked: bool) -> None:
        """Note that a tick came back; worked: without an error."""
        with self._lock:
            self._returned[tick] = self._steady()
            if worked:
                self._worked[tick] = self._returned[tick]

    def stuck(self) -> tuple[str, ...]:
        """The ticks that have not come back for a minute beyond their period, sorted."""
        return self._late(self._returned)

    def idle(self) -> tuple[str, ...]:
        """The ticks that have not worked yet, or not for a minute beyond their period, sorted."""
        return self._late(self._worked)

    def _late(self, last: Mapping[str, float]) -> tuple[str, ...]:
        now = self._steady()
        with self._lock:
            return tuple(
                tick
                for tick, period in sorted(self._periods.items())
                if tick not in last or now - last[tick] > period + STUCK_AFTER_SECONDS
            )
