"""What notices were sent about."""

from collections.abc import Collection
from datetime import datetime

from msgspec.structs import replace

from bot.domain.models import Cause
from tests.fakes.store.memory import BEFORE_ALL, Memory, one_at_a_time


class Causes(Memory):
    """What notices were sent about."""

    @one_at_a_time
    def causes(self) -> tuple[Cause, ...]:
        """By their keys."""
        return tuple(cause for _, cause in sorted(self._causes.items()))

    @one_at_a_time
    def note_causes(self, present: Collection[Cause], *, now: datetime) -> None:
        """Noted."""
        for key, known in self._causes.items():
            self._causes[key] = replace(known, gone_at=known.gone_at or now)
        for cause in present:
            kept = self._causes.get(cause.key, cause)
            self._causes[cause.key] = replace(kept, text=cause.text, gone_at=None)

    @one_at_a_time
    def claim_causes(self, keys: Collection[str], *, now: datetime, unclaimed_since: datetime) -> frozenset[str]:
        """Whoever asks first."""
        free = {key for key in keys if key in self._causes and self._claims.get(key, BEFORE_ALL) <= unclaimed_since}
        self._claims |= dict.fromkeys(free, now)
        return frozenset(free)

    @one_at_a_time
    def told_causes(self, keys: Collection[str], *, now: datetime) -> None:
        """Told."""
        for key in set(keys) & set(self._causes):
            self._causes[key] = replace(self._causes[key], told_at=now)
            self._claims.pop(key, None)

    @one_at_a_time
    def forget_causes(self, keys: Collection[str]) -> None:
        """Forgotten."""
        for key in keys:
            self._causes.pop(key, None)
            self._claims.pop(key, None)
