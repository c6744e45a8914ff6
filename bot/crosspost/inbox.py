"""What arrives from outside while howdah runs: a notice goes to whoever works on it, if anybody does."""

from collections.abc import Callable

from bot.domain.notices import Kept

Taker = Callable[[Kept], None]


def _nobody(_kept: Kept) -> None:
    """It stays in the store until somebody works on it."""


class Inbox:
    """Hands notices on as they come. Nothing is kept here: the store has them."""

    def __init__(self) -> None:
        self._take: Taker = _nobody

    def connect(self, take: Taker) -> None:
        """Hand notices to this from now on; it must not take long, nor raise."""
        self._take = take

    def put(self, kept: Kept) -> None:
        """Hand a notice on."""
        self._take(kept)
