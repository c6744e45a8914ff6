"""What sites announce: kept until it is done, and known again when it is said twice."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, func, select, update

from bot.domain.models import UNDER_WAY, Asked, Share, State
from bot.store.database import Database
from bot.store.rows import select_shares, share_of
from bot.store.sites import insert_plan, new_share_row, record_locked
from bot.store.statements import insert_new
from bot.store.tables import notices, shares

if TYPE_CHECKING:
    from bot.domain.notices import KeptNotice, Notice
    from bot.domain.selecting.plan import Plan, SeenPost

# A plugin sends the same notice again for some hours; nobody can sign an old one anew.
_KEPT = timedelta(days=30)


class Notices:
    """The part of the store that notices use."""

    database: Database

    def accept_notice(self, site: str, notice: Notice, *, now: datetime) -> bool:
        """Keep a notice until it is done; False, and nothing is changed, where its id is known already."""
        row = {"post_id": notice.post_id, "again": notice.again, "received_at": now}
        with self.database.writing() as connection:
            known = select(notices.c.notice_id).where(notices.c.site == site, notices.c.notice_id == notice.id)
            if connection.scalar(known) is not None:
                return False
            insert_new(connection, notices, [{"site": site, "notice_id": notice.id, **row}])
            connection.execute(delete(notices).where(notices.c.received_at < now - _KEPT))
            return True

    def open_notices(self, sites: Collection[str], *, limit: int) -> tuple[KeptNotice, ...]:
        """The notices of these sites that are not done yet, oldest first."""
        from bot.domain.notices import KeptNotice, Notice

        query = (
            select(notices)
            .where(notices.c.done_at.is_(None), notices.c.site.in_(sites))
            .order_by(notices.c.received_at, notices.c.notice_id)
            .limit(limit)
        )
        with self.database.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return tuple(
            KeptNotice(
                site=row["site"],
                notice=Notice(id=row["notice_id"], post_id=row["post_id"], again=row["again"]),
                since=row["received_at"],
            )
            for row in rows
        )

    def end_notice(self, site: str, notice_id: str, *, now: datetime) -> None:
        """A notice is done."""
        with self.database.writing() as connection:
            _end(connection, site, notice_id, now=now)

    def add_found(self, plan: Plan, *, now: datetime) -> tuple[Share, ...]:
        """Record posts that were found beside the looks; the cursor, and when to look next, stay."""
        with self.database.writing() as connection:
            return insert_plan(connection, plan, now=now)

    def hasten(self, site: str, post_id: int, *, now: datetime) -> None:
        """Let what only waits to settle come due now. Neither history nor updated_at tells of it, as with put_off()."""
        untried = (shares.c.attempts == 0) & (shares.c.error == "") & (shares.c.asked == "")
        waiting = (shares.c.site == site) & (shares.c.post_id == post_id) & (shares.c.state == str(State.PENDING))
        with self.database.writing() as connection:
            sooner = update(shares).where(waiting, untried, shares.c.next_attempt_at > now)
            connection.execute(sooner.values(next_attempt_at=now))

    def share_again(
        self, site: str, notice: Notice, post: SeenPost, *, accounts: Collection[str], now: datetime
    ) -> tuple[Share, ...]:
        """Add a share by hand with the next number on each account on which none is under way, and end the notice.

        All or nothing; nothing where the notice is done already.
        """
        mine = (shares.c.site == site) & (shares.c.post_id == post.id)
        with self.database.writing() as connection:
            if not _end(connection, site, notice.id, now=now):
                return ()
            record_locked(connection, site, post, now=now)
            newest = connection.scalar(select(func.max(shares.c.id))) or 0
            for account in accounts:
                here = mine & (shares.c.account == account)
                if connection.scalar(select(shares.c.id).where(here, shares.c.state.in_(UNDER_WAY)).limit(1)):
                    continue
                last = connection.scalar(select(func.max(shares.c.number)).where(here)) or 0
                row = new_share_row(site, post.id, account, now=now) | {"number": last + 1, "asked": str(Asked.NAMED)}
                connection.execute(shares.insert(), [row])
            query = select_shares().where(mine, shares.c.id > newest).order_by(shares.c.id)
            return tuple(share_of(row) for row in connection.execute(query))


def _end(connection: Connection, site: str, notice_id: str, *, now: datetime) -> bool:
    """Whether the notice was there and not done yet; it is done now."""
    this = (notices.c.site == site) & (notices.c.notice_id == notice_id)
    return (
        connection.execute(update(notices).where(this, notices.c.done_at.is_(None)).values(done_at=now)).rowcount == 1
    )
