"""Shared posts that are followed: which are due for a look, and how it stands with them."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import ColumnElement, Connection, Row, Select, func, or_, select

from bot.domain.models import LONGEST_PUT_OFF, Followed, Share, State
from bot.store.accounts import site_rests
from bot.store.database import Database
from bot.store.rows import select_shares, share_from
from bot.store.statements import insert_or_set, unindexed
from bot.store.tables import FAILING, followed, posts, shares

_SHARED = str(State.SHARED)
# What a post's date may be ahead of the making of its share: a site's clock, and time zones.
_DRIFT = timedelta(days=3)
# So many are told of; some of them are seen to before the others are.
_MOST_FAILING = 100
# Before anything was gone. SQLite, which has no statistics, reads every row for "not NULL", index or not.
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_KEPT = [name for name in Followed.__struct_fields__ if name != "share_id"]


class Following:
    """The part of the store that following uses."""

    database: Database

    def to_follow(
        self, account: str, *, sites: Collection[str], since: datetime, now: datetime, limit: int
    ) -> tuple[tuple[Share, Followed], ...]:
        """The account's shared shares whose posts are due for a look, those that wait longest first."""
        query = (
            _followable(sites, since=since)
            .where(shares.c.id.in_(_due(shares.c.account == account, since=since, now=now)), ~site_rests())
            .where(shares.c.id > _newest_older(since))  # said here, too: PostgreSQL would join all shares with those
            .order_by(followed.c.next_check_at.is_not(None), followed.c.next_check_at, shares.c.id)
            .limit(limit)
        )
        with self.database.reading() as connection:
            return tuple(_pair(row) for row in connection.execute(query, {"now": now}))

    def accounts_to_follow(self, accounts: Collection[str], *, since: datetime, now: datetime) -> frozenset[str]:
        """Which of these accounts have shared shares that are due for a look, by whatever site and status they have."""
        mine = shares.c.account.in_(accounts)
        due = _due(mine, since=since, now=now).with_only_columns(shares.c.account).distinct()
        with self.database.reading() as connection:
            return frozenset(connection.scalars(due))

    def failing_to_follow(
        self, accounts: Collection[str], *, sites: Collection[str], since: datetime, least: int
    ) -> tuple[tuple[Share, Followed], ...]:
        """Some of those that to_follow() tells of one day, of which so many looks, or edits, in a row failed."""
        often = FAILING & or_(followed.c.unread >= least, followed.c.failures >= least)
        failing = select(followed.c.share_id).where(often, followed.c.next_check_at.is_not(None))
        mine = unindexed(shares.c.account).in_(accounts) & (unindexed(shares.c.state) == _SHARED)
        query = _followable(sites, since=since).where(shares.c.id.in_(failing), mine).order_by(shares.c.id)
        with self.database.reading() as connection:
            return tuple(_pair(row) for row in connection.execute(query.limit(_MOST_FAILING)))

    def followed(self, share_id: int) -> Followed | None:
        """How it stands with following a share; None for one that was never looked at."""
        query = select(followed).where(followed.c.share_id == share_id)
        with self.database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Followed(**{name: getattr(row, name) for name in Followed.__struct_fields__})

    def keep_following(self, followed: Collection[Followed]) -> None:
        """Remember how it stands with these shares."""
        with self.database.writing() as connection:
            for one in followed:
                _keep(connection, one)

    def gone(self, account: str, site: str, *, since: datetime) -> int:
        """How many posts of a site are gone and still followed, or were gone since an instant."""
        recent = or_(followed.c.next_check_at.is_not(None), followed.c.gone_since > since)
        missing = select(followed.c.share_id).where(followed.c.gone_since > _EVER, recent)
        mine = (unindexed(shares.c.account) == account) & (unindexed(shares.c.site) == site)
        query = select(func.count()).select_from(shares).where(shares.c.id.in_(missing), mine)
        with self.database.reading() as connection:
            return connection.scalar(query) or 0


def _followable(sites: Collection[str], *, since: datetime) -> Select[Any]:
    """Shares with a status that was made here, of posts of these sites that are young enough, and what is kept."""
    made_here = (shares.c.status_id != "") & shares.c.status.is_not(None)
    return (
        select_shares()
        .add_columns(*(followed.c[name].label(f"followed_{name}") for name in _KEPT))
        .outerjoin(followed, followed.c.share_id == shares.c.id)
        .where(unindexed(shares.c.site).in_(sites), made_here)
        .where(func.coalesce(posts.c.published_at, shares.c.created_at) > since)
    )


def _due(mine: ColumnElement[bool], *, since: datetime, now: datetime) -> Select[Any]:
    """The ids of an account's shared shares that are due for a look, and some of posts that are too old by now.

    Two indexes tell: of the many that were looked at lately no row is read. Ids grow with time, so that they lead past
    all that is older. What only a clock that was ahead can have put off is due too.
    """
    at = followed.c.next_check_at
    due = or_(followed.c.share_id.is_(None), at <= now, at > now + LONGEST_PUT_OFF)
    return (
        select(shares.c.id)
        .outerjoin(followed, followed.c.share_id == shares.c.id)
        .where(mine, shares.c.state == _SHARED, shares.c.next_attempt_at.is_(None), due)
        .where(shares.c.id > _newest_older(since))
    )


def _newest_older(since: datetime) -> ColumnElement[int]:
    """The id of the newest share that is too old to be followed; 0 where there is none."""
    older = select(shares.c.id).where(shares.c.created_at <= since - _DRIFT).order_by(shares.c.created_at.desc())
    return func.coalesce(older.limit(1).scalar_subquery(), 0)


def stop_following(connection: Connection, which: ColumnElement[bool]) -> None:
    """Follow none of the shared shares for which this holds any more."""
    shared = select(shares.c.id).where(shares.c.state == _SHARED, which)
    ended = [asdict(Followed(share_id=number)) for number in connection.scalars(shared)]
    insert_or_set(connection, followed, ended, next_check_at=None)


def _keep(connection: Connection, one: Followed) -> None:
    row = asdict(one)
    insert_or_set(connection, followed, [row], **{name: row[name] for name in _KEPT})


def _pair(row: Row[Any]) -> tuple[Share, Followed]:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public way to a row's columns
    kept = {name: values.pop(f"followed_{name}") for name in _KEPT}
    return share_from(values), Followed(
        share_id=values["id"], **{name: value for name, value in kept.items() if value is not None}
    )
