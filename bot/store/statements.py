"""Building blocks that differ between databases, or that several statements share."""

from collections.abc import Callable, Collection, Iterator
from hashlib import sha256
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Table, bindparam, update

from bot.domain.models import RateLimit
from bot.domain.text.links import normalise
from bot.store.tables import Instant, accounts

# SQLite's bound on variables in one statement is far above this.
_CHUNK = 500
MOST = 2**31 - 1  # PostgreSQL's integers end there
_LONGEST_KEY = 2000  # bytes; PostgreSQL's indexes take some 2,700
_ACCOUNT = update(accounts).where(accounts.c.name == bindparam("is_name"))
# The parameters of statements that are built once.
NOW = bindparam("now", type_=Instant)
SITES: BindParameter[Any] = bindparam("sites", expanding=True)


def insert_new(connection: Connection, table: Table, rows: Collection[dict[str, Any]]) -> None:
    """Insert rows; those that are there already are left as they are."""
    if not rows:
        return
    connection.execute(_insert(connection)(table).on_conflict_do_nothing(), list(rows))


def insert_or_set(connection: Connection, table: Table, rows: Collection[dict[str, Any]], **values: Any) -> None:
    """Insert rows; of those that are there already, by their primary key, only these columns are set."""
    if not rows:
        return
    insert = _insert(connection)(table)
    connection.execute(insert.on_conflict_do_update(index_elements=table.primary_key, set_=values), list(rows))


def _insert(connection: Connection) -> Callable[[Table], Any]:
    """The dialect's own insert. The connection's is loaded already; the other would cost time for nothing."""
    if connection.dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert
    from sqlalchemy.dialects import sqlite

    return sqlite.insert


def remember(connection: Connection, account: str, values: dict[str, Any]) -> None:
    """Set columns of an account, which may be new."""
    where = {"is_name": account}
    if connection.execute(_ACCOUNT, values | where).rowcount == 0:
        insert_new(connection, accounts, [{"name": account}])
        connection.execute(_ACCOUNT, values | where)


def rate_columns(kind: str, rate: RateLimit | None) -> dict[str, Any]:
    """An account's columns for what an answer said is left of its `statuses` or `media`: none where it said nothing."""
    if rate is None:
        return {}
    return {f"{kind}_remaining": min(rate.remaining, MOST), f"{kind}_reset_at": rate.reset_at}


def link_key(link: str) -> str:
    """What a link is looked up by: normalised, and a digest of it where it is longer than indexes take."""
    key = normalise(link)
    return key if len(key.encode()) <= _LONGEST_KEY else sha256(key.encode()).hexdigest()


def chunks(values: Collection[Any]) -> Iterator[tuple[Any, ...]]:
    """Values in pieces that fit into one statement."""
    ordered = list(values)
    return (tuple(ordered[start : start + _CHUNK]) for start in range(0, len(ordered), _CHUNK))


def unindexed(column: ColumnElement[str]) -> ColumnElement[str]:
    """The same text, by an expression that no index is on.

    SQLite knows nothing of how many rows a value has, and would go through all of a site's where few are wanted.
    """
    return column.concat("")
