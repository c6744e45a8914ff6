"""What is to be written back to sites: an outcome marks its share in its own transaction, so that none is lost."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, exists, func, or_, select, update

from bot.domain.models import LONGEST_PUT_OFF, DueWrite
from bot.store.database import Database
from bot.store.statements import insert_new
from bot.store.tables import shares, sites

# A share that something became of meanwhile has another mark.
_MARKED = update(shares).where(shares.c.id == bindparam("is_id"), shares.c.write_due_at == bindparam("is_due_at"))


class WriteBacks:
    """The part of the store that writing back uses."""

    database: Database

    def note_write_back(self, names: Collection[str], *, now: datetime) -> None:
        """Note which sites are written to: what became of a post before a site was among them isn't written."""
        with self.database.reading() as connection:
            noted = set(connection.scalars(select(sites.c.name).where(sites.c.write_back_since.is_not(None))))
        if noted == set(names):
            return
        with self.database.writing() as connection:
            insert_new(connection, sites, [{"name": name} for name in names])
            chosen = sites.c.name.in_(names)
            begins = update(sites).where(chosen, sites.c.write_back_since.is_(None))
            connection.execute(begins.values(write_back_since=now))
            ends = update(sites).where(~chosen, sites.c.write_back_since.is_not(None))
            connection.execute(ends.values(write_back_since=None, write_failures=0, write_error=""))

    def sites_to_write(self, names: Collection[str], *, now: datetime) -> frozenset[str]:
        """Which of these sites due_writes() has something for."""
        mine, at, since = shares.c.site == sites.c.name, shares.c.write_due_at, sites.c.write_back_since
        # Two questions, so that an index answers each.
        put_off = exists().where(mine, at > now + LONGEST_PUT_OFF, at >= since)
        due = or_(exists().where(mine, at.between(since, now)), put_off)
        with self.database.reading() as connection:
            return frozenset(connection.scalars(select(sites.c.name).where(sites.c.name.in_(names), due)))

    def due_writes(self, site: str, *, now: datetime, limit: int) -> tuple[DueWrite, ...]:
        """Posts of a site whose field is to be written, those that wait longest first, at most so many."""
        since = select(sites.c.write_back_since).where(sites.c.name == site).scalar_subquery()
        at = shares.c.write_due_at
        due = (shares.c.site == site) & (at >= since) & or_(at <= now, at > now + LONGEST_PUT_OFF)
        posts = (
            select(shares.c.post_id)
            .where(due)
            .group_by(shares.c.post_id)
            .order_by(func.min(shares.c.write_due_at), shares.c.post_id)
            .limit(limit)
        )
        columns = (shares.c.post_id, shares.c.id, shares.c.write_due_at, shares.c.write_failures)
        with self.database.reading() as connection:
            order = list(connection.scalars(posts))
            rows = connection.execute(select(*columns).where(due, shares.c.post_id.in_(order)).order_by(shares.c.id))
            marks: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
            failures: dict[int, int] = defaultdict(int)
            for post_id, share_id, due_at, failed in rows:
                marks[post_id].append((share_id, due_at))
                failures[post_id] = max(failures[post_id], failed)
        return tuple(
            DueWrite(site=site, post_id=post, failures=failures[post], marks=tuple(marks[post]))
            for post in order
            if post in marks
        )

    def end_write(self, write: DueWrite) -> None:
        """Nothing more is to be written of this; what became of the post meanwhile stays due."""
        self._mark(write, due_at=None, failures=0)

    def put_off_write(self, write: DueWrite, *, until: datetime) -> None:
        """A write that came to nothing is due again then; what became of the post meanwhile is due as it is."""
        self._mark(write, due_at=until, failures=write.failures + 1)

    def note_writing(self, site: str, *, error: str) -> None:
        """Count one more time in a row that a site could not be written to, with why; '' ends the count."""
        failures = sites.c.write_failures + 1 if error else 0
        noted = update(sites).where(sites.c.name == site).values(write_failures=failures, write_error=error)
        with self.database.writing() as connection:
            connection.execute(noted)

    def _mark(self, write: DueWrite, *, due_at: datetime | None, failures: int) -> None:
        values = {"write_due_at": due_at, "write_failures": failures}
        with self.database.writing() as connection:
            for share_id, seen in write.marks:
                connection.execute(_MARKED, values | {"is_id": share_id, "is_due_at": seen})
