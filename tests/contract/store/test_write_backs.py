"""What is written to the sites."""

from datetime import datetime

import pytest

from bot.domain.models import LONGEST_PUT_OFF, DueWrite, State
from bot.ports import Store
from tests.contract.stores import add, move
from tests.makers import DAY, HOUR, MINUTE, NOON

EVER = NOON + 1000 * DAY


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

    def test_what_a_clock_ahead_has_put_off(self, store: Store) -> None:
        """It is due: nothing is ever put off for so long."""
        store.note_write_back(["uk"], now=NOON - HOUR)
        move(store, add(store, 7), state=State.SHARED)
        for away, is_due in ((LONGEST_PUT_OFF, False), (LONGEST_PUT_OFF + MINUTE, True)):
            [write] = store.due_writes("uk", now=NOON + HOUR, limit=9) or store.due_writes("uk", now=EVER, limit=9)
            store.put_off_write(write, until=NOON + away)

            assert ([7] if is_due else []) == self.due(store, now=NOON)
            assert ({"uk"} if is_due else set()) == store.sites_to_write(["uk"], now=NOON)

    def test_turned_on_under_a_clock_that_was_ahead(self, store: Store) -> None:
        """What was put off to before that isn't written, and no site is asked about it."""
        move(store, add(store, 7), state=State.SHARED, now=NOON + 10 * DAY)
        store.note_write_back(["uk"], now=NOON + 20 * DAY)

        assert [] == self.due(store, now=NOON)
        assert set() == store.sites_to_write(["uk"], now=NOON)

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

    def test_a_site_that_refuses(self, store: Store) -> None:
        """How often in a row, with why the last time, until it takes something."""
        store.note_write_back(["uk", "us"], now=NOON)
        for error in ("401", "403"):
            store.note_writing("uk", error=error)

        assert (2, "403") == (store.site("uk").write_failures, store.site("uk").write_error)
        assert 0 == store.site("us").write_failures
        store.note_writing("uk", error="")
        assert (0, "") == (store.site("uk").write_failures, store.site("uk").write_error)
        store.note_writing("uk", error="403")
        store.note_write_back(["us"], now=NOON)
        assert (0, "") == (store.site("uk").write_failures, store.site("uk").write_error)

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
