"""An instance, or a firewall before it, forbids what is sent (403)."""

from bot.crosspost.lane import BATCH
from bot.domain.answers import Barred
from bot.domain.models import State
from bot.errors import AccountBarredError
from tests.makers import HOUR, MINUTE
from tests.unit.crosspost.stage import PNG


class TestForbidden:
    """403: the account may not do this, or a firewall before its instance dislikes what is in it."""

    NO = Barred(code=403, message="the instance social.example answered 403 with a page: Attention Required!")

    def test_one_status_that_a_firewall_refuses(self, stage):
        """The others go out; it is tried again later, and ends as failed with what was said."""
        for title in ("Bad", "Good"):
            stage.publish(title)
        stage.collect()
        stage.account.answer(self.NO)
        stage.attend()

        assert {1: State.PENDING, 2: State.SHARED} == stage.states()
        assert (1, None) == (stage.share(1).failures, stage.store.account("uk").paused_until)
        for _ in range(7):
            stage.pass_time(2 * HOUR)
            stage.account.answer(self.NO)
            stage.attend()
        assert State.FAILED is stage.share(1).state
        assert "Attention Required!" in stage.share(1).error

    def firewall(self, stage, *words):
        """Something before the instance refuses statuses with one of these words."""
        publish = stage.account.publish

        def refusing(status, **named):
            if any(word in status.text for word in words):
                stage.account.answer(self.NO)
            return publish(status, **named)

        stage.account.publish = refusing

    def tried(self, stage, *, times):
        """The first words of what is begun, so many times, two hours apart."""
        found = []
        for _ in range(times):
            before = len(stage.account.sent)
            stage.attend()
            found.append([sent.status.text.split()[0] for sent in stage.account.sent[before:]])
            stage.pass_time(2 * HOUR)
        return found

    def test_a_firewall_that_refuses_all(self, stage):
        """After the third the account rests; then each is tried in its turn, and none uses up anything."""
        for title in "ABCDE":
            stage.publish(title)
        stage.collect()
        publish = stage.account.publish
        self.firewall(stage, "https://")

        assert [list("ABC"), ["D"], ["E"], ["A"], ["B"], ["C"], ["D"]] == self.tried(stage, times=7)
        assert [1, 1, 0, 0, 0] == [stage.share(number).failures for number in range(1, 6)]
        assert stage.store.account("uk").pause_reason.startswith("the instance refuses one status after another (403)")

        stage.account.publish = publish
        assert [["E", *"ABCD"]] == self.tried(stage, times=1)
        assert {State.SHARED} == set(stage.states().values())
        assert 0 == stage.store.account("uk").pauses

    def test_a_wall_of_more_than_a_batch(self, stage):
        """One that goes out is found behind more refused ones than are taken at a time, and then all have their end."""
        for _ in range(BATCH + 2):
            stage.publish("Bad")
        stage.publish("Good")
        stage.collect()
        publish = stage.account.publish
        self.firewall(stage, "Bad")

        # three in a row, then each in its turn
        tried = self.tried(stage, times=BATCH + 1)
        assert [["Bad"] * 3, *[["Bad"]] * (BATCH - 1), "Good"] == [*tried[:-1], tried[-1][0]]
        stage.account.publish = publish
        self.tried(stage, times=2)
        assert {State.SHARED} == set(stage.states().values())

    def test_several_that_are_disliked(self, stage):
        """Once another one goes out it is known that there is something in these: each ends by itself."""
        self.firewall(stage, "Bad")
        for _ in range(3):
            stage.publish("Bad")
        stage.collect()
        self.tried(stage, times=3)
        stage.publish("Good")
        stage.collect()

        assert [["Good", "Bad", "Bad", "Bad"], ["Bad"] * 3] == self.tried(stage, times=2)
        assert stage.store.account("uk").paused_until is None
        self.tried(stage, times=6)
        assert [State.FAILED] * 3 == [stage.share(number).state for number in (1, 2, 3)]

    def test_first_without_its_image(self, stage):
        """The image may be what is disliked."""
        post_id = stage.publish(image=(PNG, "A picture"))
        stage.collect()
        stage.account.answer(self.NO)
        stage.attend()
        stage.pass_time(MINUTE)
        stage.attend()

        assert [1, 0] == [len(sent.media_ids) for sent in stage.account.sent]
        assert State.SHARED is stage.share(post_id).state

    def test_a_token_that_may_not_publish(self, stage):
        """The account rests after one request, and no share uses up an attempt; a token that may ends the pause."""
        for title in ("One", "Two"):
            stage.publish(title)
        stage.collect()
        stage.account.answer(Barred(code=403, message="outside the authorized scopes", lacks_scope=True))
        stage.attend()

        assert [(State.PENDING, 0)] * 2 == [(share.state, share.failures) for share in stage.store.shares()]
        assert 1 == len(stage.account.sent)
        assert "lacks the scope write:statuses" in stage.store.account("uk").pause_reason

    def test_a_token_that_may_not_upload(self, stage):
        """The status goes without its image."""
        stage.publish(image=(PNG, "A picture"))
        stage.collect()
        stage.account.answer_upload(Barred(code=403, message="outside the authorized scopes", lacks_scope=True))
        stage.attend()

        assert State.SHARED is stage.share(1).state
        assert "verify" not in stage.account.calls

    def test_an_account_that_is_refused_altogether(self, stage):
        """Rests, and nothing is used up."""
        post_id = stage.publish()
        stage.collect()
        stage.attend()
        stage.publish("Another")
        stage.collect()
        stage.account.errors["verify"] = AccountBarredError("suspended", code=403)
        stage.account.answer(self.NO)
        stage.attend()

        assert State.SHARED is stage.share(post_id).state
        assert (State.PENDING, 0) == (stage.share(2).state, stage.share(2).failures)
        assert stage.store.account("uk").paused_until is not None

    def test_an_image_that_may_not_be_uploaded(self, stage):
        """A token without write:media, or a firewall: the status goes without its image, and the history says why."""
        post_id = stage.publish(image=(PNG, "A picture"))
        stage.collect()
        stage.account.answer_upload(self.NO)
        stage.attend()

        assert (State.SHARED, ()) == (stage.share(post_id).state, stage.account.statuses[-1].media_ids)
        assert "the instance refuses it (403)" in " ".join(attempt.detail for attempt in stage.attempts(post_id))
