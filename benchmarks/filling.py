"""A store with years of shares, of another site than those of the stage."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import BigInteger, ColumnElement, Connection, String, cast, insert, literal, select, type_coerce

from bot.domain.models import Status
from bot.domain.selecting.plan import SeenPost
from bot.store import open_store
from bot.store.sites import new_share_row, seen_row
from bot.store.tables import Instant, posts, shares

SITE, ACCOUNT = "old", "bench"
_ADDRESS = "https://old.example/"
_BATCH = 20_000  # what PostgreSQL does within the time that a statement may take
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def fill(url: str, number: int) -> None:
    """Put so many shared shares into a store, one a minute, the newest an hour old; the store is made if need be."""
    store = open_store(url)
    newest = (datetime.now(UTC) - timedelta(hours=1) - _EPOCH) // _MILLISECOND
    for begun in range(0, number, _BATCH):
        with store.database.writing() as connection:
            _batch(connection, begun + 1, min(begun + _BATCH, number), epoch=newest - number * 60_000)
    if store.database.engine.dialect.name == "postgresql":
        with store.database.writing() as connection:  # as the server does by itself from time to time
            connection.exec_driver_sql("ANALYZE")
    store.close()


def _batch(connection: Connection, first: int, last: int, *, epoch: int) -> None:
    begun = select(literal(first, BigInteger).label("number")).cte("numbers", recursive=True)
    numbers = begun.union_all(select(begun.c.number + 1).where(begun.c.number < last))
    at = type_coerce(literal(epoch, BigInteger) + numbers.c.number * 60_000, Instant)
    link: ColumnElement[str] = literal(_ADDRESS) + cast(numbers.c.number, String)
    post = SeenPost(id=1, link="", title="A post", published_at=_EPOCH, modified_at=_EPOCH)
    seen = seen_row(SITE, post, now=_EPOCH) | {"post_id": numbers.c.number, "link": link, "link_key": link}
    seen |= dict.fromkeys(("published_at", "modified_at", "first_seen_at"), at)
    share = new_share_row(SITE, 1, ACCOUNT, now=_EPOCH) | {"post_id": numbers.c.number, "state": "shared"}
    share |= {"url": literal("https://social.example/") + cast(numbers.c.number, String), "next_attempt_at": None}
    share |= {"status_id": cast(numbers.c.number, String), "status": json.dumps(asdict(Status(text="A post")))}
    share |= dict.fromkeys(("sent_at", "created_at", "updated_at"), at)
    for table, row in ((posts, seen), (shares, share)):
        connection.execute(insert(table).from_select(list(row), select(*_values(table, row)).select_from(numbers)))


def _values(table: Any, row: dict[str, Any]) -> list[Any]:
    return [
        value.label(name) if isinstance(value, ColumnElement) else literal(value, table.c[name].type).label(name)
        for name, value in row.items()
    ]
