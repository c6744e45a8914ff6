"""Connections and transactions: SQLite or PostgreSQL behind the same two verbs, reading and writing."""

import os
import re
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

from sqlalchemy import (
    URL,
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    bindparam,
    create_engine,
    event,
    func,
    make_url,
    select,
    text,
    type_coerce,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.exc import ArgumentError, DisconnectionError

from bot.errors import StoreError, line_that_installs
from bot.store.database_errors import translated
from bot.store.tables import Instant

# Longer than any transaction of ours, also on a slow disk: who waits longer waits for a program that hangs.
PATIENCE = timedelta(seconds=10)
_SMALLEST = 512  # bytes: the smallest page that SQLite knows
_LARGEST_JOURNAL = 1024 * 1024  # bytes: what stays beside the file between transactions
# The server that answers, and the table itself: a backup that is restored makes it anew.
_ORIGIN = text("SELECT pg_postmaster_start_time(), pg_relation_filenode('shares'::regclass)")
# PostgreSQL's clock as it is at this moment, not as it was when the transaction began, in the store's milliseconds.
_PASSWORD = re.compile(r"(://[^:/@]*:).*@")
_PRESENT = sql_cast(func.extract("epoch", func.clock_timestamp()) * 1000, BigInteger)


class Database:
    """A database that howdah keeps its state in. May be used by several threads at once.

    has_clock: whether leases run by its clock rather than the caller's; None: where machines share it (PostgreSQL).
    """

    def __init__(self, url: str, *, patience: timedelta = PATIENCE, has_clock: bool | None = None) -> None:
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
            self.engine = _postgresql(parsed, patience=patience)
        self._reader = self.engine
        if self.engine.dialect.name == "postgresql":
            # Without a transaction, a read waits for the server once instead of three times. It sees the same: there
            # each statement of a transaction sees what was committed when it began.
            self._reader = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self.has_clock = self.engine.dialect.name == "postgresql" if has_clock is None else has_clock

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Reads what is committed; on SQLite all of it as it stands at one moment."""
        with translated(self.name), self._reader.begin() as connection:
            _begin(connection, "BEGIN")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes: one at a time in this process, waiting its turn among others."""
        with translated(self.name), self._write_lock, self.engine.begin() as connection:
            # A plain BEGIN that writes later meets SQLITE_BUSY at once, whatever the timeout.
            _begin(connection, "BEGIN IMMEDIATE")
            yield connection

    def now(self) -> datetime:
        """The present instant by the clock that everybody who uses this database has in common."""
        if self.engine.dialect.name != "postgresql":
            return datetime.now(UTC)
        with self.reading() as connection:
            return cast("datetime", connection.scalar(select(type_coerce(_PRESENT, Instant))))

    def origin(self) -> str:
        """A name for the database as it stands now; see the Store protocol."""
        with self.reading() as connection:
            if connection.dialect.name == "postgresql":
                return ":".join(map(str, connection.execute(_ORIGIN).one()))
            # The file itself, and a number that grows when its tables are made anew: a restored backup counts it up.
            return f"{_file_id(Path(self.name))}:{connection.exec_driver_sql('PRAGMA schema_version').scalar()}"

    def flaw(self) -> str:
        """What SQLite says is wrong with its file, the first of it; '' where it finds nothing."""
        with self.reading() as connection:
            if connection.dialect.name == "postgresql":
                return ""
            said = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
        return "" if said == "ok" else said

    def free_bytes(self) -> int | None:
        """How much room is left on the disk of SQLite's file; None for PostgreSQL, and where that can't be told."""
        if self.engine.dialect.name == "postgresql":
            return None
        try:
            return shutil.disk_usage(Path(self.name).parent).free
        except OSError:
            return None

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def moment(name: str, later: ColumnElement[int] | None = None, *, has_clock: bool) -> ColumnElement[datetime]:
    """A moment in a statement about leases: by the clock of a database that has one, else what this parameter says.

    later: so many milliseconds from now, by that clock.
    """
    if not has_clock:
        return bindparam(name, type_=Instant)
    return type_coerce(_PRESENT if later is None else _PRESENT + later, Instant)


def journal_mode(version: tuple[int, ...]) -> str:
    """WAL only where SQLite is free of the WAL-reset bug, which can lose commits when two connections meet.

    Fixed in 3.51.3, 3.50.7 and 3.44.6. Elsewhere a rollback journal that stays, its head overwritten with zeros: a file
    that is unlinked, or grows and shrinks with each commit, costs more, and unlinking it isn't sure to survive a power
    cut before its folder is written.
    """
    fixed = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    return "WAL" if fixed else "PERSIST"


def _name(url: URL) -> str:
    """The database as a person knows it, without a password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    shown = url.set(query={}).render_as_string(hide_password=True)
    return _PASSWORD.sub(r"\1***@", shown)  # the library takes what follows an @ in a password for the host


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


def _file_id(path: Path) -> str:
    """A name for the file that stands at a path: another file of the same name has another one."""
    try:
        found = path.stat()
    except OSError as error:
        raise StoreError(f"the state store {path} is gone: {error.strerror}. Stop howdah and restore it") from error
    return f"{found.st_dev}:{found.st_ino}"


def _sqlite(url: URL, *, patience: timedelta) -> Engine:
    arguments = {"timeout": patience.total_seconds(), "check_same_thread": False}
    # The connection that was used last is used next: the pages that it keeps are current still, while a commit makes
    # those of all others worthless.
    engine = create_engine(url, connect_args=arguments, pool_use_lifo=True)

    @event.listens_for(engine, "connect")
    def _on_connect(connection: sqlite3.Connection, _record: object) -> None:
        try:
            _configure(connection)
        except BaseException:
            connection.close()  # the pool doesn't know it yet
            raise

    _follow_file(engine, str(url.database))

    return engine


def _begin(connection: Connection, statement: str) -> None:
    """Begin a transaction on SQLite, as nobody else does; past SQLAlchemy, which takes longer for it than SQLite."""
    if connection.dialect.name == "sqlite":
        cast("sqlite3.Connection", connection.connection.driver_connection).execute(statement)


def _follow_file(engine: Engine, name: str) -> None:
    """Let no connection stay on a file that was replaced or removed: what is written there is lost."""
    # Made once: each Path puts its parts into Python's table of strings, and they go with it. For each transaction
    # anew, that has the whole table (2 MiB) copied now and then, which leaves holes in the memory.
    path = Path(name)

    @event.listens_for(engine, "do_connect")
    def _find(_dialect: Any, record: Any, _arguments: Any, _settings: Any) -> None:
        # Before connecting: SQLite would make a new file, empty and without a word, where there is none.
        record.info["file"] = _file_id(path)

    @event.listens_for(engine, "checkout")
    def _compare(_connection: sqlite3.Connection, record: Any, _proxy: Any) -> None:
        if record.info["file"] != _file_id(path):
            raise DisconnectionError  # the pool connects anew


def _configure(connection: sqlite3.Connection) -> None:
    connection.isolation_level = None  # transactions are begun by us
    # Half a MiB of pages is kept by each connection instead of two: what another one commits makes them worthless. What
    # a transaction changes may take 32 MiB of them until it ends: written earlier, it would lock out all who read.
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "cache_size=-512", "cache_spill=-32768"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute(f"PRAGMA journal_size_limit={_LARGEST_JOURNAL}")
    mode = journal_mode(sqlite3.sqlite_version_info)
    if connection.execute("PRAGMA journal_mode").fetchone()[0].upper() != mode:
        connection.execute(f"PRAGMA journal_mode={mode}")


def _postgresql(url: URL, *, patience: timedelta) -> Engine:
    if url.get_backend_name() != "postgresql":
        raise StoreError(f"the state store can be SQLite or PostgreSQL, not {url.get_backend_name()}")
    try:
        from bot.store import postgresql
    except ImportError as error:
        # Also where the package is there and libpq isn't.
        raise StoreError(f"PostgreSQL needs one more package: {line_that_installs('postgres')}") from error
    return postgresql.connect(url, patience=patience)
