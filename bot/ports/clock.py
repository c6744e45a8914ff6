"""Time, and the wish to stop."""

from datetime import datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Time, and the wish to stop."""

    def now(self) -> datetime:
        """The present instant, aware and in UTC. It may jump: somebody sets the clock."""
        ...

    def elapsed(self) -> timedelta:
        """How long it is since some instant in the past; never jumps, and goes on while the process is stopped."""
        ...

    def wait(self, duration: timedelta) -> bool:
        """Wait, at most that long; True as soon as howdah has been asked to stop."""
        ...

    def stopping(self) -> bool:
        """Whether howdah has been asked to stop: finish the item in hand and begin no other."""
        ...
