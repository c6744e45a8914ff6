"""The addresses that the config gives to its names: what is remembered of another address isn't true any more."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Connection, Table, select, update

from bot.store.accounts import recovered
from bot.store.database import Database
from bot.store.followed import stop_following
from bot.store.statements import insert_new
from bot.store.tables import accounts, shares, sites

_UNKNOWN_ACCOUNT = recovered() | {
    "limits": None,
    "limits_at": None,
    "statuses_remaining": None,
    "statuses_reset_at": None,
    "media_remaining": None,
    "media_reset_at": None,
    "latest_id": None,
    "latest_at": None,
}


_INSTANCE = accounts.c.instance


class Addresses:
    """The part of the store that the wiring uses."""

    database: Database

    def note_addresses(self, *, sites: Mapping[str, str], accounts: Mapping[str, str], now: datetime) -> None:
        """Note the address of each site and the instance of each account; forget what was remembered of others."""
        kinds = _kinds(sites, accounts)
        with self.database.reading() as connection:
            unmoved = not any(_moved(connection, column, known) for column, known, _ in kinds)
        if unmoved:
            return
        begins = {"origin": self.database.origin(), "unproven_before": now}
        with self.database.writing() as connection:
            for column, known, unknown in kinds:
                _note(connection, column, known, unknown=unknown, begins=begins if column is _INSTANCE else {})


_Kind = tuple[Column[str], Mapping[str, str], dict[str, Any]]


def _kinds(site_urls: Mapping[str, str], instances: Mapping[str, str]) -> tuple[_Kind, _Kind]:
    """Where an address is kept, which ones there are, and what is forgotten with an old one."""
    return (sites.c.url, site_urls, {"root": ""}), (_INSTANCE, instances, _UNKNOWN_ACCOUNT)


def _moved(connection: Connection, column: Column[str], known: Mapping[str, str]) -> dict[str, str]:
    """The names whose address isn't the one that is kept, with the one that is kept ('' where none is)."""
    rows = connection.execute(select(_table(column).c.name, column))
    kept: dict[str, str] = {name: address for name, address in rows}  # noqa: C416 - rows are tuples only to the eye
    return {name: kept.get(name, "") for name, address in known.items() if kept.get(name) != address}


def _note(
    connection: Connection,
    column: Column[str],
    known: Mapping[str, str],
    *,
    unknown: dict[str, Any],
    begins: dict[str, Any],
) -> None:
    """unknown: what is forgotten with another address; begins: what is known from the first moment."""
    table = _table(column)
    # In one order, or two processes that note the same names would wait for each other.
    for name, before in sorted(_moved(connection, column, known).items()):
        insert_new(connection, table, [{"name": name}])
        values = {column.name: known[name]} | begins | (unknown if before else {})
        connection.execute(update(table).where(table.c.name == name).values(values))
        if before:
            stop_following(connection, (shares.c.site if table is sites else shares.c.account) == name)


def _table(column: Column[str]) -> Table:
    table = column.table
    assert isinstance(table, Table)  # noqa: S101 - for the type checker: every column here is a table's
    return table
