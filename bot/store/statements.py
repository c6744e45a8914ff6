"""Building blocks that differ between databases, or that several statements share."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, case, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.models import RateLimit
from bot.store.tables import accounts

# SQLite's bound on variables in one statement is far above this.
_CHUNK = 500


def insert_new(connection: Connection, table: Table, rows: Collection[dict[str, Any]]) -> None:
    """Insert rows; those that are there already are left as they are."""
    if rows:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(table).on_conflict_do_nothing(), list(rows))


def remember(connection: Connection, account: str, values: dict[str, Any]) -> None:
    """Set columns of an account, which may be new."""
    insert_new(connection, accounts, [{"name": account}])
    connection.execute(update(accounts).where(accounts.c.name == account).values(values))


def rate_columns(kind: str, rate: RateLimit | None, *, now: datetime) -> dict[str, Any]:
    """An account's columns for what an answer said is left of its `statuses` or `media`.

    An answer that says nothing changes nothing, but for what is over: a window whose reset is past.
    """
    remaining, reset_at = accounts.c[f"{kind}_remaining"], accounts.c[f"{kind}_reset_at"]
    if rate is not None:
        return {remaining.name: rate.remaining, reset_at.name: rate.reset_at}
    runs = reset_at > now
    return {remaining.name: case((runs, remaining)), reset_at.name: case((runs, reset_at))}


def chunks(values: Collection[Any]) -> Iterator[tuple[Any, ...]]:
    """Values in pieces that fit into one statement."""
    ordered = list(values)
    return (tuple(ordered[start : start + _CHUNK]) for start in range(0, len(ordered), _CHUNK))
