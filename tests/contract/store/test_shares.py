"""Delivering shares: what is due, what was begun, and what became of it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from msgspec.structs import replace

from bot.domain.models import AccountState, Asked, Attempt, RateLimit, State
from bot.domain.transitions.change import Change, Ended
from bot.errors import AtRestError, LeaseLostError
from bot.ports import Store
from tests.contract.stores import ANCHOR, KEY, OWNER, STATUS, add, ask, begin, changed, move, pause
from tests.makers import DAY, HOUR, MINUTE, NOON, SECOND

EVER = NOON - 1000 * DAY
RATE = RateLimit(remaining=7, reset_at=NOON + HOUR)


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

    @pytest.mark.parametrize("what", ["site", "account"])
    def test_it_rests(self, store: Store, what: str) -> None:
        """What a person lets rest begins nothing until then, and nothing is changed."""
        share = add(store, 7)
        store.lease("uk", owner=OWNER, now=NOON, until=NOON + MINUTE)
        rest = store.rest_site if what == "site" else store.rest_account
        rest("uk", until=NOON + SECOND)

        with pytest.raises(AtRestError):
            store.begin(share, owner=OWNER, lease_until=NOON + HOUR, now=NOON)

        assert (share,) == store.get([share.id])
        assert State.SENDING is begin(store, share, now=NOON + SECOND).state

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
        assert (NOON + DAY,) == store.sent_at("uk", since=EVER, newest=1)
        assert (NOON + MINUTE, NOON + DAY) == store.acted_at("uk", ["publish"], since=EVER, newest=2)

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
        assert frozenset() == store.put_aside("uk", now=NOON)
        first = move(store, first, **aside)
        second = move(store, second, step="publish", outcome="retry")
        assert {first.id} == store.put_aside("uk", now=NOON)

        third = move(store, third, step="reconcile", outcome="shared")
        assert frozenset() == store.put_aside("uk", now=NOON)
        move(store, first, **aside)
        second = move(store, second, step="reconcile", outcome="aside")
        move(store, second, **aside)
        assert {second.id} == store.put_aside("uk", now=NOON)

    def test_put_aside_after_a_clock_that_was_ahead(self, store: Store) -> None:
        """What went out under it counts once that time has come, and hides nothing until then."""
        first, second = add(store, 1), add(store, 2)
        move(store, second, step="reconcile", outcome="shared", at=NOON + HOUR)
        move(store, first, step="publish", outcome="aside")

        assert {first.id} == store.put_aside("uk", now=NOON)

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

    def test_carriers(self, store: Store) -> None:
        """The posts whose shares have one of these addresses, on whatever account; none has no address."""
        one, two = "https://social.example/@uk/111", "https://social.example/@uk/112"
        for number, account, url in [(1, "uk", one), (2, "de", one), (3, "uk", two), (4, "uk", "")]:
            move(store, add(store, number, account=account), url=url, state=State.SHARED)

        found = sorted(store.carriers([one, ""]), key=lambda carrier: carrier.post_id)
        assert [(1, "uk"), (2, "de")] == [(carrier.post_id, carrier.account) for carrier in found]
        assert ("uk", one, NOON + MINUTE) == (found[0].site, found[0].url, found[0].published_at)
        assert () == store.carriers([])
