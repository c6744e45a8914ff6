"""What people ask for and decide, and what stands still until they do."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from bot.domain.models import Asked, Attempt, Share, State
from bot.domain.text.links import same_host, same_link
from bot.errors import LeaseLostError
from bot.store.database import Database
from bot.store.rows import select_shares, share_of
from bot.store.sites import new_share_row, record_locked
from bot.store.statements import chunks, link_key, unindexed
from bot.store.tables import ERRING, UNFOLLOWED, accounts, attempts, posts, share_counts, shares

if TYPE_CHECKING:
    from bot.domain.selecting.plan import SeenPost

# How a share's history ends.
_LAST_STEP = (
    select(attempts.c.step)
    .where(attempts.c.share_id == shares.c.id)
    .order_by(attempts.c.id.desc())
    .limit(1)
    .correlate(shares)
    .scalar_subquery()
)

_SCHEMES = ("https://", "http://", "https://www.", "http://www.")


class Decisions:
    """The part of the store that the commands use."""

    database: Database

    def shares(
        self,
        *,
        site: str | None = None,
        account: str | None = None,
        state: State | None = None,
        post_id: int | None = None,
        limit: int | None = None,
    ) -> tuple[Share, ...]:
        """Shares by these conditions, newest first (by creation, then id)."""
        # Few shares are in these states: their index leads, whatever else is asked for.
        few = state not in (None, State.SHARED, State.SKIPPED)
        conditions = {
            unindexed(shares.c.site) if few else shares.c.site: site,
            unindexed(shares.c.account) if few else shares.c.account: account,
            shares.c.state: str(state) if state is not None else None,
            shares.c.post_id: post_id,
        }
        wanted = [column == value for column, value in conditions.items() if value is not None]
        query = select_shares().where(*wanted)
        if post_id is None:
            query = query.order_by(shares.c.created_at.desc(), shares.c.id.desc()).limit(limit)
        with self.database.reading() as connection:
            found = tuple(share_of(row) for row in connection.execute(query))
        if post_id is None:
            return found
        # A post has few shares. Asked to sort them, SQLite would go through all of the site's.
        return tuple(sorted(found, key=lambda share: (share.created_at, share.id), reverse=True)[:limit])

    def get(self, share_ids: Collection[int]) -> tuple[Share, ...]:
        """These shares, in order of their id."""
        found: list[Share] = []
        with self.database.reading() as connection:
            for chunk in chunks(sorted(share_ids)):
                query = select_shares().where(shares.c.id.in_(chunk)).order_by(shares.c.id)
                found.extend(share_of(row) for row in connection.execute(query))
        return tuple(found)

    def attempts(self, share: Share) -> tuple[Attempt, ...]:
        """A share's history, oldest first."""
        columns = (attempts.c.at, attempts.c.step, attempts.c.outcome, attempts.c.detail)
        query = select(*columns).where(attempts.c.share_id == share.id).order_by(attempts.c.id)
        with self.database.reading() as connection:
            return tuple(
                Attempt(at=at, step=step, outcome=outcome, detail=detail)
                for at, step, outcome, detail in connection.execute(query)
            )

    def find_post(self, site: str | None, link: str) -> tuple[str, int] | None:
        """(site, post id) of the recorded post with this link, a trailing slash or scheme aside; None where unknown."""
        query = select(posts.c.site, posts.c.post_id).where(posts.c.link_key == link_key(link))
        if site is not None:
            query = query.where(posts.c.site == site)
        with self.database.reading() as connection:
            row = connection.execute(query.order_by(posts.c.site, posts.c.post_id).limit(1)).first()
        return (row[0], row[1]) if row is not None else None

    def find_status(self, url: str) -> tuple[str, int] | None:
        """(site, post id) of the post whose status has this url; None where it is unknown.

        Most servers end it with the status' id, which an index leads to; its other addresses on the same host end so,
        too. Else an index leads to the url, in any of its spellings.
        """
        ending = url.rstrip("/").rpartition("/")[2]
        if not ending:
            return None
        by_id = shares.c.account.in_(select(accounts.c.name)) & (shares.c.status_id == ending)
        query = select(shares.c.site, shares.c.post_id, shares.c.url)
        with self.database.reading() as connection:
            for where, is_it in ((by_id, same_host), (shares.c.url.in_(_spellings(url)), same_link)):
                rows = connection.execute(query.where(where))
                found = next(((site, post_id) for site, post_id, own in rows if is_it(own, url)), None)
                if found is not None:
                    return found
        return None

    def add_by_hand(
        self,
        site: str,
        post: SeenPost,
        *,
        account: str,
        number: int,
        text: str,
        now: datetime,
        asked: Asked = Asked.NAMED,
        due: datetime | None = None,
    ) -> Share:
        """Add a pending share with exactly this number, asked for so, due then (now, without one); records the post.

        LeaseLostError where the post has a share with that number, or a higher one, already.
        """
        mine = (shares.c.site == site) & (shares.c.post_id == post.id) & (shares.c.account == account)
        with self.database.writing() as connection:
            record_locked(connection, site, post, now=now)
            if (connection.scalar(select(func.max(shares.c.number)).where(mine)) or 0) >= number:
                raise LeaseLostError(f"another process has shared {site}/{post.id} on {account} meanwhile")
            row: dict[str, Any] = new_share_row(site, post.id, account, now=now)
            row |= {"number": number, "asked": str(asked), "text_override": text, "next_attempt_at": due or now}
            connection.execute(shares.insert(), [row])
            query = select_shares().where(mine, shares.c.number == number)
            return share_of(connection.execute(query).one())

    def counts(self) -> dict[tuple[str, str, State], int]:
        """How many shares there are by (site, account, state); only what is not 0."""
        columns = (share_counts.c.site, share_counts.c.account, share_counts.c.state, share_counts.c.number)
        query = select(*columns).where(share_counts.c.number > 0)
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        return {(site, account, State(state)): count for site, account, state, count in rows}

    def oldest_pending(self) -> Share | None:
        """The pending share that has waited longest; None where there is none."""
        query = (
            select_shares()
            .where(shares.c.state == str(State.PENDING))
            .order_by(shares.c.created_at, shares.c.id)
            .limit(1)
        )
        with self.database.reading() as connection:
            row = connection.execute(query).first()
        return share_of(row) if row is not None else None

    def longest_due(self, accounts: Collection[str], *, sites: Collection[str], before: datetime) -> Share | None:
        """Of these accounts' pending shares for these sites the one that is due longest, since before then at least."""
        due = (shares.c.state == str(State.PENDING), shares.c.next_attempt_at < before)
        query = select_shares().where(*due, shares.c.site.in_(sites)).order_by(shares.c.next_attempt_at, shares.c.id)
        found: list[Share] = []
        with self.database.reading() as connection:
            for chunk in chunks(accounts):
                rows = connection.execute(query.where(shares.c.account.in_(chunk)).limit(1))
                found.extend(map(share_of, rows))
        return min(found, key=lambda share: (share.next_attempt_at, share.id), default=None)

    def unfollowed(self, *, limit: int) -> tuple[Share, ...]:
        """The shares whose statuses don't follow their posts (error says why), at most so many, oldest first."""
        query = select_shares().where(UNFOLLOWED).order_by(shares.c.updated_at, shares.c.id).limit(limit)
        with self.database.reading() as connection:
            return tuple(share_of(row) for row in connection.execute(query))

    def erring(self, accounts: Collection[str], *, sites: Collection[str], limit: int) -> tuple[Share, ...]:
        """The pending shares on these accounts whose posts couldn't be read from these sites when last tried.

        At most so many, oldest first.
        """
        mine = unindexed(shares.c.account).in_(accounts) & unindexed(shares.c.site).in_(sites)
        query = select_shares().where(ERRING, mine, _LAST_STEP == "read")
        with self.database.reading() as connection:
            rows = connection.execute(query.order_by(shares.c.created_at, shares.c.id).limit(limit))
            return tuple(share_of(row) for row in rows)


def _spellings(url: str) -> Iterator[str]:
    """A status' url as servers write it: either scheme, `www.` or not, a slash at its end or not."""
    host, slash, path = url.rpartition("://")[2].rstrip("/").partition("/")
    bare = f"{host.lower().removeprefix('www.')}{slash}{path}"
    return (f"{scheme}{bare}{end}" for scheme in _SCHEMES for end in ("", "/"))
