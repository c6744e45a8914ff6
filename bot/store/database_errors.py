"""What a database complains about, in one sentence for a person."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import SQLAlchemyError, StatementError

from bot.errors import StoreError

_FULL = "the disk is full: {store} can't be written. Free some space; nothing that was recorded is lost"
_UNREACHABLE = "{store} can't be reached: does its server run, and is its address right in state.url?"
_REFUSED = "{store} refuses this user and password: write the right ones into state.url, or into PGPASSWORD"
_NOT_THERE = "{store} isn't there: let the server's administrator make the database and its user, or correct state.url"
_CROWDED = "{store} has no connection left for howdah: raise max_connections, or run fewer programs on that server"
_SILENT = "{store} doesn't answer: its server hangs, or the network on the way. howdah goes on once it answers"
_STANDBY = "{store} is read-only. Is it a standby? howdah has to write: name the primary server"
_UNDONE = "{store} undid a change, since another program had locked the same rows in another order: make it again"
_CUT = "{store} cut the connection: its server was stopped, or is just starting. howdah goes on once it runs"

# What SQLite or PostgreSQL says, or PostgreSQL's code for it → what it means and what to do. It names the store.
# A code where there is one: a server may speak another language. Of what happens while connecting there are only words.
_SENTENCES = (
    ("disk is full", _FULL),
    ("no space left", _FULL),
    ("53100", _FULL),
    ("readonly database", "{store} is read-only. Give the user that howdah runs as the right to write it"),
    ("read-only transaction", _STANDBY),
    ("25006", _STANDBY),
    ("unable to open", "{store} can't be opened. Check its folder, and the right to read and write there"),
    ("not a database", "{store} is not an SQLite database, or it is damaged. Restore a backup, or name another file"),
    ("malformed", "{store} is damaged. Stop howdah and restore a backup"),
    ("disk i/o error", "{store} can't be read or written: the disk reports an error"),
    ("locked", "{store} is locked by another program for too long. Is a backup or a database browser open on it?"),
    ("connection refused", _UNREACHABLE),
    ("failed to resolve host", _UNREACHABLE),
    ("no such file or directory", _UNREACHABLE),
    ("no route to host", _UNREACHABLE),
    ("network is unreachable", _UNREACHABLE),
    ("password authentication failed", _REFUSED),
    ("no password supplied", _REFUSED),
    ("no pg_hba.conf entry", "{store} doesn't let this user in from here: its administrator does so in pg_hba.conf"),
    ("fatal: database", _NOT_THERE),
    ("fatal: role", _NOT_THERE),
    ("42501", "{store} can't be used: {said}. Let its administrator make howdah's user the owner of the database"),
    ("too many clients", _CROWDED),
    ("too many connections", _CROWDED),
    ("connection slots are reserved", _CROWDED),
    ("queuepool limit", "{store} is slow: no connection became free in time. Is its server short of something?"),
    ("57014", "{store} is slow: a statement took too long, or waited too long for another program's lock"),
    ("no answer for", _SILENT),
    ("timeout expired", _SILENT),
    ("fatal: the database system is", _CUT),
    ("closed the connection", _CUT),
    ("57p01", _CUT),
    ("40p01", _UNDONE),
    ("55p03", "{store} is in use by others all the time, so that it can't be replaced: stop howdah, and try again"),
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
    if isinstance(error, UnicodeError):
        return f"a text isn't UTF-8, so that it can't be kept in the state store {store}: {error}"
    # Only the cause: SQLAlchemy's own text quotes the statement and all its parameters.
    cause = error.orig if isinstance(error, StatementError) and error.orig is not None else error
    said, code = _said(cause)
    meant = next((text for sign, text in _SENTENCES if sign == code or sign in said.lower()), "")
    what = meant or "{store} can't be used: {said}"
    return what.format(store=f"the state store {store}", said=said)


def _said(cause: BaseException) -> tuple[str, str]:
    """The database's own words in one line, and PostgreSQL's code for them in small letters."""
    diagnosis = getattr(cause, "diag", None)
    words = getattr(diagnosis, "message_primary", None) or str(cause)  # not its details: they quote statements
    return " ".join(words.split()), str(getattr(cause, "sqlstate", None) or "").lower()
