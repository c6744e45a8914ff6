"""What people ask for and decide."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from msgspec.structs import replace

from bot.domain.models import Asked, Post, Share, State
from bot.domain.selecting.plan import as_seen
from bot.errors import LeaseLostError
from bot.ports import Store
from tests.contract.stores import ANCHOR, add, ask, begin, changed, move, plan, planned, post
from tests.makers import DAY, HOUR, MINUTE, NOON, SECOND


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
        asked = as_seen(
            Post(id=7, link="https://news.example/7/", title="Seven", published_at=NOON - DAY, modified_at=NOON)
        )
        share = store.add_by_hand("uk", asked, account="uk", number=1, text="Look!", now=NOON + SECOND)

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
            as_seen(Post(id=6, link="https://news.example/6/", title="Six")),
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
        asked = as_seen(Post(id=7, link="https://news.example/moved/", title="Moved"))
        again = [
            store.add_by_hand("uk", asked, account=account, number=number, text="", now=NOON)
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

    def test_longest_due(self, store: Store) -> None:
        """What came due first, of the accounts and sites that are asked for; not what isn't due for long, nor held."""
        add(store, 1, site="us", next_attempt_at=NOON - 2 * HOUR)
        add(store, 2, account="de", next_attempt_at=NOON - 2 * HOUR)
        add(store, 3, state=State.HELD, next_attempt_at=None)
        assert store.longest_due(["uk"], sites=["uk"], before=NOON) is None
        add(store, 4, next_attempt_at=NOON)
        assert store.longest_due(["uk"], sites=["uk"], before=NOON) is None

        add(store, 5, next_attempt_at=NOON - MINUTE, now=NOON - DAY)
        longest = add(store, 6, next_attempt_at=NOON - HOUR)

        assert longest == store.longest_due(["uk", "us"], sites=["uk"], before=NOON)

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
        """What waits for its post to be read, which failed the last time; on some accounts, of some sites."""

        def waits(number: int, *, step: str = "read", now: datetime = NOON, **fields: Any) -> Share:
            share = add(store, number, now=now, **fields)
            return store.apply(share, changed(share, step=step, error="no answer"), now=NOON)

        add(store, 1)
        later, sooner = waits(2, now=NOON + HOUR), waits(3)
        move(store, waits(4), state=State.FAILED)
        waits(5, account="de")
        waits(6, step="publish", now=NOON - HOUR)
        move(store, waits(7), error="no answer")
        waits(8, site="us")

        assert (sooner, later) == store.erring(["uk", "us"], sites=["uk"], limit=5)
        assert (sooner,) == store.erring(["uk"], sites=["uk", "us"], limit=1)
        assert () == store.erring(["uk"], sites=[], limit=1)


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


_ADDRESSES = (
    *(("http://", "@uk/11/"), ("https://", "users/uk/statuses/11"), ("", "p/xyz")),
    *(("HTTP://WWW.", "p/xyz/"), ("https://", "p/xyz")),
)


class TestFindStatus:
    """The post that a status' url is about."""

    def test_finds(self, store: Store) -> None:
        """By its id where the url ends in it, whatever comes before; by the whole url otherwise."""
        one, two = add(store, 1), add(store, 2)
        add(store, 3)
        move(store, one, state=State.SHARED, url="https://a.example/@uk/11", status_id="11")
        move(store, two, state=State.SHARED, url="https://a.example/p/xyz", status_id="")
        store.remember_latest("uk", ANCHOR)

        found = [store.find_status(f"{start}a.example/{end}") for start, end in _ADDRESSES]
        assert [("uk", 1)] * 2 + [("uk", 2)] * 3 == found

    @pytest.mark.parametrize(
        "url", ["https://b.example/@uk/11", "https://a.example/@uk/1", "", "/", "https://a.example/"]
    )
    def test_no_status(self, store: Store, url: str) -> None:
        """Another's, or none at all."""
        move(store, add(store, 1), state=State.SHARED, url="https://a.example/@uk/11", status_id="11")

        assert store.find_status(url) is None


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
        """By id and link, on the same account, where it is there, or on its way, or nobody knows."""
        first, second = add(store, 7), add(store, 7, site="alias")
        link = "http://news.example/7"

        assert "" == store.same_post(second, link)

        for after in (begin(store, first), move(store, store.get([first.id])[0], state=State.SHARED)):
            assert "uk" == store.same_post(second, link)
            assert "" == store.same_post(after, link)
        for state, unanswered, expected in ((State.HELD, 1, "uk"), (State.SKIPPED, 1, ""), (State.HELD, 0, "")):
            move(store, store.get([first.id])[0], state=state, unanswered=unanswered)
            assert expected == store.same_post(second, link)
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
