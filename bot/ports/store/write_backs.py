"""The state store: what sites are told."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bot.domain.models import DueWrite


class WriteBackStore(Protocol):
    """The part about what sites are told; see Store."""

    def note_write_back(self, names: Collection[str], *, now: datetime) -> None:
        """Note which sites are written to. What became of a post before its site was among them isn't written.

        The count of what failed on a site ends where it isn't among them any more.
        """
        ...

    def sites_to_write(self, names: Collection[str], *, now: datetime) -> frozenset[str]:
        """Which of these sites due_writes() has something for."""
        ...

    def due_writes(self, site: str, *, now: datetime, limit: int) -> tuple[DueWrite, ...]:
        """Posts of a site whose field is to be written, those that wait longest first, at most so many.

        Each change to a share that is shared, failed, held or skipped by then makes its post due, in the change's own
        transaction. So is what is put off for longer than LONGEST_PUT_OFF, by a clock that was ahead.
        """
        ...

    def end_write(self, write: DueWrite) -> None:
        """Nothing more is to be written of this; what became of the post meanwhile stays due."""
        ...

    def put_off_write(self, write: DueWrite, *, until: datetime) -> None:
        """A write that came to nothing is due again then, failures + 1; what became of the post meanwhile isn't."""
        ...

    def note_writing(self, site: str, *, error: str) -> None:
        """Count one more time in a row that a site could not be written to, with why; '' ends the count."""
        ...
