"""Shared posts that are followed."""

from typing import Any

import pytest

from bot.domain.models import LONGEST_PUT_OFF, Followed, Share, State
from bot.ports import Store
from tests.contract.stores import add, begin, move, plan, post
from tests.makers import DAY, HOUR, MINUTE, NOON, SECOND

EVER = NOON - 1000 * DAY


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

    def test_what_a_clock_ahead_has_put_off(self, store: Store) -> None:
        """It is due: nothing is ever put off for so long."""
        share = self.shared(store, 1)
        for away, is_due in ((LONGEST_PUT_OFF, False), (LONGEST_PUT_OFF + SECOND, True)):
            store.keep_following([Followed(share_id=share.id, next_check_at=NOON + away)])

            assert ([1] if is_due else []) == [number for number, _ in self.due(store)]
            assert ({"uk"} if is_due else set()) == store.accounts_to_follow(["uk"], since=EVER, now=NOON)

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
