"""Which shares are due, in which order, and until when others wait."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.domain.models import FARTHEST, Asked, RateLimit, State
from bot.domain.policy import Order
from bot.ports import Store
from tests.contract.stores import add, ask, begin, ids, move, plan, planned, post
from tests.makers import DAY, HOUR, MINUTE, NOON, SECOND

EVER = NOON - 1000 * DAY
RATE = RateLimit(remaining=7, reset_at=NOON + HOUR)


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

    def test_longest_untried(self, store: Store) -> None:
        """One that was never tried, else the one that was changed longest ago; only of what is due."""
        for number, tried_at in ((1, NOON + 2 * HOUR), (2, NOON + HOUR)):
            move(store, begin(store, add(store, number)), state=State.PENDING, next_attempt_at=NOON, now=tried_at)
        add(store, 3, next_attempt_at=NOON + MINUTE)

        def first(site: str = "uk") -> int | None:
            found = store.longest_untried("uk", sites=[site], now=NOON)
            return None if found is None else found.post_id

        assert 2 == first()
        add(store, 5, now=NOON + 4 * HOUR)
        add(store, 4, now=NOON + 3 * HOUR)
        assert 4 == first()
        assert first("us") is None

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


class TestTakeUp:
    """What a clock that was years ahead has put off."""

    def test_what_is_years_away(self, store: Store) -> None:
        """It comes due now, also where nobody knows whether it was sent; nothing else is changed."""
        years = add(store, 1, next_attempt_at=NOON + 3650 * DAY)
        sent = begin(store, add(store, 2))
        unknown = move(store, sent, state=State.UNKNOWN, next_attempt_at=NOON + 3650 * DAY)
        add(store, 3, next_attempt_at=NOON + FARTHEST)
        add(store, 4, account="de", next_attempt_at=NOON + 3650 * DAY)
        move(store, ask(store, 5), asked=Asked.QUEUED, next_attempt_at=NOON + 3650 * DAY)
        before = store.shares()
        store.take_up(["uk"], now=NOON)

        mended = {share.id: replace(share, next_attempt_at=NOON) for share in (years, unknown)}
        assert tuple(mended.get(share.id, share) for share in before) == store.shares()
