"""Reconciling: what became of a publish that went unanswered."""

import pytest
from msgspec.structs import replace

from bot.crosspost.share import request_again
from bot.domain.answers import Unanswered
from bot.domain.models import State
from bot.errors import AccountBarredError, AccountUnavailableError
from tests.makers import HOUR, MINUTE
from tests.unit.crosspost.stage import Stage


class TestLinksThatChange:
    """A slug that is edited after the look."""

    def test_the_link_that_was_sent_is_the_one_that_is_looked_for(self, stage):
        """An unanswered status is found by its own link, not by the one that was listed."""
        post_id = stage.publish()
        stage.collect()
        post = stage.site.posts[post_id]
        stage.site.edit(post_id, replace(post, link="https://news.example/better-slug/"))
        stage.account.answer(Unanswered(message="timed out"), done=True)
        stage.attend()
        stage.pass_time(stage.account_policy.answer_deadline)
        stage.attend()

        share = stage.share(post_id)
        assert (State.SHARED, "https://news.example/better-slug/") == (share.state, share.link)
        assert ["https://news.example/better-slug/"] == stage.links()


class TestReconciling:
    """Reading the account's own statuses, and not being able to."""

    def unknown(self, stage: Stage) -> int:
        """A post whose publish went unanswered, at its deadline."""
        stage.account.answer(Unanswered(message="timed out"), done=True)
        share = stage.shared()
        stage.pass_time(stage.account_policy.answer_deadline)
        return share.post_id

    def test_a_silent_instance_is_asked_again(self, stage):
        """Unreadable now is no answer."""
        post_id = self.unknown(stage)
        stage.account.errors["statuses_since"] = AccountUnavailableError("503")
        stage.attend()
        assert State.UNKNOWN is stage.share(post_id).state
        stage.account.errors.clear()
        stage.pass_time(HOUR)
        stage.attend()

        assert State.SHARED is stage.share(post_id).state

    def test_a_token_that_may_not_read_is_held(self, stage):
        """A person has to look."""
        post_id = self.unknown(stage)
        stage.account.errors["statuses_since"] = AccountBarredError("read:statuses is missing", code=403)
        stage.attend()

        assert State.HELD is stage.share(post_id).state

    def test_a_revoked_token_rests_the_account(self, stage):
        """The share stays unknown until the token is mended."""
        post_id = self.unknown(stage)
        stage.account.errors["statuses_since"] = AccountBarredError("revoked", code=401)
        stage.attend()
        assert State.UNKNOWN is stage.share(post_id).state
        assert "revoked" in stage.store.account("uk").pause_reason
        stage.account.errors.clear()
        stage.pass_time(HOUR)
        stage.attend()

        assert State.SHARED is stage.share(post_id).state


class TestAnchors:
    """Where a listing has to reach back to."""

    def test_the_newest_status_is_read_once(self, stage):
        """After that, every publish tells it."""
        stage.shared()
        stage.shared()

        assert 1 == stage.account.calls.count("statuses_since")
        assert 0 == stage.account.calls.count("latest")

    def test_an_account_without_statuses(self):
        """Its first status has no anchor: everything is read back to the beginning."""
        stage = Stage()
        stage.collect()
        stage.pass_time(MINUTE)

        assert State.SHARED is stage.shared().state

    def test_a_token_that_may_not_read_may_still_publish(self, stage):
        """Only finding out needs the scope."""
        stage.account.errors["statuses_since"] = AccountBarredError("read:statuses is missing", code=403)

        assert State.SHARED is stage.shared().state

    @pytest.mark.parametrize("error", [AccountBarredError("revoked", code=401), AccountUnavailableError("503")])
    def test_an_account_that_doesnt_answer_rests(self, stage, error):
        """Nothing is begun that can't be looked for afterwards."""
        stage.account.errors["statuses_since"] = error
        share = stage.shared()

        assert (State.PENDING, 0) == (share.state, share.attempts)
        assert str(error) in stage.store.account("uk").pause_reason

    def test_nothing_is_sent_blindly(self, stage):
        """While the account's statuses can't be read nothing is sent: it may be there already. The reason says so."""
        stage.account.errors["statuses_since"] = AccountUnavailableError("it answered 500")
        share = stage.shared()
        for _ in range(5):
            assert (State.PENDING, []) == (stage.share(share.post_id).state, stage.links())
            stage.pass_time(HOUR)
            stage.attend()
        assert "the account's own statuses can't be read: it answered 500" in stage.share(share.post_id).error
        stage.account.errors.clear()
        stage.pass_time(2 * HOUR)
        stage.attend()

        assert State.SHARED is stage.share(share.post_id).state

    def test_a_newest_status_that_stays_unreadable_holds_up_no_second_share(self, stage):
        """After some pauses a post that is wanted once more goes without an anchor."""
        post_id = stage.shared().post_id
        stage.account.errors["latest"] = AccountUnavailableError("500")
        request_again(stage.context, "uk", post_id, account="uk")
        for _ in range(4):
            stage.attend()
            stage.pass_time(HOUR)

        assert [State.SHARED] * 2 == [share.state for share in stage.store.shares(post_id=post_id)]

    @pytest.mark.parametrize(("code", "state"), [(403, State.SHARED), (401, State.PENDING)])
    def test_a_second_share_where_the_newest_status_is_barred(self, stage, code, state):
        """A token that may not read goes without an anchor; one that is revoked waits for a person."""
        post_id = stage.shared().post_id
        stage.account.errors["latest"] = AccountBarredError("no", code=code)
        request_again(stage.context, "uk", post_id, account="uk")
        stage.attend()

        assert state is stage.share(post_id).state

    def test_a_second_share_on_an_account_that_was_emptied(self, stage):
        """Without any status there is no anchor, and none is needed."""
        post_id = stage.shared().post_id
        stage.account.statuses.clear()
        request_again(stage.context, "uk", post_id, account="uk")
        stage.attend()

        assert State.SHARED is stage.share(post_id).state

    def test_limits_that_were_never_read_are_waited_for(self, stage):
        """No status is composed for limits that nobody knows."""
        stage.account.errors["limits"] = AccountUnavailableError("503")

        assert State.PENDING is stage.shared().state
