"""Catching up: when an account is read, and when it needn't be."""

import pytest

from bot.crosspost.share import request_again
from bot.domain.answers import Published, Unanswered
from bot.domain.models import State
from tests.makers import DAY


class TestWhenItIsRead:
    """Reading the account is cheap, but not free."""

    def test_once_a_process(self, stage):
        """However much is shared."""
        for _ in range(3):
            stage.shared()

        assert 1 == stage.account.calls.count("statuses_since")

    def test_again_by_another_process(self, stage):
        """From the newest status that the store knows."""
        stage.shared()
        stage.context = stage.context_of("next")
        stage.shared()

        assert 2 == stage.account.calls.count("statuses_since")

    def test_again_where_the_database_may_have_lost_something(self, stage):
        """A fail-over, a server started anew, a file replaced."""
        stage.shared()
        stage.store.another_origin = "there"
        stage.shared()

        assert 2 == stage.account.calls.count("statuses_since")

    def test_not_without_anything_to_send(self, stage):
        """An account with nothing due isn't asked."""
        stage.collect()
        stage.attend()

        assert [] == stage.account.calls

    def test_how_far_back_on_an_account_that_is_new(self, stage):
        """Statuses from before any post that could be shared tell nothing."""
        stage.account.write("Ages ago https://news.example/1/", at=stage.clock.now() - 5 * DAY)

        assert State.SHARED is stage.shared().state
        assert 1 == stage.account.calls.count("publish")


class TestFromTheFuture:
    """A status that claims to be from years ahead."""

    @pytest.mark.parametrize("number", [1, 2])
    def test_it_is_no_anchor(self, stage, number):
        """A listing back to it would be empty and complete, and prove nothing: an unanswered status is still found."""
        stage.account.keeps_keys = False
        stage.account.write("Happy 2099!", at=stage.clock.now() + 1000 * DAY)
        post_id = stage.publish()
        stage.collect()
        if number == 2:
            stage.attend()
            request_again(stage.context, "uk", post_id, account="uk")
        stage.account.answer(Unanswered(message="timed out"), done=True)
        for _ in range(4):
            stage.attend()
            stage.pass_time(stage.account_policy.answer_deadline)

        assert State.SHARED is stage.share(post_id).state
        assert number == len(stage.links())

    def test_as_the_answer_to_a_publish(self, stage):
        """An instance whose clock is years ahead is believed in all but that."""
        ahead = Published(id="9", url="https://social.example/9", created_at=stage.clock.now() + 1000 * DAY)
        stage.account.answer(ahead)
        before = stage.store.account("uk").latest

        assert State.SHARED is stage.shared().state
        assert before == stage.store.account("uk").latest or before is None
