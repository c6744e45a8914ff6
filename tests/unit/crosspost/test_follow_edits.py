"""Following: statuses of edited posts are edited."""

import pytest
from msgspec.structs import replace

from bot.crosspost.follow import is_due
from bot.domain.answers import NotSent, Unanswered
from bot.domain.models import State
from bot.domain.transitions.change import changed
from bot.domain.transitions.following import EDIT_GAP
from bot.errors import SiteUnavailableError
from bot.sandbox.images import png
from tests.makers import DAY, HOUR, MINUTE, SECOND
from tests.unit.crosspost.following import BOTH, EDIT, boat, edit, followed, last, look, stage_of


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

    def test_a_post_of_which_the_site_does_not_give_everything(self):
        """What can't be read of it isn't taken off its status: it is asked for later and later, and that is said."""
        stage = stage_of(**EDIT)
        stage.shared("Old", excerpt="As before.")
        edit(stage, 1, title="New", unread=frozenset({"text"}), excerpt="")
        for _ in range(2):
            look(stage, after=HOUR)
        failing = followed(stage, 1)
        assert (2, "site uk: of post 1 it gives title and link only") == (failing.unread, failing.error)
        assert "Old\n\nAs before." in stage.account.texts[-1]

        edit(stage, 1, title="New", unread=frozenset(), excerpt="As ever.")
        look(stage, after=HOUR)
        assert "New\n\nAs ever." in stage.account.texts[-1]
        assert 0 == followed(stage, 1).unread

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

    @pytest.mark.parametrize("closed", ["protected", "members_only"])
    def test_what_is_protected_now_is_not_told(self, closed):
        """A password came after, or only members may read it; the status stays as it is."""
        stage = stage_of(**EDIT)
        stage.shared("Old")
        edit(stage, 1, title="Protected: New", **{closed: True})
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
