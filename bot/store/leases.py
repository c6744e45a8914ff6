"""Leases: whose turn it is to attend to an account, or to look at a site.

On PostgreSQL they run by the database's clock, since machines that share a store may disagree about the time, and a
row that somebody else is just taking is passed over rather than waited for.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, or_, select, update

from bot.store.database import Database
from bot.store.statements import insert_new
from bot.store.tables import accounts, sites

# No lease is ever taken for so long (timeouts end at an hour): one that claims to be is a wrong clock's.
LONGEST = timedelta(hours=3)


class Leases:
    """The part of the store that keeps processes out of each other's way."""

    database: Database

    def lease(self, account: str, *, owner: str, now: datetime, until: datetime) -> bool:
        """Take or extend the lease on an account's lane; False while another owner's lease runs."""
        return self._take(accounts, account, owner=owner, now=now, until=until)

    def release(self, account: str, *, owner: str) -> None:
        """Give the lane back. Nothing happens where it belongs to another owner by now."""
        self._release(accounts, owner, name=account)

    def lease_site(self, site: str, *, owner: str, now: datetime, until: datetime) -> bool:
        """Take or extend the lease on looking at a site; False while another owner's lease runs."""
        return self._take(sites, site, owner=owner, now=now, until=until)

    def release_site(self, site: str, *, owner: str) -> None:
        """Let others look at the site. Nothing happens where it belongs to another owner by now."""
        self._release(sites, owner, name=site)

    def owners(self) -> frozenset[str]:
        """Whoever holds a lease that was not given back, on an account or a site, whether it still runs or not."""
        holders = (select(table.c.lease_owner).where(table.c.lease_owner != "") for table in (accounts, sites))
        with self.database.reading() as connection:
            return frozenset(owner for holder in holders for owner in connection.scalars(holder))

    def give_back(self, owner: str) -> None:
        """Give back every lease of an owner that is gone."""
        for table in (accounts, sites):
            self._release(table, owner)

    def _take(self, table: Table, name: str, *, owner: str, now: datetime, until: datetime) -> bool:
        free = or_(table.c.lease_owner == owner, ~runs(self.database, table, now))
        mine = select(table.c.name).where(table.c.name == name, free).with_for_update(skip_locked=True)
        take = update(table).where(table.c.name.in_(mine))
        take = take.values(lease_owner=owner, lease_until=self.database.instant(now, later=until - now))
        with self.database.writing() as connection:
            if connection.execute(take).rowcount == 1:
                return True
            return _is_new(connection, table, name) and connection.execute(take).rowcount == 1

    def _release(self, table: Table, owner: str, *, name: str | None = None) -> None:
        held = update(table).where(table.c.lease_owner == owner)
        if name is not None:
            held = held.where(table.c.name == name)
        with self.database.writing() as connection:
            connection.execute(held.values(lease_owner="", lease_until=None))


def runs(database: Database, table: Table, now: datetime) -> ColumnElement[bool]:
    """Whether the lease of a row runs; never NULL."""
    until = table.c.lease_until
    begun = until <= database.instant(now, later=LONGEST)
    return until.is_not(None) & (until > database.instant(now)) & begun


def _is_new(connection: Connection, table: Table, name: str) -> bool:
    """Whether there was no row of this name; there is one now."""
    if connection.scalar(select(table.c.name).where(table.c.name == name)) is not None:
        return False
    insert_new(connection, table, [{"name": name}])
    return True
