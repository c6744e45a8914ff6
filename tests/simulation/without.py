"""What stands between a context and its ports where a guard is taken out; guards.py says which, and who notices."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Update, bindparam

from bot.crosspost.context import Context
from bot.crosspost.draft import Draft, NoStatus, draft
from bot.domain.answers import Answer
from bot.domain.models import AccountState, Asked, DueWrite, Followed, Limits, Post, Share, State, Status
from bot.domain.notices import Notice
from bot.domain.policy import Filters
from bot.domain.selecting.plan import Plan, as_seen
from bot.domain.transitions import outcome
from bot.domain.transitions.change import Change, Ended, changed
from bot.domain.transitions.following import GONE_FOR
from bot.ports import MaySend, always
from bot.store.leases import holding
from tests.simulation.scenario import Keys

_DAY = timedelta(days=1)


class Around:
    """Something that does all that the inner one does."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def key_never_arrives(instance: Any) -> None:
    """An instance that never gets to see a key."""
    instance.flavour = Keys.NONE


class CommitsLate(Around):
    """A store that records the begin of a publish only when the publish is over."""

    def begin(
        self, share: Share, *, owner: str, lease_until: datetime, now: datetime, ended: Ended | None = None
    ) -> Share:
        """Nothing is written, but what came of the one before."""
        if ended is not None:
            self.apply(ended.share, ended.change, now=now)
        self._begin = (share, owner, lease_until, now)
        return replace(share, state=State.SENDING, attempts=share.attempts + 1, sent_at=now, updated_at=now)

    def apply(self, share: Share, change: Change, *, now: datetime) -> Share:
        """Everything is written."""
        if share.state is State.SENDING:
            before, owner, lease_until, at = self._begin
            share = self._inner.begin(before, owner=owner, lease_until=lease_until, now=at)
        done: Share = self._inner.apply(share, change, now=now)
        return done


class SendsAgain(Around):
    """A store whose unknown shares are simply due again: nobody looks at the account."""

    def unknown_due(self, account: str, *, now: datetime) -> tuple[Share, ...]:
        """Nothing is to be reconciled."""
        for share in self._inner.unknown_due(account, now=now):
            again = replace(share, state=State.PENDING, next_attempt_at=now)
            self._inner.apply(share, changed(again, step="reconcile", outcome="retry", detail="", now=now), now=now)
        return ()


class GivesEveryLease(Around):
    """A store that lets everybody have every lane."""

    def lease(self, account: str, *, owner: str, now: datetime, until: datetime) -> bool:
        """Yes."""
        return bool(self._inner.lease(account, owner=owner, now=now + _DAY, until=until + _DAY))

    def begin(
        self, share: Share, *, owner: str, lease_until: datetime, now: datetime, ended: Ended | None = None
    ) -> Share:
        """Whoever asks holds the lane."""
        self.lease(share.account, owner=owner, now=now, until=lease_until)
        done: Share = self._inner.begin(share, owner=owner, lease_until=lease_until, now=now, ended=ended)
        return done


class NeverTooLate(Around):
    """An account that sends, however long ago the publish was begun."""

    def publish(self, status: Status, *, media_ids: Sequence[str], key: str, may_send: MaySend = always) -> Answer:
        """Publish without asking."""
        del may_send
        done: Answer = self._inner.publish(status, media_ids=media_ids, key=key, may_send=always)
        return done


class KnowsNoBoost(Around):
    """An account that says of every status that it isn't boosted."""

    def boosted(self, _status_id: str) -> bool:
        """No."""
        return False


class RemembersNoPost(Around):
    """A store that knows no post from earlier looks, and would have a second share of it."""

    def seen(self, site: str, ids: Collection[int]) -> frozenset[int]:
        """None."""
        return frozenset()

    def newest_seen(self, site: str, *, since: datetime, limit: int) -> tuple[int, ...]:
        """None."""
        return ()

    def add(self, plan: Plan, *, now: datetime) -> tuple[Share, ...]:
        """Add a share for each post, whatever there is."""
        there = {(share.post_id, share.account): share for share in self._inner.shares(site=plan.site)}
        added: tuple[Share, ...] = self._inner.add(plan, now=now)
        for share in plan.shares:
            if (share.post_id, share.account) in there and share.state is State.PENDING:
                before = there[share.post_id, share.account]
                post = as_seen(_post(before))
                self._inner.add_by_hand(
                    plan.site, post, account=share.account, number=before.number + 1, text="", now=now
                )
        return added


class MovesOn(Around):
    """A store whose cursor moves after every look, complete or not."""

    def add(self, plan: Plan, *, now: datetime) -> tuple[Share, ...]:
        """Move the cursor."""
        added: tuple[Share, ...] = self._inner.add(replace(plan, looked_at=now), now=now)
        return added


class ListsEverything(Around):
    """A store that takes every listing for one that shows private statuses too."""

    def account(self, name: str) -> AccountState:
        """Believe it."""
        state: AccountState = self._inner.account(name)
        return replace(state, listed=frozenset({"private"}))


class ForgetsDoubt(Around):
    """A store that doesn't remember that nobody knows whether an edit was made."""

    def keep_following(self, followed: Collection[Followed]) -> None:
        """Remember the rest."""
        self._inner.keep_following([replace(one, in_doubt=False) for one in followed])


class GoneAtOnce(Around):
    """A store to which a post that is gone is gone for an hour already."""

    def keep_following(self, followed: Collection[Followed]) -> None:
        """Remember it so."""
        self._inner.keep_following(
            [
                replace(one, gone_since=one.gone_since - GONE_FOR, next_check_at=one.gone_since)
                if one.gone_since is not None and one.next_check_at == one.gone_since + GONE_FOR
                else one
                for one in followed
            ]
        )


class WritesAreDone(Around):
    """A store to which a write is done as soon as somebody begins it."""

    def due_writes(self, site: str, *, now: datetime, limit: int) -> tuple[DueWrite, ...]:
        """Hand them out, and end them."""
        due: tuple[DueWrite, ...] = self._inner.due_writes(site, now=now, limit=limit)
        if limit > 1:
            for one in due:
                self._inner.end_write(one)
        return due


class KnowsNoNotice(Around):
    """A store to which every notice is a new one."""

    _count = 0

    def accept_notice(self, site: str, notice: Notice, *, now: datetime) -> bool:
        """Keep it under a name of its own."""
        self._count += 1
        return bool(self._inner.accept_notice(site, replace(notice, id=f"{notice.id}.{self._count}"), now=now))


class KnowsNoLink(Around):
    """A store that knows no post by its link."""

    def ids_by_link(self, _site: str, _links: Collection[str]) -> dict[str, int]:
        """None."""
        return {}


class KnowsNoRest(Around):
    """A store that tells of no rest once a lane is under way."""

    def at_rest(self, _site: str, _account: str, *, now: datetime) -> bool:
        """No."""
        del now
        return False


def holds_what_rests(*, has_clock: bool) -> Update:
    """Extend the lease of an account, whatever a person lets rest."""
    return holding(has_clock=has_clock).where(bindparam("site") != "")


class CaughtUp(dict[str, str]):
    """What a process remembers that has always read the account already."""

    def __init__(self, store: Any) -> None:
        super().__init__()
        self._store = store

    def get(self, _name: str, _default: Any = None) -> Any:
        """Read, of the database as it is."""
        return self._store.origin()


def never_catches_up(context: Context) -> Context:
    """A process that never reads an account before it sends."""
    return replace(context, remembered=replace(context.remembered, caught_up=CaughtUp(context.store)))


def waits_for_no_answer(context: Context) -> Context:
    """A process that reads the account as soon as a publish is unanswered."""
    accounts = {
        name: replace(posting, policy=replace(posting.policy, answer_deadline=timedelta(milliseconds=1)))
        for name, posting in context.accounts.items()
    }
    return replace(context, accounts=accounts)


def marks_nothing(*_: Any, **__: Any) -> int:
    """What is marked as shared where nobody does."""
    return 0


def names_it(share: Share, *, now: datetime) -> Change:
    """What a person lets go, as if they had asked for the post by its name."""
    return outcome.wanted(share, asked=Asked.NAMED, text="", due=now, now=now)


def forgets_words(context: Context, share: Share, post: Post, limits: Limits) -> Draft | NoStatus:
    """What an edit comes to where nobody remembers that a person gave other words."""
    return draft(context, replace(share, text_override=""), post, limits)


def filters_nothing(context: Context) -> Context:
    """A process that knows of no filters."""
    sites = {
        name: replace(watched, policy=replace(watched.policy, filters=Filters()))
        for name, watched in context.sites.items()
    }
    return replace(context, sites=sites)


def without_exclude(url: str) -> str:
    """An address that leaves no post out."""
    address, _, query = url.partition("?")
    return f"{address}?{'&'.join(part for part in query.split('&') if not part.startswith('exclude='))}"


def _post(share: Share) -> Post:
    return Post(id=share.post_id, link=share.link)
