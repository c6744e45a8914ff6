"""What people are told of what needs them: of each cause once, then a reminder, and its end."""

from collections.abc import Collection
from datetime import datetime, timedelta

from msgspec import Struct

from bot.domain.models import Cause

# What is gone for a shorter time may be back in a moment: nobody is told that it is solved.
QUIET = timedelta(minutes=1)


class Notices(Struct, frozen=True, kw_only=True):
    """What is to be told now. over: what went away before anybody was told, and is forgotten without a word."""

    new: tuple[Cause, ...] = ()
    reminders: tuple[Cause, ...] = ()
    solved: tuple[Cause, ...] = ()
    over: tuple[Cause, ...] = ()

    def told(self) -> tuple[Cause, ...]:
        """Everything that is told."""
        return (*self.new, *self.reminders, *self.solved)


def due(causes: Collection[Cause], *, kinds: Collection[str], remind_every: timedelta, now: datetime) -> Notices:
    """What is due of these causes, of the kinds that somebody wants to be told of."""
    wanted = [cause for cause in causes if cause.kind in kinds]
    here = [cause for cause in wanted if cause.gone_at is None]
    gone = [cause for cause in causes if cause.gone_at is not None and cause.gone_at <= now - QUIET]
    return Notices(
        new=tuple(cause for cause in here if cause.told_at is None),
        reminders=tuple(cause for cause in here if cause.told_at is not None and cause.told_at <= now - remind_every),
        solved=tuple(cause for cause in gone if cause.told_at is not None and cause.kind in kinds),
        over=tuple(cause for cause in gone if cause.told_at is None or cause.kind not in kinds),
    )
