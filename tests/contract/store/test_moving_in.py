"""What comes from before howdah."""

import pytest

from bot.domain.models import ReadBack, State
from bot.domain.policy import Order
from bot.domain.selecting.plan import Mark
from bot.ports import Store
from tests.contract.stores import add, ids, move, plan, planned, post
from tests.makers import NOON


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
