"""The contract of the Store port, held by the fake and by the real one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from bot.domain.models import (
    DELAYS,
    FOREVER,
    AccountState,
    Anchor,
    Asked,
    Attempt,
    Cause,
    DueWrite,
    Followed,
    FoundStatus,
    Limits,
    Listing,
    Post,
    RateLimit,
    ReadBack,
    Share,
    SiteState,
    State,
)
from bot.domain.notices import KeptNotice, Notice
from bot.domain.policy import Order
from bot.domain.selecting.plan import THERE_BEFORE, Mark
from bot.domain.transitions.change import Change, Ended
from bot.errors import LeaseLostError
from bot.ports import Store
from tests.contract.stores import (
    ANCHOR,
    KEY,
    OWNER,
    STATUS,
    STORES,
    add,
    ask,
    begin,
    changed,
    move,
    pause,
    plan,
    planned,
    post,
)
from tests.makers import DAY, HOUR, MINUTE, NOON, SECOND, own_status

EVER = NOON - 1000 * DAY
RATE = RateLimit(remaining=7, reset_at=NOON + HOUR)


@pytest.fixture(params=list(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    opened = STORES[request.param](tmp_path)
    yield opened
    opened.close()


def ids(shares: tuple[Share, ...]) -> list[int]:
    """The posts of shares, in their order."""
    return [share.post_id for share in shares]


class TestSettle:
    """The config's addresses."""

    def test_another_address_of_a_site(self, store: Store) -> None:
        """Its root is looked for anew; what was seen there stays."""
        add(store, 7)
        store.remember_root("uk", "https://old.example/wp-json/")
        store.note_addresses(sites={"uk": "https://old.example"}, accounts={}, now=NOON)
        store.note_addresses(sites={"uk": "https://old.example"}, accounts={}, now=NOON)

        assert store.site("uk").root == "https://old.example/wp-json/"
        assert (SiteState(name="us"), store.site("uk")) == store.sites(["us", "uk"])

        store.note_addresses(sites={"uk": "https://new.example"}, accounts={}, now=NOON)

        assert store.site("uk").root == ""
        assert frozenset({7}) == store.seen("uk", [7])

    def test_another_instance_of_an_account(self, store: Store) -> None:
        """What was learnt of the old one isn't true of the new one."""
        store.note_addresses(sites={}, accounts={"uk": "https://old.example"}, now=NOON)
        store.remember_limits("uk", Limits(max_characters=9), now=NOON)
        store.remember_latest("uk", Anchor(id="9", created_at=NOON))
        store.note_addresses(sites={}, accounts={"uk": "https://old.example", "de": "https://de.example"}, now=NOON)

        assert store.account("uk").limits is not None

        store.note_addresses(sites={}, accounts={"uk": "https://new.example"}, now=NOON)

        state = store.account("uk")
        assert AccountState(name="uk", origin=state.origin, unproven_before=NOON) == state


class TestSites:
    """What is remembered of a site."""

    def test_unknown(self, store: Store) -> None:
        """Of a site never heard of nothing is remembered, and that is no error."""
        assert SiteState(name="uk") == store.site("uk")

    def test_root(self, store: Store) -> None:
        """A root is remembered for its site alone; an empty one forgets it."""
        store.remember_root("uk", "https://news.example/wp-json/")
        store.remember_root("us", "https://us.example/?rest_route=/")

        assert "https://news.example/wp-json/" == store.site("uk").root

        store.remember_root("uk", "")

        assert "" == store.site("uk").root
        assert "https://us.example/?rest_route=/" == store.site("us").root

    def test_failed_looks(self, store: Store) -> None:
        """Failures are counted with the last one's reason; root and cursor stay."""
        store.remember_root("uk", "root/")
        store.add(plan(looked_at=NOON), now=NOON)
        store.look_failed("uk", error="no answer", next_look_at=NOON + MINUTE)
        store.look_failed("uk", error="HTML", next_look_at=NOON + HOUR)

        expected = SiteState(
            name="uk",
            root="root/",
            looked_at=NOON,
            activated_at=NOON,
            next_look_at=NOON + HOUR,
            failures=2,
            error="HTML",
        )
        assert expected == store.site("uk")

    def test_failed_first_look(self, store: Store) -> None:
        """A look may fail before anything is known of its site."""
        store.look_failed("uk", error="no answer", next_look_at=NOON)

        assert SiteState(name="uk", next_look_at=NOON, failures=1, error="no answer") == store.site("uk")

    def test_due(self, store: Store) -> None:
        """Sites never looked at come first, then by the time they are due; others aren't named."""
        for name, next_look_at in [("late", NOON), ("later", NOON + SECOND), ("early", NOON - HOUR), ("else", NOON)]:
            store.look_failed(name, error="", next_look_at=next_look_at)
        store.remember_root("rooted", "root/")

        names = ["later", "late", "new", "early", "rooted"]
        assert ("new", "rooted", "early", "late") == store.due_sites(names, now=NOON)


class TestLooks:
    """Recording what a look found."""

    def test_adds(self, store: Store) -> None:
        """Posts, shares and cursor are recorded together, and the shares returned in the plan's order."""
        first = planned(8, next_attempt_at=NOON + MINUTE)
        second = planned(7, account="de", state=State.SKIPPED, error="too old", next_attempt_at=None)
        third = planned(7, state=State.SHARED, url="https://social.example/1", next_attempt_at=None)

        look = plan(post(7), post(8), shares=(first, second, third), looked_at=NOON)
        added = store.add(look, now=NOON + SECOND)

        state = SiteState(name="uk", looked_at=NOON, activated_at=NOON, next_look_at=NOON + MINUTE)
        assert state == store.site("uk")
        assert [(8, "uk", State.PENDING), (7, "de", State.SKIPPED), (7, "uk", State.SHARED)] == [
            (share.post_id, share.account, share.state) for share in added
        ]
        expected = Share(
            id=added[0].id,
            site="uk",
            post_id=8,
            account="uk",
            number=1,
            state=State.PENDING,
            link="https://news.example/8/",
            title="Post 8",
            next_attempt_at=NOON + MINUTE,
            created_at=NOON + SECOND,
            updated_at=NOON + SECOND,
        )
        assert expected == added[0]
        assert ("too old", None) == (added[1].error, added[1].next_attempt_at)
        assert ("https://social.example/1", "") == (added[2].url, added[2].error)
        assert added == store.get([share.id for share in added])

    def test_nothing_new(self, store: Store) -> None:
        """A look that finds nothing moves the cursor all the same."""
        assert () == store.add(plan(looked_at=NOON), now=NOON)
        assert NOON == store.site("uk").looked_at

    def test_posts_without_shares(self, store: Store) -> None:
        """Posts are remembered also where no account shares them."""
        assert () == store.add(plan(post(7), shares=()), now=NOON)
        assert {7} == store.seen("uk", [7])

    def test_returns_only_its_own(self, store: Store) -> None:
        """Shares that other looks added aren't returned."""
        add(store, 6)
        add(store, 7, site="us")

        assert [8] == ids(store.add(plan(post(8)), now=NOON))

    def test_leaves_what_is_there(self, store: Store) -> None:
        """A post or a share that is there already stays as it is, and isn't returned."""
        before = move(store, add(store, 7), error="so far so good")
        store.add(plan(post(7, title="Edited", link="https://news.example/moved/"), post(8)), now=NOON)

        assert (before,) == store.get([before.id])
        assert [8, 7] == ids(store.shares())

    def test_cursor_was_moved(self, store: Store) -> None:
        """Where another process looked meanwhile nothing at all is recorded."""
        store.add(plan(looked_at=NOON), now=NOON)

        for expected in (None, NOON - SECOND):
            with pytest.raises(LeaseLostError):
                store.add(plan(post(7), expected_looked_at=expected, looked_at=NOON + HOUR), now=NOON + HOUR)
        assert frozenset() == store.seen("uk", [7])
        assert () == store.shares()
        assert NOON == store.site("uk").looked_at

    def test_cursor_goes_on(self, store: Store) -> None:
        """A look that expects the cursor where it is moves it."""
        store.add(plan(looked_at=NOON), now=NOON)
        store.look_failed("uk", error="no answer", next_look_at=NOON)
        store.add(plan(post(7), expected_looked_at=NOON, looked_at=NOON + HOUR), now=NOON + HOUR)

        assert (NOON + HOUR, 0, "") == (
            store.site("uk").looked_at,
            store.site("uk").failures,
            store.site("uk").error,
        )

    def test_incomplete(self, store: Store) -> None:
        """Incomplete looks in a row are counted as failures are, with the last one's reason; a complete one ends it."""
        store.add(plan(error="cut short"), now=NOON)
        store.look_failed("uk", error="no answer", next_look_at=NOON)
        store.add(plan(error="cut short again"), now=NOON)

        assert (3, "cut short again") == (store.site("uk").failures, store.site("uk").error)

        store.add(plan(looked_at=NOON), now=NOON)

        assert (0, "") == (store.site("uk").failures, store.site("uk").error)

    def test_activated(self, store: Store) -> None:
        """The first look activates its site, complete or not, and no later one does so again."""
        store.remember_root("uk", "root/")
        store.look_failed("uk", error="no answer", next_look_at=NOON)

        assert store.site("uk").activated_at is None

        store.add(plan(activated_at=NOON + SECOND, error="cut short"), now=NOON + HOUR)
        store.add(plan(activated_at=NOON + HOUR, looked_at=NOON + HOUR), now=NOON + HOUR)

        assert (NOON + SECOND, None) == (store.site("uk").activated_at, store.site("us").activated_at)

    def test_lost_look_activates_nothing(self, store: Store) -> None:
        """A look that isn't recorded doesn't activate its site."""
        with pytest.raises(LeaseLostError):
            store.add(plan(expected_looked_at=NOON), now=NOON)

        assert SiteState(name="uk") == store.site("uk")

    def test_cursor_finer_than_milliseconds(self, store: Store) -> None:
        """A cursor of microseconds is recognised again, though milliseconds are kept."""
        instant = NOON + timedelta(microseconds=123_456)
        store.add(plan(looked_at=instant), now=instant)
        store.add(plan(post(7), expected_looked_at=instant, looked_at=NOON + HOUR), now=NOON + HOUR)

        assert NOON + HOUR == store.site("uk").looked_at

    def test_one_of_two_threads(self, store: Store) -> None:
        """Of looks recorded at once from the same cursor exactly one counts."""
        together = Barrier(4)

        def look(number: int) -> int:
            together.wait()
            try:
                return len(store.add(plan(post(number), looked_at=NOON + SECOND), now=NOON))
            except LeaseLostError:
                return 0

        with ThreadPoolExecutor(4) as threads:
            assert 1 == sum(threads.map(look, range(4)))
        assert 1 == len(store.shares())


class TestSeen:
    """Posts that a look found are never forgotten."""

    def test_seen(self, store: Store) -> None:
        """Only posts of this site count; ids may be large."""
        huge = 2**53
        add(store, 7)
        store.add(plan(post(1, id=huge), shares=(planned(huge),), site="us"), now=NOON)

        assert {7} == store.seen("uk", [6, 7, huge])
        assert {huge} == store.seen("us", {6, 7, huge})
        assert frozenset() == store.seen("uk", [])

    def test_many(self, store: Store) -> None:
        """A site's whole archive can be asked for at once."""
        store.add(plan(*(post(number) for number in range(0, 3000, 3)), shares=()), now=NOON)

        assert set(range(0, 3000, 3)) == store.seen("uk", range(40_000))

    def test_newest(self, store: Store) -> None:
        """Posts after an instant, newest first, at most so many; those without a date are left out."""
        undated, twin = post(90, published_at=None), post(91, published_at=NOON + 3 * MINUTE)
        store.add(plan(post(1), post(2), post(3), post(4), undated, twin, shares=()), now=NOON)
        store.add(plan(post(5), shares=(), site="us"), now=NOON)

        assert (4, 91, 3, 2) == store.newest_seen("uk", since=NOON + MINUTE, limit=9)
        assert (4, 91) == store.newest_seen("uk", since=NOON + MINUTE, limit=2)

    def test_by_hand(self, store: Store) -> None:
        """A post that was only shared by hand is new to a look, and seen from then on."""
        ask(store, 7)

        assert frozenset() == store.seen("uk", [7])
        assert () == store.newest_seen("uk", since=EVER, limit=9)

        store.add(plan(post(7), shares=()), now=NOON)

        assert {7} == store.seen("uk", [7])
        assert (7,) == store.newest_seen("uk", since=EVER, limit=9)

    def test_by_hand_afterwards(self, store: Store) -> None:
        """A post that a look found stays seen when a person shares it."""
        add(store, 7)
        ask(store, 7, number=2)

        assert {7} == store.seen("uk", [7])


class TestBeginWithTheOneBefore:
    """What came of one share, and the beginning of the next: both or neither."""

    def ended(self, store: Store) -> Ended:
        """A share that was sent."""
        sent = begin(store, add(store, 1))
        after = replace(sent, state=State.SHARED, url="https://social.example/@uk/1", status_id="1")
        return Ended(share=sent, change=Change(share=after, attempt=Attempt(at=NOON, step="publish", outcome="shared")))

    def test_both(self, store: Store) -> None:
        """The one is shared and the other begun, in one call."""
        ended, following = self.ended(store), add(store, 2)
        begun = store.begin(following, owner=OWNER, lease_until=NOON + HOUR, now=NOON + SECOND, ended=ended)

        assert [State.SHARED, State.SENDING] == [one.state for one in store.get([ended.share.id, begun.id])]
        assert ["shared"] == [attempt.outcome for attempt in store.attempts(ended.share)]

    def test_neither(self, store: Store) -> None:
        """Where the next has moved on, nothing is recorded of the one before."""
        ended, following = self.ended(store), add(store, 2)
        dropped = replace(following, state=State.SKIPPED, error="by hand")
        skipped = Change(share=dropped, attempt=Attempt(at=NOON, step="decide", outcome="skipped"))
        store.apply(following, skipped, now=NOON)

        with pytest.raises(LeaseLostError):
            store.begin(following, owner=OWNER, lease_until=NOON + HOUR, now=NOON + SECOND, ended=ended)
        assert [ended.share] == list(store.get([ended.share.id]))


class TestFindPost:
    """From a link to its post."""

    def test_finds(self, store: Store) -> None:
        """A trailing slash, the scheme and tracking don't matter; the path and other parameters do."""
        store.add(plan(post(7), post(8, link="https://news.example/?p=8"), shares=()), now=NOON)

        assert ("uk", 7) == store.find_post(None, "http://www.news.example/7?utm_source=x#top")
        assert ("uk", 8) == store.find_post("uk", "https://news.example/?p=8")
        assert store.find_post(None, "https://news.example/70/") is None
        assert store.find_post(None, "https://news.example/?p=7") is None

    def test_by_site(self, store: Store) -> None:
        """Two sites may have posts with the same link; without a site the first by name is taken."""
        add(store, 7, site="us")
        add(store, 7, site="uk")

        assert ("uk", 7) == store.find_post(None, "https://news.example/7/")
        assert ("us", 7) == store.find_post("us", "https://news.example/7/")
        assert store.find_post("de", "https://news.example/7/") is None


class TestFindStatus:
    """The post that a status' url is about."""

    def test_finds(self, store: Store) -> None:
        """By its id where the url ends in it, by the whole url otherwise; whatever the scheme and the slash."""
        one, two = add(store, 1), add(store, 2)
        add(store, 3)
        move(store, one, state=State.SHARED, url="https://a.example/@uk/11", status_id="11")
        move(store, two, state=State.SHARED, url="https://a.example/p/xyz", status_id="")
        store.remember_latest("uk", ANCHOR)

        found = [store.find_status(f"{start}a.example/{end}") for start, end in (("http://", "@uk/11/"), ("", "p/xyz"))]
        assert [("uk", 1), ("uk", 2)] == found

    @pytest.mark.parametrize(
        "url", ["https://b.example/@uk/11", "https://a.example/@uk/1", "", "/", "https://a.example/"]
    )
    def test_no_status(self, store: Store, url: str) -> None:
        """Another's, or none at all."""
        move(store, add(store, 1), state=State.SHARED, url="https://a.example/@uk/11", status_id="11")

        assert store.find_status(url) is None


class TestLease:
    """One process attends to an account at a time."""

    def test_exclusive(self, store: Store) -> None:
        """While a lease runs nobody else gets the lane; its owner extends it."""
        assert store.lease("uk", owner="a", now=NOON, until=NOON + MINUTE)
        assert not store.lease("uk", owner="b", now=NOON, until=NOON + HOUR)
        assert store.lease("de", owner="b", now=NOON, until=NOON + HOUR)
        assert store.lease("uk", owner="a", now=NOON + SECOND, until=NOON + HOUR)
        assert not store.lease("uk", owner="b", now=NOON + MINUTE, until=NOON + HOUR)

    def test_runs_out(self, store: Store) -> None:
        """A lease that ran out is anybody's, from its very last instant."""
        store.lease("uk", owner="a", now=NOON, until=NOON + MINUTE)

        assert store.lease("uk", owner="b", now=NOON + MINUTE, until=NOON + HOUR)
        assert not store.lease("uk", owner="a", now=NOON + MINUTE, until=NOON + HOUR)

    def test_release(self, store: Store) -> None:
        """A lane that was given back is free; nobody gives back another's."""
        store.release("uk", owner="a")
        store.lease("uk", owner="a", now=NOON, until=NOON + HOUR)
        store.release("uk", owner="b")

        assert not store.lease("uk", owner="b", now=NOON, until=NOON + HOUR)

        store.release("uk", owner="a")

        assert store.lease("uk", owner="b", now=NOON, until=NOON + HOUR)

    def test_keeps_the_rest(self, store: Store) -> None:
        """Leasing changes nothing that is remembered of the account."""
        store.remember_latest("uk", ANCHOR)
        store.lease("uk", owner="a", now=NOON, until=NOON + HOUR)
        store.release("uk", owner="a")

        assert AccountState(name="uk", latest=ANCHOR) == store.account("uk")

    def test_one_of_several_threads(self, store: Store) -> None:
        """Of several that ask at once exactly one gets it."""
        together = Barrier(4)

        def ask(owner: str) -> bool:
            together.wait()
            return store.lease("uk", owner=owner, now=NOON, until=NOON + HOUR)

        with ThreadPoolExecutor(4) as threads:
            assert 1 == sum(threads.map(ask, "abcd"))


class TestLeases:
    """Who attends to which account, for whoever starts anew."""

    def test_owners(self, store: Store) -> None:
        """Whoever holds a lease that wasn't given back, on an account or a site, whether it still runs or not."""
        assert frozenset() == store.owners()

        store.lease("uk", owner="a", now=NOON, until=NOON + MINUTE)
        store.lease("de", owner="b", now=NOON, until=NOON + MINUTE)
        store.lease("uk", owner="c", now=NOON + HOUR, until=NOON + 2 * HOUR)
        store.lease_site("uk", owner="d", now=NOON, until=NOON + MINUTE)
        store.lease_site("de", owner="e", now=NOON, until=NOON + MINUTE)
        store.release_site("de", owner="e")
        store.remember_latest("us", ANCHOR)

        assert frozenset("bcd") == store.owners()

    def test_refused(self, store: Store) -> None:
        """Whoever didn't get a lease has none."""
        store.lease("uk", owner="a", now=NOON, until=NOON + MINUTE)
        store.lease("uk", owner="b", now=NOON, until=NOON + MINUTE)

        assert frozenset("a") == store.owners()

    def test_give_back(self, store: Store) -> None:
        """All that one owner held is free, and nothing of another's."""
        store.lease("uk", owner="a", now=NOON, until=NOON + HOUR)
        store.lease_site("uk", owner="a", now=NOON, until=NOON + HOUR)
        store.lease("de", owner="b", now=NOON, until=NOON + HOUR)

        store.give_back("a")

        assert frozenset("b") == store.owners()
        assert store.lease("uk", owner="b", now=NOON, until=NOON + HOUR)
        assert store.lease_site("uk", owner="b", now=NOON, until=NOON + HOUR)

    def test_by_a_wrong_clock(self, store: Store) -> None:
        """A lease that claims to run for longer than any can is nobody's."""
        store.lease("uk", owner="a", now=NOON + DAY, until=NOON + DAY + MINUTE)

        assert store.lease("uk", owner="b", now=NOON, until=NOON + MINUTE)

    def test_of_a_site(self, store: Store) -> None:
        """While one looks at a site nobody else does; accounts of the same name have nothing to do with it."""
        assert store.lease_site("uk", owner="a", now=NOON, until=NOON + MINUTE)
        assert store.lease("uk", owner="b", now=NOON, until=NOON + MINUTE)
        assert not store.lease_site("uk", owner="b", now=NOON, until=NOON + MINUTE)
        assert store.lease_site("uk", owner="a", now=NOON, until=NOON + HOUR)
        store.release_site("uk", owner="b")
        assert not store.lease_site("uk", owner="b", now=NOON + MINUTE, until=NOON + HOUR)
        store.release_site("uk", owner="a")
        assert store.lease_site("uk", owner="b", now=NOON + MINUTE, until=NOON + HOUR)
        assert not store.lease_site("uk", owner="a", now=NOON + HOUR - SECOND, until=NOON + 2 * HOUR)
        assert store.lease_site("uk", owner="a", now=NOON + HOUR, until=NOON + 2 * HOUR)

    def test_leased_sites_are_not_due(self, store: Store) -> None:
        """A site is left alone while a lease runs, whoever's; of one never heard of nobody has a lease."""
        store.lease_site("uk", owner="a", now=NOON, until=NOON + MINUTE)

        assert ("de",) == store.due_sites(["uk", "de"], now=NOON)
        assert ("de", "uk") == store.due_sites(["uk", "de"], now=NOON + MINUTE)


class TestDatabase:
    """The database itself."""

    def test_writing_for_a_try_changes_nothing(self, store: Store) -> None:
        """Neither in an empty store nor in one that knows a site."""
        store.try_writing()
        store.look_failed("uk", error="down", next_look_at=NOON)
        store.try_writing()

        assert SiteState(name="uk", failures=1, error="down", next_look_at=NOON) == store.site("uk")

    def test_origin(self, store: Store) -> None:
        """It has a name that stays while nothing may have been lost."""
        before = store.origin()
        add(store, 7)

        assert before
        assert before == store.origin()

    def test_flaw(self, store: Store) -> None:
        """A sound database has none."""
        add(store, 1)

        assert "" == store.flaw()

    def test_room(self, store: Store) -> None:
        """What is left on its own disk; nothing is known of a server's."""
        assert (store.free_bytes() or 1) > 0

    def test_clock(self, store: Store) -> None:
        """It tells the time, in UTC, and goes forward."""
        first = store.now()

        assert UTC is first.tzinfo
        assert first <= store.now()


class TestFoundStatuses:
    """What was read of an account."""

    def test_by_link(self, store: Store) -> None:
        """They are found by any of their links, however it is written, newest first; the newest is the account's."""
        old = own_status("101", "https://news.example/7/?utm_source=x", "https://other.example/", created_at=NOON)
        new = own_status("102", "http://www.news.example/7", created_at=NOON + MINUTE)
        store.remember_statuses("uk", Listing(statuses=(new, old), complete=True))

        found = [FoundStatus(id=one.id, url=one.url, created_at=one.created_at) for one in (new, old)]
        assert tuple(found) == store.statuses_with("uk", "https://news.example/7/")
        assert tuple(found[1:]) == store.statuses_with("uk", "https://other.example")
        assert () == store.statuses_with("uk", "https://news.example/8/")
        assert () == store.statuses_with("de", "https://news.example/7/")
        assert Anchor(id="102", created_at=NOON + MINUTE) == store.account("uk").latest

    def test_of_shares(self, store: Store) -> None:
        """A status that belongs to a share isn't found, whether it did already or does now."""
        both = Listing(statuses=(own_status("102"), own_status("101")), complete=True)
        move(store, add(store, 7), state=State.SHARED, status_id="101")
        store.remember_statuses("uk", both)
        assert ["102"] == [status.id for status in store.statuses_with("uk", "https://news.example/7/")]

        move(store, ask(store, 7, number=2), state=State.SHARED, status_id="102")

        assert () == store.statuses_with("uk", "https://news.example/7/")

    def test_read_again(self, store: Store) -> None:
        """What was read before is there once; an empty listing changes nothing."""
        listing = Listing(statuses=(own_status("101"),), complete=True)
        for again in (listing, listing, Listing(statuses=(), complete=True)):
            store.remember_statuses("uk", again)

        assert 1 == len(store.statuses_with("uk", "https://news.example/7/"))
        assert Anchor(id="101", created_at=NOON) == store.account("uk").latest

    def test_replies(self, store: Store) -> None:
        """A reply with a post's link is no share of it, but the account's newest status all the same."""
        reply = own_status("103", in_reply_to_id="9")
        store.remember_statuses("uk", Listing(statuses=(reply,), complete=True))

        assert () == store.statuses_with("uk", "https://news.example/7/")
        assert Anchor(id="103", created_at=NOON) == store.account("uk").latest


class TestAccounts:
    """What is remembered of an account."""

    def test_unknown(self, store: Store) -> None:
        """Of an account never heard of nothing is remembered."""
        assert AccountState(name="uk") == store.account("uk")

    def test_limits(self, store: Store) -> None:
        """Limits come back whole, with when they were read; the newest count."""
        limits = Limits(max_characters=5000, supported_mime_types=("image/png", "image/jpeg"), software="gotosocial")
        store.remember_limits("uk", Limits(), now=NOON)
        store.remember_limits("uk", limits, now=NOON + HOUR)

        assert (limits, NOON + HOUR) == (store.account("uk").limits, store.account("uk").limits_at)

    def test_latest(self, store: Store) -> None:
        """The newest own status is replaced by a newer one; limits stay."""
        store.remember_limits("uk", Limits(), now=NOON)
        store.remember_latest("uk", Anchor(id="1", created_at=NOON - DAY))
        store.remember_latest("uk", ANCHOR)

        assert (ANCHOR, Limits()) == (store.account("uk").latest, store.account("uk").limits)

    def test_pause_and_resume(self, store: Store) -> None:
        """Pauses in a row are counted; a person ends them all."""
        share = add(store, 7)
        store.apply(share, pause(share, length=MINUTE), now=NOON)
        store.apply(share, pause(share, length=HOUR), now=NOON)

        paused = AccountState(name="uk", paused_until=NOON + HOUR, pause_reason="it asked for it", pauses=2)
        assert paused == store.account("uk")

        store.resume("uk")

        assert AccountState(name="uk") == store.account("uk")

    def test_resume_unknown(self, store: Store) -> None:
        """An account that was never paused, or never heard of, can be resumed: nothing happens."""
        store.resume("uk")

        assert AccountState(name="uk") == store.account("uk")

    def test_token_mark(self, store: Store) -> None:
        """By which token it is used is remembered, and nothing else changes."""
        store.remember_limits("uk", Limits(), now=NOON)
        store.remember_token("uk", "5eed")

        expected = AccountState(name="uk", limits=Limits(), limits_at=NOON, token_mark="5eed")
        assert expected == store.account("uk")

    def test_origin(self, store: Store) -> None:
        """Where the store stood when the account was read, and from when on it knows of everything there."""
        store.note_addresses(sites={}, accounts={"uk": "https://social.example"}, now=NOON)
        before = store.account("uk")
        store.note_addresses(sites={}, accounts={"uk": "https://social.example"}, now=NOON + HOUR)
        same = store.account("uk")
        store.remember_origin("uk", "there", now=NOON + HOUR)

        assert AccountState(name="uk", origin=store.origin(), unproven_before=NOON) == before == same
        assert AccountState(name="uk", origin="there", unproven_before=NOON + HOUR) == store.account("uk")


class TestUploads:
    """Files that were uploaded, for the rate windows."""

    def test_recorded(self, store: Store) -> None:
        """An upload stands in the history and counts from its instant; what is left is remembered."""
        share, other = add(store, 7), add(store, 8, account="de")
        uploaded = Attempt(at=NOON + SECOND, step="upload", outcome="uploaded", detail="m1")
        store.record_upload(share, attempt=uploaded, rate=RATE)
        store.record_upload(share, attempt=replace(uploaded, at=NOON), rate=RATE)
        store.record_upload(other, attempt=uploaded, rate=None)

        assert (uploaded, replace(uploaded, at=NOON)) == store.attempts(share)
        assert (NOON, NOON + SECOND) == store.uploaded_at("uk", since=EVER)
        assert (NOON + SECOND,) == store.uploaded_at("uk", since=NOON)
        assert () == store.sent_at("uk", since=EVER)
        assert (RATE, None) == (store.account("uk").media_rate, store.account("uk").statuses_rate)
        assert store.account("de").media_rate is None

    def test_an_image_that_was_left_out(self, store: Store) -> None:
        """It has its line in the history, and is no upload."""
        share, line = add(store, 7), Attempt(at=NOON, step="image", outcome="left out", detail="it is HTML")
        store.record_upload(share, attempt=line, rate=None)

        assert (line,) == store.attempts(share)
        assert () == store.uploaded_at("uk", since=EVER)

    def test_silent_answer(self, store: Store) -> None:
        """An answer without a rate leaves what was said before."""
        share = add(store, 7)
        uploaded = Attempt(at=NOON, step="upload", outcome="uploaded")
        store.record_upload(share, attempt=uploaded, rate=RATE)
        store.record_upload(share, attempt=uploaded, rate=None)

        assert RATE == store.account("uk").media_rate


class TestDue:
    """Which shares are next."""

    def test_order(self, store: Store) -> None:
        """By hand first, then posts without a date, then the oldest post, its id, its number."""
        twin = post(3, published_at=NOON + 2 * MINUTE)
        posts = (post(9), twin, post(2), post(5, published_at=None), post(1))
        store.add(plan(*posts), now=NOON)
        ask(store, 9, number=2)

        due = store.due("uk", sites=["uk"], now=NOON, limit=9)

        assert [(9, 2), (5, 1), (1, 1), (2, 1), (3, 1), (9, 1)] == [(share.post_id, share.number) for share in due]
        assert due[:2] == store.due("uk", sites=["uk"], now=NOON, limit=2)

    def test_newest_first(self, store: Store) -> None:
        """The same the other way round: by hand first still, posts without a date last, numbers as they are."""
        twin = post(3, published_at=NOON + 2 * MINUTE)
        posts = (post(9), twin, post(2), post(5, published_at=None), post(1))
        store.add(plan(*posts), now=NOON)
        ask(store, 1, number=2)
        ask(store, 2, number=2)
        ask(store, 2, number=3)

        due = store.due("uk", sites=["uk"], now=NOON, limit=9, order=Order.NEWEST)

        expected = [(2, 2), (2, 3), (1, 2), (9, 1), (3, 1), (2, 1), (1, 1), (5, 1)]
        assert expected == [(share.post_id, share.number) for share in due]
        assert due[:4] == store.due("uk", sites=["uk"], now=NOON, limit=4, order=Order.NEWEST)

    def test_order_of_undated(self, store: Store) -> None:
        """Posts without a date go by their ids, whenever they were seen; two sites' by which was seen first."""
        for number, site, now in [(2, "us", NOON), (2, "uk", NOON - HOUR), (1, "uk", NOON)]:
            seen, share = post(number, published_at=None), planned(number)
            looked_at = store.site(site).looked_at
            store.add(plan(seen, shares=(share,), site=site, expected_looked_at=looked_at), now=now)

        due = store.due("uk", sites=["uk", "us"], now=NOON, limit=9)
        assert [(1, "uk"), (2, "us"), (2, "uk")] == [(share.post_id, share.site) for share in due]

    def test_only_what_is_due(self, store: Store) -> None:
        """Other accounts, other sites, other states and what comes due later are left out."""
        due = add(store, 1)
        add(store, 2, account="de")
        add(store, 3, site="us")
        add(store, 4, next_attempt_at=NOON + timedelta(milliseconds=1))
        for number, state in enumerate([State.HELD, State.SKIPPED, State.FAILED, State.SHARED], start=5):
            add(store, number, state=state, next_attempt_at=None)

        assert (due,) == store.due("uk", sites=["uk"], now=NOON, limit=9)
        assert () == store.due("uk", sites=[], now=NOON, limit=9)
        assert [1, 3] == ids(store.due("uk", sites=["us", "uk"], now=NOON, limit=9))

    @pytest.mark.parametrize("state", [State.SENDING, State.UNKNOWN])
    def test_one_in_flight(self, store: Store, state: State) -> None:
        """While a share of the account is in flight nothing else is sent there; other accounts don't care."""
        first = add(store, 1)
        add(store, 2)
        add(store, 3, account="de")
        sent = begin(store, first)
        flying = move(store, sent, state=state, next_attempt_at=NOON + HOUR)

        assert () == store.due("uk", sites=["uk"], now=NOON, limit=9)
        assert [3] == ids(store.due("de", sites=["uk"], now=NOON, limit=9))

        move(store, flying, state=State.SHARED)

        assert [2] == ids(store.due("uk", sites=["uk"], now=NOON, limit=9))

    def test_unknown_due(self, store: Store) -> None:
        """Unknown shares of the account whose time has come, oldest post first, whatever their site."""
        for number, site, account, at in [
            (3, "uk", "uk", NOON),
            (2, "us", "uk", NOON - HOUR),
            (1, "uk", "uk", NOON + SECOND),
            (4, "uk", "de", NOON),
        ]:
            share = add(store, number, site=site, account=account)
            move(store, begin(store, share), state=State.UNKNOWN, next_attempt_at=at)
        add(store, 5)

        assert [2, 3] == ids(store.unknown_due("uk", now=NOON))

    def test_sending(self, store: Store) -> None:
        """The account's shares that are being sent, and no others."""
        sent = begin(store, add(store, 1))
        begin(store, add(store, 2, account="de"))
        add(store, 3)

        assert (sent,) == store.sending("uk")
        assert () == store.sending("us")


class TestPutOff:
    """An account's pending shares that wait together."""

    def test_sooner_ones(self, store: Store) -> None:
        """Those that would come due before come due then, of whatever site; nothing else of them is changed."""
        sooner = [add(store, 1), add(store, 2, site="us", next_attempt_at=NOON + MINUTE)]
        store.put_off("uk", until=NOON + HOUR)

        expected = tuple(replace(share, next_attempt_at=NOON + HOUR) for share in sooner)
        assert expected == store.get([share.id for share in sooner])
        assert [(), ()] == [store.attempts(share) for share in sooner]

    def test_others(self, store: Store) -> None:
        """What is later already, by hand, another account's or not pending stays as it is."""
        add(store, 1, next_attempt_at=NOON + HOUR)
        add(store, 2, next_attempt_at=NOON + DAY)
        add(store, 3, account="de")
        add(store, 4, state=State.HELD, next_attempt_at=None)
        move(store, begin(store, add(store, 5)), state=State.UNKNOWN, next_attempt_at=NOON)
        move(store, add(store, 6), next_attempt_at=None)
        ask(store, 7)
        begin(store, add(store, 8))
        before = store.shares()
        store.put_off("uk", until=NOON + HOUR)

        assert before == store.shares()

    def test_under_preparation(self, store: Store) -> None:
        """A share that was read before it was put off is still begun: nothing that matters has changed."""
        share = add(store, 7)
        store.put_off("uk", until=NOON + HOUR)

        assert State.SENDING is begin(store, share).state


class TestDueAccounts:
    """Which accounts have something to do."""

    def test_pending(self, store: Store) -> None:
        """Those with a due pending share of these sites, sorted by name, each once."""
        for number, account in enumerate(["uk", "de", "uk", "fr"]):
            add(store, number, account=account)
        add(store, 10, account="late", next_attempt_at=NOON + SECOND)
        add(store, 11, account="elsewhere", site="us")
        add(store, 12, account="done", state=State.SHARED, next_attempt_at=None)

        names = ["uk", "late", "elsewhere", "done", "de", "idle"]
        assert ("de", "uk") == store.due_accounts(names, sites=["uk"], now=NOON)
        assert () == store.due_accounts([], sites=["uk"], now=NOON)
        assert ("uk",) == store.due_accounts(["uk"], sites=["us", "uk"], now=NOON)

    def test_leased_or_paused(self, store: Store) -> None:
        """An account is left alone while a lease runs, whoever's, or while it is paused."""
        share = add(store, 7)
        store.lease("uk", owner=OWNER, now=NOON, until=NOON + MINUTE)

        assert () == store.due_accounts(["uk"], sites=["uk"], now=NOON)
        assert ("uk",) == store.due_accounts(["uk"], sites=["uk"], now=NOON + MINUTE)

        store.release("uk", owner=OWNER)
        store.apply(share, pause(share, length=MINUTE), now=NOON)

        assert () == store.due_accounts(["uk"], sites=["uk"], now=NOON)
        assert ("uk",) == store.due_accounts(["uk"], sites=["uk"], now=NOON + MINUTE)

    def test_sender_gone(self, store: Store) -> None:
        """A share left `sending` wakes its account once its sender's lease has run out, whatever its site."""
        begin(store, add(store, 7), now=NOON)

        assert () == store.due_accounts(["uk"], sites=[], now=NOON + 2 * MINUTE - SECOND)
        assert ("uk",) == store.due_accounts(["uk"], sites=[], now=NOON + 2 * MINUTE)

    def test_unknown(self, store: Store) -> None:
        """An unknown share wakes its account when its time comes; pending ones behind it don't.

        It does so whatever its site: it bars the account's lane until it is known.
        """
        sent = begin(store, add(store, 7))
        move(store, sent, state=State.UNKNOWN, next_attempt_at=NOON + HOUR)
        add(store, 8)
        store.release("uk", owner=OWNER)

        assert () == store.due_accounts(["uk"], sites=["uk"], now=NOON + MINUTE)
        assert ("uk",) == store.due_accounts(["uk"], sites=[], now=NOON + HOUR)


class TestPendingAt:
    """When what waits comes due."""

    def test_each_soonest_first(self, store: Store) -> None:
        """Each pending share of the account and of these sites, now where it is due already; no other."""
        add(store, 1, next_attempt_at=NOON + HOUR)
        add(store, 2, next_attempt_at=NOON - DAY)
        add(store, 3, account="de")
        add(store, 4, site="us")
        add(store, 5, state=State.HELD, next_attempt_at=None)

        assert (NOON, NOON + HOUR) == store.pending_at("uk", sites=["uk", "fr"], now=NOON)
        assert () == store.pending_at("fr", sites=["uk"], now=NOON)


class TestNextDue:
    """When something comes due."""

    def test_nothing(self, store: Store) -> None:
        """Where nothing waits there is no next time."""
        add(store, 7, state=State.HELD, next_attempt_at=None)

        assert store.next_due_at(sites=["uk"], accounts=["uk"]) is None

    def test_earliest(self, store: Store) -> None:
        """The earliest of these sites' and accounts' shares; it may be past."""
        add(store, 1, next_attempt_at=NOON + HOUR)
        add(store, 2, account="de", next_attempt_at=NOON - HOUR)
        add(store, 3, site="us", next_attempt_at=NOON - DAY)
        add(store, 4, account="fr", next_attempt_at=NOON - DAY)

        assert NOON + HOUR == store.next_due_at(sites=["uk"], accounts=["uk"])
        assert NOON - HOUR == store.next_due_at(sites=["uk"], accounts=["uk", "de"])

    def test_pauses_count(self, store: Store) -> None:
        """A paused account's shares come due no sooner than its pause ends; another account's may come first."""
        share = add(store, 1)
        store.apply(share, pause(share, length=HOUR), now=NOON)

        assert NOON + HOUR == store.next_due_at(sites=["uk"], accounts=["uk"])

        add(store, 2, next_attempt_at=NOON + DAY)
        add(store, 3, account="de", next_attempt_at=NOON + MINUTE)

        assert NOON + MINUTE == store.next_due_at(sites=["uk"], accounts=["uk", "de"])

    def test_a_pause_that_is_over(self, store: Store) -> None:
        """A pause that ends before the share comes due delays nothing."""
        share = add(store, 1, next_attempt_at=NOON + DAY)
        store.apply(share, pause(share, length=HOUR), now=NOON)

        assert NOON + DAY == store.next_due_at(sites=["uk"], accounts=["uk"])

    def test_unknown(self, store: Store) -> None:
        """An unknown share counts by the time it is looked for; pending ones wait for it."""
        sent = begin(store, add(store, 1))
        add(store, 2)
        move(store, sent, state=State.UNKNOWN, next_attempt_at=NOON + HOUR)

        assert NOON + HOUR == store.next_due_at(sites=["uk"], accounts=["uk"])


class TestRests:
    """What a person lets rest."""

    def test_a_site(self, store: Store) -> None:
        """It isn't due for a look, and its pending shares aren't due, until then; an unknown one is."""
        add(store, 1)
        add(store, 2, site="us", account="de")
        store.rest_site("uk", until=NOON + HOUR)

        assert NOON + HOUR == store.site("uk").rests_until
        assert () == store.due("uk", sites=["uk"], now=NOON, limit=9)
        assert ("de",) == store.due_accounts(["uk", "de"], sites=["uk", "us"], now=NOON)
        assert NOON + HOUR == store.next_due_at(sites=["uk", "us"], accounts=["uk"])
        assert "uk" not in store.due_sites(["uk", "us"], now=NOON + HOUR - SECOND)
        assert "uk" in store.due_sites(["uk", "us"], now=NOON + HOUR)
        assert ("de", "uk") == store.due_accounts(["uk", "de"], sites=["uk", "us"], now=NOON + HOUR)

    def test_an_unknown_share_of_a_site_that_rests(self, store: Store) -> None:
        """It is looked for all the same: it bars the account's lane."""
        sent = begin(store, add(store, 7))
        move(store, sent, state=State.UNKNOWN, next_attempt_at=NOON)
        store.release("uk", owner=OWNER)
        store.rest_site("uk", until=FOREVER)

        assert ("uk",) == store.due_accounts(["uk"], sites=["uk"], now=NOON)
        assert NOON == store.next_due_at(sites=["uk"], accounts=["uk"])

    def test_an_account(self, store: Store) -> None:
        """It has nothing to do until then, whatever ends its pauses."""
        add(store, 1)
        store.rest_account("uk", until=NOON + HOUR)
        store.resume("uk")

        assert NOON + HOUR == store.account("uk").rests_until
        assert () == store.due_accounts(["uk"], sites=["uk"], now=NOON)
        assert NOON + HOUR == store.next_due_at(sites=["uk"], accounts=["uk"])
        assert ("uk",) == store.due_accounts(["uk"], sites=["uk"], now=NOON + HOUR)

    def test_is_known_of_a_share(self, store: Store) -> None:
        """By its site or its account."""
        store.rest_site("uk", until=NOON + HOUR)
        store.rest_account("de", until=FOREVER)

        at = {pair: store.at_rest(*pair, now=NOON) for pair in (("uk", "uk"), ("us", "de"), ("us", "uk"))}
        assert {("uk", "uk"): True, ("us", "de"): True, ("us", "uk"): False} == at
        assert not store.at_rest("uk", "uk", now=NOON + HOUR)

    def test_ends(self, store: Store) -> None:
        """None ends it; another time takes the place of the one before."""
        add(store, 1)
        store.rest_site("uk", until=FOREVER)
        store.rest_account("uk", until=FOREVER)
        store.rest_site("uk", until=None)
        store.rest_account("uk", until=None)

        assert ("uk",) == store.due_accounts(["uk"], sites=["uk"], now=NOON)
        assert (None, None) == (store.site("uk").rests_until, store.account("uk").rests_until)

    def test_another_address(self, store: Store) -> None:
        """Whatever is forgotten with an old address, a person's wish isn't."""
        store.note_addresses(sites={"uk": "https://a.example"}, accounts={"uk": "https://b.example"}, now=NOON)
        store.rest_site("uk", until=FOREVER)
        store.rest_account("uk", until=FOREVER)
        store.note_addresses(sites={"uk": "https://c.example"}, accounts={"uk": "https://d.example"}, now=NOON)

        assert (FOREVER, FOREVER) == (store.site("uk").rests_until, store.account("uk").rests_until)


class TestBegin:
    """Nothing is sent that isn't recorded as being sent."""

    def test_freezes(self, store: Store) -> None:
        """The share is sending, with all that is to be sent, one attempt more and the instant it was sent at."""
        share = add(store, 7)
        begun = begin(store, share, now=NOON + SECOND, link="https://news.example/moved/")

        expected = replace(
            share,
            state=State.SENDING,
            attempts=1,
            link="https://news.example/moved/",
            status=STATUS,
            idempotency_key=KEY,
            media_ids=("m1", "m2"),
            anchor=ANCHOR,
            sent_at=NOON + SECOND,
            next_attempt_at=None,
            updated_at=NOON + SECOND,
        )
        assert expected == begun
        assert (expected,) == store.get([share.id])

    def test_extends_the_lease(self, store: Store) -> None:
        """The lane is this process's until lease_until."""
        begin(store, add(store, 7), now=NOON)

        assert not store.lease("uk", owner="b", now=NOON + 2 * MINUTE - SECOND, until=NOON + HOUR)
        assert store.lease("uk", owner="b", now=NOON + 2 * MINUTE, until=NOON + HOUR)

    @pytest.mark.parametrize("other", ["nobody", "another"])
    def test_lane_is_lost(self, store: Store, other: str) -> None:
        """Whoever doesn't hold the lane sends nothing, and nothing is changed."""
        share = add(store, 7)
        store.lease("uk", owner=OWNER, now=NOON, until=NOON + SECOND)
        store.release("uk", owner=OWNER)
        if other == "another":
            store.lease("uk", owner="b", now=NOON, until=NOON + SECOND)

        with pytest.raises(LeaseLostError):
            store.begin(share, owner=OWNER, lease_until=NOON + HOUR, now=NOON + MINUTE)

        assert (share,) == store.get([share.id])
        assert store.lease("uk", owner="c", now=NOON + MINUTE, until=NOON + HOUR)

    def test_no_lane_at_all(self, store: Store) -> None:
        """Without a lease nothing is sent."""
        share = add(store, 7)

        with pytest.raises(LeaseLostError):
            store.begin(share, owner=OWNER, lease_until=NOON + HOUR, now=NOON)

    def test_twice(self, store: Store) -> None:
        """A share is begun once, however often it is tried with the row as it was read."""
        share = add(store, 7)
        begun = begin(store, share)

        for stale in (share, begun):
            with pytest.raises(LeaseLostError):
                begin(store, stale)
        assert (begun,) == store.get([share.id])

    def test_stale_attempt(self, store: Store) -> None:
        """A share that is pending again, after an attempt of others, isn't begun from an older reading."""
        share = add(store, 7)
        back = move(store, begin(store, share), state=State.PENDING)

        with pytest.raises(LeaseLostError):
            begin(store, share)
        assert 2 == begin(store, back).attempts

    def test_failed_begin_leaves_the_lease(self, store: Store) -> None:
        """Where the share can't be begun the lease isn't extended either."""
        share = add(store, 7)
        move(store, share, state=State.SKIPPED)

        with pytest.raises(LeaseLostError):
            begin(store, share, now=NOON)
        assert store.lease("uk", owner="b", now=NOON + MINUTE, until=NOON + HOUR)

    def test_one_of_several_threads(self, store: Store) -> None:
        """Of several that begin the same share at once exactly one does."""
        share = add(store, 7)
        store.lease("uk", owner=OWNER, now=NOON, until=NOON + HOUR)
        together = Barrier(4)

        def send(_number: int) -> bool:
            together.wait()
            try:
                store.begin(share, owner=OWNER, lease_until=NOON + HOUR, now=NOON)
            except LeaseLostError:
                return False
            return True

        with ThreadPoolExecutor(4) as threads:
            assert 1 == sum(threads.map(send, range(4)))
        assert [1] == [kept.attempts for kept in store.get([share.id])]


class TestApply:
    """Recording what was decided."""

    def test_whole_row(self, store: Store) -> None:
        """Every field of a share that may change is kept, and updated_at follows the clock."""
        sent = begin(store, add(store, 7))
        after = replace(
            sent,
            state=State.UNKNOWN,
            link="https://news.example/in-other-words/",
            asked=Asked.NAMED,
            text_override="In other words",
            url="https://social.example/@uk/1",
            error="no answer",
            status_id="111",
            failures=2,
            unanswered=3,
            absences=4,
            media_failures=5,
            unread=6,
            idempotency_key="another",
            status=None,
            media_ids=(),
            anchor=None,
            sent_at=None,
            next_attempt_at=NOON + HOUR,
        )
        returned = store.apply(sent, replace(changed(sent), share=after), now=NOON + MINUTE)

        assert replace(after, updated_at=NOON + MINUTE) == returned
        assert (returned,) == store.get([sent.id])

    def test_link(self, store: Store) -> None:
        """A share's link is what was sent, wherever it is asked for; its post, and other shares of it, keep theirs."""
        share = add(store, 7)
        sent = begin(store, share, link="https://news.example/moved/")

        assert (sent,) == store.sending("uk")

        kept = move(store, sent, state=State.SHARED)
        again = ask(store, 7, number=2)

        assert {"https://news.example/moved/"} == {found.link for found in (kept, *store.shares(state=State.SHARED))}
        assert share.link == again.link
        assert ("uk", 7) == store.find_post("uk", share.link)
        assert store.find_post("uk", kept.link) is None

    def test_stale(self, store: Store) -> None:
        """A row that moved on isn't changed from an older reading: nor its history, nor its account."""
        share = add(store, 7)
        begun = begin(store, share)
        change = replace(pause(share), latest=ANCHOR)

        for stale in (share, replace(begun, attempts=2), replace(begun, id=begun.id + 1)):
            with pytest.raises(LeaseLostError):
                store.apply(stale, change, now=NOON)
        assert (begun,) == store.get([share.id])
        assert () == store.attempts(share)
        assert AccountState(name="uk") == store.account("uk")

    def test_history(self, store: Store) -> None:
        """Each change adds its line to the share's history, in the order of recording."""
        share, other = add(store, 7), add(store, 8)
        later = Attempt(at=NOON + HOUR, step="read", outcome="retry", detail="no answer")
        sooner = Attempt(at=NOON, step="decide", outcome="retry", detail="by hand")
        for attempt in (later, sooner):
            store.apply(share, replace(changed(share), attempt=attempt), now=NOON)
        move(store, other)

        assert (later, sooner) == store.attempts(share)
        assert 1 == len(store.attempts(other))

    def test_sent_at(self, store: Store) -> None:
        """A publish counts from the instant at which it was sent, whenever it was answered; a refused one doesn't."""
        sent = begin(store, add(store, 7), now=NOON + SECOND)
        again = move(store, sent, step="publish", outcome="unknown", at=NOON + HOUR, state=State.PENDING)
        refused = begin(store, again, now=NOON + MINUTE)
        again = move(store, refused, step="publish", outcome="retry", at=NOON + HOUR, state=State.PENDING)
        sent = begin(store, again, now=NOON + DAY)
        move(store, sent, step="publish", outcome="shared", at=NOON + DAY + SECOND, state=State.SHARED)
        move(store, add(store, 8), step="read", at=NOON + SECOND)
        move(store, begin(store, add(store, 9, account="de")), step="publish", outcome="shared", state=State.SHARED)

        assert 3 == len(store.acted_at("uk", ["publish"], since=EVER))
        assert (NOON + SECOND, NOON + DAY) == store.sent_at("uk", since=EVER)
        assert (NOON + DAY,) == store.sent_at("uk", since=NOON + SECOND)
        assert () == store.sent_at("uk", since=NOON + DAY)
        assert () == store.uploaded_at("uk", since=EVER)

    def test_published_without_instant(self, store: Store) -> None:
        """A publish without an instant of sending counts from its attempt."""
        move(store, add(store, 7), step="publish", outcome="shared", at=NOON + MINUTE)

        assert (NOON + MINUTE,) == store.sent_at("uk", since=EVER)

    def test_recovery(self, store: Store) -> None:
        """An account that works again has no pauses; its newest status is remembered."""
        share = add(store, 7)
        store.apply(share, pause(share), now=NOON)
        store.apply(share, replace(changed(share), recovered=True, latest=ANCHOR), now=NOON)

        assert AccountState(name="uk", latest=ANCHOR) == store.account("uk")

    def test_account_stays(self, store: Store) -> None:
        """A change that says nothing of its account leaves it as it is."""
        share = add(store, 7)
        store.apply(share, replace(pause(share), latest=ANCHOR), now=NOON)
        before = store.account("uk")
        move(store, share, error="nothing to do with the account")

        assert before == store.account("uk")

    def test_put_aside(self, store: Store) -> None:
        """Those that were so since the account's last status went out, and never before; of this account alone."""
        aside: dict[str, Any] = {"step": "publish", "outcome": "aside"}
        first, second, third = (add(store, number) for number in (1, 2, 3))
        move(store, add(store, 4, account="de"), **aside)
        assert frozenset() == store.put_aside("uk")
        first = move(store, first, **aside)
        second = move(store, second, step="publish", outcome="retry")
        assert {first.id} == store.put_aside("uk")

        third = move(store, third, step="reconcile", outcome="shared")
        assert frozenset() == store.put_aside("uk")
        move(store, first, **aside)
        second = move(store, second, **aside)
        move(store, second, **aside)
        assert {second.id} == store.put_aside("uk")

    def test_rate(self, store: Store) -> None:
        """What the answer to a publish said is left is remembered, until the next says more."""
        share = add(store, 7)
        publish = changed(share, step="publish")
        less = RateLimit(remaining=6, reset_at=NOON + HOUR)
        share = store.apply(share, replace(publish, statuses_rate=RATE), now=NOON)
        share = store.apply(share, replace(publish, statuses_rate=less), now=NOON)
        share = store.apply(share, publish, now=NOON + HOUR)

        assert (less, None) == (store.account("uk").statuses_rate, store.account("uk").media_rate)

        move(store, share, step="reconcile", now=NOON + DAY)

        assert less == store.account("uk").statuses_rate

    def test_known_status_ids(self, store: Store) -> None:
        """Which statuses belong to shares of this account, however many are asked for."""
        for number, account in [(1, "uk"), (2, "uk"), (3, "de")]:
            move(store, add(store, number, account=account), status_id=f"11{number}", state=State.SHARED)

        asked = [str(number) for number in range(3000)]
        assert {"111", "112"} == store.known_status_ids("uk", asked)
        assert {"112"} == store.known_status_ids("uk", {"112", "113"})
        assert frozenset() == store.known_status_ids("uk", [])


class TestFollowing:
    """Which shared posts are looked at again."""

    def shared(self, store: Store, post_id: int, **fields: Any) -> Share:
        """A share with a status of ours."""
        begun = begin(store, add(store, post_id))
        return move(
            store, begun, **{"state": State.SHARED, "status_id": str(post_id), "next_attempt_at": None} | fields
        )

    def due(self, store: Store, **fields: Any) -> list[tuple[int, Followed]]:
        """What is due at noon, of posts since ever."""
        settled: dict[str, Any] = {"sites": ["uk"], "since": EVER, "now": NOON, "limit": 9} | fields
        pairs = store.to_follow("uk", **settled)
        return [(share.post_id, followed) for share, followed in pairs]

    def test_what_was_never_looked_at(self, store: Store) -> None:
        """Is due, the first share first, as it was read of the store, and nothing is remembered of it."""
        shares = [self.shared(store, number) for number in (9, 7)]

        pairs = store.to_follow("uk", sites=["uk"], since=EVER, now=NOON, limit=9)
        assert [(share, Followed(share_id=share.id)) for share in shares] == list(pairs)
        assert [9] == [number for number, _ in self.due(store, limit=1)]

    def test_what_is_not_followed(self, store: Store) -> None:
        """Other sites, other states, what others published, what was published too long ago."""
        self.shared(store, 1)
        self.shared(store, 2, status_id="")
        self.shared(store, 3, status=None)
        self.shared(store, 4, state=State.SKIPPED)

        assert [1] == [number for number, _ in self.due(store)]
        assert [] == self.due(store, sites=["us"])
        assert [1] == [number for number, _ in self.due(store, since=NOON + MINUTE - SECOND)]
        assert [] == self.due(store, since=NOON + MINUTE)
        assert () == store.to_follow("de", sites=["uk"], since=EVER, now=NOON, limit=9)

    def test_which_accounts_have_something_to_follow(self, store: Store) -> None:
        """Those with a shared share that is due: it was never looked at, or its time has come."""
        share = self.shared(store, 1)
        add(store, 2, account="de")

        assert {"uk"} == store.accounts_to_follow(["uk", "de"], since=EVER, now=NOON)
        assert set() == store.accounts_to_follow(["de"], since=EVER, now=NOON)
        store.keep_following([Followed(share_id=share.id, next_check_at=NOON + HOUR)])
        assert set() == store.accounts_to_follow(["uk", "de"], since=EVER, now=NOON)
        assert {"uk"} == store.accounts_to_follow(["uk", "de"], since=EVER, now=NOON + HOUR)

    def test_a_post_without_a_date(self, store: Store) -> None:
        """Counts from when its share was made."""
        store.add(plan(post(1, published_at=None)), now=NOON)
        [share] = store.shares()
        move(store, begin(store, share), state=State.SHARED, status_id="1", next_attempt_at=None)

        assert [1] == [number for number, _ in self.due(store, since=NOON - SECOND)]
        assert [] == self.due(store, since=NOON)

    def test_what_is_remembered(self, store: Store) -> None:
        """Comes back when it is due, those that wait longest first; what has no next time never does."""
        shares = [self.shared(store, number) for number in (1, 2, 3, 4)]
        kept = [
            Followed(
                share_id=share.id,
                next_check_at=at,
                modified_at=NOON - MINUTE,
                edited_at=NOON - HOUR,
                gone_since=NOON - DAY,
                failures=2,
            )
            for share, at in zip(shares, (NOON, NOON - SECOND, NOON + SECOND, None), strict=True)
        ]
        store.keep_following(kept)

        assert [(2, kept[1]), (1, kept[0])] == self.due(store)
        store.keep_following([Followed(share_id=shares[1].id, next_check_at=NOON)])
        assert [(1, kept[0]), (2, Followed(share_id=shares[1].id, next_check_at=NOON))] == self.due(store)
        store.keep_following([])

    def test_what_fails(self, store: Store) -> None:
        """That often in a row, looks or edits, of what is followed still; it is due once its site works again."""
        fields: list[dict[str, Any]] = [
            {"unread": 3, "next_check_at": NOON + HOUR},
            {"failures": 3, "next_check_at": NOON + HOUR},
            {"unread": 2, "failures": 2, "next_check_at": NOON + HOUR},
            {"unread": 3, "next_check_at": None},
        ]
        kept = [
            Followed(share_id=self.shared(store, number).id, error="403", **one) for number, one in enumerate(fields, 1)
        ]
        store.keep_following(kept)
        asked: dict[str, Any] = {"sites": ["uk"], "since": EVER, "least": 3}

        assert kept[:2] == [followed for _, followed in store.failing_to_follow(["uk"], **asked)]
        assert () == store.failing_to_follow(["de"], **asked)
        assert () == store.failing_to_follow(["uk"], **asked | {"sites": ["us"]})
        assert () == store.failing_to_follow(["uk"], **asked | {"since": NOON + HOUR})
        store.end_wait("us", now=NOON)
        assert [] == self.due(store)
        store.end_wait("uk", now=NOON)
        assert [1, 2, 3] == [number for number, _ in self.due(store)]

    def test_shared_anew(self, store: Store) -> None:
        """Once a share has another status than the one that was deleted, nothing is remembered of the old one's."""
        share = self.shared(store, 1)
        store.keep_following([Followed(share_id=share.id, gone_since=NOON)])
        edited = move(store, share, status_id="2")
        assert [] == self.due(store)
        deleted = move(store, edited, state=State.SKIPPED)
        assert Followed(share_id=share.id, gone_since=NOON) == store.followed(share.id)
        move(store, deleted, state=State.SHARED)

        assert [(1, Followed(share_id=share.id))] == self.due(store)
        assert 0 == store.gone("uk", "uk", since=EVER)

    def test_one(self, store: Store) -> None:
        """As it was kept; nothing where it never was."""
        share = self.shared(store, 1)
        assert store.followed(share.id) is None

        kept = Followed(share_id=share.id, next_check_at=NOON, modified_at=NOON, failures=2, in_doubt=True)
        store.keep_following([kept])

        assert kept == store.followed(share.id)

    def test_gone(self, store: Store) -> None:
        """Those still followed, however long, and those of before whose time was since."""
        for number, next_check_at, gone_since in (
            (1, NOON, None),
            (2, NOON, NOON - 9 * DAY),
            (3, None, NOON - HOUR),
            (4, None, NOON - 2 * DAY),
        ):
            share = self.shared(store, number)
            store.keep_following([Followed(share_id=share.id, next_check_at=next_check_at, gone_since=gone_since)])

        assert 2 == store.gone("uk", "uk", since=NOON - DAY)
        assert (0, 0) == (store.gone("uk", "us", since=EVER), store.gone("de", "uk", since=EVER))

    @pytest.mark.parametrize("moved", ["site", "account"])
    def test_another_address(self, store: Store, moved: str) -> None:
        """What was shared from there, or there, isn't followed any more; what comes is."""
        places = {"sites": {"uk": "https://old.example"}, "accounts": {"uk": "https://old.social"}}
        store.note_addresses(**places, now=NOON)
        share = self.shared(store, 1)
        self.shared(store, 2)
        store.keep_following([Followed(share_id=share.id, next_check_at=NOON, gone_since=NOON)])
        places[f"{moved}s"] = {"uk": "https://new.example"}
        store.note_addresses(**places, now=NOON)
        self.shared(store, 3)

        assert [3] == [number for number, _ in self.due(store)]
        assert 1 == store.gone("uk", "uk", since=NOON - SECOND)
        assert 0 == store.gone("uk", "uk", since=NOON)

    def test_when_something_was_done(self, store: Store) -> None:
        """By the kinds of requests, oldest first, since an instant."""
        share = add(store, 7)
        for step, at in (("boost", NOON), ("edit", NOON - MINUTE), ("delete", NOON), ("edit", NOON - HOUR)):
            share = move(store, share, step=step, at=at)

        assert (NOON - MINUTE, NOON) == store.acted_at("uk", ["edit", "boost"], since=NOON - HOUR)
        assert () == store.acted_at("de", ["edit", "boost"], since=EVER)
        assert {"uk": (NOON - MINUTE, NOON)} == store.all_acted_at(["de", "uk"], ["edit", "boost"], since=NOON - HOUR)

    def test_what_a_status_was_made_of(self, store: Store) -> None:
        """Is kept with what was sent."""
        begun = begin(store, add(store, 7), post_modified_at=NOON, images=("a", "b"))

        assert (begun,) == store.get([begun.id])
        assert (NOON, ("a", "b")) == (begun.post_modified_at, begun.images)


class TestWriteBack:
    """What sites are to be told."""

    def due(self, store: Store, *, now: datetime = NOON + HOUR, limit: int = 9) -> list[int]:
        """The posts that are due."""
        return [write.post_id for write in store.due_writes("uk", now=now, limit=limit)]

    @pytest.mark.parametrize("state", [State.SHARED, State.FAILED, State.HELD, State.SKIPPED])
    def test_an_outcome_makes_its_post_due(self, store: Store, state: State) -> None:
        """At once, and with nothing tried yet."""
        store.note_write_back(["uk"], now=NOON - HOUR)
        share = move(store, add(store, 7), state=state)

        [write] = store.due_writes("uk", now=NOON, limit=9)

        assert DueWrite(site="uk", post_id=7, failures=0, marks=((share.id, NOON),)) == write

    @pytest.mark.parametrize("state", [State.PENDING, State.UNKNOWN])
    def test_what_is_under_way_does_not(self, store: Store, state: State) -> None:
        """Nothing came of it yet."""
        store.note_write_back(["uk"], now=NOON - HOUR)
        move(store, add(store, 7), state=state)

        assert [] == self.due(store)

    def test_only_sites_that_are_written_to(self, store: Store) -> None:
        """What became of a post while its site wasn't among them is never written."""
        move(store, add(store, 7), state=State.SHARED)
        assert [] == self.due(store)

        store.note_write_back(["uk"], now=NOON + MINUTE)
        move(store, add(store, 8), state=State.SHARED, now=NOON + MINUTE)
        assert [8] == self.due(store)
        store.note_write_back(["uk"], now=NOON + 2 * MINUTE)
        assert [8] == self.due(store)

        store.note_write_back([], now=NOON + 3 * MINUTE)
        store.note_write_back(["uk"], now=NOON + 4 * MINUTE)
        assert [] == self.due(store)

    def test_which_sites_have_something_due(self, store: Store) -> None:
        """Of those that are asked about, and are written to, by then."""
        store.note_write_back(["uk", "de"], now=NOON - HOUR)
        for number, site in enumerate(("uk", "de", "us")):
            move(store, add(store, 7, site=site), state=State.SHARED, now=NOON + number * MINUTE)

        assert {"uk"} == store.sites_to_write(["uk", "de", "us"], now=NOON)
        assert {"uk", "de"} == store.sites_to_write(["uk", "de", "us"], now=NOON + HOUR)
        assert {"de"} == store.sites_to_write(["de"], now=NOON + HOUR)

    def test_those_that_wait_longest_come_first(self, store: Store) -> None:
        """A post once, however many of its shares are due; at most so many."""
        store.note_write_back(["uk"], now=NOON - HOUR)
        for number, (post_id, account) in enumerate([(7, "uk"), (8, "uk"), (7, "de")]):
            share = add(store, post_id, account=account)
            move(store, share, state=State.SHARED, now=NOON + number * MINUTE)

        assert [7, 8] == self.due(store)
        assert [7] == self.due(store, limit=1)
        assert [2, 1] == [len(write.marks) for write in store.due_writes("uk", now=NOON + HOUR, limit=9)]

    def test_what_is_done_is_due_no_more(self, store: Store) -> None:
        """Until something becomes of the post again."""
        store.note_write_back(["uk"], now=NOON - HOUR)
        share = move(store, add(store, 7), state=State.SHARED)
        store.end_write(store.due_writes("uk", now=NOON, limit=9)[0])
        assert [] == self.due(store)

        move(store, share, state=State.SHARED, now=NOON + MINUTE)
        assert [7] == self.due(store)

    def test_what_comes_meanwhile_stays_due(self, store: Store) -> None:
        """Ending or putting off a write says nothing of what was recorded after it was read."""
        store.note_write_back(["uk"], now=NOON - HOUR)
        share = move(store, add(store, 7), state=State.SHARED)
        read = store.due_writes("uk", now=NOON, limit=9)[0]
        move(store, share, state=State.SHARED, now=NOON + MINUTE)

        store.end_write(read)
        store.put_off_write(read, until=NOON + DAY)

        assert [7] == self.due(store)

    def test_what_came_to_nothing_waits(self, store: Store) -> None:
        """The tries are counted, and forgotten with the next outcome."""
        store.note_write_back(["uk"], now=NOON - HOUR)
        share = move(store, add(store, 7), state=State.SHARED)
        store.put_off_write(store.due_writes("uk", now=NOON, limit=9)[0], until=NOON + 2 * HOUR)
        assert [] == self.due(store)

        [again] = store.due_writes("uk", now=NOON + 2 * HOUR, limit=9)
        assert 1 == again.failures
        move(store, share, state=State.SHARED, now=NOON + MINUTE)
        assert [0] == [write.failures for write in store.due_writes("uk", now=NOON + HOUR, limit=9)]


def kept(notice: Notice, since: datetime) -> KeptNotice:
    """A notice of the site."""
    return KeptNotice(site="uk", notice=notice, since=since)


class TestNotices:
    """What sites announce."""

    def test_is_kept_until_it_is_done(self, store: Store) -> None:
        """Oldest first, at most so many, and those of these sites."""
        one, two = Notice(id="msg_1", post_id=7), Notice(id="msg_2", post_id=8, again=True)
        assert store.accept_notice("uk", two, now=NOON + SECOND)
        assert store.accept_notice("uk", one, now=NOON)

        assert (kept(one, NOON), kept(two, NOON + SECOND)) == store.open_notices(["uk"], limit=9)
        assert 1 == len(store.open_notices(["uk"], limit=1))
        assert () == store.open_notices(["de"], limit=9)
        store.end_notice("uk", "msg_1", now=NOON)
        assert (kept(two, NOON + SECOND),) == store.open_notices(["uk"], limit=9)

    def test_is_known_when_it_comes_again(self, store: Store) -> None:
        """Also once it is done, whatever it says by now; another site's may have the same id."""
        store.accept_notice("uk", Notice(id="msg_1", post_id=7), now=NOON)
        store.end_notice("uk", "msg_1", now=NOON)

        assert not store.accept_notice("uk", Notice(id="msg_1", post_id=8), now=NOON + HOUR)
        assert () == store.open_notices(["uk"], limit=9)
        assert store.accept_notice("de", Notice(id="msg_1", post_id=7), now=NOON)

    def test_is_forgotten_after_a_month(self, store: Store) -> None:
        """By then nobody sends it any more."""
        store.accept_notice("uk", Notice(id="msg_1", post_id=7), now=NOON)
        store.accept_notice("uk", Notice(id="msg_2", post_id=7), now=NOON + 31 * DAY)

        assert store.accept_notice("uk", Notice(id="msg_1", post_id=7), now=NOON + 31 * DAY)

    def test_what_is_found_moves_no_cursor(self, store: Store) -> None:
        """Posts and shares are recorded; when to look next, and what failed, stay."""
        store.look_failed("uk", error="down", next_look_at=NOON + HOUR)
        before = store.site("uk")

        [share] = store.add_found(plan(post(7), shares=(planned(7),)), now=NOON)

        assert before == store.site("uk")
        assert frozenset({7}) == store.seen("uk", [7])
        assert (share,) == store.shares(post_id=7)
        assert () == store.add_found(plan(post(7), shares=(planned(7),)), now=NOON)

    def test_posts_are_counted_since(self, store: Store) -> None:
        """Each once, however many accounts it is shared on; not what is kept back, shared elsewhere or asked for."""
        add(store, 7, now=NOON)
        add(store, 8, now=NOON + SECOND)
        add(store, 8, account="de", now=NOON + SECOND)

        assert 1 == store.found_since("uk", since=NOON)
        assert 2 == store.found_since("uk", since=NOON - SECOND)
        assert 0 == store.found_since("de", since=NOON - SECOND)
        move(store, add(store, 9, now=NOON + SECOND), state=State.HELD)
        move(store, add(store, 10, now=NOON + SECOND), state=State.SKIPPED)
        move(store, add(store, 11, now=NOON + SECOND), asked=Asked.QUEUED)
        store.add_found(plan(post(12), shares=(planned(12, state=State.SHARED),)), now=NOON + SECOND)
        assert 1 == store.found_since("uk", since=NOON)

    def test_what_only_waits_may_come_sooner(self, store: Store) -> None:
        """What was tried, or is due already, or of another post, stays as it is."""
        waits = add(store, 7, next_attempt_at=NOON + HOUR)
        tried = add(store, 7, account="de", next_attempt_at=NOON + HOUR)
        tried = move(store, tried, error="no", next_attempt_at=NOON + HOUR)
        other = add(store, 8, next_attempt_at=NOON + HOUR)

        store.hasten("uk", 7, now=NOON)

        by_id = {share.id: share for share in store.shares()}
        assert replace(waits, next_attempt_at=NOON) == by_id[waits.id]
        assert (tried, other) == (by_id[tried.id], by_id[other.id])

    def test_a_wish_is_obeyed_once(self, store: Store) -> None:
        """The next number on each account on which nothing is under way; the notice is done with it."""
        wish = Notice(id="msg_1", post_id=7, again=True)
        store.accept_notice("uk", wish, now=NOON)
        move(store, add(store, 7), state=State.SHARED, url="https://social.example/1")
        add(store, 7, account="busy")
        asked: dict[str, Any] = {"title": "Seven", "accounts": ["uk", "busy", "new"], "now": NOON + MINUTE}
        page = Post(id=7, link="https://news.example/7/")

        added = store.share_again("uk", wish, page, **asked)

        assert [("uk", 2), ("new", 1)] == [(share.account, share.number) for share in added]
        assert {(State.PENDING, NOON + MINUTE)} == {(share.state, share.next_attempt_at) for share in added}
        assert () == store.open_notices(["uk"], limit=9)
        assert () == store.share_again("uk", wish, page, **asked)
        assert 4 == len(store.shares(post_id=7))


class TestDecisions:
    """What people ask and decide."""

    def test_conditions(self, store: Store) -> None:
        """Shares by any of the conditions, or all of them, newest first."""
        first = add(store, 1, now=NOON)
        second = add(store, 2, account="de", now=NOON + HOUR)
        third = add(store, 2, site="us", now=NOON - HOUR)
        fourth = add(store, 3, now=NOON, state=State.HELD, next_attempt_at=None)

        assert (second, fourth, first, third) == store.shares()
        assert (second, fourth) == store.shares(limit=2)
        assert (third,) == store.shares(site="us")
        assert (second,) == store.shares(account="de")
        assert (fourth,) == store.shares(state=State.HELD)
        assert (second, third) == store.shares(post_id=2)
        assert (second,) == store.shares(site="uk", account="de", state=State.PENDING, post_id=2, limit=5)
        assert () == store.shares(site="us", state=State.HELD)

    def test_get(self, store: Store) -> None:
        """Shares by id, in order of their ids; what isn't there is left out."""
        added = [add(store, number) for number in (9, 8, 7)]

        assert tuple(added) == store.get([added[2].id, added[0].id, added[1].id, 999])
        assert tuple(added) == store.get(range(3000))
        assert () == store.get([])

    def test_by_hand(self, store: Store) -> None:
        """A share by hand is pending and due now, with its number and words; its post is recorded."""
        asked = Post(id=7, link="https://news.example/7/", published_at=NOON - DAY, modified_at=NOON)
        share = store.add_by_hand("uk", asked, title="Seven", account="uk", number=1, text="Look!", now=NOON + SECOND)

        expected = Share(
            id=share.id,
            site="uk",
            post_id=7,
            account="uk",
            number=1,
            state=State.PENDING,
            link="https://news.example/7/",
            title="Seven",
            asked=Asked.NAMED,
            text_override="Look!",
            next_attempt_at=NOON + SECOND,
            created_at=NOON + SECOND,
            updated_at=NOON + SECOND,
        )
        assert expected == share
        assert (share,) == store.get([share.id])
        assert ("uk", 7) == store.find_post("uk", asked.link)

    def test_queued_by_hand(self, store: Store) -> None:
        """One that is queued keeps its time and its account's rhythm; one that is named goes before all others."""
        ask(store, 5)
        later = store.add_by_hand(
            "uk",
            Post(id=6, link="https://news.example/6/"),
            title="Six",
            account="uk",
            number=1,
            text="",
            now=NOON,
            asked=Asked.QUEUED,
            due=NOON + MINUTE,
        )

        assert (Asked.QUEUED, NOON + MINUTE) == (later.asked, later.next_attempt_at)
        store.put_off("uk", until=NOON + HOUR)
        due_then = {share.post_id: share.next_attempt_at for share in store.shares()}
        assert NOON + HOUR == due_then[6]
        assert NOON + HOUR > (due_then[5] or NOON)

    def test_by_hand_again(self, store: Store) -> None:
        """A post that is there already gets one more share on this account; the post stays as it is."""
        first = add(store, 7)
        asked = Post(id=7, link="https://news.example/moved/")
        again = [
            store.add_by_hand("uk", asked, title="Moved", account=account, number=number, text="", now=NOON)
            for account, number in [("uk", 2), ("uk", 3), ("de", 1)]
        ]

        assert [2, 3, 1] == [share.number for share in again]
        assert {(first.link, first.title)} == {(share.link, share.title) for share in again}

    @pytest.mark.parametrize("number", [1, 2])
    def test_by_hand_too_late(self, store: Store, number: int) -> None:
        """Where this number is taken by now, or a higher one, nothing is added: it was decided by what was before."""
        add(store, 7)
        ask(store, 7, number=2)
        before = store.shares()

        with pytest.raises(LeaseLostError):
            ask(store, 7, number=number)
        assert before == store.shares()

    def test_by_hand_before_the_look(self, store: Store) -> None:
        """A look that finds a post which a person shared already makes the other accounts' shares, and leaves this."""
        asked = ask(store, 7)
        added = store.add(plan(post(7), shares=(planned(7), planned(7, account="de"))), now=NOON)

        assert [("de", 1, Asked.NOTHING)] == [(share.account, share.number, share.asked) for share in added]
        assert (asked,) == store.shares(account="uk")
        assert {"Asked"} == {share.title for share in store.shares()}

    def test_by_hand_at_once(self, store: Store) -> None:
        """Of several that ask for the same number at once exactly one gets it."""
        together = Barrier(4)

        def try_it(_number: int) -> bool:
            together.wait()
            try:
                ask(store, 7)
            except LeaseLostError:
                return False
            return True

        with ThreadPoolExecutor(4) as threads:
            assert 1 == sum(threads.map(try_it, range(4)))
        assert 1 == len(store.shares())

    def test_counts(self, store: Store) -> None:
        """Counted by site, account and state; what is nought isn't there."""
        assert {} == store.counts()

        for number in range(3):
            add(store, number)
        add(store, 1, site="us")
        move(store, add(store, 4, account="de"), state=State.HELD)

        expected = {("uk", "uk", State.PENDING): 3, ("us", "uk", State.PENDING): 1, ("uk", "de", State.HELD): 1}
        assert expected == store.counts()

    def test_oldest_pending(self, store: Store) -> None:
        """The pending share that was added first, whatever the dates of its post."""
        assert store.oldest_pending() is None

        add(store, 1, now=NOON + HOUR)
        oldest = add(store, 3, now=NOON)
        add(store, 2, now=NOON)
        add(store, 4, now=NOON - HOUR, state=State.HELD, next_attempt_at=None)

        assert oldest == store.oldest_pending()

    def test_unfollowed(self, store: Store) -> None:
        """What is shared and has a reason why its status doesn't follow its post, the longest so first."""
        later, other, sooner = (add(store, number) for number in (1, 2, 3))
        move(store, other, state=State.SHARED)
        move(store, add(store, 4), state=State.FAILED, error="no")
        sooner = move(store, sooner, state=State.SHARED, error="edit: no", now=NOON)
        later = move(store, later, state=State.SHARED, error="edit: no", now=NOON + HOUR)

        assert (sooner, later) == store.unfollowed(limit=5)
        assert (sooner,) == store.unfollowed(limit=1)

    def test_erring(self, store: Store) -> None:
        """What waits and has a reason why it wasn't sent, on some accounts, the oldest first."""
        add(store, 1)
        later = move(store, add(store, 2, now=NOON + HOUR), error="no answer")
        sooner = move(store, add(store, 3, now=NOON), error="no answer")
        move(store, add(store, 4), state=State.FAILED, error="no")
        move(store, add(store, 5, account="de"), error="no answer")

        assert (sooner, later) == store.erring(["uk", "us"], limit=5)
        assert (sooner,) == store.erring(["uk"], limit=1)


class TestMovingIn:
    """What was before howdah."""

    def test_marks(self, store: Store) -> None:
        """A post is shared with its url, its status known; the history says how; a look still finds it."""
        marks = [Mark(post=post(1), url="https://a.example/1", status_id="11"), Mark(post=post(2))]
        added = store.add_shared("uk", "uk", marks, note="adopted", now=NOON)

        assert {1, 2} == added
        [share] = store.shares(site="uk", post_id=1)
        assert (State.SHARED, "https://a.example/1", "11", None) == (
            share.state,
            share.url,
            share.status_id,
            share.next_attempt_at,
        )
        assert [("decide", "adopted", "adopted")] == [(a.step, a.outcome, a.detail) for a in store.attempts(share)]
        assert frozenset() == store.seen("uk", [1, 2])
        assert {"11"} == store.known_status_ids("uk", ["11", "12"])

    def test_marks_of_what_is_there(self, store: Store) -> None:
        """Whatever share a post has on the account stays as it is."""
        share = add(store, 1)

        assert frozenset() == store.add_shared("uk", "uk", [Mark(post=post(1), url="u")], note="", now=NOON)
        assert (share,) == store.shares(post_id=1)
        assert {1} == store.add_shared("uk", "de", [Mark(post=post(1))] * 2, note="", now=NOON)

    def test_a_look_after_marks(self, store: Store) -> None:
        """It adds no second share of a post that is marked, and one for the other account."""
        store.add_shared("uk", "uk", [Mark(post=post(1))], note="", now=NOON)
        added = store.add(plan(post(1), shares=(planned(1), planned(1, account="de"))), now=NOON)

        assert ["de"] == [share.account for share in added]

    def test_unshared(self, store: Store) -> None:
        """Without a share, or skipped by a look and never touched since."""
        add(store, 1)
        add(store, 2, state=State.SKIPPED, error="too old", next_attempt_at=None)
        move(store, add(store, 3), state=State.SKIPPED, error="skipped by hand", next_attempt_at=None)

        assert {2, 4} == store.unshared("uk", "uk", [1, 2, 3, 4])
        assert {1, 2, 3, 4} == store.unshared("uk", "de", [1, 2, 3, 4])

    def test_backfill(self, store: Store) -> None:
        """Those that are unshared are queued, once."""
        add(store, 1)
        add(store, 2, state=State.SKIPPED, error="too old", next_attempt_at=None)

        assert 2 == store.add_backfill("uk", "uk", [post(1), post(2), post(3)], now=NOON)
        assert 0 == store.add_backfill("uk", "uk", [post(1), post(2), post(3)], now=NOON)
        queued = store.shares(state=State.PENDING)
        assert {(1, ""), (2, "backfill"), (3, "backfill")} == {(share.post_id, share.asked) for share in queued}
        assert {""} == {share.error for share in queued}

    @pytest.mark.parametrize("order", list(Order))
    def test_the_order_of_backfill(self, store: Store, order: Order) -> None:
        """After all that is new, the oldest first, whatever the order of the new ones."""
        store.add_backfill("uk", "uk", [post(2), post(1), post(3)], now=NOON)
        add(store, 9)

        assert [9, 1, 2, 3] == ids(store.due("uk", sites=["uk"], now=NOON, limit=9, order=order))

    def test_how_far_statuses_were_read_back(self, store: Store) -> None:
        """For each site and account by itself, until all were."""
        assert store.read_back("uk", "uk") is None

        for before in ("90", "50"):
            store.keep_read_back("uk", "uk", ReadBack(newest="99", before=before))
        store.keep_read_back("uk", "de", ReadBack(newest="8", before="7"))

        assert ReadBack(newest="99", before="50") == store.read_back("uk", "uk")

        store.keep_read_back("uk", "uk", None)

        assert store.read_back("uk", "uk") is None
        assert ReadBack(newest="8", before="7") == store.read_back("uk", "de")


class TestInstants:
    """Instants keep milliseconds, and their zone is UTC."""

    def test_milliseconds(self, store: Store) -> None:
        """What is finer than a millisecond may be lost; nothing else is."""
        instant = NOON + timedelta(microseconds=123_999)
        store.look_failed("uk", error="", next_look_at=instant)

        kept = store.site("uk").next_look_at

        assert kept is not None
        assert timedelta(0) == kept.utcoffset()
        assert timedelta(0) <= instant - kept < timedelta(milliseconds=1)

    def test_long_ago(self, store: Store) -> None:
        """Posts from before 1970 have their place in the order."""
        old = post(7, published_at=NOON.replace(year=1901))
        store.add(plan(old, post(8), shares=()), now=NOON)

        assert (8, 7) == store.newest_seen("uk", since=NOON.replace(year=1900), limit=9)


class TestTold:
    """What was found out while nothing was sent and nothing looked at."""

    def test_an_account_that_is_refused(self, store: Store) -> None:
        """It rests with the reason, once more each time, until it works again."""
        store.pause("uk", until=NOON + HOUR, reason="the token is refused")
        store.pause("uk", until=NOON + 2 * HOUR, reason="it still is")
        state = store.account("uk")

        assert (NOON + 2 * HOUR, "it still is", 2) == (state.paused_until, state.pause_reason, state.pauses)
        store.resume("uk")
        assert (None, 0) == (store.account("uk").paused_until, store.account("uk").pauses)

    def test_a_site_that_works_again(self, store: Store) -> None:
        """It is due at once where it failed, and in its own time where it didn't."""
        store.look_failed("uk", error="down", next_look_at=NOON + HOUR)
        add(store, 1, site="at")
        before = store.site("at")
        for name in ("uk", "at"):
            store.end_wait(name, now=NOON)

        assert NOON == store.site("uk").next_look_at
        assert before == store.site("at")


class TestPages:
    """Shares page by page, and day by day."""

    def test_without_what_the_first_look_remembered(self, store: Store) -> None:
        """It is counted instead; what was skipped for another reason is listed."""
        add(store, 1, state=State.SKIPPED, error=f'{THERE_BEFORE} (first_run = "skip")')
        add(store, 2, state=State.SKIPPED, error="older than max_age")
        add(store, 3, site="at", state=State.SKIPPED, error=f'{THERE_BEFORE} (first_run = "skip")')
        add(store, 4)

        assert [4, 2] == ids(store.page(limit=9, remembered=False).shares)
        assert [4, 3, 2, 1] == ids(store.page(limit=9).shares)
        assert (2, 1, 0) == (store.remembered(), store.remembered(site="at"), store.remembered(account="de"))

    def test_by_key(self, store: Store) -> None:
        """Newest first, also of those that were added at once; the key leads on, and the last page says so."""
        for number in (1, 2, 3):
            add(store, number, now=NOON)
        add(store, 4, now=NOON + SECOND)
        first = store.page(limit=2)
        second = store.page(limit=2, after=first.next)

        assert [4, 3] == ids(first.shares)
        assert [2, 1] == ids(second.shares)
        assert second.next is None
        assert () == store.page(limit=2, after=(NOON - DAY, 0)).shares

    @pytest.mark.parametrize(
        ("wanted", "found"),
        [
            ({"site": "uk"}, [5, 4, 1]),
            ({"account": "de"}, [4, 3]),
            ({"state": State.HELD}, [5, 3]),
            ({"site": "uk", "account": "de"}, [4]),
            ({"site": "uk", "state": State.HELD}, [5]),
            ({"site": "at", "account": "de", "state": State.HELD}, [3]),
            ({"site": "at", "account": "uk", "state": State.HELD}, []),
            ({"site": "none"}, []),
        ],
    )
    def test_by_conditions(self, store: Store, wanted: dict[str, Any], found: list[int]) -> None:
        """Any of them, together."""
        add(store, 1)
        add(store, 2, site="at")
        add(store, 3, site="at", account="de", state=State.HELD)
        add(store, 4, account="de")
        add(store, 5, state=State.HELD)

        assert found == ids(store.page(limit=9, **wanted).shares)

    @pytest.mark.parametrize(
        ("search", "found"),
        [("POST 7", [7]), ("7", [17, 7]), ("news.example/17", [17]), ("%", []), ("_", []), ("nowhere", [])],
    )
    def test_by_words(self, store: Store, search: str, found: list[int]) -> None:
        """In the title, whatever its case, in the link, or the id itself; signs that mean something to SQL mean
        themselves.
        """
        add(store, 7)
        add(store, 17)
        add(store, 8, site="at")

        assert found == ids(store.page(limit=9, search=search).shares)

    def test_by_day(self, store: Store) -> None:
        """What howdah sent or gave up, and how long each took that came by itself; what was adopted isn't counted."""
        late = move(store, begin(store, add(store, 1)), state=State.SHARED, sent_at=NOON + 3 * MINUTE)
        move(store, add(store, 2, now=NOON + DAY), state=State.FAILED)
        move(store, add(store, 3, now=NOON + DAY), state=State.SHARED, url="https://social.example/1")
        move(store, begin(store, ask(store, 4, now=NOON + DAY)), state=State.SHARED)
        add(store, 5)
        move(store, add(store, 6, now=NOON - DAY), state=State.FAILED)
        took = store.published_at("uk", 1)
        assert took is not None
        assert late.sent_at is not None
        expected = [int(late.sent_at - took < bound) for bound in DELAYS]
        first, second = store.days(since=NOON)

        assert (NOON.date(), 1, 0) == (first.date, first.shared, first.failed)
        assert [expected[0], *(after - before for before, after in pairwise(expected)), 0] == list(first.delays)
        assert (second.date, second.shared, second.failed) == ((NOON + DAY).date(), 1, 1)
        assert (0,) * 6 == second.delays

    def test_when_a_post_was_published(self, store: Store) -> None:
        """As the site said; of one that nobody saw, nothing is known."""
        add(store, 1)

        assert NOON + MINUTE == store.published_at("uk", 1)
        assert store.published_at("uk", 2) is None


class TestLinks:
    """Posts by their links, and posts that get the id that their site has for them."""

    def test_ids_by_link(self, store: Store) -> None:
        """However a link is spelt; of two posts with one link, the larger id; of this site alone."""
        store.add(plan(post(-5), post(7, link="https://news.example/-5/"), post(8), shares=()), now=NOON)
        store.add(plan(post(9), shares=(), site="us"), now=NOON)
        spelt = "http://www.news.example/8?utm_source=x"

        links = ["https://news.example/-5/", spelt, "https://news.example/9/", ""]

        assert {"https://news.example/-5/": 7, spelt: 8} == store.ids_by_link("uk", links)
        assert {} == store.ids_by_link("uk", [])

    def test_the_same_post_of_another_site(self, store: Store) -> None:
        """By id and link, on the same account, where it is there or on its way."""
        first, second = add(store, 7), add(store, 7, site="alias")
        link = "http://news.example/7"

        assert "" == store.same_post(second, link)

        for after in (begin(store, first), move(store, store.get([first.id])[0], state=State.SHARED)):
            assert "uk" == store.same_post(second, link)
            assert "" == store.same_post(after, link)
        assert "" == store.same_post(second, "https://news.example/8/")
        assert "" == store.same_post(replace(second, account="de"), link)
        assert "" == store.same_post(replace(second, post_id=8), link)

    def test_a_post_gets_its_own_id(self, store: Store) -> None:
        """And its shares with it, in whatever state; then it is seen by that id, and shared no second time."""
        add(store, -5)
        share = begin(store, store.shares()[0])

        added = store.add(plan(post(6), shares=(), renamed=((-5, 6),)), now=NOON)

        assert ((), 6, State.SENDING) == (added, store.shares()[0].post_id, store.shares()[0].state)
        assert share.idempotency_key == store.shares()[0].idempotency_key
        assert frozenset({6}) == store.seen("uk", [-5, 6])
        assert ("uk", 6) == store.find_post(None, "https://news.example/-5/")

    def test_an_id_that_has_shares_is_left_to_them(self, store: Store) -> None:
        """Nothing of two histories is mixed."""
        add(store, -5)
        ask(store, 6)

        store.add(plan(post(6), shares=(), renamed=((-5, 6), (-9, 7))), now=NOON)

        assert {-5, 6} == {share.post_id for share in store.shares()}


class TestCauses:
    """What needs a person."""

    def test_they_come_and_go(self, store: Store) -> None:
        """Kept as first seen, but for their words; gone since it was noticed, and back again."""
        first = Cause(key="site:uk", kind="site", text="down", since=NOON)
        store.note_causes([first], now=NOON)
        store.note_causes([replace(first, text="still down", since=NOON + HOUR)], now=NOON + HOUR)

        assert (replace(first, text="still down"),) == store.causes()

        store.note_causes([], now=NOON + HOUR)
        store.note_causes([], now=NOON + DAY)
        assert [NOON + HOUR] == [cause.gone_at for cause in store.causes()]

        store.note_causes([first], now=NOON + DAY)
        assert (first,) == store.causes()

    def test_telling(self, store: Store) -> None:
        """One process at a time claims a cause; what was told is kept until its end is, too."""
        store.note_causes([Cause(key=key, kind="site", text="", since=NOON) for key in "ab"], now=NOON)

        assert {"a", "b"} == store.claim_causes(["a", "b", "c"], now=NOON, unclaimed_since=NOON - MINUTE)
        assert frozenset() == store.claim_causes(["a"], now=NOON + SECOND, unclaimed_since=NOON - MINUTE)
        assert {"a"} == store.claim_causes(["a"], now=NOON + HOUR, unclaimed_since=NOON)

        store.told_causes(["a"], now=NOON + HOUR)
        assert [NOON + HOUR, None] == [cause.told_at for cause in store.causes()]
        assert {"a"} == store.claim_causes(["a"], now=NOON + HOUR, unclaimed_since=NOON)

        store.forget_causes(["a", "b"])
        assert () == store.causes()
