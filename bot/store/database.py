"""Connections and transactions: SQLite or PostgreSQL behind the same two verbs, reading and writing."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import StoreError
from bot.store.failures import translated

# Longer than any transaction of ours, also on a slow disk: who waits longer waits for a program that hangs.
PATIENCE = timedelta(seconds=10)
_STATEMENT_TIMEOUT = "30s"
_SMALLEST = 512  # bytes: the smallest page that SQLite knows


class Database:
    """A database that howdah keeps its state in. May be used by several threads at once."""

    def __init__(self, url: str, *, patience: timedelta = PATIENCE) -> None:
        try:
            parsed = make_url(url)
        except (ArgumentError, ValueError):
            # Not chained: SQLAlchemy's words hold the address, and that may hold a password.
            raise StoreError("state.url is not a database's address: write sqlite:///howdah.db") from None
        self.name = _name(parsed)
        self._write_lock: AbstractContextManager[Any] = nullcontext()
        if parsed.get_backend_name() == "sqlite":
            self._write_lock = threading.Lock()
            _make_file(parsed, self.name)
            self.engine = _sqlite(parsed, patience=patience)
        else:
            self.engine = _postgresql(parsed)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that reads."""
        with translated(self.name), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes: one at a time in this process, waiting its turn among others."""
        with translated(self.name), self._write_lock, self.engine.connect() as connection:
            writer = connection.execution_options(howdah_writes=True)
            with writer.begin():
                yield writer

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def journal_mode(version: tuple[int, ...]) -> str:
    """WAL only where SQLite is free of the WAL-reset bug, which can lose commits when two connections meet.

    Fixed in 3.51.3, 3.50.7 and 3.44.6. Elsewhere a rollback journal, truncated rather than deleted: unlinking a file
    costs several times as much, and isn't sure to survive a power cut before its folder is written.
    """
    fixed = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    return "WAL" if fixed else "TRUNCATE"


def _name(url: URL) -> str:
    """The database as a person knows it, without a password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(query={}).render_as_string(hide_password=True)


def _make_file(url: URL, name: str) -> None:
    """Make the file where there is none, readable by its owner alone: texts and addresses are in it."""
    path = Path(url.database or "")
    if not url.database or url.database == ":memory:":
        raise StoreError("the state store has to be a file: write sqlite:///howdah.db")
    try:
        if not path.parent.is_dir():
            raise StoreError(f"the state store {name} can't be made: there is no folder {path.parent}")
        if path.exists() and not path.is_file():
            raise StoreError(f"the state store {name} is a folder or a device: name a file")
        if path.exists() and 0 < path.stat().st_size < _SMALLEST:
            # SQLite takes such a file for an empty database.
            raise StoreError(f"the state store {name} is damaged: restore a backup, or name another file")
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(f"the state store {name} can't be opened: {error.strerror}") from error


def _sqlite(url: URL, *, patience: timedelta) -> Engine:
    engine = create_engine(url, connect_args={"timeout": patience.total_seconds(), "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _settle(connection: sqlite3.Connection, _record: object) -> None:
        try:
            _configure(connection)
        except BaseException:
            connection.close()  # the pool doesn't know it yet
            raise

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A plain BEGIN that writes later meets SQLITE_BUSY at once, whatever the timeout.
        writes = connection.get_execution_options().get("howdah_writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _configure(connection: sqlite3.Connection) -> None:
    connection.isolation_level = None  # transactions are begun by us
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY"):
        connection.execute(f"PRAGMA {pragma}")
    mode = journal_mode(sqlite3.sqlite_version_info)
    if connection.execute("PRAGMA journal_mode").fetchone()[0].upper() != mode:
        connection.execute(f"PRAGMA journal_mode={mode}")


def _postgresql(url: URL) -> Engine:
    if url.get_backend_name() != "postgresql":
        raise StoreError(f"the state store can be SQLite or PostgreSQL, not {url.get_backend_name()}")
    try:
        return create_engine(
            url.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            connect_args={
                "application_name": "howdah",
                "prepare_threshold": None,  # a pooler between would mix them up
                "options": f"-c statement_timeout={_STATEMENT_TIMEOUT} -c idle_in_transaction_session_timeout=60s",
            },
        )
    except ModuleNotFoundError as error:
        raise StoreError("PostgreSQL needs one more package: pip install 'howdah[postgres]'") from error
