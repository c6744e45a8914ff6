"""Pages of shares, and days."""

from itertools import pairwise
from typing import Any

import pytest

from bot.domain.models import DELAYS, THERE_BEFORE, State
from bot.ports import Store
from tests.contract.stores import add, ask, begin, ids, move
from tests.makers import DAY, MINUTE, NOON, SECOND


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

    def test_what_is_remembered_is_counted_as_it_changes(self, store: Store) -> None:
        """A person takes up one of them and lets it be; one is skipped for another reason, one stands as it was."""
        by_look: dict[str, Any] = {"state": State.SKIPPED, "error": f'{THERE_BEFORE} (first_run = "skip")'}
        taken, other, _ = (add(store, number, **by_look) for number in (1, 2, 3))
        asked = move(store, taken, state=State.PENDING, error="")
        afterwards = [store.remembered()]
        move(store, other, error="skipped by hand")
        afterwards.append(store.remembered(site="uk"))
        move(store, asked, **by_look)
        afterwards.append(store.remembered(account="uk"))

        assert [2, 1, 2] == afterwards
        assert [2] == ids(store.page(limit=9, site="uk", remembered=False).shares)
        assert [2] == ids(store.page(limit=9, account="uk", state=State.SKIPPED, remembered=False).shares)
        assert {("uk", "uk", State.SKIPPED): 3} == store.counts()

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
