"""The state store: what needs a person."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bot.domain.models import Cause


class CauseStore(Protocol):
    """The part about what needs a person; see Store."""

    def causes(self) -> tuple[Cause, ...]:
        """What needs a person, and what did and whose end isn't told yet; by their keys."""
        ...

    def note_causes(self, present: Collection[Cause], *, now: datetime) -> None:
        """Note what needs a person now. A new one is kept as it is given; of a known one, only the text changes.

        What isn't among them any more is gone since now; what is back isn't gone.
        """
        ...

    def claim_causes(self, keys: Collection[str], *, now: datetime, unclaimed_since: datetime) -> frozenset[str]:
        """Those of these causes that this process may tell of now: no other has claimed them since an instant."""
        ...

    def told_causes(self, keys: Collection[str], *, now: datetime) -> None:
        """Somebody was told of these; their claims end."""
        ...

    def forget_causes(self, keys: Collection[str]) -> None:
        """These are over, and nobody has to be told any more."""
        ...
