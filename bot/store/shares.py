"""Delivering shares: what is due, what was begun, and what became of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace
from sqlalchemy import (
    Connection,
    Integer,
    Select,
    Update,
    and_,
    bindparam,
    case,
    exists,
    false,
    func,
    or_,
    select,
    update,
)

from bot.domain.models import FARTHEST, Asked, Carrier, Share, State
from bot.domain.policy import Order
from bot.errors import AtRestError, LeaseLostError
from bot.store.accounts import attempt_row, is_at_rest, may_be_sent, recovered, site_rests
from bot.store.database import Database
from bot.store.leases import holding, until_then
from bot.store.rows import columns_of, select_shares, share_of
from bot.store.statements import NOW, SITES, chunks, link_key, rate_columns, remember, unindexed
from bot.store.tables import accounts, attempts, followed, posts, shares, sites

if TYPE_CHECKING:
    from bot.domain.transitions.change import Change, Ended

# Built once: they run for every status, and building a statement takes longer than running it.
_UNMOVED = update(shares).where(
    shares.c.id == bindparam("is_id"),
    shares.c.state == bindparam("is_state"),
    shares.c.attempts == bindparam("is_attempts"),
    shares.c.updated_at == bindparam("is_updated_at"),
)
_ATTEMPT = attempts.insert()
_FORGET_FOLLOWED = followed.delete().where(followed.c.share_id == bindparam("of_share"))
# States in which nobody may know whether a share that was sent is there.
_IN_DOUBT = (State.PENDING, State.UNKNOWN, State.HELD)
_SAME_POST = (
    select(posts.c.site)
    .join_from(posts, shares, (shares.c.site == posts.c.site) & (shares.c.post_id == posts.c.post_id))
    .where(
        posts.c.link_key == bindparam("key"),
        posts.c.post_id == bindparam("post_id"),
        posts.c.site != bindparam("site"),
        unindexed(shares.c.account) == bindparam("account"),
        or_(
            shares.c.state.in_((State.SHARED, State.SENDING)),
            and_(shares.c.unanswered > 0, shares.c.state.in_(_IN_DOUBT)),
        ),
    )
    .limit(1)
)
# What a site that is written to is told of.
_OUTCOMES = (State.SHARED, State.FAILED, State.HELD, State.SKIPPED)
_PAUSED_AGAIN = update(accounts).where(accounts.c.name == bindparam("lane")).values(pauses=accounts.c.pauses + 1)


class Shares:
    """The part of the store that delivering and reconciling use."""

    database: Database

    def due(
        self, account: str, *, sites: Collection[str], now: datetime, limit: int, order: Order = Order.OLDEST
    ) -> tuple[Share, ...]:
        """The account's next pending shares that are due: at once before all others, then by the post's age."""
        wanted = {"account": account, "sites": list(sites), "now": now, "most": limit}
        with self.database.reading() as connection:
            return tuple(share_of(row) for row in connection.execute(_due(order), wanted))

    def longest_untried(self, account: str, *, sites: Collection[str], now: datetime) -> Share | None:
        """Of all that due() chooses from, one that was never tried, else not for the longest time; None if none is."""
        wanted = {"account": account, "sites": list(sites), "now": now}
        with self.database.reading() as connection:
            row = connection.execute(_longest_untried(), wanted).first()
        return None if row is None else share_of(row)

    def sending(self, account: str) -> tuple[Share, ...]:
        """The account's `sending` shares."""
        with self.database.reading() as connection:
            return tuple(share_of(row) for row in connection.execute(_sending(), {"account": account}))

    def unknown_due(self, account: str, *, now: datetime) -> tuple[Share, ...]:
        """The account's unknown shares whose time to reconcile has come, oldest first."""
        with self.database.reading() as connection:
            return tuple(share_of(row) for row in connection.execute(_unknown_due(), {"account": account, "now": now}))

    def put_off(self, account: str, *, until: datetime) -> None:
        """Let every pending share of the account that keeps to its rhythm come due at until, if not later."""
        waiting = (shares.c.account == account) & (shares.c.state == str(State.PENDING)) & ~_AT_ONCE
        sooner = update(shares).where(waiting, shares.c.next_attempt_at < until)
        with self.database.writing() as connection:
            connection.execute(sooner.values(next_attempt_at=until))

    def take_up(self, accounts: Collection[str], *, now: datetime) -> None:
        """Let what is put off for longer than anything ever is come due now; not what a person has queued."""
        waiting = shares.c.state.in_((State.PENDING, State.UNKNOWN)) & (shares.c.asked != str(Asked.QUEUED))
        with self.database.reading() as connection:
            found: list[int] = []
            for chunk in chunks(accounts):
                far = (shares.c.account.in_(chunk), shares.c.next_attempt_at > now + FARTHEST, waiting)
                found.extend(connection.scalars(select(shares.c.id).where(*far)))
        for chunk in chunks(found):
            with self.database.writing() as connection:
                mine = (shares.c.id.in_(chunk), shares.c.next_attempt_at > now + FARTHEST, waiting)
                connection.execute(update(shares).where(*mine).values(next_attempt_at=now))

    def begin(
        self, share: Share, *, owner: str, lease_until: datetime, now: datetime, ended: Ended | None = None
    ) -> Share:
        """Turn pending into sending; committed before it returns, so that a byte may leave.

        AtRestError where a person lets the account or the site rest. LeaseLostError where another process has the
        account, or the share was changed meanwhile.
        """
        begun = replace(
            share,
            state=State.SENDING,
            attempts=share.attempts + 1,
            sent_at=now,
            next_attempt_at=None,
            updated_at=now,
        )
        hold = _holding_awake(has_clock=self.database.has_clock)
        values = {"lane": share.account, "owner": owner, "site": share.site, **until_then(now, lease_until)}
        if ended is not None:
            values |= _account_columns(ended.change)
        with self.database.writing() as connection:
            if connection.execute(hold, values).rowcount != 1:
                raise _not_held(connection, share, now=now)
            if ended is not None:
                _record_share(connection, ended.share, ended.change, now=now)
            _compare_and_set(connection, replace(share, state=State.PENDING), begun)
        return begun

    def apply(self, share: Share, change: Change, *, now: datetime) -> Share:
        """Record what was decided about a share, its account, and the attempt."""
        with self.database.writing() as connection:
            return _record(connection, share, change, now=now)

    def carriers(self, urls: Collection[str]) -> tuple[Carrier, ...]:
        """The posts of which shares have one of these addresses."""
        columns = (shares.c.site, shares.c.post_id, shares.c.account, shares.c.url, posts.c.published_at)
        query = select(*columns).join_from(
            shares, posts, (shares.c.site == posts.c.site) & (shares.c.post_id == posts.c.post_id)
        )
        found: list[Carrier] = []
        with self.database.reading() as connection:
            for chunk in chunks(set(urls) - {""}):
                for site, post_id, account, url, at in connection.execute(query.where(shares.c.url.in_(chunk))):
                    found.append(Carrier(site=site, post_id=post_id, account=account, url=url, published_at=at))
        return tuple(found)

    def same_post(self, share: Share, link: str) -> str:
        """The other site by whose name the share's post is on its account; '' for none."""
        key = {"account": share.account, "post_id": share.post_id, "site": share.site, "key": link_key(link)}
        with self.database.reading() as connection:
            return connection.scalar(_SAME_POST, key) or ""

    def known_status_ids(self, account: str, ids: Collection[str]) -> frozenset[str]:
        """Which of these statuses belong to a share already."""
        with self.database.reading() as connection:
            return known_ids(connection, account, ids)


def _record(connection: Connection, share: Share, change: Change, *, now: datetime) -> Share:
    """Record what was decided about a share. The account first: locks in another order would wait for each other."""
    if values := _account_columns(change):
        remember(connection, share.account, values)
    return _record_share(connection, share, change, now=now)


def _record_share(connection: Connection, share: Share, change: Change, *, now: datetime) -> Share:
    """The same, where the account's columns are set already."""
    after = replace(change.share, updated_at=now)
    if change.pause is not None:
        connection.execute(_PAUSED_AGAIN, {"lane": share.account})
    to_write = {"write_due_at": now, "write_failures": 0} if after.state in _OUTCOMES else {}
    _compare_and_set(connection, share, after, **to_write)
    if share.status_id and share.state is not State.SHARED and after.state is State.SHARED:  # it has another status now
        connection.execute(_FORGET_FOLLOWED, {"of_share": share.id})
    connection.execute(_ATTEMPT, attempt_row(share, change.attempt))
    return after


@cache
def _holding_awake(*, has_clock: bool) -> Update:
    """Extend the lease of an account that is still its owner's, where a person lets neither it nor the site rest."""
    site_rests = exists().where(sites.c.name == bindparam("site"), sites.c.rests_until > NOW)
    account_rests = func.coalesce(accounts.c.rests_until > NOW, false())
    return holding(has_clock=has_clock).where(~account_rests, ~site_rests)


def _not_held(connection: Connection, share: Share, *, now: datetime) -> Exception:
    """Why the account of a share that was to be begun isn't held."""
    if is_at_rest(connection, share.site, share.account, now=now):
        return AtRestError(f"a person lets {share.account} or {share.site} rest now")
    return LeaseLostError(f"another process attends to account {share.account} now")


def known_ids(connection: Connection, account: str, ids: Collection[str]) -> frozenset[str]:
    """Which of these statuses belong to a share already."""
    found: set[str] = set()
    for chunk in chunks(ids):
        mine = (shares.c.account == account) & shares.c.status_id.in_(chunk)
        found.update(connection.scalars(select(shares.c.status_id).where(mine)))
    return frozenset(found)


_AT_ONCE = shares.c.asked == str(Asked.NAMED)
# By the post's date, those without a date being the oldest, then by id; databases differ on where NULL sorts. Posts of
# two sites may agree in all of that: whichever was added first.
_AGE = (posts.c.published_at.is_not(None), posts.c.published_at, shares.c.post_id)
# Older posts that are queued go oldest first, whatever the order of the new ones.
_BACKFILL = shares.c.asked == str(Asked.BACKFILL)
_BACKFILL_AGE = case((_BACKFILL, posts.c.published_at))
_ORDERS = {
    Order.OLDEST: (*_AGE, shares.c.number, shares.c.id),
    Order.NEWEST: (*(column.desc() for column in _AGE), shares.c.number, shares.c.id),
}


@cache
def _due(order: Order) -> Select[Any]:
    ordered = _may_go().order_by(_AT_ONCE.desc(), _BACKFILL, _BACKFILL_AGE, *_ORDERS[order])
    return ordered.limit(bindparam("most", type_=Integer))


@cache
def _longest_untried() -> Select[Any]:
    return _may_go().order_by(shares.c.attempts > 0, shares.c.updated_at, shares.c.id).limit(1)


def _may_go() -> Select[Any]:
    return _in_state(State.PENDING).where(
        shares.c.site.in_(SITES), may_be_sent(), shares.c.next_attempt_at <= NOW, ~site_rests()
    )


@cache
def _sending() -> Select[Any]:
    return _in_state(State.SENDING).order_by(shares.c.id)


@cache
def _unknown_due() -> Select[Any]:
    return _in_state(State.UNKNOWN).where(shares.c.next_attempt_at <= NOW).order_by(*_ORDERS[Order.OLDEST])


def _in_state(state: State) -> Select[Any]:
    return select_shares().where(shares.c.account == bindparam("account"), shares.c.state == str(state))


def _compare_and_set(connection: Connection, before: Share, after: Share, **beside: Any) -> None:
    """Set a share that is still as it was read. updated_at is compared too: a person may have changed its words.

    beside: columns that are no part of a Share.
    """
    unmoved = {
        "is_id": before.id,
        "is_state": str(before.state),
        "is_attempts": before.attempts,
        "is_updated_at": before.updated_at,
    }
    moved = connection.execute(_UNMOVED, columns_of(after) | beside | unmoved)
    if moved.rowcount != 1:
        raise LeaseLostError(
            f"{before.site}/{before.post_id} on {before.account} was changed by another process meanwhile"
        )


def _account_columns(change: Change) -> dict[str, Any]:
    """What a change does to its account, but for counting its pauses."""
    values = rate_columns("statuses", change.statuses_rate)
    if change.recovered:
        values |= recovered()
    if change.pause is not None:
        values |= {"paused_until": change.pause.until, "pause_reason": change.pause.reason}
    if change.latest is not None:
        values |= {"latest_id": change.latest.id, "latest_at": change.latest.created_at}
    return values
