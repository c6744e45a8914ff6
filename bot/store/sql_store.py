"""The state store over SQLAlchemy Core.

Written in parts by who uses them. A new method goes into the part of its topic, into the Store protocol, into the fake
(tests/fakes/store.py) and into the contract suite (tests/contract/test_store.py).
"""

from datetime import timedelta

from bot.store.accounts import Accounts
from bot.store.addresses import Addresses
from bot.store.database import PATIENCE, Database
from bot.store.people import People
from bot.store.schema import prepare
from bot.store.shares import Shares
from bot.store.sites import Sites


class SqlStore(Addresses, Sites, Accounts, Shares, People):
    """A Store on SQLite or PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def close(self) -> None:
        """Close every connection."""
        self.database.close()


def open_store(url: str, *, patience: timedelta = PATIENCE) -> SqlStore:
    """Open the store, making or upgrading its schema. StoreError where it can't be used.

    patience: how long to wait for another program's lock on an SQLite file.
    """
    database = Database(url, patience=patience)
    try:
        prepare(database)
    except BaseException:
        database.close()
        raise
    return SqlStore(database)
