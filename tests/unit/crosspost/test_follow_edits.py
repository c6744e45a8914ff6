"""Following: statuses of edited posts are edited."""

from dataclasses import replace

import pytest

from bot.crosspost.follow import MOST_CHANGES, follow, is_due
from bot.domain.answers import Barred, NotSent, Refused, Throttled, Unanswered
from bot.domain.models import Attempt, Limits, State
from bot.domain.transitions.change import changed
from bot.domain.transitions.following import EDIT_GAP
from bot.errors import AccountUnavailableError, PostGoneError, SiteUnavailableError
from bot.sandbox.images import png
from tests.makers import DAY, HOUR, MINUTE, SECOND
from tests.unit.crosspost.following import (
    BOTH,
    EDIT,
    boat,
    edit,
    followed,
    last,
    look,
    nothing,
    stage_of,
)


class TestEdits:
    """on_edit = "edit"."""

    @pytest.mark.parametrize("together", [True, False])
    def test_one_that_can_not_be_rendered(self, together):
        """The site fails at it, alone or with all that are asked for beside it: the others follow, and it is told."""
        stage = stage_of(**EDIT)
        for title in ("Bad", "Good"):
            stage.shared(title)
        edit(stage, 1, title="Worse")
        edit(stage, 2, title="Better")
        read, several = stage.site.read, stage.site.read_several

        def alone(post_id, **named):
            if post_id == 1:
                raise SiteUnavailableError("site uk: answered 500")
            return read(post_id, **named)

        def at_once(post_ids):
            if together:
                raise SiteUnavailableError("site uk: broken JSON")
            return several([number for number in post_ids if number != 1])

        stage.site.read, stage.site.read_several = alone, at_once  # type: ignore[method-assign] # a fake of ours
        for _ in range(2):
            look(stage)

        assert ["Hello", "Bad", "Better"] == [text.split()[0] for text in stage.account.texts]
        assert (2, "site uk: answered 500") == (followed(stage, 1).unread, followed(stage, 1).error)
        stage.site.read = read  # type: ignore[method-assign]
        look(stage, after=HOUR)
        assert "Worse" == stage.account.texts[1].split()[0]
        assert (0, "") == (followed(stage, 1).unread, followed(stage, 1).error)

    def test_a_new_title_edits_the_status(self):
        """The status that stands says it, no second one is published, and the history tells."""
        stage = stage_of(**EDIT)
        share = stage.shared("Old")
        edit(stage, 1, title="New")
        touched = look(stage)

        assert ["Hello", "New\n\nhttps://news.example/1/"] == stage.account.texts
        assert 1 == len(stage.account.sent)
        assert [(State.SHARED, share.url)] == [(one.state, one.url) for one in touched]
        assert ("edit", "edited", "text") == (last(stage, 1).step, last(stage, 1).outcome, last(stage, 1).detail)
        status = stage.share(1).status
        assert status is not None
        assert status.text.startswith("New")

    def test_a_clock_that_was_ahead(self):
        """What was edited under it, and put off by it, holds up no edit of today."""
        stage = stage_of(**EDIT)
        stage.shared("Old")
        stage.clock.instant += 20 * DAY
        edit(stage, 1, title="Later")
        look(stage)
        stage.clock.instant -= 20 * DAY
        edit(stage, 1, title="Today")
        look(stage)

        assert ["Hello", "Today\n\nhttps://news.example/1/"] == stage.account.texts

    def test_nothing_follows_unless_it_is_wanted(self):
        """By default an edit is ignored, and the site isn't even asked."""
        stage = stage_of()
        stage.shared("Old")
        edit(stage, 1, title="New")

        assert () == look(stage)
        assert not is_due(stage.context, "uk")
        assert "list_by_id" not in [method for method, _ in stage.site.calls]

    def test_a_post_that_has_not_changed_is_not_read(self):
        """One light request for all, nothing else."""
        stage = stage_of(**BOTH)
        for _ in range(3):
            stage.shared()
        stage.site.calls.clear()

        assert () == look(stage)
        assert [("list_by_id", (1, 2, 3))] == stage.site.calls
        assert 0 == len(stage.account.edits)

    def test_a_write_back_edits_nothing(self):
        """modified_at moves and nothing else: it is read once, and then known."""
        stage = stage_of(**EDIT)
        stage.shared()
        edit(stage, 1, share_url="https://social.example/@uk/1")
        look(stage)
        look(stage)

        assert 0 == len(stage.account.edits)
        assert 1 == [method for method, _ in stage.site.calls].count("read_several")
        assert stage.clock.now() - 10 * MINUTE == followed(stage, 1).modified_at

    def test_what_was_shared_before_is_not_edited_by_an_upgrade(self):
        """Composed differently by now, and its modified_at not known: it counts from the first look on."""
        stage = stage_of(**EDIT)
        share = stage.shared("Old")
        as_before = changed(
            replace(share, post_modified_at=None, images=()), step="test", outcome="", detail="", now=stage.clock.now()
        )
        stage.store.apply(share, as_before, now=stage.clock.now())
        edit(stage, 1, title="Edited before")
        look(stage)
        assert 0 == len(stage.account.edits)

        edit(stage, 1, title="Edited after")
        look(stage)
        assert "Edited after" in stage.account.texts[-1]

    def test_never_more_often_than_sensible(self):
        """The second edit waits for its ten minutes, and then the newest words win."""
        stage = stage_of(**EDIT)
        stage.shared("One")
        edit(stage, 1, title="Two")
        look(stage)
        for title in ("Three", "Four"):
            edit(stage, 1, title=title)
        look(stage, after=5 * MINUTE)
        assert 1 == len(stage.account.edits)

        look(stage, after=EDIT_GAP)
        assert ["Two", "Four"] == [sent.status.text.splitlines()[0] for sent in stage.account.edits]

    def test_an_edit_that_comes_due_too_early_waits(self):
        """Also where something else had it looked at."""
        stage = stage_of(**EDIT)
        stage.shared("One")
        edit(stage, 1, title="Two")
        look(stage)
        stage.store.keep_following([replace(followed(stage, 1), next_check_at=stage.clock.now())])
        edit(stage, 1, title="Three")
        look(stage, after=SECOND)

        assert 1 == len(stage.account.edits)
        assert stage.clock.now() - 2 * SECOND + EDIT_GAP == followed(stage, 1).next_check_at

    def test_visibility_stays_and_everything_is_sent_again(self):
        """PUT clears what is left out: the content warning, the language, the files go along each time."""
        stage = stage_of(**EDIT, visibility="unlisted", spoiler_text="Careful", sensitive=True, language="de")
        stage.shared("Old", image=(png(), "A kite"))
        [media_id] = stage.share(1).media_ids
        edit(stage, 1, title="New")
        look(stage)

        [sent] = stage.account.edits
        assert (media_id,) == sent.media_ids
        assert ("unlisted", "Careful", True, "de") == (
            sent.status.visibility,
            sent.status.spoiler_text,
            sent.status.sensitive,
            sent.status.language,
        )
        assert 1 == len(stage.account.media)

    def test_another_image_is_uploaded(self):
        """A changed featured image edits the status, whatever its text says."""
        stage = stage_of(**EDIT)
        stage.shared(image=(png(), "A kite"))
        before = stage.share(1).media_ids
        edit(stage, 1, image=boat(stage))
        look(stage)

        after = stage.share(1).media_ids
        assert 1 == len(after)
        assert before != after
        assert "A boat" == stage.account.media[after[0]].description
        assert "image" == last(stage, 1).detail

    def test_an_image_that_is_taken_away(self):
        """Goes from the status too."""
        stage = stage_of(**EDIT)
        stage.shared(image=(png(), "A kite"))
        edit(stage, 1, image=None, featured_media=0)
        look(stage)

        assert () == stage.account.edits[0].media_ids == stage.share(1).media_ids

    def test_an_image_that_can_not_be_had(self):
        """The old one stays, and the words change."""
        stage = stage_of(**EDIT)
        stage.shared("Old", image=(png(), "A kite"))
        before = stage.share(1).media_ids
        image = boat(stage)
        stage.site.images.clear()
        edit(stage, 1, title="New", image=image)
        look(stage)

        assert before == stage.share(1).media_ids
        assert "New" in stage.account.texts[-1]

    def test_an_upload_without_an_answer_is_tried_again(self):
        """The share stays shared meanwhile; after some tries the words change without the new image."""
        stage = stage_of(**EDIT)
        stage.shared("Old", image=(png(), "A kite"))
        before = stage.share(1).media_ids
        edit(stage, 1, title="New", image=boat(stage))
        for _ in range(3):
            stage.account.answer_upload(Unanswered(message="timed out"))
            look(stage, after=HOUR)
            assert State.SHARED is stage.share(1).state
            assert 0 == len(stage.account.edits)
        look(stage, after=HOUR)

        assert before == stage.share(1).media_ids
        assert "New" in stage.account.texts[-1]

    def test_an_account_that_rests_for_an_image(self):
        """It is paused like for any other upload."""
        stage = stage_of(**EDIT)
        stage.shared("Old", image=(png(), "A kite"))
        edit(stage, 1, image=boat(stage))
        stage.account.answer_upload(NotSent(message="no route"))
        look(stage)

        assert stage.store.account("uk").paused_until is not None
        assert State.SHARED is stage.share(1).state

    def test_words_of_a_persons_own_stay(self):
        """A text by hand isn't composed from the post."""
        from bot.crosspost import share as by_hand

        stage = stage_of(**EDIT)
        stage.publish("Old")
        by_hand.request(stage.context, "uk", 1, account="uk", wish=by_hand.Wish(text="My words"))
        stage.attend()
        edit(stage, 1, title="New")
        look(stage)

        assert 0 == len(stage.account.edits)

    def test_what_is_protected_now_is_not_told(self):
        """A password came after; the status stays as it is."""
        stage = stage_of(**EDIT)
        stage.shared("Old")
        edit(stage, 1, title="Protected: New", protected=True)
        look(stage)

        assert 0 == len(stage.account.edits)

    def test_an_id_that_changes(self):
        """As on snac, an edited status has another id and url: the next edit finds it by those."""
        stage = stage_of(**EDIT)
        stage.account.moves_edited = True
        before = stage.shared("One")
        for title in ("Two", "Three"):
            edit(stage, 1, title=title)
            look(stage, after=HOUR)

        after = stage.share(1)
        assert before.status_id != after.status_id
        assert after.status_id in after.url
        assert ["Three"] == [kept.status.text.splitlines()[0] for kept in stage.account.statuses if kept.id != "101"]

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
