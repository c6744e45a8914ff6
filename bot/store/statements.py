"""Building blocks that differ between databases, or that several statements share."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

# SQLite's bound on variables in one statement is far above this.
_CHUNK = 500


def insert_new(connection: Connection, table: Table, rows: Collection[dict[str, Any]]) -> None:
    """Insert rows; those that are there already are left as they are."""
    if rows:
        dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
        connection.execute(dialect.insert(table).on_conflict_do_nothing(), list(rows))


def chunks(values: Collection[Any]) -> Iterator[tuple[Any, ...]]:
    """Values in pieces that fit into one statement."""
    ordered = list(values)
    return (tuple(ordered[start : start + _CHUNK]) for start in range(0, len(ordered), _CHUNK))
