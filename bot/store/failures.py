"""What a database complains about, in one sentence for a person."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError, StatementError

from bot.errors import StoreError

# What SQLite says, or PostgreSQL → what it means and what to do. It names the store.
_SENTENCES = (
    ("disk is full", "the disk is full: {store} can't be written. Free some space; nothing that was recorded is lost"),
    ("no space left", "the disk is full: {store} can't be written. Free some space; nothing that was recorded is lost"),
    ("readonly database", "{store} is read-only. Give the user that howdah runs as the right to write it"),
    ("read-only transaction", "{store} is read-only. Is it a standby? howdah has to write: name the primary server"),
    ("unable to open", "{store} can't be opened. Check its folder, and the right to read and write there"),
    ("not a database", "{store} is not an SQLite database, or it is damaged. Restore a backup, or name another file"),
    ("malformed", "{store} is damaged. Stop howdah and restore a backup"),
    ("disk i/o error", "{store} can't be read or written: the disk reports an error"),
    ("locked", "{store} is locked by another program for too long. Is a backup or a database browser open on it?"),
)


@contextmanager
def translated(store: str) -> Iterator[None]:
    """Turn every error of the database below into a StoreError that names the store."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, UnicodeError, OverflowError) as error:
        # The last two: text or numbers that no database takes, which sqlite3 lets through as they are.
        raise StoreError(sentence(store, error)) from error


def sentence(store: str, error: Exception) -> str:
    """What went wrong with the store, and what to do."""
    # Only the cause: SQLAlchemy's own text quotes the statement and all its parameters.
    cause = error.orig if isinstance(error, StatementError) and error.orig is not None else error
    said = " ".join(str(cause).split())
    meant = next((text for sign, text in _SENTENCES if sign in said.lower()), "")
    what = meant or "{store} can't be used: {said}"
    return what.format(store=f"the state store {store}", said=said)
