"""What sites announce."""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from bot.domain.models import Asked, Post, State
from bot.domain.notices import KeptNotice, Notice
from bot.domain.selecting.plan import as_seen
from bot.ports import Store
from tests.contract.stores import add, move, plan, planned, post
from tests.makers import DAY, HOUR, MINUTE, NOON, SECOND


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
        asked: dict[str, Any] = {"accounts": ["uk", "busy", "new"], "now": NOON + MINUTE}
        page = as_seen(Post(id=7, link="https://news.example/7/", title="Seven"))

        added = store.share_again("uk", wish, page, **asked)

        assert [("uk", 2), ("new", 1)] == [(share.account, share.number) for share in added]
        assert {(State.PENDING, NOON + MINUTE)} == {(share.state, share.next_attempt_at) for share in added}
        assert () == store.open_notices(["uk"], limit=9)
        assert () == store.share_again("uk", wish, page, **asked)
        assert 4 == len(store.shares(post_id=7))
