"""Backups: one SQLite file with the whole store in it, whatever the database, made while howdah runs.

From SQLite it is copied by SQLite's own online backup, a few megabytes at a time: whoever writes waits for one such
step, milliseconds, and the copy is begun anew where somebody wrote. VACUUM INTO would hold one lock for all of it, and
write every row again. From PostgreSQL it is every row of one snapshot, so that a backup also moves a store from one
database to the other.
"""

import os
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from msgspec import Struct
from sqlalchemy import URL, Connection, Row, Table, TableClause, column, make_url, select, text
from sqlalchemy import table as table_of

from bot.errors import RefusedError, StoreError, UserError
from bot.store.database import PATIENCE, Database
from bot.store.database_errors import translated
from bot.store.schema import HEAD, prepare
from bot.store.tables import Instant, copied_tables, metadata

# What SQLite keeps beside a store: none of these names is free for a backup.
_BESIDE = ("", "-journal", "-wal", "-shm")
_STEP = 1000  # pages that are copied under one lock: 4 MB
_RESTARTS = 3  # so often the copy is begun anew before everybody else has to wait for it
_CHUNK = 2000  # rows that are in memory at a time
_TABLES = {"alembic_version", "posts", "shares"}  # whatever the schema's revision
# What stands for the store's origin in a backup: no store has that.
BACKUP = "a backup"
_UNFINISHED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class Contents(Struct, frozen=True, kw_only=True):
    """What is in a backup. newest_share_at: when its newest share was made, None where it has no share."""

    posts: int
    shares: int
    newest_share_at: datetime | None
    size: int  # bytes


def back_up(url: str, file: Path, *, replace: bool) -> Contents:
    """Copy the store into a file that only its owner can read, and that appears once it is whole.

    replace: whether that is wanted where the file exists. Raises UserError where no backup can be in that place,
    RefusedError where the file isn't to be replaced, StoreError where the store can't be read or the file not be
    written.
    """
    store = file_of(make_url(url))
    with _written(file):
        # Its last part isn't followed: a link that somebody else put there would say what is overwritten.
        file = file.parent.resolve() / file.name
        _refuse_place(file, store, replace=replace)
    with _draft(file) as draft:
        if store is not None:
            _copy_store(store, draft, file=file)
        else:
            _copy_rows(url, draft, file=file)
        contents = examine(draft, name=str(file))
        _forget_origins(draft, file=file)
        with _written(file):
            _put(draft, file)
    return contents


def examine(file: Path, *, name: str = "") -> Contents:
    """What is in a backup. UserError where there is none, StoreError where it is damaged, or from a newer howdah.

    name: what the backup is called in errors, where that isn't its path.
    """
    name = name or str(file)
    try:
        if not file.is_file():
            raise UserError(f"there is no backup {name}: name the file that `howdah db backup` wrote")
        with closing(open_file(file)) as connection:
            return _contents(connection, name=name, size=file.stat().st_size)
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"the backup {name} can't be used: {_reason(error)}") from error


def file_of(url: URL) -> Path | None:
    """The file of an SQLite store; None for another database."""
    return Path(url.database or "").resolve() if url.get_backend_name() == "sqlite" else None


def beside(store: Path) -> frozenset[Path]:
    """The files that SQLite takes for a store, or for a part of it."""
    return frozenset(store.with_name(f"{store.name}{ending}") for ending in _BESIDE)


def open_file(file: Path, *, mode: str = "ro") -> sqlite3.Connection:
    """A connection to a file that is there. mode: SQLite's; "rw" finishes what a killed process left undone."""
    uri = f"file:{quote(str(file))}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=PATIENCE.total_seconds(), isolation_level=None)


def prepared(file: Path, *, name: str) -> Database:
    """A store in a file, its schema made or upgraded; name: what it is called in errors."""
    database = Database(URL.create("sqlite", database=str(file)).render_as_string())
    database.name = name
    try:
        prepare(database)
    except BaseException:
        database.close()
        raise
    return database


def copy_file(source: sqlite3.Connection, target: sqlite3.Connection) -> None:
    """Copy a database as it is at one moment. Raises sqlite3.Error, also where one is locked for too long."""
    try:
        source.backup(target, pages=_STEP, progress=_Watch(), sleep=0.01)
    except _RestartedError:
        # Somebody writes all the time. Whoever does so waits now until the whole is copied, which takes a second or two
        # for the largest stores.
        source.backup(target, progress=_Watch())


def chunks_of(source: Connection) -> Iterator[tuple[TableClause, Sequence[Row[Any]]]]:
    """Every row of every table, some at a time, those first that others refer to. The source has to be a snapshot."""
    for table in copied_tables():
        plain = _plain(table)
        rows = select(plain).order_by(*(plain.c[column.name] for column in table.primary_key))
        for chunk in source.execute(rows.execution_options(yield_per=_CHUNK)).partitions():
            yield plain, chunk


class _RestartedError(Exception):
    """The copy was begun anew too often."""


class _Watch:
    """Called by SQLite after each step of a copy."""

    def __init__(self) -> None:
        self._remaining: int | None = None
        self._restarts = 0

    def __call__(self, status: int, remaining: int, _total: int) -> None:
        """Give up what would never end: a lock that outlasts our patience, and a copy that is begun again and again."""
        if status in _UNFINISHED:
            raise sqlite3.OperationalError("the state store is locked by another program for too long")
        if self._remaining is not None and remaining >= self._remaining:
            self._restarts += 1  # each step leaves less, but for the first of another beginning
        self._remaining = remaining
        if self._restarts > _RESTARTS:
            raise _RestartedError


@contextmanager
def _draft(file: Path) -> Iterator[Path]:
    """An empty file beside another one, for its owner alone; gone at the end, unless it was put somewhere."""
    with _written(file):
        number, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        os.close(number)
    draft = Path(name)
    try:
        yield draft
    finally:
        for path in beside(draft):
            path.unlink(missing_ok=True)


@contextmanager
def _written(file: Path) -> Iterator[None]:
    """Say what keeps a backup from being written."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"the backup {file} can't be written: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    return str((isinstance(error, OSError) and error.strerror) or error)


def _refuse_place(file: Path, store: Path | None, *, replace: bool) -> None:
    if store is not None and file in beside(store):
        raise UserError(f"{file} belongs to the state store itself: name another file for the backup")
    if not file.parent.is_dir():
        raise UserError(f"the backup {file} can't be written: there is no folder {file.parent}")
    if file.is_symlink() and not replace:
        raise RefusedError(f"{file} is a link: name another file, or replace the link with --force")
    if file.exists() and not file.is_symlink() and not file.is_file():
        raise UserError(f"the backup {file} can't be written: a folder or a device is there. Name a file")
    if file.exists() and not replace:
        raise RefusedError(f"{file} exists: name another file, or replace it with --force")


def _copy_store(store: Path, draft: Path, *, file: Path) -> None:
    if not store.is_file():
        raise StoreError(f"there is no state store {store}: nothing to back up")
    with translated(str(store)), closing(open_file(store, mode="rw")) as source:
        source.execute("PRAGMA schema_version")  # what is wrong with the store shows here
        with _written(file), closing(sqlite3.connect(draft)) as target:
            target.execute("PRAGMA synchronous=OFF")  # the draft is written to the disk once it is whole
            copy_file(source, target)


def _forget_origins(draft: Path, *, file: Path) -> None:
    """Let a backup know that it is one, lest it is taken for the store where somebody copies it in its place."""
    with _written(file), closing(sqlite3.connect(draft)) as backup:
        if any(name == "origin" for _, name, *_ in backup.execute("PRAGMA table_info(accounts)")):
            backup.execute("UPDATE accounts SET origin = ?", (BACKUP,))
            backup.commit()


def _plain(table: Table) -> TableClause:
    """The table with its instants as the milliseconds that are stored: nobody looks at them on the way."""
    columns = (column(each.name, each.type.impl if isinstance(each.type, Instant) else each.type) for each in table.c)
    return table_of(table.name, *columns)


def _copy_rows(url: str, draft: Path, *, file: Path) -> None:
    with closing(Database(url)) as source:
        prepare(source)
        with closing(prepared(draft, name=str(file))) as target, _snapshot(source) as rows, target.writing() as copy:
            for table, chunk in chunks_of(rows):
                copy.execute(table.insert(), [row._asdict() for row in chunk])


@contextmanager
def _snapshot(database: Database) -> Iterator[Connection]:
    """The whole of a PostgreSQL store as it is at one moment, however long it takes to read it."""
    with translated(database.name), database.engine.connect() as plain:
        reader = plain.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with reader.begin():
            # Before the first SELECT: a snapshot doesn't keep a table from being emptied by a restore.
            reader.execute(text(f"LOCK TABLE {', '.join(metadata.tables)} IN ACCESS SHARE MODE"))
            yield reader


def _contents(connection: sqlite3.Connection, *, name: str, size: int) -> Contents:
    wrong = connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok"
    if wrong or connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise StoreError(f"the backup {name} is damaged: use another one")
    tables = {table for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    revision = tables >= _TABLES and connection.execute("SELECT max(version_num) FROM alembic_version").fetchone()[0]
    if not revision:
        raise StoreError(f"{name} is no backup of a howdah's state store: name another file")
    if revision > HEAD:
        raise StoreError(f"the backup {name} was made by a newer howdah (schema {revision}): upgrade howdah")
    posts, shares, newest = connection.execute(
        "SELECT (SELECT count(*) FROM posts), (SELECT count(*) FROM shares), (SELECT max(created_at) FROM shares)"
    ).fetchone()
    at = None if newest is None else datetime.fromtimestamp(newest / 1000, UTC)
    return Contents(posts=posts, shares=shares, newest_share_at=at, size=size)


def _put(draft: Path, file: Path) -> None:
    """Let the draft stand in the file's place, on the disk: wholly, or not at all."""
    with closing(sqlite3.connect(draft)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")  # one file, also where the store has a write-ahead log
    _sync(draft)
    draft.replace(file)
    _sync(file.parent)


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
