"""A publish that is refused though the account works: its share goes aside, and others go on."""

import pytest

from bot.domain.answers import Barred, Refused
from bot.domain.models import ASIDE, Attempt, State
from bot.domain.transitions import publishing
from bot.domain.transitions.change import Pause
from bot.domain.transitions.outcome import MEDIA_TRIES
from bot.domain.transitions.pauses import takes_turns
from tests.makers import NOON, SECOND, sent, share
from tests.unit.domain.transitions.answering import publish


class TestPutAside:
    """A 403 where the token works for all else."""

    @pytest.mark.parametrize(
        "no",
        [
            Refused(code=404, message="no"),
            Refused(code=405, message="no"),
            Refused(code=410, message="no"),
            Barred(code=302, message="no"),
            Barred(code=307, message="no"),
        ],
        ids=lambda no: str(no.code),
    )
    def test_a_firewall_may_say_so_otherwise(self, no):
        """By a status that means that there is no such place, or by a way to a page of its own."""
        change = publish(no, sent(), token_works=True)

        assert (State.PENDING, ASIDE, None) == (change.share.state, change.attempt.outcome, change.pause)
        assert publish(no, sent(), token_works=True, aside={8, 9}).pause is not None
        assert publish(no, sent()).pause is not None

    def test_the_share_alone(self):
        """It is tried later, without its images; the account doesn't rest."""
        change = publish(Barred(code=403, message="Attention Required!"), sent(media_ids=("1",)), token_works=True)

        assert (State.PENDING, NOON + 31 * SECOND, 1, MEDIA_TRIES, None) == (
            change.share.state,
            change.share.next_attempt_at,
            change.share.failures,
            change.share.media_failures,
            change.pause,
        )
        assert "refused (403): Attention Required!; the account itself works" == change.share.error

    def test_it_ends_after_so_many_attempts(self):
        """Like any other refusal."""
        change = publish(Barred(code=403, message="no"), sent(failures=2), token_works=True, attempts=3)

        assert (State.FAILED, 0) == (change.share.state, change.share.media_failures)

    def test_several_in_a_row(self):
        """The third: it is nothing in them. The account rests and says so, and the share uses up nothing."""
        no = Barred(code=403, message="Attention Required!")
        change = publish(no, sent(media_ids=("1",)), token_works=True, aside={8, 9}, pauses=1)
        reason = "the instance refuses one status after another (403): Attention Required!; the account itself works"

        assert Pause(until=NOON + 61 * SECOND, reason=reason) == change.pause
        assert (State.PENDING, NOON + SECOND, 0, 0, reason) == (
            change.share.state,
            change.share.next_attempt_at,
            change.share.failures,
            change.share.media_failures,
            change.share.error,
        )
        assert publish(no, token_works=True, aside={8}).pause is None
        assert publish(Barred(code=403, message="no"), aside={8, 9}).share.error.startswith("the instance refuses the")

    def test_one_that_was_refused_while_others_went_out(self):
        """There is something in it: it is tried by itself, whatever comes of the others."""
        before = (Attempt(at=NOON, step="publish", outcome="aside"),)
        no = Barred(code=403, message="no")

        assert publish(no, token_works=True, aside={8, 9}, history=before).pause is None
        assert publish(no, sent(id=7), token_works=True, aside={7, 8, 9}, history=before).pause is not None

    def test_in_whose_turn(self):
        """Behind a wall another one comes first, whether or not it is among the next; the others keep their order."""
        one, two, three = (share(id=number) for number in (1, 2, 3))
        walled = publish(Barred(code=403, message="no"), token_works=True, aside={8, 9}).share.error

        assert takes_turns(walled)
        assert not takes_turns("")
        assert (two, one, three) == publishing.in_turn([one, two, three], two)
        assert (three, one, two) == publishing.in_turn([one, two], three)
        assert (one, two) == publishing.in_turn([one, two], None)

    def test_a_revoked_token(self):
        """A 401 is a word on the account, whatever else is found."""
        assert publish(Barred(code=401, message="revoked"), token_works=True).pause is not None


class TestWithoutScope:
    """A token that may do all but publish."""

    NO = Barred(code=403, message="the instance says: outside the authorized scopes", lacks_scope=True)

    def test_the_account_rests(self):
        """It is no share's fault, whatever else the token is good for; a person is told what to do."""
        change = publish(self.NO, token_works=True)
        reason = (
            "the instance refuses the account (403): its token lacks the scope write:statuses (the instance says: "
            "outside the authorized scopes). Make another with `howdah login uk`"
        )

        assert (State.PENDING, 0, reason) == (change.share.state, change.share.failures, change.share.error)
        assert Pause(until=NOON + 31 * SECOND, reason=reason) == change.pause

    def test_nothing_is_asked(self):
        """Whose the token is says nothing then."""
        assert set() == publishing.questions(sent(), self.NO)
