"""What the status page and the API ask: shares page by page, and what was shared day by day."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, TextClause, and_, case, func, or_, select, type_coerce

from bot.domain.models import DELAYS, Day, PageKey, SharePage, State
from bot.store.database import Database
from bot.store.decisions import Decisions
from bot.store.rows import select_shares, share_of
from bot.store.statements import unindexed
from bot.store.tables import TO_LIST, posts, share_counts, shares

# A search looks through so many shares at a time: what it costs doesn't grow with the store.
SEARCHED_AT_ONCE = 20_000
_DAY = 86_400_000  # milliseconds
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEWEST = (shares.c.created_at.desc(), shares.c.id.desc())


class Pages(Decisions):
    """The part of the store that pages use."""

    database: Database

    def page(
        self,
        *,
        site: str | None = None,
        account: str | None = None,
        state: State | None = None,
        search: str = "",
        after: PageKey | None = None,
        remembered: bool = True,
        limit: int,
    ) -> SharePage:
        """Shares by these conditions, newest first (by creation, then id), from a key on."""
        asked = {"site": site, "account": account, "state": str(state) if state is not None else None}
        wanted = {name: value for name, value in asked.items() if value is not None}
        where = [*self._led(wanted, remembered=remembered), *([_older(after)] if after is not None else [])]
        with self.database.reading() as connection:
            bound = connection.execute(_searched_last(where)).first() if search else None
            reached = [~_older((bound[0], bound[1]))] if bound is not None else []
            query = select_shares().where(*where, *reached, *_matching(search)).order_by(*_NEWEST).limit(limit + 1)
            found = tuple(share_of(row) for row in connection.execute(query))
        if len(found) > limit:
            return SharePage(shares=found[:limit], next=(found[limit - 1].created_at, found[limit - 1].id))
        return SharePage(shares=found, next=(bound[0], bound[1]) if bound is not None else None)

    def remembered(self, *, site: str | None = None, account: str | None = None) -> int:
        """How many shares the first looks only remembered."""
        asked = {share_counts.c.site: site, share_counts.c.account: account}
        wanted = [column == value for column, value in asked.items() if value is not None]
        with self.database.reading() as connection:
            return int(connection.scalar(select(func.sum(share_counts.c.remembered)).where(*wanted)) or 0)

    def days(self, *, since: datetime) -> tuple[Day, ...]:
        """What was shared and what failed, by the day (UTC) that it was queued on, oldest first."""
        with self.database.reading() as connection:
            rows = connection.execute(_by_day(since)).all()
        return tuple(
            Day(date=(_EPOCH + timedelta(days=day)).date(), shared=shared, failed=failed, delays=tuple(delays))
            for day, shared, failed, *delays in rows
        )

    def published_at(self, site: str, post_id: int) -> datetime | None:
        """When a post was published; None where that isn't known."""
        query = select(posts.c.published_at).where(posts.c.site == site, posts.c.post_id == post_id)
        with self.database.reading() as connection:
            found: datetime | None = connection.scalar(query)
        return found

    def _led(self, wanted: Mapping[str, str], *, remembered: bool) -> Iterator[ColumnElement[bool] | TextClause]:
        """The conditions. SQLite has no statistics: there the one that the fewest shares meet leads, by its index."""
        counted = self.database.engine.dialect.name == "sqlite"
        leading = self._fewest(wanted, remembered=remembered) if counted else None
        for name, value in wanted.items():
            yield (shares.c[name] if leading in (name, None) else unindexed(shares.c[name])) == value
        if not remembered:
            yield TO_LIST

    def _fewest(self, wanted: Mapping[str, str], *, remembered: bool) -> str:
        """The name of the condition that the fewest shares meet; '' where fewer are to be listed at all."""
        if len(wanted) + (not remembered) < 2:
            return next(iter(wanted), "")
        number = share_counts.c.number
        counted: dict[str, ColumnElement[int]] = {} if remembered else {"": number - share_counts.c.remembered}
        for name, value in wanted.items():
            counted[name] = case((share_counts.c[name] == value, number), else_=0)
        with self.database.reading() as connection:
            numbers = connection.execute(select(*map(func.sum, counted.values()))).one()
        return min(zip(counted, numbers, strict=True), key=lambda found: found[1] or 0)[0]


def _older(key: PageKey) -> ColumnElement[bool]:
    """What comes after a key in a list that begins with the newest."""
    at, number = key
    return or_(shares.c.created_at < at, and_(shares.c.created_at == at, shares.c.id < number))


def _searched_last(where: list[ColumnElement[bool] | TextClause]) -> Select[Any]:
    """The last of the shares that a search looks through; none where it comes to the end."""
    query = select(shares.c.created_at, shares.c.id).where(*where).order_by(*_NEWEST)
    return query.offset(SEARCHED_AT_ONCE - 1).limit(1)


def _matching(search: str) -> Iterator[ColumnElement[bool]]:
    """In the title or the link, whatever its case; or the post's id."""
    if search:
        words = [posts.c.title.icontains(search, autoescape=True), posts.c.link.icontains(search, autoescape=True)]
        yield or_(*words, *([shares.c.post_id == int(search)] if _is_id(search) else []))


def _is_id(search: str) -> bool:
    return search.isascii() and search.isdigit() and len(search) <= 18


def _by_day(since: datetime) -> Select[Any]:
    day = type_coerce(shares.c.created_at, BigInteger) // _DAY
    is_failed = shares.c.state == str(State.FAILED)
    sent = ~is_failed & shares.c.sent_at.is_not(None)
    took = type_coerce(shares.c.sent_at, BigInteger) - type_coerce(posts.c.published_at, BigInteger)
    steps = [-(2**62), *(int(bound.total_seconds() * 1000) for bound in DELAYS), 2**62]
    delays = (_number(sent & (shares.c.asked == "") & (took >= low) & (took < high)) for low, high in pairwise(steps))
    columns: list[ColumnElement[Any]] = [day, _number(sent), _number(is_failed), *delays]
    return (
        select(*columns)
        .join_from(shares, posts, (shares.c.site == posts.c.site) & (shares.c.post_id == posts.c.post_id))
        .where(shares.c.state.in_([str(State.SHARED), str(State.FAILED)]), shares.c.created_at >= since)
        .group_by(day)
        .order_by(day)
    )


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))
