"""Leases: whose turn it is to attend to an account, or to look at a site.

On PostgreSQL they run by the database's clock, since machines that share a store may disagree about the time, and a
row that somebody else is just taking is passed over rather than waited for.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Table,
    Update,
    bindparam,
    literal,
    or_,
    select,
    union,
    update,
)

from bot.store.database import Database, moment
from bot.store.statements import insert_new
from bot.store.tables import MILLISECOND, accounts, sites

# No lease is ever taken for so long (timeouts end at an hour): one that claims to be is a wrong clock's.
LONGEST = timedelta(hours=3)
_FREE = {"lease_owner": "", "lease_until": None}


class Leases:
    """The part of the store that keeps processes out of each other's way."""

    database: Database

    def lease(self, account: str, *, owner: str, now: datetime, until: datetime) -> bool:
        """Take or extend the lease on an account's lane; False while another owner's lease runs."""
        return self._take(accounts, account, owner=owner, now=now, until=until)

    def extend(self, account: str, *, owner: str, now: datetime, until: datetime) -> bool:
        """Extend the lease on a lane, also one that ran out; False where another owner had it since."""
        values = {"lane": account, "owner": owner, **until_then(now, until)}
        with self.database.writing() as connection:
            return connection.execute(holding(has_clock=self.database.has_clock), values).rowcount == 1

    def release(self, account: str, *, owner: str) -> None:
        """Give the lane back. Nothing happens where it belongs to another owner by now."""
        self._release(accounts, account, owner=owner)

    def lease_site(self, site: str, *, owner: str, now: datetime, until: datetime) -> bool:
        """Take or extend the lease on looking at a site; False while another owner's lease runs."""
        return self._take(sites, site, owner=owner, now=now, until=until)

    def release_site(self, site: str, *, owner: str) -> None:
        """Let others look at the site. Nothing happens where it belongs to another owner by now."""
        self._release(sites, site, owner=owner)

    def owners(self) -> frozenset[str]:
        """Whoever holds a lease that was not given back, on an account or a site, or had an account's token last."""
        columns = (accounts.c.lease_owner, sites.c.lease_owner, accounts.c.token_owner)
        holders = union(*(select(column).where(column != "") for column in columns))
        with self.database.reading() as connection:
            return frozenset(connection.scalars(holders))

    def give_back(self, owner: str) -> None:
        """Give back every lease of an owner that is gone, which has no token any more either."""
        for table in (accounts, sites):
            with self.database.writing() as connection:
                connection.execute(update(table).where(table.c.lease_owner == owner).values(_FREE))
        self.forget_tokens(owner)

    def forget_tokens(self, owner: str) -> None:
        """An owner has no token any more, of whatever account."""
        had = update(accounts).where(accounts.c.token_owner == owner)
        with self.database.writing() as connection:
            connection.execute(had.values(token_owner=""))

    def _take(self, table: Table, name: str, *, owner: str, now: datetime, until: datetime) -> bool:
        take = _taking(table, has_clock=self.database.has_clock)
        values = {"is_name": name, "owner": owner, **until_then(now, until)}
        with self.database.writing() as connection:
            if connection.execute(take, values).rowcount == 1:
                return True
            return _is_new(connection, table, name) and connection.execute(take, values).rowcount == 1

    def _release(self, table: Table, name: str, *, owner: str) -> None:
        with self.database.writing() as connection:
            connection.execute(_releasing(table), {"is_name": name, "owner": owner})


def runs(table: Table, *, has_clock: bool) -> ColumnElement[bool]:
    """Whether the lease of a row runs; never NULL. For a statement that is given at_that_time()."""
    until = table.c.lease_until
    begun = until <= moment("farthest", literal(LONGEST // MILLISECOND), has_clock=has_clock)
    return until.is_not(None) & (until > moment("now", has_clock=has_clock)) & begun


def lease_end(*, has_clock: bool) -> ColumnElement[datetime]:
    """When a lease that is taken, or extended, ends. For a statement that is given until_then()."""
    return moment("until", bindparam("lasts", type_=BigInteger), has_clock=has_clock)


def at_that_time(now: datetime) -> dict[str, Any]:
    """The parameters of runs()."""
    return {"now": now, "farthest": now + LONGEST}


def until_then(now: datetime, until: datetime) -> dict[str, Any]:
    """The parameters of runs() and of lease_end()."""
    return {**at_that_time(now), "until": until, "lasts": (until - now) // MILLISECOND}


# Built once: they run for every lane and look, and building a statement takes longer than running it.


@cache
def _taking(table: Table, *, has_clock: bool) -> Update:
    free = or_(table.c.lease_owner == bindparam("owner"), ~runs(table, has_clock=has_clock))
    mine = select(table.c.name).where(table.c.name == bindparam("is_name"), free).with_for_update(skip_locked=True)
    taken = {"lease_owner": bindparam("owner"), "lease_until": lease_end(has_clock=has_clock)}
    return update(table).where(table.c.name.in_(mine)).values(taken)


@cache
def holding(*, has_clock: bool) -> Update:
    """Extend the lease of an account (lane) that is still its owner's. To be given until_then()."""
    mine = (accounts.c.name == bindparam("lane")) & (accounts.c.lease_owner == bindparam("owner"))
    return update(accounts).where(mine).values(lease_until=lease_end(has_clock=has_clock))


@cache
def _releasing(table: Table) -> Update:
    held = (table.c.name == bindparam("is_name")) & (table.c.lease_owner == bindparam("owner"))
    return update(table).where(held).values(_FREE)


def _is_new(connection: Connection, table: Table, name: str) -> bool:
    """Whether there was no row of this name; there is one now."""
    if connection.scalar(select(table.c.name).where(table.c.name == name)) is not None:
        return False
    insert_new(connection, table, [{"name": name}])
    return True
