"""Delivering: images, and the rate windows."""

from datetime import time

import pytest

from bot.domain.answers import Barred, Refused, Throttled, Unanswered, Uploaded
from bot.domain.models import MediaState, RateLimit, State
from bot.domain.policy import Images, QuietHours
from bot.domain.selecting.plan import as_seen
from bot.errors import AccountBarredError, AccountUnavailableError, ImageError, SiteUnavailableError
from tests.makers import HOUR, MINUTE, NOON, SECOND
from tests.unit.crosspost.stage import PNG, Stage

IMAGE = (PNG, "A red kite")


class TestImages:
    """The featured image."""

    def test_it_is_attached_with_its_alternative_text(self, stage):
        """Uploaded once, before the publish."""
        stage.shared(image=IMAGE)

        assert ["A red kite"] == [file.description for file in stage.account.media.values()]
        assert tuple(stage.account.media) == stage.account.statuses[-1].media_ids

    def test_card_leaves_it_to_the_link(self):
        """With images = "card" nothing is uploaded."""
        stage = Stage(account={"images": Images.CARD})
        stage.first_look()
        stage.shared(image=IMAGE)

        assert {} == stage.account.media

    def test_processing_is_waited_for(self, stage):
        """A status is published once its file is ready."""
        stage.account.polls = 3

        assert State.SHARED is stage.shared(image=IMAGE).state
        assert 1 == len(stage.account.statuses[-1].media_ids)
        assert {SECOND} == set(stage.clock.waits)

    def test_processing_that_takes_too_long_is_tried_later_then_left_out(self, stage):
        """Three times a minute, then text alone."""
        stage.account.polls = 10_000
        share = stage.shared(image=IMAGE)
        assert (State.PENDING, 1) == (share.state, share.media_failures)
        for _ in range(2):
            stage.pass_time(HOUR)
            stage.attend()

        assert State.SHARED is stage.share(share.post_id).state
        assert () == stage.account.statuses[-1].media_ids

    @pytest.mark.parametrize("error", [AccountUnavailableError("503"), AccountBarredError("no scope", code=403)])
    def test_a_file_that_can_not_be_asked_about_is_left_out_in_the_end(self, stage, error):
        """It never holds up its account for ever."""
        stage.account.polls = 1
        stage.account.errors["media_state"] = error
        share = stage.shared(image=IMAGE)
        for _ in range(2):
            stage.pass_time(HOUR)
            stage.attend()

        assert State.SHARED is stage.share(share.post_id).state
        assert () == stage.account.statuses[-1].media_ids

    def test_stopping_while_a_file_is_processed(self, stage):
        """Nothing was begun: the share waits for the next start."""
        stage.account.polls = 10_000
        stage.publish(image=IMAGE)
        stage.collect()
        wait = stage.clock.wait

        def stop(duration):
            stage.clock.stop = True
            return wait(duration)

        stage.clock.wait = stop
        stage.attend()

        assert {1: State.PENDING} == stage.states()

    def test_a_broken_image_is_left_out(self, stage):
        """What isn't an image never stops the share."""
        stage.site.errors["fetch_image"] = ImageError("it is HTML")

        assert State.SHARED is stage.shared(image=IMAGE).state
        assert () == stage.account.statuses[-1].media_ids

    def test_an_image_out_of_reach_is_tried_again(self, stage):
        """A site's trouble passes."""
        stage.site.errors["fetch_image"] = SiteUnavailableError("site uk: 503")
        share = stage.shared(image=IMAGE)
        assert (State.PENDING, 1) == (share.state, share.media_failures)
        stage.site.errors.clear()
        stage.pass_time(MINUTE)
        stage.attend()

        assert 1 == len(stage.account.statuses[-1].media_ids)

    def test_an_image_that_is_out_of_reach_for_good(self, stage):
        """The third time the status goes out without it."""
        stage.site.errors["fetch_image"] = SiteUnavailableError("site uk: 503")
        share = stage.shared(image=IMAGE)
        for _ in range(2):
            stage.pass_time(HOUR)
            stage.attend()

        assert State.SHARED is stage.share(share.post_id).state

    @pytest.mark.parametrize(
        ("reply", "state"),
        [
            (Refused(code=422, message="no image"), State.SHARED),
            (Unanswered(message="502"), State.PENDING),
            (Barred(code=401, message="revoked"), State.PENDING),
            (Throttled(message="slow"), State.PENDING),
        ],
    )
    def test_an_upload_that_fails(self, stage, reply, state):
        """A refused file is left out; everything else is waited for."""
        stage.account.answer_upload(reply)

        assert state is stage.shared(image=IMAGE).state

    def test_a_file_that_can_not_be_processed_is_left_out(self, stage):
        """The instance says so for certain."""
        stage.account.answer_upload(Uploaded(id="m9", ready=False))
        stage.account.media_state = lambda _media_id: MediaState.FAILED

        assert State.SHARED is stage.shared(image=IMAGE).state
        assert () == stage.account.statuses[-1].media_ids

    def test_a_refusal_with_a_vanished_file_uploads_it_again(self, stage):
        """Some servers clean away what isn't attached yet."""
        stage.account.answer(Refused(code=422, message="media not found"))
        stage.account.media_state = lambda _media_id: MediaState.MISSING
        share = stage.shared(image=IMAGE)
        assert State.PENDING is share.state
        stage.pass_time(MINUTE)
        stage.attend()

        assert State.SHARED is stage.share(share.post_id).state
        assert 2 == len(stage.account.media)

    def test_a_refusal_whose_file_can_not_be_looked_up_is_about_the_status(self, stage):
        """No answer about the file says nothing."""
        stage.account.answer(Refused(code=422, message="no"))

        def silent(_media_id):
            raise AccountUnavailableError("503")

        stage.account.media_state = silent

        assert State.FAILED is stage.shared(image=IMAGE).state

    def test_the_upload_window_is_seen_beforehand(self, stage):
        """The 31st image within half an hour waits until the window opens."""
        for _ in range(31):
            stage.publish(image=IMAGE)
        stage.collect()
        stage.attend()
        assert 30 == len(stage.links())
        assert "no more images" in stage.store.account("uk").pause_reason
        stage.pass_time(30 * MINUTE)
        stage.attend()

        assert 31 == len(stage.links())


class TestBudgets:
    """Limits honoured before they bite."""

    def test_the_statuses_window_is_counted_where_no_header_says(self, stage):
        """300 statuses in three hours, then a pause until the window opens."""
        for _ in range(301):
            stage.publish(at=stage.clock.now() - HOUR)
        stage.clock.forward(8 * HOUR)
        stage.collect()
        stage.attend()
        assert 300 == len(stage.account.sent)
        stage.pass_time(3 * HOUR)
        stage.attend()

        assert 301 == len(stage.account.sent)

    def test_nothing_left_by_the_header_is_waited_out(self, stage):
        """With remaining 0 nothing is sent before the reset."""
        stage.account.rate = RateLimit(remaining=0, reset_at=stage.clock.now() + HOUR)
        stage.shared()
        second = stage.shared()
        assert (State.PENDING, "") == (second.state, second.error)
        assert 1 == len(stage.account.sent)
        stage.pass_time(HOUR)
        stage.attend()

        assert State.SHARED is stage.share(second.post_id).state

    def test_min_interval(self):
        """Statuses come apart by the owner's rhythm."""
        stage = Stage(account={"min_interval": 10 * MINUTE})
        stage.first_look()
        stage.publish()
        stage.publish()
        stage.collect()
        stage.attend()
        assert 1 == len(stage.links())
        stage.pass_time(10 * MINUTE)
        stage.attend()

        assert 2 == len(stage.links())

    def test_quiet_hours_hold_back_and_a_person_goes_ahead(self):
        """What a person asks for goes at once."""
        quiet = QuietHours(start=time(11), end=time(14), zone="UTC")
        stage = Stage(account={"quiet_hours": quiet})
        stage.first_look()
        share = stage.shared()
        assert (State.PENDING, NOON.replace(hour=14)) == (share.state, share.next_attempt_at)
        assert [] == stage.history(share.post_id)
        post = as_seen(stage.site.posts[share.post_id])
        now = stage.clock.now()
        stage.store.add_by_hand("uk", post, account="uk", number=2, text="", now=now)
        stage.attend()

        assert 1 == len(stage.links())
