"""Images for which their site or instance makes a share wait, and the instance's room for them."""

from datetime import timedelta

import pytest

from bot.domain.answers import Refused, Throttled, Unanswered, Uploaded
from bot.domain.models import MediaState, RateLimit, State
from bot.domain.policy import MediaBudget
from bot.errors import SiteUnavailableError
from tests.makers import HOUR, MINUTE
from tests.unit.crosspost.attaching import MORE, attached, notes, on_stage, png, shared
from tests.unit.crosspost.stage import Stage


@pytest.fixture
def stage() -> Stage:
    """A stage whose account takes four images of a post."""
    return on_stage()


class TestLater:
    """What may pass is waited for, a few times."""

    def test_a_site_in_trouble(self, stage):
        """Nothing is uploaded before all images are at hand; in the end those go that can be had."""
        fetch = stage.site.fetch_image

        def second_is_gone(url, *, max_bytes):
            if url == f"{MORE}/1.png":
                raise SiteUnavailableError("site uk: 503")
            return fetch(url, max_bytes=max_bytes)

        stage.site.fetch_image = second_is_gone
        share = shared(stage, png(0), png(1), png(2))
        assert (State.PENDING, 1, {}) == (share.state, share.media_failures, stage.account.media)
        for _ in range(2):
            stage.pass_time(HOUR)
            stage.attend()

        assert ["0", "2"] == attached(stage)

    def test_an_upload_without_an_answer(self, stage):
        """The share waits, and nothing is attached twice."""
        stage.account.answer_upload(Uploaded(id="m1", ready=True))
        stage.account.answer_upload(Unanswered(message="502"))
        share = shared(stage, png(0), png(1))
        assert (State.PENDING, 1) == (share.state, share.media_failures)
        stage.pass_time(MINUTE)
        stage.attend()

        assert ["0", "1"] == attached(stage)

    def test_a_refusal_with_one_vanished_file_uploads_all_again(self, stage):
        """Any of them may be what the refusal is about."""
        stage.account.answer(Refused(code=422, message="media not found"))
        states = [MediaState.READY, MediaState.MISSING]
        stage.account.media_state = lambda _media_id: states.pop(0)
        share = shared(stage, png(0), png(1))
        assert State.PENDING is share.state
        stage.pass_time(MINUTE)
        stage.attend()

        assert (State.SHARED, 4) == (stage.share(share.post_id).state, len(stage.account.media))


class TestRoom:
    """The upload budget, seen beforehand."""

    def test_room_for_all_of_them(self, stage):
        """A share whose images don't all fit into the window waits until they do."""
        stage.account.rate = RateLimit(remaining=1, reset_at=stage.clock.now() + HOUR)
        first = shared(stage, png(0))
        second = shared(stage, png(1), png(2))

        assert (State.SHARED, State.PENDING) == (first.state, second.state)
        assert 1 == len(stage.account.media)
        stage.account.rate = None
        stage.pass_time(HOUR + MINUTE)
        stage.attend()

        assert ["0", "1"] == attached(stage)

    def test_counted_where_the_instance_says_nothing(self, stage):
        """Thirty within half an hour; the tenth share of three images each is the last."""
        for _ in range(11):
            stage.pass_time(timedelta(seconds=1))
            shared(stage, png(0), png(1), png(2))

        assert (30, 10) == (len(stage.account.media), list(stage.states().values()).count(State.SHARED))

    def test_as_a_card(self):
        """With media_budget = "card" it goes without images, and the history says so."""
        stage = on_stage(media_budget=MediaBudget.CARD)
        stage.account.rate = RateLimit(remaining=1, reset_at=stage.clock.now() + HOUR)
        shared(stage, png(0))
        share = shared(stage, png(1), png(2))

        assert (State.SHARED, []) == (share.state, attached(stage))
        [note] = [attempt.detail for attempt in stage.attempts(share.post_id) if attempt.step == "image"]
        assert "takes no more images until" in note

    def test_throttled_all_the_same(self, stage):
        """The share waits with its account where nothing was uploaded yet."""
        stage.account.answer_upload(Throttled(message="slow"))

        assert State.PENDING is shared(stage, png(0), png(1)).state

    def test_throttled_in_between(self, stage):
        """An instance that never takes that many at once gets what it takes."""
        fine, slow = stage.account.upload, [False, True]

        def upload(file, *, description, focus=None):
            if slow.pop(0):
                stage.account.answer_upload(Throttled(message="slow"))
            return fine(file, description=description, focus=focus)

        stage.account.upload = upload
        share = shared(stage, png(0), png(1), png(2))

        assert (State.SHARED, ["0"]) == (share.state, attached(stage))
        assert ["the instance asks to slow down (429): slow"] == notes(stage)

    def test_throttled_as_a_card(self):
        """With media_budget = "card" that is no reason to wait either."""
        stage = on_stage(media_budget=MediaBudget.CARD)
        stage.account.answer_upload(Throttled(message="slow"))

        assert (State.SHARED, []) == (shared(stage, png(0)).state, attached(stage))
