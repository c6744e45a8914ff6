"""Following: statuses of edited posts are edited, those of posts that are gone are deleted."""

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.crosspost.follow import MOST_CHANGES, MOST_READ_ALONE, follow, is_due
from bot.domain.answers import Barred, NotSent, Refused, Throttled, Unanswered
from bot.domain.models import Attempt, Followed, Image, ImageSize, Limits, MediaFile, Share, State
from bot.domain.policy import Images, OnDelete, OnEdit
from bot.domain.transitions.change import TOLD_AFTER, changed
from bot.domain.transitions.following import CROWD, EDIT_GAP, GONE, MOST_GONE, SILENT
from bot.errors import AccountUnavailableError, NotInFeedError, PostGoneError, SiteUnavailableError
from bot.sandbox.images import png
from tests.makers import DAY, HOUR, MINUTE, SECOND
from tests.unit.crosspost.stage import Stage

EDIT, DELETE = {"on_edit": OnEdit.EDIT}, {"on_delete": OnDelete.DELETE}
BOTH = EDIT | DELETE
LONG_AGO = datetime(1970, 1, 2, tzinfo=UTC)


def stage_of(**account: Any) -> Stage:
    """A context whose first look is done, with an account of this kind."""
    made = Stage(account=account)
    made.first_look()
    return made


def edit(stage: Stage, post_id: int, **fields: Any) -> None:
    """An author edits a post, a second later."""
    stage.pass_time(SECOND)
    post = stage.site.posts[post_id]
    stage.site.edit(post_id, replace(post, **{"modified_at": stage.clock.now(), **fields}))


def boat(stage: Stage) -> Image:
    """Another featured image."""
    url = "https://news.example/wp-content/uploads/boat.png"
    stage.site.images[url] = MediaFile(data=png(20, 20), mime_type="image/png")
    return Image(sizes=(ImageSize(url=url, mime_type="image/png"),), alt="A boat")


def look(stage: Stage, *, after: timedelta = 5 * MINUTE) -> tuple[Share, ...]:
    """Follow, so much later."""
    stage.pass_time(after)
    return follow(stage.context, "uk")


def followed(stage: Stage, post_id: int) -> Followed:
    """What is remembered of following a post: read as what will be due one day."""
    one_day = stage.clock.now() + 3650 * DAY
    due = stage.store.to_follow("uk", sites=("uk",), since=LONG_AGO, now=one_day, limit=100)
    [found] = [one for share, one in due if share.post_id == post_id]
    return found


def nothing(post_ids: Collection[int]) -> tuple[()]:
    """A site's list with nothing in it."""
    return ()


def killed(*_arguments: object, **_named: object) -> None:
    """The process ends here."""
    raise KeyboardInterrupt


def last(stage: Stage, post_id: int) -> Attempt:
    """The last line of a share's history."""
    return stage.attempts(post_id)[-1]


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


class TestDeletions:
    """on_delete = "delete"."""

    def test_gone_twice_an_hour_apart(self):
        """Then its status is deleted, and the share is skipped with the reason."""
        stage = stage_of(**DELETE)
        url = stage.shared().url
        stage.shared("Stays")
        stage.site.trash(1)
        look(stage)
        look(stage, after=59 * MINUTE)
        assert 3 == len(stage.account.texts)

        look(stage, after=MINUTE)
        share = stage.share(1)
        assert ["Hello", "Stays\n\nhttps://news.example/2/"] == stage.account.texts
        assert (State.SKIPPED, GONE, "") == (share.state, share.error, share.url)
        assert ("delete", "deleted", url) == (last(stage, 1).step, last(stage, 1).outcome, last(stage, 1).detail)
        assert () == look(stage, after=DAY)

    def test_back_in_between(self):
        """The hour begins anew with the next time it is gone."""
        stage = stage_of(**DELETE)
        stage.shared()
        stage.shared("Stays")
        stage.site.trash(1)
        look(stage)
        stage.site.trashed.clear()
        look(stage, after=HOUR)
        stage.site.trash(1)
        look(stage, after=HOUR)

        assert 3 == len(stage.account.texts)

    def test_back_and_edited(self):
        """With both wanted, the edit is made and the post is there."""
        stage = stage_of(**BOTH)
        stage.shared("Old")
        stage.site.trash(1)
        look(stage)
        stage.site.trashed.clear()
        edit(stage, 1, title="New")
        look(stage, after=HOUR)

        assert "New" in stage.account.texts[-1]
        assert followed(stage, 1).gone_since is None

    def test_edited_only_is_no_matter_for_deletions(self):
        """A moved modified_at alone is passed over, and not taken for gone."""
        stage = stage_of(**DELETE)
        stage.shared("Old")
        edit(stage, 1, title="New")
        look(stage)

        assert 0 == len(stage.account.edits)
        assert followed(stage, 1).gone_since is None

    def test_gone_is_no_matter_where_only_edits_follow(self):
        """Nothing is read, nothing is deleted."""
        stage = stage_of(**EDIT)
        stage.shared()
        stage.site.trash(1)
        stage.site.calls.clear()
        look(stage)
        look(stage, after=HOUR)

        assert ["list_by_id", "list_by_id"] == [method for method, _ in stage.site.calls]
        assert State.SHARED is stage.share(1).state

    def test_a_site_in_trouble_proves_nothing(self):
        """Nothing is concluded, and the site is left alone for a while."""
        stage = stage_of(**BOTH)
        stage.shared()
        stage.site.error = SiteUnavailableError("site uk: answered 503", retry_after=1800)
        look(stage)
        assert not is_due(stage.context, "uk")
        look(stage, after=HOUR)

        assert State.SHARED is stage.share(1).state
        assert followed(stage, 1).gone_since is None

    def test_a_site_that_stays_in_trouble(self):
        """Is left alone ever longer, up to an hour, until it tells again."""
        stage = stage_of(**BOTH)
        stage.shared()
        stage.site.error = SiteUnavailableError("site uk: answered 503")
        waits = []
        for _ in range(6):
            look(stage, after=2 * HOUR)
            next_check_at = followed(stage, 1).next_check_at
            assert next_check_at is not None
            waits.append((next_check_at - stage.clock.now()) / MINUTE)
        failing = followed(stage, 1)
        stage.site.error = None
        look(stage, after=2 * HOUR)

        assert [5, 10, 20, 40, 60, 60] == waits
        assert (6, "site uk: answered 503") == (failing.unread, failing.error)
        assert (0, "") == (followed(stage, 1).unread, followed(stage, 1).error)

    def test_a_listing_that_leaves_it_out_proves_nothing(self):
        """Only its own answer does; without one that is a look that came to nothing."""
        stage = stage_of(**DELETE)
        stage.shared()
        stage.site.trash(1)
        stage.site.errors["read"] = SiteUnavailableError("503")
        look(stage)
        look(stage, after=HOUR)

        assert State.SHARED is stage.share(1).state
        assert (2, "503") == (followed(stage, 1).unread, followed(stage, 1).error)
        del stage.site.errors["read"]
        look(stage, after=HOUR)
        assert (0, "") == (followed(stage, 1).unread, followed(stage, 1).error)

    def test_what_has_left_the_feed(self, caplog):
        """Nothing is known of it, and nothing is wrong; the others aren't looked for, page after page, either."""
        stage = stage_of(**DELETE)
        for post_id in (1, 2):
            stage.shared()
            stage.site.trash(post_id)
        stage.site.errors["read"] = NotInFeedError("site uk: the post isn't in the feed (any more)")
        before = len(stage.site.calls)
        for _ in range(TOLD_AFTER):
            look(stage, after=HOUR)

        assert TOLD_AFTER == len([method for method, _ in stage.site.calls[before:] if method == "read"])
        assert State.SHARED is stage.share(1).state
        assert (0, "") == (followed(stage, 1).unread, followed(stage, 1).error)
        assert not [record for record in caplog.records if vars(record).get("event") == "follow_failed"]

    def test_a_post_that_can_not_be_asked_about_is_asked_for_ever_less(self):
        """Up to once an hour, while the others are looked at as before."""
        stage = stage_of(**DELETE)
        for _ in range(2):
            stage.shared()
        stage.site.trash(1)
        stage.site.errors["read"] = SiteUnavailableError("500")
        asked = []
        for minutes in range(0, 60, 5):
            before = len(stage.site.calls)
            look(stage)
            asked += [minutes for method, _ in stage.site.calls[before:] if method == "read"]

        assert [0, 5, 15, 35] == asked
        assert (0, "") == (followed(stage, 2).unread, followed(stage, 2).error)

    def test_a_site_that_asks_to_wait_meanwhile(self):
        """What it has said by then counts; it isn't asked about the others until the wait is over."""
        stage = stage_of(**BOTH)
        for _ in range(4):
            stage.shared()
        for number in (1, 2, 3):
            stage.site.trash(number)
        read = stage.site.read

        def throttled(post_id, **named):
            if post_id > 1:
                stage.site.errors["read"] = SiteUnavailableError("site uk: answered 429", retry_after=1800)
            return read(post_id, **named)

        stage.site.read = throttled  # type: ignore[method-assign] # a fake of ours
        look(stage)
        assert followed(stage, 1).gone_since is not None
        follow(stage.context, "uk")

        waits = stage.clock.now() + 1800 * SECOND
        assert [waits, waits] == [followed(stage, number).next_check_at for number in (2, 3)]
        assert ["read", "read", "list_by_id", "read"] == [method for method, _ in stage.site.calls[-4:]]

    def test_a_site_that_asks_to_wait_at_the_first_posts(self):
        """It is left alone at once: nothing is asked for by itself."""
        stage = stage_of(**BOTH)
        for title in ("Old", "Older", "Gone"):
            stage.shared(title)
        for number in (1, 2):
            edit(stage, number, title="New")
        stage.site.trash(3)
        stage.site.errors["read_several"] = SiteUnavailableError("site uk: answered 429", retry_after=1800)
        before = len(stage.site.calls)
        look(stage)

        assert ["list_by_id", "read_several"] == [method for method, _ in stage.site.calls[before:]]
        waits = stage.clock.now() + 1800 * SECOND
        assert {waits} == {followed(stage, number).next_check_at for number in (1, 2, 3)}

    def test_a_site_that_asks_to_wait_at_a_moved_post(self):
        """Then it isn't asked about those that are missing either."""
        stage = stage_of(**BOTH)
        for title in ("Bad", "Old", "Gone"):
            stage.shared(title)
        for number in (1, 2):
            edit(stage, number, title="New")
        stage.site.trash(3)
        several = stage.site.read_several
        stage.site.read_several = lambda _ids: several([2])  # type: ignore[method-assign,assignment] # a fake of ours
        stage.site.errors["read"] = SiteUnavailableError("site uk: answered 429", retry_after=1800)
        before = len(stage.site.calls)
        look(stage)

        assert 1 == [method for method, _ in stage.site.calls[before:]].count("read")
        assert "New" == stage.account.texts[2].split()[0]

    def test_a_stale_listing(self):
        """It is missing there, and can be read all the same."""
        stage = stage_of(**DELETE)
        stage.shared()
        stage.site.list_by_id = nothing  # type: ignore[method-assign] # a fake of ours
        look(stage)
        look(stage, after=HOUR)

        assert State.SHARED is stage.share(1).state

    def test_a_crowd_is_not_obeyed(self, caplog):
        """More than a few within a day: none is deleted, a person is told, once each."""
        stage = stage_of(**DELETE)
        ids = [stage.publish() for _ in range(MOST_GONE + 2)]
        stage.collect()
        stage.attend()
        for number in ids[:-1]:
            stage.site.trash(number)
        look(stage)
        follow(stage.context, "uk")
        with caplog.at_level(logging.ERROR, "howdah"):
            look(stage, after=HOUR)
            follow(stage.context, "uk")
        held = [record for record in caplog.records if record.__dict__.get("event") == "gone_crowd"]
        assert MOST_GONE + 1 == len(held)
        assert "delete" not in stage.account.calls
        assert (State.SHARED, CROWD) == (stage.share(1).state, stage.share(1).error)

        for _ in range(2):
            look(stage, after=DAY)
        assert "delete" not in stage.account.calls
        assert 1 == [outcome for _, outcome in stage.history(1)].count("held")

    def test_a_crowd_that_comes_back(self):
        """The word of it goes with it."""
        stage = stage_of(**DELETE)
        for _ in range(MOST_GONE + 1):
            stage.publish()
        stage.collect()
        stage.attend()
        for number in range(1, MOST_GONE + 2):
            stage.site.trash(number)
        for after in (5 * MINUTE, SECOND, HOUR, SECOND):
            look(stage, after=after)
        assert CROWD == stage.share(1).error

        stage.site.trashed.clear()
        for after in (HOUR, SECOND):
            look(stage, after=after)
        assert "" == stage.share(1).error
        assert ("decide", "settled") == stage.history(1)[-1]

    def test_little_by_little_is_a_crowd_too(self):
        """What was deleted within the day counts."""
        stage = stage_of(**DELETE)
        for _ in range(MOST_GONE + 2):
            stage.publish()
        stage.collect()
        stage.attend()
        for number in range(1, MOST_GONE + 1):
            stage.site.trash(number)
        look(stage)
        look(stage, after=HOUR)
        assert MOST_GONE == stage.account.calls.count("delete")

        stage.site.trash(MOST_GONE + 1)
        look(stage, after=HOUR)
        look(stage, after=HOUR)
        assert MOST_GONE == stage.account.calls.count("delete")
        assert CROWD == stage.share(MOST_GONE + 1).error

    def test_missing_posts_are_read_a_few_at_a_time(self):
        """Politely; the rest comes with the next look, at once."""
        stage = stage_of(**DELETE)
        for _ in range(MOST_READ_ALONE + 2):
            stage.publish()
        stage.collect()
        stage.attend()
        for number in range(1, MOST_READ_ALONE + 3):
            stage.site.trash(number)
        stage.site.calls.clear()
        look(stage)
        first = [method for method, _ in stage.site.calls].count("read")
        follow(stage.context, "uk")

        assert (MOST_READ_ALONE, MOST_READ_ALONE + 2) == (
            first,
            [method for method, _ in stage.site.calls].count("read"),
        )

    def test_a_site_that_shows_nothing_at_all(self):
        """The only post known is gone: that may be an emptied site, so it is left to a person."""
        stage = stage_of(**DELETE)
        stage.shared()
        stage.site.trash(1)
        look(stage)
        look(stage, after=HOUR)

        assert (State.SHARED, SILENT) == (stage.share(1).state, stage.share(1).error)

    def test_a_site_that_shows_something_else(self):
        """Some other post can be read: the site is alive, so what is gone is gone."""
        stage = Stage(account=DELETE)
        stage.publish("Of before")
        stage.first_look()
        stage.shared()
        stage.site.trash(2)
        look(stage)
        look(stage, after=HOUR)

        assert State.SKIPPED is stage.share(2).state

    def test_a_site_that_fails_when_it_is_asked_for_others(self):
        """Is no proof of life."""
        stage = Stage(account=DELETE)
        stage.publish("Of before")
        stage.first_look()
        stage.shared()
        stage.site.trash(2)
        look(stage)
        listing, asked = stage.site.list_by_id, []

        def once(ids):
            asked.append(ids)
            if len(asked) > 1:
                raise SiteUnavailableError("503")
            return listing(ids)

        stage.site.list_by_id = once  # type: ignore[method-assign] # a fake of ours
        look(stage, after=HOUR)

        assert (State.SHARED, SILENT) == (stage.share(2).state, stage.share(2).error)

    def gone(self, **account: Any) -> Stage:
        """A stage with a shared post that is gone for nearly an hour, and one that stays."""
        stage = stage_of(**DELETE, **account)
        stage.shared()
        stage.shared("Stays")
        stage.site.trash(1)
        look(stage)
        return stage

    def test_deleted_by_hand_before(self):
        """As good."""
        stage = self.gone()
        stage.account.remove(stage.share(1).status_id)
        look(stage, after=HOUR)

        assert State.SKIPPED is stage.share(1).state
        assert ("delete", "missing") == stage.history(1)[-1]

    def test_an_unanswered_deletion_is_made_again(self):
        """That does no harm."""
        stage = self.gone()
        stage.account.answer_delete(Unanswered(message="timed out"), done=True)
        look(stage, after=HOUR)
        assert State.SHARED is stage.share(1).state
        look(stage, after=HOUR)

        assert [("delete", "unanswered"), ("delete", "missing")] == stage.history(1)[-2:]

    def test_a_refused_deletion(self):
        """Is noted, and not tried again."""
        stage = self.gone()
        stage.account.answer_delete(Refused(code=422, message="not today"))
        look(stage, after=HOUR)
        look(stage, after=DAY)

        assert (State.SHARED, "delete: refused (422): not today") == (stage.share(1).state, stage.share(1).error)
        assert 1 == stage.account.calls.count("delete")

    def test_a_throttled_deletion_holds_up_nothing_else(self):
        """Deletions have a window of their own."""
        stage = self.gone()
        until = stage.clock.now() + 90 * MINUTE
        stage.account.answer_delete(Throttled(message="slowly", until=until))
        look(stage, after=HOUR)
        assert stage.store.account("uk").paused_until is None
        assert until == followed(stage, 1).next_check_at
        look(stage, after=HOUR)

        assert State.SKIPPED is stage.share(1).state

    def test_the_window_of_deletions(self):
        """It is full: the next waits until it opens."""
        stage = self.gone()
        stage.pass_time(55 * MINUTE)
        many = Attempt(at=stage.clock.now(), step="delete", outcome="deleted")
        for _ in range(30):
            stage.store.record_upload(stage.share(2), attempt=many, rate=None)
        look(stage)
        assert State.SHARED is stage.share(1).state

        look(stage, after=HOUR)
        assert State.SKIPPED is stage.share(1).state

    def test_the_post_comes_back_later(self):
        """A person may share it anew: that is a new status, made by asking for it."""
        from bot.crosspost import share as by_hand

        stage = self.gone()
        look(stage, after=HOUR)
        stage.site.trashed.clear()
        stage.collect()
        stage.attend()
        assert State.SKIPPED is stage.share(1).state

        by_hand.request(stage.context, "uk", 1, account="uk")
        stage.attend()
        assert State.SHARED is stage.share(1).state
        assert 3 == len(stage.account.texts)


class TestWhatIsFollowed:
    """Which, when, by whom."""

    def test_only_for_a_time(self):
        """A post that was published longer ago than follow_for is left alone."""
        stage = stage_of(**EDIT, follow_for=DAY)
        stage.shared("Old")
        stage.pass_time(DAY)
        edit(stage, 1, title="New")

        assert () == look(stage)

    def test_for_ever(self):
        """A time longer than time itself."""
        stage = stage_of(**EDIT, follow_for=timedelta.max)
        stage.shared("Old")
        edit(stage, 1, title="New")

        assert 1 == len(look(stage))

    def test_what_others_shared_is_left_to_them(self):
        """An adopted share has a url and no status of ours."""
        stage = stage_of(**BOTH)
        stage.shared(share_url="https://social.example/@uk/9")
        edit(stage, 1, title="New")

        assert () == look(stage)
        assert "list_by_id" not in [method for method, _ in stage.site.calls]

    def test_often_at_first(self):
        """As often as the site in the first hour (every two minutes), then every half an hour, hourly, six hours."""
        stage = stage_of(**EDIT)
        stage.shared()
        gaps: list[timedelta] = []
        for age in (MINUTE, 2 * HOUR, 2 * DAY, 8 * DAY):
            stage.clock.instant = _noon_after(stage) + age
            follow(stage.context, "uk")
            next_check_at = followed(stage, 1).next_check_at
            assert next_check_at is not None
            gaps.append(next_check_at - stage.clock.now())

        assert [MINUTE, 30 * MINUTE, HOUR, 6 * HOUR] == gaps

    def test_one_process_at_a_time(self):
        """While another has the lane, nothing is done."""
        stage = stage_of(**EDIT)
        stage.shared("Old")
        edit(stage, 1, title="New")
        stage.pass_time(5 * MINUTE)
        now = stage.clock.now()
        stage.store.lease("uk", owner="other", now=now, until=now + HOUR)

        assert () == follow(stage.context, "uk")
        assert () == follow(stage.context_of("third"), "uk")

    def test_a_lease_that_is_lost(self):
        """Another process took over while the site was slow: nothing is sent."""
        stage = stage_of(**EDIT)
        stage.shared("Old")
        edit(stage, 1, title="New")
        reading = stage.site.read_several

        def slowly(ids):
            stage.pass_time(HOUR)
            now = stage.clock.now()
            assert stage.store.lease("uk", owner="other", now=now, until=now + HOUR)
            return reading(ids)

        stage.site.read_several = slowly  # type: ignore[method-assign] # a fake of ours
        assert () == look(stage)
        assert 0 == len(stage.account.edits)

    def test_a_lane_is_given_back(self):
        """Whoever comes next has it at once."""
        stage = stage_of(**EDIT)
        stage.shared()
        look(stage)
        now = stage.clock.now()

        assert stage.store.lease("uk", owner="other", now=now, until=now + HOUR)

    def test_stopping(self):
        """Asked to stop, it ends between two posts, or before the first."""
        stage = stage_of(**EDIT)
        for _ in range(2):
            stage.shared("Old")
        for number in (1, 2):
            edit(stage, number, title="New")
        editing = stage.account.edit

        def edit_and_stop(*args, **kwargs):
            stage.clock.stop = True
            return editing(*args, **kwargs)

        stage.account.edit = edit_and_stop  # type: ignore[method-assign] # a fake of ours
        assert 1 == len(look(stage))
        assert () == look(stage)

    def test_killed_after_the_edit(self):
        """It is made again, with the same words: nobody sees a difference."""
        stage = stage_of(**EDIT)
        stage.shared("Old")
        before = stage.store.copy()
        edit(stage, 1, title="New")
        look(stage)
        stage.context = replace(stage.context, store=before)
        follow(stage.context, "uk")

        assert 2 == len(stage.account.edits)
        assert stage.account.edits[0] == stage.account.edits[1]
        assert 2 == len(stage.account.texts)

    def test_killed_during_the_first_edit(self, monkeypatch):
        """The post was never looked at before: it is looked at again, and its status edited."""
        stage = stage_of(**EDIT)
        stage.shared("Old")
        edit(stage, 1, title="New")
        with monkeypatch.context() as patched:
            patched.setattr(stage.account, "edit", killed)
            with pytest.raises(KeyboardInterrupt):
                look(stage)
        look(stage)

        assert ["Hello", "New\n\nhttps://news.example/1/"] == stage.account.texts

    def test_a_card_stays_a_card(self):
        """No image is wanted: another featured image changes nothing."""
        stage = stage_of(**EDIT, images=Images.CARD)
        stage.shared(image=(png(), "A kite"))
        edit(stage, 1, image=boat(stage))
        look(stage)

        assert 0 == len(stage.account.edits)


def _noon_after(stage: Stage) -> datetime:
    """When the only post of the stage was shared."""
    sent_at = stage.share(1).sent_at
    assert sent_at is not None
    return sent_at.replace(minute=0, second=0)
