"""A Clock that stands still until somebody waits."""

from datetime import datetime, timedelta

from tests.makers import NOON


class FakeClock:
    """Time as a test tells it. Waiting moves it on; stop, once set, ends every wait at once.

    waits holds the durations that were waited for. instant can be set, as people set clocks: elapsed doesn't notice.
    """

    def __init__(self, now: datetime = NOON) -> None:
        self.instant = now
        self.waits: list[timedelta] = []
        self.stop = False
        self._ran = timedelta(0)

    def now(self) -> datetime:
        """The instant that it is."""
        return self.instant

    def elapsed(self) -> timedelta:
        """How much time has passed here."""
        return self._ran

    def wait(self, duration: timedelta) -> bool:
        """Move on by the duration, unless asked to stop."""
        self.waits.append(duration)
        if not self.stop:
            self.forward(duration)
        return self.stop

    def stopping(self) -> bool:
        """Whether stop was set."""
        return self.stop

    def forward(self, duration: timedelta) -> None:
        """Let time pass while nobody waits."""
        self.instant += duration
        self._ran += duration
