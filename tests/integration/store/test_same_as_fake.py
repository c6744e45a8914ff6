"""Whatever is done, in whatever order: the real store and the fake answer the same."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule
from msgspec.structs import replace

from bot.domain.models import Anchor, Attempt, Followed, Listing, Post, RateLimit, Share, State
from bot.domain.policy import Order
from bot.domain.selecting.plan import as_seen
from bot.domain.transitions.change import Pause
from bot.errors import LeaseLostError
from bot.ports import Store
from bot.store import open_store
from tests.contract.stores import changed, plan, planned, post
from tests.fakes.store import FakeStore
from tests.makers import DAY, HOUR, MINUTE, NOON, own_status

SITES, ACCOUNTS, OWNERS = ("uk", "us"), ("one", "two"), ("a", "b")
sites, accounts, owners = st.sampled_from(SITES), st.sampled_from(ACCOUNTS), st.sampled_from(OWNERS)
instants = st.integers(-30, 30).map(lambda minutes: NOON + minutes * MINUTE)
perhaps = st.none() | instants
numbers = st.integers(1, 6)
steps = st.sampled_from(["publish", "reconcile", "read"])


class TwoStores(RuleBasedStateMachine):
    """Two stores to which the same is done."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.fake = FakeStore()
        self.real = open_store(f"sqlite:///{Path(self.folder.name) / 'howdah.db'}")
        self.read: list[Share] = []  # every share as it once was: some readings are stale by now
        self.now = NOON

    def teardown(self) -> None:
        """Ask once more, and leave nothing behind."""
        self.compare()
        self.real.close()
        self.folder.cleanup()

    def both(self, act: Callable[[Store], object]) -> None:
        """Do something to both: it answers the same, or fails the same."""
        assert _answer(act, self.fake) == _answer(act, self.real)
        self.read += [share for share in self.fake.shares() if share not in self.read]

    def one(self, which: int) -> Share | None:
        """One of the shares that were ever read."""
        return self.read[which % len(self.read)] if self.read else None

    @rule(
        site=sites,
        found=st.lists(numbers, max_size=4),
        date=perhaps,
        due=instants,
        moved=st.booleans(),
        note=st.sampled_from(["", "cut short"]),
    )
    def look(
        self, *, site: str, found: list[int], date: datetime | None, due: datetime, moved: bool, note: str
    ) -> None:
        """A look finds posts, some of them known; sometimes it is incomplete, or another process looked meanwhile."""
        expected = NOON - DAY if moved else self.fake.site(site).looked_at
        posts = [post(number, published_at=date) for number in found]
        shares = [planned(number, account=name, next_attempt_at=due) for number in found for name in ACCOUNTS]
        look = plan(
            *posts,
            shares=tuple(shares),
            site=site,
            expected_looked_at=expected,
            looked_at=self.now,
            activated_at=self.now,
            error=note,
        )
        self.both(lambda store: store.add(look, now=self.now))

    @rule(site=sites, post_id=numbers, date=perhaps, account=accounts, number=st.integers(1, 3))
    def ask(self, *, site: str, post_id: int, date: datetime | None, account: str, number: int) -> None:
        """A person asks for a share, having looked or not."""
        asked = as_seen(Post(id=post_id, link=f"http://news.example/{post_id}", title="T", published_at=date))
        self.both(lambda store: store.add_by_hand(site, asked, account=account, number=number, text="", now=self.now))

    @rule(account=accounts, owner=owners, until=instants)
    def lease(self, account: str, owner: str, until: datetime) -> None:
        """A process wants a lane."""
        self.both(lambda store: store.lease(account, owner=owner, now=self.now, until=until))

    @rule(account=accounts, owner=owners, until=instants)
    def extend(self, account: str, owner: str, until: datetime) -> None:
        """A process is still at work on a lane, or believes so."""
        self.both(lambda store: store.extend(account, owner=owner, now=self.now, until=until))

    @rule(account=accounts, owner=owners)
    def release(self, account: str, owner: str) -> None:
        """A process gives a lane back, or believes so."""
        self.both(lambda store: store.release(account, owner=owner))

    @rule(site=sites, owner=owners, until=instants)
    def lease_site(self, site: str, owner: str, until: datetime) -> None:
        """A process wants to look at a site."""
        self.both(lambda store: store.lease_site(site, owner=owner, now=self.now, until=until))

    @rule(owner=owners)
    def give_back(self, owner: str) -> None:
        """A process is gone."""
        self.both(lambda store: store.give_back(owner))

    @rule(account=accounts, first=st.integers(0, 9), link=numbers)
    def find_statuses(self, account: str, first: int, link: int) -> None:
        """The account's own statuses were read."""
        listing = [own_status(str(first + one), f"https://news.example/{link}") for one in range(2)]
        self.both(lambda store: store.remember_statuses(account, Listing(statuses=tuple(listing), complete=True)))

    @rule(which=st.integers(0), due=perhaps, gone=perhaps)
    def keep_following(self, which: int, due: datetime | None, gone: datetime | None) -> None:
        """A shared post was looked at again."""
        if share := self.one(which):
            followed = Followed(share_id=share.id, next_check_at=due, gone_since=gone, failures=which % 3)
            self.both(lambda store: store.keep_following([followed]))

    @rule(account=accounts, until=instants)
    def put_off(self, account: str, until: datetime) -> None:
        """An account's pending shares have to wait."""
        self.both(lambda store: store.put_off(account, until=until))

    @rule(which=st.integers(0), owner=owners, until=instants, link=st.none() | numbers)
    def begin(self, *, which: int, owner: str, until: datetime, link: int | None) -> None:
        """A process sends a share; its post may have moved."""
        if share := self.one(which):
            ready = replace(share, link=f"https://news.example/moved/{link}" if link else share.link)
            self.both(lambda store: store.begin(ready, owner=owner, lease_until=until, now=self.now))

    @rule(which=st.integers(0), state=st.sampled_from(State), due=perhaps, step=steps, rate=perhaps)
    def apply(self, which: int, state: State, due: datetime | None, *, step: str, rate: datetime | None) -> None:
        """Something becomes of a share."""
        if share := self.one(which):
            change = replace(
                changed(share, step=step, at=self.now, state=state, next_attempt_at=due, status_id=str(which % 9)),
                statuses_rate=RateLimit(remaining=which % 3, reset_at=rate) if rate else None,
                pause=Pause(until=due, reason="rests") if due and which % 2 else None,
                recovered=state is State.SHARED,
                latest=Anchor(id=str(which), created_at=self.now) if state is State.SHARED else None,
            )
            self.both(lambda store: store.apply(share, change, now=self.now))

    @rule(which=st.integers(0), rate=perhaps)
    def upload(self, which: int, rate: datetime | None) -> None:
        """A share's image is uploaded."""
        if share := self.one(which):
            attempt = Attempt(at=self.now, step="upload", outcome="uploaded")
            left = RateLimit(remaining=3, reset_at=rate) if rate else None
            self.both(lambda store: store.record_upload(share, attempt=attempt, rate=left))

    @rule(account=accounts)
    def resume(self, account: str) -> None:
        """A person ends a pause."""
        self.both(lambda store: store.resume(account))

    @rule(site=sites, due=instants)
    def fail(self, site: str, due: datetime) -> None:
        """A look comes to nothing."""
        self.both(lambda store: store.look_failed(site, error="HTML", next_look_at=due))

    @rule(now=instants)
    def pass_time(self, now: datetime) -> None:
        """Time goes by, or a clock is set back."""
        self.now = now

    @rule()
    def compare(self) -> None:
        """Every question has the same answer."""
        for question in QUESTIONS:
            assert question(self.fake, self.now) == question(self.real, self.now)


def _answer(act: Callable[[Store], object], store: Store) -> object:
    try:
        return act(store)
    except LeaseLostError:
        return "lost"


QUESTIONS: list[Callable[[Store, datetime], object]] = [
    lambda store, _: [[store.site(name) for name in SITES], store.sites(SITES)],
    lambda store, _: [[store.account(name) for name in ACCOUNTS], store.accounts(ACCOUNTS)],
    lambda store, _: [(share, store.attempts(share)) for share in store.shares()],
    lambda store, _: store.counts(),
    lambda store, _: store.oldest_pending(),
    lambda store, now: [store.longest_due(ACCOUNTS[:number], sites=SITES[:1], before=now) for number in range(3)],
    lambda store, _: [store.seen(name, range(9)) for name in SITES],
    lambda store, _: store.owners(),
    lambda store, _: [store.has_found_statuses(name) for name in ACCOUNTS],
    lambda store, _: [store.statuses_with(name, "https://news.example/3") for name in ACCOUNTS],
    lambda store, _: [store.newest_seen(name, since=NOON - HOUR, limit=4) for name in SITES],
    lambda store, _: [store.find_post(name, "https://news.example/3") for name in (None, *SITES)],
    lambda store, now: store.due_sites(SITES, now=now),
    lambda store, now: [store.due(name, sites=["uk"], now=now, limit=4) for name in ACCOUNTS],
    lambda store, now: [store.due(name, sites=["uk"], now=now, limit=4, order=Order.NEWEST) for name in ACCOUNTS],
    lambda store, now: [store.unknown_due(name, now=now) for name in ACCOUNTS],
    lambda store, now: [store.to_follow(name, sites=SITES, since=NOON - DAY, now=now, limit=3) for name in ACCOUNTS],
    lambda store, now: [store.gone(name, site, since=now) for name in ACCOUNTS for site in SITES],
    lambda store, now: [store.acted_at(name, ["publish", "edit"], since=now - HOUR) for name in ACCOUNTS],
    lambda store, now: store.all_acted_at(ACCOUNTS, ["publish", "edit"], since=now - HOUR),
    lambda store, now: store.due_accounts(ACCOUNTS, sites=["us"], now=now),
    lambda store, _: store.next_due_at(sites=["uk"], accounts=ACCOUNTS),
    lambda store, now: [store.pending_at(name, sites=["uk"], now=now) for name in ACCOUNTS],
    lambda store, _: store.erring(ACCOUNTS, sites=SITES, limit=2),
    lambda store, _: [store.sending(name) for name in ACCOUNTS],
    lambda store, now: [store.sent_at(name, since=now) + store.uploaded_at(name, since=now) for name in ACCOUNTS],
    lambda store, _: [store.known_status_ids(name, ["1", "2", "3"]) for name in ACCOUNTS],
]

TestTwoStores = TwoStores.TestCase
TestTwoStores.settings = settings(max_examples=15, stateful_step_count=30, suppress_health_check=[HealthCheck.too_slow])
