"""Statuses that were read from an account and belong to no share: what the world has that the store doesn't know."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select

from bot.domain.models import FoundStatus, Listing, OwnStatus
from bot.store.database import Database
from bot.store.shares import known_ids
from bot.store.statements import insert_new, link_key, remember
from bot.store.tables import accounts, shares, statuses

# Built once: it runs for every status, and building a statement takes longer than running it.
_WITH_LINK = (
    select(statuses.c.status_id, statuses.c.url, statuses.c.created_at)
    .where(statuses.c.account == bindparam("account"), statuses.c.link_key == bindparam("key"))
    .where(~exists().where(shares.c.account == statuses.c.account, shares.c.status_id == statuses.c.status_id))
    .order_by(statuses.c.created_at.desc(), statuses.c.status_id.desc())
)
_ANY = select(statuses.c.status_id).where(statuses.c.account == bindparam("account")).limit(1)


class FoundStatuses:
    """The part of the store that catching up uses."""

    database: Database

    def remember_statuses(self, account: str, listing: Listing) -> None:
        """Remember what was read of the account: its newest status, and those with links that belong to no share."""
        if not listing.statuses:
            return
        newest = listing.statuses[0]
        with self.database.writing() as connection:
            known = known_ids(connection, account, [status.id for status in listing.statuses])
            others = (status for status in listing.statuses if status.id not in known)
            insert_new(connection, statuses, [row for status in others for row in _rows(account, status)])
            shown = frozenset(status.visibility for status in listing.statuses) - {""}
            values = {"latest_id": newest.id, "latest_at": newest.created_at}
            remember(connection, account, values | _listed(connection, account, shown))

    def has_found_statuses(self, account: str) -> bool:
        """Whether any with a link are remembered of this account; else statuses_with() tells of none."""
        with self.database.reading() as connection:
            return connection.execute(_ANY, {"account": account}).first() is not None

    def statuses_with(self, account: str, link: str) -> tuple[FoundStatus, ...]:
        """The remembered statuses that have this link and belong to no share, newest first."""
        with self.database.reading() as connection:
            rows = connection.execute(_WITH_LINK, {"account": account, "key": link_key(link)}).all()
        return tuple(FoundStatus(id=number, url=url, created_at=at) for number, url, at in rows)


def _listed(connection: Connection, account: str, shown: frozenset[str]) -> dict[str, Any]:
    """The column of the visibilities that the account's listing has ever shown; nothing where these are known."""
    kept = connection.scalar(select(accounts.c.listed).where(accounts.c.name == account)) or ""
    known = frozenset(filter(None, kept.split(",")))
    return {} if shown <= known else {"listed": ",".join(sorted(shown | known))}


def _rows(account: str, status: OwnStatus) -> Iterator[dict[str, Any]]:
    """A row for each of a status' links."""
    from bot.domain.transitions.reconciling import links_of  # with all answers: not for who only reads the store

    for link in links_of(status):
        yield {
            "account": account,
            "link_key": link_key(link),
            "status_id": status.id,
            "url": status.url,
            "created_at": status.created_at,
        }
