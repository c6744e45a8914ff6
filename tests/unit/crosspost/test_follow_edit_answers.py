"""Following: what an instance answers to an edit."""

import pytest
from msgspec.structs import replace

from bot.crosspost.follow import MOST_CHANGES, follow
from bot.domain.answers import Barred, NotSent, Refused, Throttled, Unanswered
from bot.domain.models import Attempt, Limits, State
from bot.errors import AccountUnavailableError, PostGoneError
from tests.makers import HOUR
from tests.unit.crosspost.following import EDIT, edit, followed, last, look, nothing, stage_of


class TestAnswers:
    """What becomes of an edit that was sent, or can't be."""

    def test_a_status_that_somebody_deleted(self):
        """Isn't made anew: it is noted, and not followed any more."""
        stage = stage_of(**EDIT)
        share = stage.shared("Old")
        stage.account.remove(share.status_id)
        edit(stage, 1, title="New")
        look(stage)
        edit(stage, 1, title="Newer")
        look(stage, after=HOUR)

        assert 1 == len(stage.account.edits)
        assert ["Hello"] == stage.account.texts
        assert ("edit", "missing") == stage.history(1)[-1]
        assert "deleted there? It isn't made anew" in last(stage, 1).detail

    def test_a_404_from_an_instance_in_trouble(self):
        """Where the account can't be read either, nothing is concluded."""
        stage = stage_of(**EDIT)
        stage.shared("Old")
        edit(stage, 1, title="New")
        stage.account.answer_edit(Refused(code=404, message="not found"))
        stage.account.errors["verify"] = AccountUnavailableError("404 for everything")
        look(stage)
        assert ("edit", "unanswered") == stage.history(1)[-1]

        stage.account.errors.clear()
        look(stage)
        assert "New" in stage.account.texts[-1]

    def test_a_refused_edit_waits_for_the_next_change(self):
        """It is noted where a person sees it, and gone once an edit works."""
        stage = stage_of(**EDIT)
        stage.shared("Old")
        edit(stage, 1, title="New")
        stage.account.answer_edit(Refused(code=422, message="not today"))
        look(stage)
        look(stage, after=HOUR)
        assert 1 == len(stage.account.edits)
        assert "edit: refused (422): not today" == stage.share(1).error
        assert State.SHARED is stage.share(1).state

        edit(stage, 1, title="Newer")
        look(stage, after=HOUR)
        assert "" == stage.share(1).error
        assert "Newer" in stage.account.texts[-1]

    def test_a_change_that_is_taken_back(self):
        """What was refused needn't be said any more."""
        stage = stage_of(**EDIT)
        stage.shared("Old")
        edit(stage, 1, title="New")
        stage.account.answer_edit(Refused(code=422, message="not today"))
        look(stage)
        edit(stage, 1, title="Old")
        look(stage, after=HOUR)

        assert "" == stage.share(1).error
        assert ("decide", "settled") == stage.history(1)[-1]

    def test_an_unanswered_edit_is_made_again(self):
        """That does no harm; done or not, in the end it says the new words."""
        stage = stage_of(**EDIT)
        stage.shared("Old")
        edit(stage, 1, title="New")
        stage.account.answer_edit(Unanswered(message="timed out"), done=True)
        look(stage)
        look(stage)

        assert [("edit", "unanswered"), ("edit", "edited")] == stage.history(1)[-2:]
        assert 2 == len(stage.account.texts)

    def test_an_unanswered_edit_whose_post_is_put_back(self):
        """What stands may be the new words: the old ones are sent again, though nothing seems to have changed."""
        stage = stage_of(**EDIT)
        stage.shared("Old")
        edit(stage, 1, title="New")
        stage.account.answer_edit(Unanswered(message="timed out"), done=True)
        look(stage)
        edit(stage, 1, title="Old")
        look(stage, after=HOUR)

        assert stage.account.texts[-1].startswith("Old")
        assert ("edit", "edited") == stage.history(1)[-1]

    def test_an_edit_that_was_made_though_nobody_heard_so(self):
        """GoToSocial refuses a repeat that changes nothing: then it is as good as done."""
        stage = stage_of(**EDIT)
        stage.shared("Old")
        edit(stage, 1, title="New")
        stage.account.answer_edit(Unanswered(message="timed out"), done=True)
        look(stage)
        stage.account.answer_edit(Refused(code=422, message="Unprocessable Entity: status was not changed"))
        look(stage)

        assert (("edit", "edited"), "") == (stage.history(1)[-1], stage.share(1).error)

    def test_an_edit_that_is_refused_after_one_that_nobody_heard_of(self):
        """It wasn't made, whatever the instance is: the share says what the status says, and why."""
        stage = stage_of(**EDIT)
        stage.account.instance_limits = Limits(software="gotosocial")
        stage.shared("Old")
        edit(stage, 1, title="New")
        stage.account.answer_edit(Unanswered(message="timed out"))
        look(stage)
        stage.account.answer_edit(Refused(code=422, message="status too long"))
        look(stage)

        share = stage.share(1)
        assert ("edit", "refused") == stage.history(1)[-1]
        assert "edit: refused (422): status too long" == share.error
        assert share.status is not None
        assert share.status.text.startswith("Old")

    def test_an_edit_that_is_never_answered(self):
        """Is given up until the next change."""
        stage = stage_of(**EDIT, attempts=2)
        stage.shared("Old")
        edit(stage, 1, title="New")
        for _ in range(2):
            stage.account.answer_edit(Unanswered(message="timed out"))
            look(stage, after=HOUR)
        look(stage, after=HOUR)

        assert 2 == len(stage.account.edits)
        assert "edit: gave up after 2 attempts: timed out" == stage.share(1).error

    @pytest.mark.parametrize(
        "no", [NotSent(message="no route"), Barred(code=401, message="who are you?"), Throttled(message="slowly")]
    )
    def test_an_account_that_has_to_rest(self, no):
        """Rests altogether; the edit is made afterwards."""
        stage = stage_of(**EDIT)
        stage.shared("Old")
        edit(stage, 1, title="New")
        stage.account.answer_edit(no)
        look(stage)
        paused = stage.store.account("uk").paused_until
        assert paused is not None
        assert paused == followed(stage, 1).next_check_at
        assert () == follow(stage.context, "uk")

        look(stage, after=HOUR)
        assert "New" in stage.account.texts[-1]

    def test_an_instance_that_forbids_edits(self):
        """403 is about the edit: what is published isn't held up."""
        stage = stage_of(**EDIT)
        stage.shared("Old")
        edit(stage, 1, title="New")
        stage.account.answer_edit(Barred(code=403, message="outside the authorized scopes"))
        look(stage)

        assert stage.store.account("uk").paused_until is None
        assert "edit: refused (403): outside the authorized scopes" == stage.share(1).error

    def test_edits_count_in_the_window_of_statuses(self):
        """It is full: the edit waits until it opens."""
        stage = stage_of(**EDIT)
        share = stage.shared("Old")
        many = Attempt(at=stage.clock.now(), step="edit", outcome="edited")
        for _ in range(300):
            stage.store.record_upload(share, attempt=many, rate=None)
        edit(stage, 1, title="New")
        look(stage)
        assert 0 == len(stage.account.edits)
        assert many.at + 3 * HOUR == followed(stage, 1).next_check_at

        stage.publish("Next")
        stage.collect()
        stage.attend()
        assert 1 == len(stage.account.sent)

    def test_limits_that_can_not_be_had(self):
        """The edit waits for them."""
        stage = stage_of(**EDIT)
        stage.shared("Old")
        remembered = stage.store.account
        stage.store.account = lambda name: replace(remembered(name), limits=None)  # type: ignore[method-assign]
        stage.account.errors["limits"] = AccountUnavailableError("503")
        edit(stage, 1, title="New")
        look(stage)

        assert (0, 1) == (len(stage.account.edits), followed(stage, 1).failures)

    def test_a_post_that_no_status_can_be_made_of(self):
        """A link that can't be shared: the status stays as it is, and that is noted."""
        stage = stage_of(**EDIT)
        stage.shared("Old")
        edit(stage, 1, title="New", link="ftp://news.example/1/")
        look(stage)

        assert 0 == len(stage.account.edits)
        assert stage.share(1).error.startswith("not edited: no status can be made of the post")

    def test_a_post_that_does_not_fit(self):
        """Nor where the link alone is longer than the instance takes."""
        stage = stage_of(**EDIT)
        stage.shared("Old")
        limits = replace(stage.account.instance_limits, max_characters=20, software="snac")
        stage.store.remember_limits("uk", limits, now=stage.clock.now())
        edit(stage, 1, title="New", link="https://news.example/a-very-long-address-indeed/")
        look(stage)

        assert "doesn't fit" in stage.share(1).error

    def test_many_edits_go_in_turns(self):
        """A bounded number at a time; the rest is due at once."""
        stage = stage_of(**EDIT)
        ids = [stage.publish(f"Old {number}") for number in range(MOST_CHANGES + 3)]
        stage.collect()
        stage.attend()
        for number in ids:
            edit(stage, number, title="New")
        assert MOST_CHANGES == len(look(stage))
        assert 3 == len(follow(stage.context, "uk"))

    def test_a_moved_post_that_can_not_be_read_at_once(self):
        """Listed, but missing where it is read, and gone by itself: nothing is concluded."""
        stage = stage_of(**EDIT)
        stage.shared("Old")
        edit(stage, 1, title="New")
        reading = stage.site.read_several
        stage.site.read_several = nothing  # type: ignore[method-assign] # a fake of ours
        stage.site.errors["read"] = PostGoneError("site uk: post 1 isn't public")
        look(stage)
        assert 0 == len(stage.account.edits)
        del stage.site.errors["read"]

        stage.site.read_several = reading  # type: ignore[method-assign] # a fake of ours
        look(stage)
        assert 1 == len(stage.account.edits)
