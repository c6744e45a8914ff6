"""Restoring a backup: its rows take the place of the store's, in one transaction of the store's own database.

The file of an SQLite store isn't replaced: whoever has it open would go on with the old one, and its journal, which
SQLite knows by its name alone, could be applied to the new one. So it is the database itself that keeps everybody else
out, undoes half a restore after a crash, and lets running processes see another store at their next transaction.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Connection, MetaData, event, exists, func, make_url, select, text
from sqlalchemy.exc import OperationalError
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random

from bot.domain.models import State
from bot.errors import RefusedError, StoreError, UserError
from bot.store.backup import BACKUP, Contents, beside, chunks_of, copy_file, examine, file_of, open_file, prepared
from bot.store.database import Database
from bot.store.database_errors import sentence
from bot.store.schema import prepare
from bot.store.tables import accounts, attempts, copied_tables, metadata, posts, shares, sites

if TYPE_CHECKING:
    from collections.abc import Iterable

    import psycopg
    from sqlalchemy import Row, TableClause

# What was sent longer ago has been answered, or read on its account, or never will be.
_IN_FLIGHT = timedelta(minutes=5)
_ATTACHED = "backup"
_TRIED = timedelta(seconds=30)  # for a moment in which nobody else is in the store


def restore(url: str, file: Path, *, replace: bool) -> Contents:
    """Put the backup in the place of all that the store holds; nobody holds a lease afterwards.

    replace: whether that is wanted where the store knows posts already. All of it is done, or nothing. Raises
    UserError where there is no such file, RefusedError where the store isn't to be replaced (now), StoreError where
    the backup or the store can't be used.
    """
    file = file.resolve()
    store = file_of(make_url(url))
    if store is not None and file in beside(store):
        raise UserError(f"{file} belongs to the state store itself: name a backup of it")
    contents = examine(file)
    if store is not None:
        _refuse_damaged(store)
    with tempfile.TemporaryDirectory(prefix="howdah-restore-") as folder:
        copy = Path(folder) / "backup.db"
        source, target = _upgraded(file, copy), Database(url)
        try:
            if store is not None:
                _attach(copy, target)
            prepare(target)
            _restore(source, target, contents, replace=replace)
        finally:
            source.close()
            target.close()
    return contents


def _refuse_damaged(store: Path) -> None:
    """A file that is damaged can't be written into."""
    if not store.is_file():
        return
    try:
        with closing(open_file(store, mode="rw")) as connection:
            wrong = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError:
        return  # not damaged, but out of reach: opening the store says so
    except sqlite3.DatabaseError as error:
        wrong = str(error)
    if wrong != "ok":
        raise StoreError(f"the state store {store} is damaged: stop howdah, move the file away, and restore once more")


def _upgraded(file: Path, copy: Path) -> Database:
    """A copy of the backup with the schema of this howdah; the backup itself stays as it is."""
    try:
        with closing(open_file(file)) as backup, closing(sqlite3.connect(copy)) as target:
            target.execute("PRAGMA synchronous=OFF")  # it is thrown away
            copy_file(backup, target)
    except sqlite3.Error as error:
        raise StoreError(f"the backup {file} can't be copied to {copy}: {error}") from error
    return prepared(copy, name=str(file))


def _attach(copy: Path, target: Database) -> None:
    """Let SQLite itself read from the backup: it copies ten times as fast as we do, and locks the store as briefly."""

    @event.listens_for(target.engine, "connect")
    def _add(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"ATTACH ? AS {_ATTACHED}", (str(copy),))
        connection.execute("PRAGMA foreign_keys=OFF")  # the backup was examined: each row needn't be again
        connection.execute("PRAGMA temp_store=FILE")  # what is needed to undo a statement of this size


def _restore(source: Database, target: Database, contents: Contents, *, replace: bool) -> None:
    now = target.now()
    with source.reading() as rows, target.writing() as connection:
        _lock(connection)
        if not replace:
            _refuse_full(connection, contents)
        _refuse_in_flight(connection, now=now)
        _empty(connection)
        if connection.dialect.name == "postgresql":
            _copy_in(connection, rows, name=target.name)
        else:
            _copy_attached(connection)
        _take_over(connection)


def _lock(connection: Connection) -> None:
    """Let nobody else in until the end of the transaction. On SQLite it has begun with that.

    All tables or none: who waited with some of them could wait for one who waits for those, and PostgreSQL would undo
    a change of either.
    """
    if connection.dialect.name != "postgresql":
        return
    tables = ", ".join(metadata.tables)
    for attempt in Retrying(
        retry=retry_if_exception(_is_in_use), wait=wait_random(0, 0.05), stop=stop_after_delay(_TRIED), reraise=True
    ):
        with attempt, connection.begin_nested():
            connection.execute(text(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE NOWAIT"))


def _is_in_use(error: BaseException) -> bool:
    return isinstance(error, OperationalError) and getattr(error.orig, "sqlstate", None) == "55P03"


def _refuse_full(connection: Connection, contents: Contents) -> None:
    known, held = (connection.scalar(select(func.count()).select_from(table)) for table in (posts, shares))
    if known:
        raise RefusedError(
            f"the state store isn't empty: it knows {known} posts and {held} shares, the backup {contents.posts} and "
            f"{contents.shares}. --force drops what it knows; back it up before"
        )


def _refuse_in_flight(connection: Connection, *, now: datetime) -> None:
    """Where a status may still be on its way its account doesn't have it yet, so that nobody would find it there."""
    in_doubt = shares.c.state.in_([str(State.SENDING), str(State.UNKNOWN)])
    just_now = shares.c.sent_at.between(now - _IN_FLIGHT, now + _IN_FLIGHT)  # and not by a clock that was wrong
    if connection.scalar(select(exists().where(in_doubt, just_now))):
        raise RefusedError(
            "a status is just being sent, or was a moment ago and its outcome isn't known: stop howdah, or try again "
            f"in {_IN_FLIGHT // timedelta(minutes=1)} minutes"
        )


def _empty(connection: Connection) -> None:
    """Remove every row. Whoever has the store open notices that it is another one: see Database.origin."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"TRUNCATE {', '.join(metadata.tables)} RESTART IDENTITY"))  # makes other files
        return
    for table in reversed(metadata.sorted_tables):
        connection.execute(table.delete())
    version = connection.execute(text("PRAGMA schema_version")).scalar_one()
    connection.execute(text(f"PRAGMA schema_version = {version + 1}"))


def _copy_in(connection: Connection, source: Connection, *, name: str) -> None:
    """Copy by COPY, five times as fast as by INSERT. One for each chunk: what takes long is cut off, see Database."""
    import psycopg

    try:
        with cast("psycopg.Connection[Any]", connection.connection.driver_connection).cursor() as cursor:
            for table, chunk in chunks_of(source):
                _copy_chunk(cursor, table, chunk)
    except psycopg.Error as error:
        raise StoreError(sentence(name, error)) from error


def _copy_chunk(cursor: psycopg.Cursor[Any], table: TableClause, rows: Iterable[Row[Any]]) -> None:
    with cursor.copy(f"COPY {table.name} ({', '.join(table.c.keys())}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _copy_attached(connection: Connection) -> None:
    """Let SQLite copy."""
    for table in copied_tables():
        theirs = table.to_metadata(MetaData(), schema=_ATTACHED)
        connection.execute(table.insert().from_select(theirs.columns.keys(), select(theirs)))


def _take_over(connection: Connection) -> None:
    """Drop the leases, whose holders are gone, say where the rows are from, and number new ones on from these."""
    for table in (accounts, sites):
        connection.execute(table.update().values(lease_owner="", lease_until=None))
    connection.execute(accounts.update().values(origin=BACKUP))
    if connection.dialect.name == "postgresql":
        for table in (shares, attempts):
            following = func.coalesce(func.max(table.c.id), 0) + 1
            sequence = func.pg_get_serial_sequence(table.name, "id")
            connection.execute(select(func.setval(sequence, following, False)).select_from(table))
