"""Howdah with one of its guards taken out: what the simulator must notice.

Where two guards stand behind each other, the variant takes out both; its text says so.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.crosspost.context import Context
from bot.domain.answers import Answer
from bot.domain.models import AccountState, DueWrite, Followed, Post, Share, State, Status
from bot.domain.policy import Filters
from bot.domain.selecting.plan import Plan
from bot.domain.transitions.change import Change, Ended, changed
from bot.domain.transitions.following import GONE_FOR
from bot.ports import MaySend, always
from tests.simulation.invariants import BEGUN, CURSOR, ENDS, FILTERED, FOLLOWS, GONE, ONCE, OWN, SEEN, TOLD, WRITTEN
from tests.simulation.scenario import Ill, Keys, Scenario, scenario
from tests.simulation.world import MINUTE

_DAY = timedelta(days=1)


def _same(thing: Any) -> Any:
    return thing


def _nothing(_thing: Any) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """How howdah differs from the real one: what stands between a context and its ports, what is replaced within.

    instead: functions in the place of howdah's own, by dotted name. world: the seed's world, made such that the guard
    is needed in it. first: a seed from which on it is soon seen that the guard is missing; breaks: the invariants that
    show it.
    """

    name: str
    store: Callable[[Any], Any] = _same
    account: Callable[[Any], Any] = _same
    context: Callable[[Context], Context] = _same
    instead: Mapping[str, Any] = field(default_factory=dict)
    url: Callable[[str], str] = _same
    instance: Callable[[Any], None] = _nothing
    world: Callable[[int], Scenario] = scenario
    first: int = 0
    breaks: tuple[str, ...] = ()


SOUND = Variant(name="as it is")


class _Around:
    """Something that does all that the inner one does."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def _key_never_arrives(instance: Any) -> None:
    instance.flavour = Keys.NONE


class _CommitsLate(_Around):
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


class _SendsAgain(_Around):
    """A store whose unknown shares are simply due again: nobody looks at the account."""

    def unknown_due(self, account: str, *, now: datetime) -> tuple[Share, ...]:
        """Nothing is to be reconciled."""
        for share in self._inner.unknown_due(account, now=now):
            again = replace(share, state=State.PENDING, next_attempt_at=now)
            self._inner.apply(share, changed(again, step="reconcile", outcome="retry", detail="", now=now), now=now)
        return ()


class _GivesEveryLease(_Around):
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


class _NeverTooLate(_Around):
    """An account that sends, however long ago the publish was begun."""

    def publish(self, status: Status, *, media_ids: Sequence[str], key: str, may_send: MaySend = always) -> Answer:
        """Publish without asking."""
        del may_send
        done: Answer = self._inner.publish(status, media_ids=media_ids, key=key, may_send=always)
        return done


class _RemembersNoPost(_Around):
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
                post = _post(before)
                self._inner.add_by_hand(
                    plan.site, post, title="", account=share.account, number=before.number + 1, text="", now=now
                )
        return added


class _MovesOn(_Around):
    """A store whose cursor moves after every look, complete or not."""

    def add(self, plan: Plan, *, now: datetime) -> tuple[Share, ...]:
        """Move the cursor."""
        added: tuple[Share, ...] = self._inner.add(replace(plan, looked_at=now), now=now)
        return added


class _ListsEverything(_Around):
    """A store that takes every listing for one that shows private statuses too."""

    def account(self, name: str) -> AccountState:
        """Believe it."""
        state: AccountState = self._inner.account(name)
        return replace(state, listed=frozenset({"private"}))


class _ForgetsDoubt(_Around):
    """A store that doesn't remember that nobody knows whether an edit was made."""

    def keep_following(self, followed: Collection[Followed]) -> None:
        """Remember the rest."""
        self._inner.keep_following([replace(one, in_doubt=False) for one in followed])


class _GoneAtOnce(_Around):
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


class _WritesAreDone(_Around):
    """A store to which a write is done as soon as somebody begins it."""

    def due_writes(self, site: str, *, now: datetime, limit: int) -> tuple[DueWrite, ...]:
        """Hand them out, and end them."""
        due: tuple[DueWrite, ...] = self._inner.due_writes(site, now=now, limit=limit)
        if limit > 1:
            for one in due:
                self._inner.end_write(one)
        return due


class _CaughtUp(dict[str, str]):
    """What a process remembers that has always read the account already."""

    def __init__(self, store: Any) -> None:
        super().__init__()
        self._store = store

    def get(self, _name: str, _default: Any = None) -> Any:
        """Read, of the database as it is."""
        return self._store.origin()


def _never_catches_up(context: Context) -> Context:
    return replace(context, caught_up=_CaughtUp(context.store))


def _waits_for_no_answer(context: Context) -> Context:
    accounts = {
        name: replace(posting, policy=replace(posting.policy, answer_deadline=timedelta(milliseconds=1)))
        for name, posting in context.accounts.items()
    }
    return replace(context, accounts=accounts)


def _filters_nothing(context: Context) -> Context:
    sites = {
        name: replace(watched, policy=replace(watched.policy, filters=Filters()))
        for name, watched in context.sites.items()
    }
    return replace(context, sites=sites)


def _without_exclude(url: str) -> str:
    address, _, query = url.partition("?")
    return f"{address}?{'&'.join(part for part in query.split('&') if not part.startswith('exclude='))}"


def _post(share: Share) -> Post:
    return Post(id=share.post_id, link=share.link)


def _worlds(*ills: Ill, keys: Keys | None = Keys.NONE, **fields: Any) -> Callable[[int], Scenario]:
    return lambda seed: replace(scenario(seed, ills=frozenset(ills), keys=keys), **fields)


GUARDS = (
    Variant(
        name="the key: it never arrives, and the account's listing is late",
        instance=_key_never_arrives,
        world=_worlds(Ill.KEY_ALONE, Ill.PUBLISH, Ill.KILLS, keys=Keys.HOUR),
        first=3,
        breaks=(ONCE,),
    ),
    Variant(
        name="the order of commits: a publish is recorded when it is over",
        store=_CommitsLate,
        world=_worlds(Ill.KILLS, Ill.PUBLISH),
        first=0,
        breaks=(BEGUN,),
    ),
    Variant(
        name="reconciling: what is unknown is sent again",
        store=_SendsAgain,
        world=_worlds(Ill.KILLS, Ill.PUBLISH, Ill.LATE),
        first=1,
        breaks=(ONCE,),
    ),
    Variant(
        name="the lease: everybody has it, and nobody asks again before sending",
        store=_GivesEveryLease,
        account=_NeverTooLate,
        world=_worlds(Ill.PAUSES, Ill.LATE, daemons=3, harshness=3),
        first=2,
        breaks=(ONCE, BEGUN),
    ),
    Variant(
        name="asking again before sending",
        account=_NeverTooLate,
        world=_worlds(Ill.PAUSES, daemons=2, harshness=5),
        first=9,
        breaks=(ONCE, BEGUN),
    ),
    Variant(
        name="the wait for an answer: the account is read at once",
        context=_waits_for_no_answer,
        world=_worlds(Ill.LATE, Ill.KILLS, daemons=2, harshness=3),
        first=19,
        breaks=(ONCE,),
    ),
    Variant(
        name="the memory of seen posts, and of their shares' numbers",
        store=_RemembersNoPost,
        world=_worlds(Ill.EDITORS),
        first=1,
        breaks=(ONCE,),
    ),
    Variant(
        name="the tie rule: what was found is not left out",
        url=_without_exclude,
        world=_worlds(Ill.CROWDS, page_size=2, totals=False),
        first=0,
        breaks=(SEEN,),
    ),
    Variant(
        name="the smaller forms: every question is as long as the longest",
        url=lambda url: url if "?" not in url else f"{url}&pad={'x' * 300}",
        world=_worlds(page_size=100, longest_url=255),
        first=0,
        breaks=(ENDS,),
    ),
    Variant(
        name="the cursor: it moves after every look",
        store=_MovesOn,
        world=_worlds(Ill.SITE, page_size=2, harshness=3),
        first=30,
        breaks=(CURSOR,),
    ),
    Variant(
        name="what a listing can't show: private statuses are taken for absent",
        store=_ListsEverything,
        world=_worlds(Ill.HIDDEN, Ill.PUBLISH, Ill.KILLS, harshness=3),
        first=0,
        breaks=(ONCE,),
    ),
    Variant(
        name="what a restored store can't know: private statuses are taken for absent",
        store=_ListsEverything,
        world=_worlds(Ill.RESTORE, Ill.HIDDEN),
        first=9,
        breaks=(ONCE,),
    ),
    Variant(
        name="the filters: nobody asks them",
        context=_filters_nothing,
        world=_worlds(Ill.FILTERS, Ill.CROWDS, Ill.PEOPLE),
        first=0,
        breaks=(FILTERED,),
    ),
    Variant(
        name="the doubt about an edit: an unanswered one is forgotten",
        store=_ForgetsDoubt,
        world=_worlds(Ill.EDITS, Ill.PUBLISH, Ill.KILLS, duration=40 * MINUTE, poll=timedelta(minutes=5), posts=6),
        first=4,
        breaks=(FOLLOWS, TOLD),
    ),
    Variant(
        name="the hour before a status is deleted after its post",
        store=_GoneAtOnce,
        world=_worlds(Ill.DELETIONS, duration=100 * MINUTE, poll=timedelta(minutes=15)),
        first=0,
        breaks=(GONE,),
    ),
    Variant(
        name="whose address it is: every one proves that the post was shared",
        instead={"bot.domain.selecting.origin.is_own": lambda _url, _account: True},
        world=_worlds(Ill.CARRIED, posts=9),
        first=0,
        breaks=(OWN,),
    ),
    Variant(
        name="whose address it is: a copied one proves it too",
        instead={"bot.domain.selecting.origin._is_older": lambda _other, _claim: False},
        world=_worlds(Ill.CARRIED, posts=9),
        first=0,
        breaks=(OWN,),
    ),
    Variant(
        name="the mark on what is to be written: it goes when the write begins",
        store=_WritesAreDone,
        world=_worlds(Ill.WRITING, Ill.KILLS, Ill.SITE, harshness=2),
        first=0,
        breaks=(WRITTEN,),
    ),
    Variant(
        name="catching up after a restored backup",
        context=_never_catches_up,
        world=_worlds(Ill.RESTORE, keys=None),
        first=5,
        breaks=(ONCE,),
    ),
)
