"""Sites, their posts and looks."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from bot.domain.models import FARTHEST, Share, SiteState, State
from bot.errors import LeaseLostError
from bot.ports import Store
from tests.contract.stores import add, ask, ids, move, plan, planned, post
from tests.makers import DAY, HOUR, MINUTE, NOON, SECOND

EVER = NOON - 1000 * DAY


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

    def test_due_by_a_clock_that_was_ahead(self, store: Store) -> None:
        """No site is left alone for longer than any can be: what is due in years is due."""
        for name, ahead in [("month", FARTHEST), ("years", 3650 * DAY)]:
            store.look_failed(name, error="", next_look_at=NOON + ahead)

        assert ("years",) == store.due_sites(["month", "years"], now=NOON)


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
