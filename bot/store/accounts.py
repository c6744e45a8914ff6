"""Accounts: their pauses, and what is remembered of their instances."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)

from bot.domain.models import ASIDE, LONGEST_PUT_OFF, AccountState, Anchor, Attempt, Limits, RateLimit, Share, State
from bot.domain.transitions.budget import THERE
from bot.store.database import Database
from bot.store.leases import at_that_time, runs
from bot.store.rows import account_of, limits_text
from bot.store.statements import MOST, NOW, chunks, rate_columns, remember, unindexed
from bot.store.tables import Instant, accounts, attempts, share_counts, shares
from bot.store.tables import sites as site_rows

_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_IN_FLIGHT = (str(State.SENDING), str(State.UNKNOWN))
# Said beside the finer conditions, so that an index leads past the shares that are done.
_OPEN = (*_IN_FLIGHT, str(State.PENDING))
# Built once: they run for every status, and building a statement takes longer than running it.
_ACCOUNT = select(accounts).where(accounts.c.name == bindparam("account"))
_AT_REST = (
    select(site_rows.c.name)
    .where(site_rows.c.name == bindparam("site"), site_rows.c.rests_until > NOW)
    .union_all(select(accounts.c.name).where(accounts.c.name == bindparam("account"), accounts.c.rests_until > NOW))
)
_ACTED_AT = (
    select(attempts.c.at)
    .where(attempts.c.account == bindparam("account"), attempts.c.step.in_(bindparam("steps", expanding=True)))
    .where(attempts.c.at > bindparam("since"))
    .order_by(attempts.c.at.desc())
    .limit(bindparam("most", type_=Integer))
)
# The steps at which a status goes out, or its share is put aside.
_ENDINGS = ("publish", "reconcile")
_SENT_AT = _ACTED_AT.where(attempts.c.outcome.in_(THERE))
# Of one step, so that the index gives the newest first.
_WENT_OUT = (
    select(attempts.c.at, attempts.c.id)
    .where(attempts.c.account == bindparam("account"), attempts.c.step == bindparam("step"))
    .where(attempts.c.outcome == "shared", attempts.c.at <= NOW)
    .order_by(attempts.c.at.desc(), attempts.c.id.desc())
    .limit(1)
)
_BEFORE = attempts.alias("before")
# One for all statements: its columns take 60 KiB.
_OTHERS = shares.alias()
_KIND = share_counts.c  # the shares of one site, account and state
_PUT_ASIDE = (
    select(attempts.c.share_id)
    .distinct()
    .where(attempts.c.account == bindparam("account"), attempts.c.step.in_(_ENDINGS), attempts.c.outcome == ASIDE)
    .where(attempts.c.at >= bindparam("at"), attempts.c.id > bindparam("number"))
    .where(
        ~exists().where(
            _BEFORE.c.share_id == attempts.c.share_id,
            _BEFORE.c.id <= bindparam("number"),
            unindexed(_BEFORE.c.step).in_(_ENDINGS),
            _BEFORE.c.outcome == ASIDE,
        )
    )
)


class Accounts:
    """The part of the store that lanes use."""

    database: Database

    def account(self, name: str) -> AccountState:
        """What is remembered of an account; an empty AccountState where nothing is."""
        with self.database.reading() as connection:
            row = connection.execute(_ACCOUNT, {"account": name}).mappings().one_or_none()
        return account_of(row) if row is not None else AccountState(name=name)  # type: ignore[arg-type] # str keys

    def accounts(self, names: Collection[str]) -> tuple[AccountState, ...]:
        """What is remembered of each of these accounts, in their order."""
        known: dict[str, AccountState] = {}
        with self.database.reading() as connection:
            for chunk in chunks(names):
                rows = connection.execute(select(accounts).where(accounts.c.name.in_(chunk))).mappings()
                known |= {row["name"]: account_of(row) for row in rows}  # type: ignore[arg-type] # str keys
        return tuple(known.get(name) or AccountState(name=name) for name in names)

    def due_accounts(self, names: Collection[str], *, sites: Collection[str], now: datetime) -> tuple[str, ...]:
        """Which of these accounts have something to do now, in the order of their names."""
        query = _due_accounts(has_clock=self.database.has_clock)
        # Thousands of sites would make a statement of thousands of values, each second: what is due is less than that.
        with self.database.reading() as connection:
            wanted = {"names": list(names), "no_later": now + LONGEST_PUT_OFF, **at_that_time(now)}
            found = connection.execute(query, wanted).all()
        here = set(sites)
        return tuple(sorted({account for account, site, state in found if state in _IN_FLIGHT or site in here}))

    def pause(self, account: str, *, until: datetime, reason: str) -> None:
        """Send nothing on an account before then, for a reason that was found while nothing was sent."""
        with self.database.writing() as connection:
            remember(connection, account, {"paused_until": until, "pause_reason": reason})
            again = update(accounts).where(accounts.c.name == account).values(pauses=accounts.c.pauses + 1)
            connection.execute(again)

    def resume(self, account: str) -> None:
        """End a pause: a person mended something."""
        paused = (accounts.c.name == account) & (accounts.c.pauses > 0)
        with self.database.writing() as connection:
            connection.execute(update(accounts).where(paused).values(recovered()))

    def rest_account(self, account: str, *, until: datetime | None) -> None:
        """Let an account rest until then; None ends it."""
        with self.database.writing() as connection:
            remember(connection, account, {"rests_until": until})

    def at_rest(self, site: str, account: str, *, now: datetime) -> bool:
        """Whether a person lets the site or the account rest now."""
        with self.database.reading() as connection:
            return is_at_rest(connection, site, account, now=now)

    def remember_limits(self, account: str, limits: Limits, *, now: datetime) -> None:
        """Remember what the instance allows."""
        with self.database.writing() as connection:
            remember(connection, account, {"limits": limits_text(limits), "limits_at": now})

    def remember_token(self, account: str, mark: str, *, owner: str, now: datetime) -> None:
        """Remember by which token the account is used."""
        with self.database.writing() as connection:
            remember(connection, account, {"token_mark": mark, "token_owner": owner, "token_at": now})

    def remember_origin(self, account: str, origin: str, *, now: datetime) -> None:
        """Remember under which origin of the store the account was read."""
        with self.database.writing() as connection:
            remember(connection, account, {"origin": origin, "unproven_before": now})

    def remember_latest(self, account: str, anchor: Anchor) -> None:
        """Remember the account's newest own status."""
        with self.database.writing() as connection:
            remember(connection, account, {"latest_id": anchor.id, "latest_at": anchor.created_at})

    def sent_at(self, account: str, *, since: datetime, newest: int | None = None) -> tuple[datetime, ...]:
        """When statuses were sent on this account after an instant, oldest first; without those surely refused."""
        return self._at(_SENT_AT, account, ["publish"], since=since, newest=newest)

    def uploaded_at(self, account: str, *, since: datetime) -> tuple[datetime, ...]:
        """When files were uploaded on this account after an instant, oldest first, whatever came of them."""
        return self.acted_at(account, ["upload"], since=since)

    def acted_at(
        self, account: str, steps: Collection[str], *, since: datetime, newest: int | None = None
    ) -> tuple[datetime, ...]:
        """When requests of these kinds were made on this account after an instant, oldest first."""
        return self._at(_ACTED_AT, account, steps, since=since, newest=newest)

    def all_acted_at(
        self, accounts: Collection[str], steps: Collection[str], *, since: datetime
    ) -> Mapping[str, tuple[datetime, ...]]:
        """The same of each of these accounts; those on which nothing was done are left out."""
        found: dict[str, list[datetime]] = {}
        query = select(attempts.c.account, attempts.c.at).where(attempts.c.step.in_(steps), attempts.c.at > since)
        with self.database.reading() as connection:
            for chunk in chunks(accounts):
                for account, at in connection.execute(query.where(attempts.c.account.in_(chunk))):
                    found.setdefault(account, []).append(at)
        return {account: tuple(sorted(instants)) for account, instants in found.items()}

    def put_aside(self, account: str, *, now: datetime) -> frozenset[int]:
        """The shares that were put aside since the account's last status went out, and never before."""
        wanted = {"account": account, "now": now}
        with self.database.reading() as connection:
            found = [
                (at, number)
                for step in _ENDINGS
                for at, number in connection.execute(_WENT_OUT, wanted | {"step": step})
            ]
            at, number = max(found, default=(_EVER, 0))
            return frozenset(connection.scalars(_PUT_ASIDE, {"account": account, "at": at, "number": number}))

    def _at(
        self, query: Select[Any], account: str, steps: Collection[str], *, since: datetime, newest: int | None
    ) -> tuple[datetime, ...]:
        most = MOST if newest is None else newest
        wanted = {"account": account, "steps": list(steps), "since": since, "most": most}
        with self.database.reading() as connection:
            return tuple(reversed(connection.scalars(query, wanted).all()))

    def record_upload(self, share: Share, *, attempt: Attempt, rate: RateLimit | None) -> None:
        """Record one upload in the share's history, with what the answer said about the account's limits."""
        with self.database.writing() as connection:
            connection.execute(attempts.insert(), [attempt_row(share, attempt)])
            if values := rate_columns("media", rate):
                remember(connection, share.account, values)

    def next_due_at(self, *, sites: Collection[str], accounts: Collection[str]) -> datetime | None:
        """When the next pending or unknown share of these comes due, pauses counted in; None where there is none."""
        with self.database.reading() as connection:
            rows = connection.execute(_next_by_account(sites, accounts)).all()
        return min((max(at, paused or at, rests or at) for at, paused, rests in rows), default=None)

    def pending_at(self, account: str, *, sites: Collection[str], now: datetime) -> tuple[datetime, ...]:
        """When each of the account's pending shares of these sites comes due by itself, soonest first; now if it is."""
        mine = (shares.c.account == account) & (shares.c.state == str(State.PENDING)) & shares.c.site.in_(sites)
        due = shares.c.next_attempt_at
        at = type_coerce(case((due <= now, literal(now, Instant)), else_=due), Instant).label("at")
        query = select(at, func.count()).where(mine, due.is_not(None)).group_by(at).order_by(at)
        with self.database.reading() as connection:
            return tuple(chain.from_iterable([instant] * number for instant, number in connection.execute(query)))


def is_at_rest(connection: Connection, site: str, account: str, *, now: datetime) -> bool:
    """Whether a person lets the site or the account rest now."""
    return connection.execute(_AT_REST, {"site": site, "account": account, "now": now}).first() is not None


def recovered() -> dict[str, Any]:
    """The columns of an account that works again."""
    return {"paused_until": None, "pause_reason": "", "pauses": 0}


def attempt_row(share: Share, attempt: Attempt) -> dict[str, Any]:
    """A line of a share's history as it is stored.

    A publish stands at the instant at which it was sent, not at that of its answer: rate windows are counted by it.
    """
    at = share.sent_at if attempt.step == "publish" and share.sent_at else attempt.at
    return {
        "share_id": share.id,
        "account": share.account,
        "at": at,
        "step": attempt.step,
        "outcome": attempt.outcome,
        "detail": attempt.detail,
    }


@cache
def _due_accounts(*, has_clock: bool) -> Select[Any]:
    """The accounts that have something to do now, each with the site and the state of what is to be done.

    Asked each second: where a hundred thousand shares wait, the numbers of shares say of which to look for one.
    """
    paused = and_(accounts.c.paused_until > NOW, accounts.c.paused_until <= bindparam("no_later"))
    rests = or_(paused, accounts.c.rests_until > NOW, runs(accounts, has_clock=has_clock))
    resting = exists().where(accounts.c.name == _KIND.account, rests)
    mine = _KIND.account.in_(bindparam("names", expanding=True))
    return select(_KIND.account, _KIND.site, _KIND.state).where(
        mine, _KIND.state.in_(_OPEN), _KIND.number > 0, ~resting, _to_do()
    )


def _to_do() -> ColumnElement[bool]:
    """Whether one of a kind is due now, or was left behind by a sender that is gone: the lease doesn't run any more."""
    alike = (shares.c.account == _KIND.account, shares.c.state == _KIND.state, unindexed(shares.c.site) == _KIND.site)
    due = exists().where(*alike, shares.c.next_attempt_at <= NOW)
    in_flight = exists().where(_OTHERS.c.account == _KIND.account, _OTHERS.c.state.in_(_IN_FLIGHT))
    at_rest = exists().where(site_rows.c.name == _KIND.site, site_rows.c.rests_until > NOW)
    may_go = or_(_KIND.state == str(State.UNKNOWN), and_(~in_flight, ~at_rest))
    return or_(_KIND.state == str(State.SENDING), and_(may_go, due))


def may_be_sent() -> ColumnElement[bool]:
    """Pending, on an account that has nothing in flight."""
    in_flight = exists().where(_OTHERS.c.account == shares.c.account, _OTHERS.c.state.in_(_IN_FLIGHT))
    return and_(shares.c.state == str(State.PENDING), ~in_flight)


def site_rests() -> ColumnElement[bool]:
    """Whether a person lets the share's site rest now."""
    return exists().where(site_rows.c.name == shares.c.site, site_rows.c.rests_until > NOW)


def _waiting(sites: Collection[str]) -> ColumnElement[bool]:
    """Pending or unknown, and the next to be dealt with on its account; pending ones of these sites."""
    pending = and_(may_be_sent(), shares.c.site.in_(sites))
    return and_(shares.c.next_attempt_at.is_not(None), or_(shares.c.state == str(State.UNKNOWN), pending))


def _next_by_account(sites: Collection[str], names: Collection[str]) -> Select[Any]:
    """For each account with something to do: when the next comes due, and until when the account rests, twice."""
    pending, rests_until = shares.c.state == str(State.PENDING), site_rows.c.rests_until
    put_off = and_(pending, rests_until > shares.c.next_attempt_at)
    due_at = case((put_off, rests_until), else_=shares.c.next_attempt_at)
    return (
        select(func.min(due_at), func.max(accounts.c.paused_until), func.max(accounts.c.rests_until))
        .join_from(shares, accounts, shares.c.account == accounts.c.name, isouter=True)
        .join(site_rows, shares.c.site == site_rows.c.name, isouter=True)
        .where(shares.c.account.in_(names), shares.c.state.in_(_OPEN), _waiting(sites))
        .group_by(shares.c.account)
    )
