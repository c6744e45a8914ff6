"""What needs a person: kept until its end was told, so that nobody is told twice, or never."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, or_, select, update

from bot.domain.models import Cause
from bot.store.database import Database
from bot.store.statements import insert_new
from bot.store.tables import causes

_COLUMNS = [causes.c[name] for name in Cause.__struct_fields__]


class Causes:
    """The part of the store that alerts use."""

    database: Database

    def causes(self) -> tuple[Cause, ...]:
        """What needs a person, and what did and whose end isn't told yet; by their keys."""
        with self.database.reading() as connection:
            rows = connection.execute(select(*_COLUMNS).order_by(causes.c.key)).mappings().all()
        return tuple(Cause(**{str(name): value for name, value in row.items()}) for row in rows)

    def note_causes(self, present: Collection[Cause], *, now: datetime) -> None:
        """Note what needs a person now."""
        keys = [cause.key for cause in present]
        rows = [{"key": one.key, "kind": one.kind, "text": one.text, "since": one.since} for one in present]
        with self.database.writing() as connection:
            insert_new(connection, causes, rows)
            for cause in present:
                here = update(causes).where(causes.c.key == cause.key)
                connection.execute(here.values(text=cause.text, gone_at=None))
            over = update(causes).where(causes.c.key.not_in(keys), causes.c.gone_at.is_(None))
            connection.execute(over.values(gone_at=now))

    def claim_causes(self, keys: Collection[str], *, now: datetime, unclaimed_since: datetime) -> frozenset[str]:
        """Those of these causes that this process may tell of now."""
        free = or_(causes.c.claimed_at.is_(None), causes.c.claimed_at <= unclaimed_since)
        won = set()
        with self.database.writing() as connection:
            for key in sorted(keys):
                mine = update(causes).where(causes.c.key == key, free).values(claimed_at=now)
                if connection.execute(mine).rowcount:
                    won.add(key)
        return frozenset(won)

    def told_causes(self, keys: Collection[str], *, now: datetime) -> None:
        """Somebody was told of these; their claims end."""
        with self.database.writing() as connection:
            connection.execute(update(causes).where(causes.c.key.in_(keys)).values(told_at=now, claimed_at=None))

    def forget_causes(self, keys: Collection[str]) -> None:
        """These are over."""
        with self.database.writing() as connection:
            connection.execute(delete(causes).where(causes.c.key.in_(keys)))
