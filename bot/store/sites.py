"""Sites and the posts that were seen there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Integer, Select, Update, bindparam, delete, exists, false, func, or_, select, update

from bot.domain.models import FARTHEST, Share, SiteState, State
from bot.errors import LeaseLostError
from bot.store.database import Database
from bot.store.leases import at_that_time, runs
from bot.store.rows import select_shares, select_sites, share_of, site_of
from bot.store.statements import NOW, chunks, insert_new, insert_or_set, link_key, unindexed
from bot.store.tables import FAILING, Instant, followed, posts, shares, sites

if TYPE_CHECKING:
    from bot.domain.selecting.plan import Plan, PlannedShare, SeenPost

# Built once: they run at every look, and building a statement takes longer than running it. Where all of thousands of
# sites are wanted, they aren't named.
_SITES = select_sites()
_SITE = _SITES.where(sites.c.name == bindparam("site"))
_FEW_SITES = _SITES.where(sites.c.name.in_(bindparam("names", expanding=True)))
_FEW = 100


class Sites:
    """The part of the store that collecting uses."""

    database: Database

    def site(self, name: str) -> SiteState:
        """What is remembered of a site; an empty SiteState where nothing is."""
        with self.database.reading() as connection:
            row = connection.execute(_SITE, {"site": name}).one_or_none()
        return site_of(row) if row is not None else SiteState(name=name)

    def sites(self, names: Collection[str]) -> tuple[SiteState, ...]:
        """What is remembered of each of these sites, in their order."""
        if not names:
            return ()
        few = len(names) <= _FEW
        with self.database.reading() as connection:
            rows = connection.execute(_FEW_SITES, {"names": list(names)}) if few else connection.execute(_SITES)
            known = {state.name: state for state in map(site_of, rows)}
        return tuple(known.get(name) or SiteState(name=name) for name in names)

    def remember_root(self, name: str, root: str) -> None:
        """Remember where the site's REST root is; '' forgets it."""
        with self.database.writing() as connection:
            insert_new(connection, sites, [{"name": name}])
            connection.execute(update(sites).where(sites.c.name == name).values(root=root))

    def rest_site(self, site: str, *, until: datetime | None) -> None:
        """Let a site rest until then; None ends it."""
        with self.database.writing() as connection:
            insert_new(connection, sites, [{"name": site}])
            connection.execute(update(sites).where(sites.c.name == site).values(rests_until=until))

    def seen(self, site: str, ids: Collection[int]) -> frozenset[int]:
        """Which of these post ids a look at this site ever found."""
        found: set[int] = set()
        if not ids:
            return frozenset()
        with self.database.reading() as connection:
            for chunk in chunks(ids):
                mine = (posts.c.site == site) & posts.c.listed
                found.update(connection.scalars(select(posts.c.post_id).where(mine, posts.c.post_id.in_(chunk))))
        return frozenset(found)

    def ids_by_link(self, site: str, links: Collection[str]) -> Mapping[str, int]:
        """The id of the post that has each of these links; the largest one of several."""
        keys = {link: link_key(link) for link in links if link}
        found: dict[str, int] = {}
        with self.database.reading() as connection:
            for chunk in chunks(set(keys.values())):
                mine = (posts.c.site == site) & posts.c.link_key.in_(chunk)
                query = select(posts.c.link_key, func.max(posts.c.post_id)).where(mine).group_by(posts.c.link_key)
                found.update(map(tuple, connection.execute(query)))
        return {link: found[key] for link, key in keys.items() if key in found}

    def newest_seen(self, site: str, *, since: datetime, limit: int) -> tuple[int, ...]:
        """The ids of seen posts published after an instant, newest first, at most so many."""
        with self.database.reading() as connection:
            return tuple(connection.scalars(_newest_seen(), {"site": site, "since": since, "most": limit}))

    def add(self, plan: Plan, *, now: datetime) -> tuple[Share, ...]:
        """Record a look: its posts as seen, its shares, and the cursor, all or nothing."""
        with self.database.writing() as connection:
            _move_cursor(connection, plan)
            return insert_plan(connection, plan, now=now)

    def look_failed(self, site: str, *, error: str, next_look_at: datetime) -> None:
        """Record that a look came to nothing: failures + 1; the cursor stays."""
        with self.database.writing() as connection:
            insert_new(connection, sites, [{"name": site}])
            values = {"failures": sites.c.failures + 1, "error": error, "next_look_at": next_look_at}
            connection.execute(update(sites).where(sites.c.name == site).values(values))

    def end_wait(self, site: str, *, now: datetime) -> None:
        """Let a site, and its shared posts, be looked at now, where that failed and is left for a while."""
        failed = (sites.c.name == site) & (sites.c.failures > 0)
        of_site = exists().where(shares.c.id == followed.c.share_id, unindexed(shares.c.site) == site)
        waiting = FAILING & followed.c.next_check_at.is_not(None) & of_site
        with self.database.writing() as connection:
            connection.execute(update(sites).where(failed).values(next_look_at=now))
            connection.execute(update(followed).where(waiting).values(next_check_at=now))

    def due_sites(self, names: Collection[str], *, now: datetime) -> tuple[str, ...]:
        """Which of these sites are due for a look. Sorted by next_look_at."""
        with self.database.reading() as connection:
            known = connection.execute(_looks(has_clock=self.database.has_clock), at_that_time(now)).all()
        due_at = {name: at for name, at, _ in known if at is not None}
        left_alone = {name for name, _, is_busy in known if is_busy}
        later = {name for name, at in due_at.items() if now < at <= now + FARTHEST}
        due = [name for name in names if name not in left_alone and name not in later]
        return tuple(sorted(due, key=lambda name: (name in due_at, due_at.get(name, now), name)))

    def found_since(self, site: str, *, since: datetime) -> int:
        """How many posts of a site were let through after an instant: what was kept back, or asked for, aside."""
        mine = (shares.c.site == site) & (shares.c.created_at > since)
        kept_back = shares.c.state.in_([str(State.HELD), str(State.SKIPPED)])
        elsewhere = (shares.c.state == str(State.SHARED)) & shares.c.sent_at.is_(None)
        counted = select(func.count(shares.c.post_id.distinct())).where(mine, ~kept_back, ~elsewhere)
        with self.database.reading() as connection:
            return connection.scalar(counted.where(shares.c.number == 1, shares.c.asked == "")) or 0


# Built once: they run for every look or tick.


@cache
def _newest_seen() -> Select[Any]:
    return (
        select(posts.c.post_id)
        .where(posts.c.site == bindparam("site"), posts.c.published_at > bindparam("since"), posts.c.listed)
        .order_by(posts.c.published_at.desc(), posts.c.post_id.desc())
        .limit(bindparam("most", type_=Integer))
    )


@cache
def _moving_cursor() -> Update:
    unmoved = sites.c.looked_at.is_not_distinct_from(bindparam("expected", type_=Instant))
    return (
        update(sites)
        .where(sites.c.name == bindparam("is_name"), unmoved)
        .values(
            activated_at=func.coalesce(sites.c.activated_at, bindparam("first", type_=Instant)),
            failures=(sites.c.failures + 1) * bindparam("failed", type_=Integer),
        )
    )


@cache
def _looks(*, has_clock: bool) -> Select[Any]:
    """Every site, with when it is to be looked at, and whether it is to be left alone now."""
    busy = or_(runs(sites, has_clock=has_clock), func.coalesce(sites.c.rests_until > NOW, false()))
    return select(sites.c.name, sites.c.next_look_at, busy)


def _rename(connection: Connection, site: str, old: int, new: int) -> None:
    """Give a post another id, and its shares with it; nothing happens where the other id has shares already."""
    row = connection.execute(select(posts).where(posts.c.site == site, posts.c.post_id == old)).mappings().one_or_none()
    taken = connection.scalar(select(func.count()).where(shares.c.site == site, shares.c.post_id == new))
    if row is None or taken:
        return
    insert_new(connection, posts, [{**row, "post_id": new}])
    connection.execute(update(shares).where(shares.c.site == site, shares.c.post_id == old).values(post_id=new))
    connection.execute(delete(posts).where(posts.c.site == site, posts.c.post_id == old))


def insert_plan(connection: Connection, plan: Plan, *, now: datetime) -> tuple[Share, ...]:
    """Record a plan's posts as seen, and its shares; returns those that are new. What is there already stays."""
    for old, new in plan.renamed:
        _rename(connection, plan.site, old, new)
    found = [seen_row(plan.site, post, now=now) | {"listed": True} for post in plan.posts]
    insert_or_set(connection, posts, found, listed=True)
    if not plan.shares:
        return ()
    newest = connection.scalar(select(func.max(shares.c.id))) or 0
    insert_new(connection, shares, [_planned_row(plan.site, share, now=now) for share in plan.shares])
    # On PostgreSQL others commit meanwhile: other sites' looks, and what people add by hand.
    added = (shares.c.id > newest) & (shares.c.site == plan.site) & (shares.c.asked == "")
    query = select_shares().where(added).order_by(shares.c.id)
    return tuple(share_of(row) for row in connection.execute(query))


def seen_row(site: str, post: SeenPost, *, now: datetime) -> dict[str, Any]:
    """A post as it is stored, not found by a look yet."""
    return {
        "site": site,
        "post_id": post.id,
        "link": post.link,
        "link_key": link_key(post.link),
        "title": post.title,
        "published_at": post.published_at,
        "modified_at": post.modified_at,
        "first_seen_at": now,
        "listed": False,
    }


def record_locked(connection: Connection, site: str, seen: SeenPost, *, now: datetime) -> None:
    """Record a post, and let nobody else add a share of it until the transaction ends; SQLite has one writer anyway."""
    insert_new(connection, posts, [seen_row(site, seen, now=now)])
    this = (posts.c.site == site) & (posts.c.post_id == seen.id)
    connection.execute(select(posts.c.post_id).where(this).with_for_update())


def new_share_row(site: str, post_id: int, account: str, *, now: datetime) -> dict[str, Any]:
    """A share of number 1 as it is stored first, pending and due at once."""
    return {
        "site": site,
        "post_id": post_id,
        "account": account,
        "number": 1,
        "state": "pending",
        "asked": "",
        "text_override": "",
        "sent_link": "",
        "url": "",
        "error": "",
        "status_id": "",
        "attempts": 0,
        "failures": 0,
        "unanswered": 0,
        "absences": 0,
        "media_failures": 0,
        "unread": 0,
        "idempotency_key": "",
        "media_ids": "[]",
        "next_attempt_at": now,
        "created_at": now,
        "updated_at": now,
    }


def _planned_row(site: str, planned: PlannedShare, *, now: datetime) -> dict[str, Any]:
    return new_share_row(site, planned.post_id, planned.account, now=now) | {
        "state": str(planned.state),
        "url": planned.url,
        "error": planned.error,
        "next_attempt_at": planned.next_attempt_at,
    }


def _move_cursor(connection: Connection, plan: Plan) -> None:
    insert_new(connection, sites, [{"name": plan.site}])
    values = {
        "is_name": plan.site,
        "expected": plan.expected_looked_at,
        "looked_at": plan.looked_at,
        "first": plan.activated_at,
        "next_look_at": plan.next_look_at,
        "failed": int(bool(plan.error)),
        "error": plan.error,
    }
    moved = connection.execute(_moving_cursor(), values)
    if moved.rowcount != 1:
        raise LeaseLostError(f"another process has looked at site {plan.site} meanwhile")
