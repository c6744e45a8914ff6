"""The state store over SQLAlchemy Core.

Written in parts by who uses them. A new method goes into the part of its topic, into the Store protocol, into the fake
(tests/fakes/store) and into the contract suite (tests/contract/store).
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from bot.store.accounts import Accounts
from bot.store.causes import Causes
from bot.store.database import PATIENCE, Database
from bot.store.followed import Following
from bot.store.found_statuses import FoundStatuses
from bot.store.leases import Leases
from bot.store.moved import Addresses
from bot.store.moving_in import MovingIn
from bot.store.notices import Notices
from bot.store.pages import Pages
from bot.store.schema import prepare
from bot.store.shares import Shares
from bot.store.sites import Sites
from bot.store.tables import sites
from bot.store.write_backs import WriteBacks


class SqlStore(
    Addresses, Leases, Sites, Accounts, FoundStatuses, Shares, Following, MovingIn, Causes, Pages, WriteBacks, Notices
):
    """A Store on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def close(self) -> None:
        """Close every connection."""
        self.database.close()

    def now(self) -> datetime:
        """The present instant by the clock that everybody who uses this store has in common."""
        return self.database.now()

    def flaw(self) -> str:
        """What the database says is wrong with it; '' for nothing. PostgreSQL looks after itself."""
        return self.database.flaw()

    def free_bytes(self) -> int | None:
        """How much room is left on the database's disk; None where that is a server's."""
        return self.database.free_bytes()

    def origin(self) -> str:
        """A name for the database as it stands now."""
        return self.database.origin()

    def try_writing(self) -> None:
        """Write something that changes nothing."""
        anyone = select(func.min(sites.c.name)).scalar_subquery()
        with self.database.writing() as connection:
            connection.execute(update(sites).where(sites.c.name == anyone).values(failures=sites.c.failures))


def open_store(url: str, *, patience: timedelta = PATIENCE, has_clock: bool | None = None) -> SqlStore:
    """Open the store, making or upgrading its schema. StoreError where it can't be used.

    patience: how long to wait for another program's lock on an SQLite file. has_clock: see Database.
    """
    database = Database(url, patience=patience, has_clock=has_clock)
    try:
        prepare(database)
    except BaseException:
        database.close()
        raise
    return SqlStore(database)
