"""Editing and deleting a status by hand."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.crosspost import share as by_hand
from bot.crosspost.follow import follow
from bot.crosspost.mend import delete_status, edit_status
from bot.domain.answers import Barred, Refused, Throttled, Unanswered
from bot.domain.models import Followed, Share, State
from bot.domain.policy import OnEdit
from bot.errors import AccountUnavailableError, RefusedError
from tests.makers import HOUR, MINUTE
from tests.unit.crosspost.stage import Stage


@pytest.fixture
def stage() -> Stage:
    """A context with one shared post."""
    made = Stage()
    made.first_look()
    made.shared()
    return made


def edit(stage: Stage, text: str = "Corrected.") -> Share:
    """Edit the post's status."""
    return edit_status(stage.context, "uk", 1, account="uk", text=text)


def delete(stage: Stage) -> Share:
    """Delete the post's status."""
    return delete_status(stage.context, "uk", 1, account="uk")


class TestEdit:
    """Other words."""

    def test_the_words_change_and_the_link_stays(self, stage):
        """On the account and in the store; nothing is published anew."""
        share = edit(stage)

        assert ("edit", "edited") == stage.history(1)[-1]
        assert 1 == len(stage.account.sent)
        assert share == stage.share(1)
        assert share.status is not None
        assert f"Corrected.\n\n{share.link}" == share.status.text == stage.account.texts[-1]

    def test_words_that_do_not_fit(self, stage):
        """Nothing is sent."""
        with pytest.raises(RefusedError, match="too long"):
            edit(stage, "x" * 600)
        assert 0 == stage.account.calls.count("edit")

    def test_what_howdah_does_not_know(self, stage):
        """A status whose id was never heard can't be named to the instance."""
        share = stage.share(1)
        stage.store._shares[share.id] = replace(share, status_id="")

        with pytest.raises(RefusedError, match=r"howdah doesn't know the id of .* `howdah adopt uk` find it first"):
            edit(stage)

    def test_what_howdah_did_not_make(self, stage):
        """Its images and warning aren't known: an edit would take them away."""
        share = stage.share(1)
        stage.store._shares[share.id] = replace(share, status=None)

        with pytest.raises(RefusedError, match="by another program"):
            edit(stage)

    def test_a_full_window(self, stage):
        """Edits count with statuses."""
        now = stage.clock.now()
        stage.store.acted_at = lambda *_args, **_kwargs: (now,) * 300

        with pytest.raises(RefusedError, match="no more edits until"):
            edit(stage)

    @pytest.mark.parametrize(
        ("reply", "words"),
        [
            (Unanswered(message="cut"), "nobody knows whether its status was edited"),
            (Refused(code=422, message="no"), "wasn't edited: no"),
            (Barred(code=401, message="bad token"), "wasn't edited: bad token"),
        ],
    )
    def test_what_the_instance_says_instead(self, stage, reply, words):
        """Is said and recorded; the share stays as it was."""
        before = stage.share(1)
        stage.account.answer_edit(reply)

        with pytest.raises(RefusedError, match=words):
            edit(stage)
        assert (before.status, before.state) == (stage.share(1).status, stage.share(1).state)

    def test_an_instance_that_asks_to_slow_down(self, stage):
        """The account rests, with everything else that waits on it."""
        until = stage.clock.now() + HOUR
        stage.account.answer_edit(Throttled(message="slow down", until=until))

        with pytest.raises(RefusedError, match="slow down"):
            edit(stage)
        assert until == stage.store.account("uk").paused_until

    def test_a_404_of_an_instance_in_trouble(self, stage):
        """Proves nothing where the account can't be read either."""
        stage.account.answer_edit(Refused(code=404, message="no such status"))
        stage.account.error = AccountUnavailableError("down")

        with pytest.raises(RefusedError, match="nobody knows"):
            edit(stage)


class TestDoubt:
    """An edit whose answer is lost."""

    @pytest.fixture
    def stage(self) -> Stage:
        """A status that follows its post."""
        made = Stage(account={"on_edit": OnEdit.EDIT})
        made.first_look()
        made.shared()
        return made

    def lost(self, stage: Stage, *, done: bool = True) -> None:
        """Edit it; the answer is lost."""
        stage.account.answer_edit(Unanswered(message="cut"), done=done)
        with pytest.raises(RefusedError, match="nobody knows"):
            edit(stage)

    @pytest.mark.parametrize("looked_at", [False, True])
    @pytest.mark.parametrize("done", [False, True])
    def test_following_makes_it_again(self, stage, done, looked_at):
        """With the person's words, once, whether it was made or not; then account and store say the same."""
        if looked_at:
            stage.pass_time(HOUR)
            follow(stage.context, "uk")
        self.lost(stage, done=done)
        for _ in range(5):
            stage.pass_time(HOUR)
            follow(stage.context, "uk")

        share = stage.share(1)
        assert f"Corrected.\n\n{share.link}" == share.status.text == stage.account.texts[-1]
        assert 2 == len(stage.account.edits)

    def test_a_repeat_that_changes_nothing(self, stage):
        """GoToSocial refuses it: so the first one was made."""
        self.lost(stage)
        stage.account.answer_edit(Refused(code=422, message="status was not changed"))

        edit(stage)

        assert stage.share(1).status.text.startswith("Corrected.")
        assert (("edit", "edited"), "") == (stage.history(1)[-1], stage.share(1).error)

        stage.account.answer_edit(Refused(code=422, message="status was not changed"))
        with pytest.raises(RefusedError, match="wasn't edited"):
            edit(stage)

    def test_a_no_tells_nothing_of_the_edit_before(self, stage):
        """That one stays in doubt, and is made again."""
        self.lost(stage)
        stage.account.answer_edit(Barred(code=401, message="bad token"))
        with pytest.raises(RefusedError, match="bad token"):
            edit(stage, "Other words.")
        stage.pass_time(HOUR)
        follow(stage.context, "uk")

        assert stage.account.texts[-1].startswith("Corrected.")
        assert ("edit", "edited") == stage.history(1)[-1]

    def test_a_status_that_is_not_followed_any_more(self, stage):
        """Its post may be another one by now: it stays so."""
        share = stage.share(1)
        stage.store.keep_following([Followed(share_id=share.id)])
        self.lost(stage)

        assert stage.store.followed(share.id).next_check_at is None


class TestDelete:
    """For good."""

    def test_the_status_is_gone_and_stays_gone(self, stage):
        """The share is skipped, and no later look shares the post anew; a person can."""
        share = delete(stage)
        stage.pass_time(timedelta(hours=2))
        stage.collect()
        stage.attend()

        assert (State.SKIPPED, "its status was deleted by hand", "") == (share.state, share.error, share.url)
        assert ("delete", "deleted") == stage.history(1)[-1]
        assert 1 == len(stage.account.sent)

        by_hand.request(stage.context, "uk", 1, account="uk")
        stage.attend()

        assert State.SHARED is stage.share(1).state
        assert 2 == len(stage.account.sent)

    def test_one_that_is_shared_anew(self):
        """Its new status follows its post's edits, as any does."""
        stage = Stage(account={"on_edit": OnEdit.EDIT})
        stage.first_look()
        stage.shared()
        stage.pass_time(HOUR)
        follow(stage.context, "uk")
        delete(stage)
        by_hand.request(stage.context, "uk", 1, account="uk")
        stage.attend()
        stage.site.edit(1, replace(stage.site.posts[1], title="Corrected", modified_at=stage.clock.now()))
        stage.pass_time(HOUR)
        follow(stage.context, "uk")

        assert stage.account.texts[-1].startswith("Corrected")

    def test_one_that_is_not_there(self, stage):
        """Is as good as deleted."""
        stage.account.answer_delete(Refused(code=404, message="gone"))

        share = delete(stage)

        assert (State.SKIPPED, "its status isn't on the account any more") == (share.state, share.error)
        assert ("delete", "missing") == stage.history(1)[-1]

    @pytest.mark.parametrize(
        ("reply", "words"),
        [(Unanswered(message="cut"), "nobody knows"), (Refused(code=422, message="no"), "wasn't deleted: no")],
    )
    def test_what_the_instance_says_instead(self, stage, reply, words):
        """The share is shared still."""
        stage.account.answer_delete(reply)

        with pytest.raises(RefusedError, match=words):
            delete(stage)
        assert State.SHARED is stage.share(1).state

    def test_a_full_window(self, stage):
        """Deletions have one of their own."""
        now = stage.clock.now()
        stage.store.acted_at = lambda *_args, **_kwargs: (now,) * 30

        with pytest.raises(RefusedError, match="no more deletions until"):
            delete(stage)

    def test_a_post_that_is_not_shared(self, stage):
        """There is nothing to delete."""
        delete(stage)

        with pytest.raises(RefusedError, match="there is no status to delete"):
            delete(stage)

    def test_another_process_has_the_account(self, stage):
        """It is waited for, as long as a lease may last."""
        now = stage.clock.now()
        stage.store.lease("uk", owner="other", now=now, until=now + 10 * MINUTE)

        with pytest.raises(RefusedError, match="another process attends"):
            delete(stage)
