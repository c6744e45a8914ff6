"""What every store keeps to: its clock, its origin, instants."""

from datetime import UTC, timedelta

from bot.domain.models import SiteState
from bot.ports import Store
from tests.contract.stores import add, plan, post
from tests.makers import NOON


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
