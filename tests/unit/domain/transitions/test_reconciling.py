"""What a reading of an account says of a share that nobody had an answer to."""

import pytest
from msgspec.structs import replace

from bot.domain.answers import Barred
from bot.domain.models import ASIDE, AccountState, Attempt, Listing, Share, State, Status
from bot.domain.transitions import reconciling
from bot.domain.transitions.change import STOPPED, Change, Pause
from bot.domain.transitions.pauses import TAKES_NONE, takes_turns
from tests.makers import DAY, HOUR, MINUTE, NO_LIFE, NOON, SECOND, account_policy, basis, life, own_status, unknown

POLICY = account_policy()
DEADLINE = POLICY.answer_deadline


def listing(*statuses, complete: bool = True, before: Share | None = None, **known) -> Change:
    """What becomes of an unknown share when this is what its account shows; known: Known's, policy and account's."""
    account = AccountState(name="uk", listed=frozenset(known.pop("shown", ())), pause_reason=known.pop("rested", ""))
    fields = {name: known.pop(name) for name in ("taken", "aside", "history") if name in known}
    return reconciling.after_listing(
        before or unknown(),
        Listing(statuses=statuses, complete=complete),
        reconciling.Known(account=account, **fields),
        basis=basis(NOON + DEADLINE, **known),
    )


SENT = Attempt(at=NOON, step="publish", outcome="unknown", detail="answered 503")
ASIDES = [Attempt(at=NOON, step="reconcile", outcome=ASIDE), SENT]


def again() -> Share:
    """A share that was sent twice, and wasn't on the account for the second time."""
    return replace(unknown(absences=1), failures=2, unanswered=2)


class TestReconciling:
    """What the account's own statuses say about an unknown share."""

    def test_found_is_shared(self):
        """The status is there: the share has its url, and nothing is sent."""
        change = listing(own_status("101"))

        assert (State.SHARED, "101") == (change.share.state, change.share.status_id)
        assert ("reconcile", "shared") == (change.attempt.step, change.attempt.outcome)

    def test_found_even_where_the_listing_is_incomplete(self):
        """What was read is believed."""
        assert State.SHARED is listing(own_status("101"), complete=False).share.state

    def test_found_by_a_link_that_the_server_left_as_text(self):
        """Mastodon doesn't link addresses without a known top-level domain; the text has them all the same."""
        status = own_status("101", "https://other.example/", text="Post 7\nhttps://news.example/7/ #news")

        assert State.SHARED is listing(status).share.state

    @pytest.mark.parametrize(
        "text", ["(https://news.example/7/)", "https://news.example/7/.", "See “https://news.example/7/”!"]
    )
    def test_found_by_a_link_among_punctuation(self, text):
        """A template may put the link in brackets or end a sentence with it."""
        assert State.SHARED is listing(own_status("101", "https://other.example/", text=text)).share.state

    def test_a_status_of_another_share_is_not_it(self):
        """The status of an earlier share of the same post doesn't count for this one."""
        assert State.UNKNOWN is listing(own_status("101"), taken=["101"]).share.state

    def test_another_link_is_not_it(self):
        """Statuses with other links are other statuses."""
        assert State.UNKNOWN is listing(own_status("101", "https://news.example/8/")).share.state

    def test_absent_once_is_looked_for_again(self):
        """One complete listing without it proves too little; the second look comes a minute later by default."""
        change = listing()

        assert (State.UNKNOWN, 1, NOON + DEADLINE + MINUTE, "k1") == (
            change.share.state,
            change.share.absences,
            change.share.next_attempt_at,
            change.share.idempotency_key,
        )

    def test_absent_twice_is_sent_again_with_the_same_key(self):
        """Two complete listings without it: the same status goes out under the same key, and nobody looks any more."""
        change = listing(before=unknown(absences=1, media_ids=("m1",)))

        assert "no answer: timed out; it isn't on the account" == change.share.error
        assert (State.PENDING, NOON + DEADLINE, "k1", ("m1",), 0) == (
            change.share.state,
            change.share.next_attempt_at,
            change.share.idempotency_key,
            change.share.media_ids,
            change.share.absences,
        )

    def test_absent_twice_after_a_refusal_begins_anew(self):
        """The refused key is dead: a new attempt composes anew."""
        change = listing(before=unknown(absences=1, idempotency_key=""))

        assert State.PENDING is change.share.state
        assert NO_LIFE == life(change.share)

    def test_absent_twice_honours_a_longer_backoff(self):
        """After many failures the next attempt is further away than the deadline."""
        change = listing(before=unknown(absences=1, sent_at=NOON + DEADLINE - SECOND), backoff=MINUTE)

        assert NOON + DEADLINE - SECOND + MINUTE == change.share.next_attempt_at

    def test_absent_after_the_last_attempt_has_failed(self):
        """Attempts are bounded; the reason of the last one is kept."""
        change = listing(before=replace(unknown(absences=1), failures=8))

        assert (State.FAILED, "gave up after 8 attempts: no answer: timed out; it isn't on the account") == (
            change.share.state,
            change.share.error,
        )
        assert NO_LIFE == life(change.share)

    @pytest.mark.parametrize(
        ("times", "known"),
        [(2, {}), (1, {"rested": TAKES_NONE}), (2, {"aside": {1}, "history": ASIDES})],
        ids=["twice", "while it rests for another", "put aside before"],
    )
    def test_absent_again_and_again_rests_the_account(self, times, known):
        """Nothing went out since: it may be the instance, so that the share uses up nothing and others have a turn."""
        before = replace(again(), failures=times, unanswered=times)
        change = listing(before=before, **{"history": [SENT]} | known)

        reason = "the instance takes no status: answered 503; nothing of it is on the account, which can be read"
        assert (State.PENDING, reason, "k1", times - 1, NOON + DEADLINE) == (
            change.share.state,
            change.share.error,
            change.share.idempotency_key,
            change.share.failures,
            change.share.next_attempt_at,
        )
        assert (Pause(until=NOON + DEADLINE + 30 * SECOND, reason=reason), "aside") == (
            change.pause,
            change.attempt.outcome,
        )
        assert takes_turns(reason)

    @pytest.mark.parametrize(
        "fields",
        [
            {"history": ASIDES},
            {"history": [replace(ASIDES[0], at=NOON + DEADLINE - DAY), SENT], "aside": {1}},
            {"history": [replace(SENT, detail=STOPPED)]},
            {"history": [SENT, replace(SENT, step="decide", outcome="retry")]},
            {"history": [SENT], "before": replace(again(), idempotency_key="")},
            {"history": []},
        ],
        ids=["others went out", "for a day", "howdah was stopped", "let go by hand", "refused at last", "unsaid"],
    )
    def test_absent_again_and_again_by_itself(self, fields):
        """Others went out, or a day is over, or the instance isn't why: it uses up an attempt, and others go first."""
        change = listing(**{"before": again()} | fields)

        assert (State.PENDING, None, 2) == (change.share.state, change.pause, change.share.failures)
        assert NOON + DEADLINE + MINUTE == change.share.next_attempt_at

    def test_an_incomplete_listing_is_held_for_a_person(self):
        """Absence in half a listing is no absence; a person looks, told how."""
        change = listing(own_status("101", "https://news.example/8/"), complete=False)

        assert State.HELD is change.share.state
        assert "howdah skip" in change.share.error
        assert 1 == change.share.unanswered

    def test_a_reply_with_the_link(self):
        """Somebody answers a reader with the post's link: that is no share of it."""
        change = listing(own_status("101", in_reply_to_id="9"))

        assert (State.UNKNOWN, 1) == (change.share.state, change.share.absences)

    def test_a_listing_of_nothing_where_something_was(self):
        """It is as good as none: it is read again later."""
        change = listing(complete=False)

        assert (State.UNKNOWN, 1) == (change.share.state, change.share.unread)
        assert "lists none" in change.attempt.detail

    def test_unreadable_is_tried_again_later(self):
        """An instance that is down is asked again, later each time."""
        change = reconciling.after_unread(unknown(unread=1), "503", basis=basis())

        assert (State.UNKNOWN, 2, NOON + MINUTE) == (
            change.share.state,
            change.share.unread,
            change.share.next_attempt_at,
        )

    def test_an_outage_of_hours_is_waited_out(self):
        """However often it was asked: within a day the instance may come back."""
        change = reconciling.after_unread(unknown(unread=20), "503", basis=basis(NOON + 23 * HOUR))

        assert State.UNKNOWN is change.share.state

    def test_an_account_isnt_held_up_for_long_after_an_outage(self):
        """Everything else on the account waits for it: it is looked for again within ten minutes."""
        change = reconciling.after_unread(unknown(unread=20), "503", basis=basis(spread=0.9))

        assert NOON + 10 * MINUTE == change.share.next_attempt_at

    def test_unreadable_for_a_day_is_held(self):
        """It is never sent again unread."""
        change = reconciling.after_unread(unknown(unread=7), "503", basis=basis(NOON + 24 * HOUR))

        assert (State.HELD, "k1") == (change.share.state, change.share.idempotency_key)

    def test_a_token_that_may_not_read_is_held_at_once(self):
        """Waiting doesn't give a token a scope."""
        change = reconciling.after_forbidden(unknown(), "scope read:statuses is missing", now=NOON)

        assert State.HELD is change.share.state
        assert "scope read:statuses is missing" in change.share.error

    def test_a_revoked_token_pauses_the_account(self):
        """The share stays unknown until somebody mends the token."""
        change = reconciling.after_barred(
            unknown(),
            Barred(code=401, message="revoked"),
            basis=basis(),
        )

        assert (State.UNKNOWN, NOON + 30 * SECOND) == (change.share.state, change.share.next_attempt_at)
        assert Pause(until=NOON + 30 * SECOND, reason="the instance refuses the account (401): revoked") == change.pause

    @pytest.mark.parametrize("visibility", ["private", "direct"])
    def test_a_listing_that_hides_such_statuses(self, visibility):
        """Has never shown one of this visibility: that it isn't there proves nothing, and a person has to look."""
        before = unknown()
        before = replace(before, status=Status(text="Post 7", visibility=visibility))

        assert State.HELD is listing(before=before).share.state
        assert f"never listed a {visibility} status" in listing(before=before).share.error
        assert State.UNKNOWN is listing(before=before, shown=[visibility]).share.state
