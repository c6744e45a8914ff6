"""What comes from before howdah: posts that others have shared, and older ones that are queued by hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, delete, exists, insert, select, update

from bot.domain.models import Asked, ReadBack, State
from bot.store.database import Database
from bot.store.sites import new_share_row, seen_row
from bot.store.statements import chunks, insert_new
from bot.store.tables import attempts, posts, read_backs, shares

if TYPE_CHECKING:
    from bot.domain.selecting.plan import Mark, SeenPost

_SKIPPED = str(State.SKIPPED)


class MovingIn:
    """The part of the store that adopting, importing and backfilling use."""

    database: Database

    def add_shared(
        self, site: str, account: str, marks: Collection[Mark], *, note: str, now: datetime
    ) -> frozenset[int]:
        """Record posts as shared on an account that have no share there; returns their ids."""
        added: set[int] = set()
        with self.database.writing() as connection:
            for chunk in chunks(list({mark.post.id: mark for mark in marks}.values())):
                added |= _add_shared(connection, site, account, chunk, note=note, now=now)
        return frozenset(added)

    def read_back(self, site: str, account: str) -> ReadBack | None:
        """How far the account's statuses were read back for the site's posts; None where nothing is left to be read."""
        with self.database.reading() as connection:
            row = connection.execute(select(read_backs).where(_lane(site, account))).one_or_none()
        return ReadBack(newest=row.newest, before=row.before) if row is not None else None

    def keep_read_back(self, site: str, account: str, reached: ReadBack | None) -> None:
        """Remember how far they were read back; None where they were read to the first."""
        with self.database.writing() as connection:
            connection.execute(delete(read_backs).where(_lane(site, account)))
            if reached is not None:
                row = {"site": site, "account": account, "newest": reached.newest, "before": reached.before}
                connection.execute(insert(read_backs), [row])

    def unshared(self, site: str, account: str, ids: Collection[int]) -> frozenset[int]:
        """Which of these posts have no share on the account, but for one that a look has skipped."""
        with self.database.reading() as connection:
            return _unshared(connection, site, account, ids)

    def add_backfill(self, site: str, account: str, found: Collection[SeenPost], *, now: datetime) -> int:
        """Queue those of these posts that are unshared, behind all that is new; returns how many that were."""
        with self.database.writing() as connection:
            free = _unshared(connection, site, account, [post.id for post in found])
            wanted = list({post.id: post for post in found if post.id in free}.values())
            insert_new(connection, posts, [seen_row(site, post, now=now) for post in wanted])
            for chunk in chunks(wanted):
                _take_up_skipped(connection, site, account, [post.id for post in chunk], now=now)
            rows = [new_share_row(site, post.id, account, now=now) | {"asked": str(Asked.BACKFILL)} for post in wanted]
            insert_new(connection, shares, rows)
        return len(wanted)


def _add_shared(
    connection: Connection, site: str, account: str, marks: Sequence[Mark], *, note: str, now: datetime
) -> set[int]:
    mine = _of(site, account, [mark.post.id for mark in marks])
    there = set(connection.scalars(select(shares.c.post_id).where(mine)))
    new = [mark for mark in marks if mark.post.id not in there]
    insert_new(connection, posts, [seen_row(site, mark.post, now=now) for mark in new])
    insert_new(connection, shares, [_shared_row(site, account, mark, now=now) for mark in new])
    # On PostgreSQL a look may have added one of them meanwhile: that one isn't ours.
    ours = (shares.c.state == str(State.SHARED)) & (shares.c.created_at == now) & shares.c.post_id.not_in(there)
    rows = connection.execute(select(shares.c.post_id, shares.c.id).where(mine, ours)).all()
    added = {row[0]: row[1] for row in rows}
    _note(connection, account, added.values(), outcome="adopted", detail=note, now=now)
    return set(added)


def _shared_row(site: str, account: str, mark: Mark, *, now: datetime) -> dict[str, Any]:
    return new_share_row(site, mark.post.id, account, now=now) | {
        "state": str(State.SHARED),
        "url": mark.url,
        "status_id": mark.status_id,
        "next_attempt_at": None,
    }


def _unshared(connection: Connection, site: str, account: str, ids: Collection[int]) -> frozenset[int]:
    taken: set[int] = set()
    for chunk in chunks(ids):
        taken.update(connection.scalars(select(shares.c.post_id).where(_of(site, account, chunk), ~_skipped_by_look())))
    return frozenset(ids) - taken


def _take_up_skipped(connection: Connection, site: str, account: str, ids: Collection[int], *, now: datetime) -> None:
    """Queue the shares that a look has skipped."""
    skipped = _of(site, account, ids) & _skipped_by_look()
    found = list(connection.scalars(select(shares.c.id).where(skipped)))
    values = {
        "state": str(State.PENDING),
        "error": "",
        "asked": str(Asked.BACKFILL),
        "next_attempt_at": now,
        "updated_at": now,
    }
    connection.execute(update(shares).where(shares.c.id.in_(found)).values(values))
    _note(connection, account, found, outcome="queued", detail="backfill", now=now)


def _note(
    connection: Connection, account: str, share_ids: Collection[int], *, outcome: str, detail: str, now: datetime
) -> None:
    line = {"account": account, "at": now, "step": "decide", "outcome": outcome, "detail": detail}
    rows = [line | {"share_id": number} for number in share_ids]
    if rows:
        connection.execute(insert(attempts), rows)


def _of(site: str, account: str, ids: Collection[int]) -> ColumnElement[bool]:
    return (shares.c.site == site) & (shares.c.account == account) & shares.c.post_id.in_(ids)


def _lane(site: str, account: str) -> ColumnElement[bool]:
    return (read_backs.c.site == site) & (read_backs.c.account == account)


def _skipped_by_look() -> ColumnElement[bool]:
    """Skipped when it was first seen, and never touched since: nobody has decided about it."""
    return (shares.c.state == _SKIPPED) & ~exists().where(attempts.c.share_id == shares.c.id)
