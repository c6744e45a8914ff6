"""Following: what is looked at, and when."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from bot.crosspost.follow import accounts_to_follow, follow
from bot.domain.policy import Images
from bot.sandbox.images import png
from tests.makers import DAY, HOUR, MINUTE
from tests.unit.crosspost.following import BOTH, EDIT, boat, edit, followed, killed, look, stage_of
from tests.unit.crosspost.stage import Stage


class TestWhatIsFollowed:
    """Which, when, by whom."""

    def test_only_for_a_time(self):
        """A post that was published longer ago than follow_for is left alone."""
        stage = stage_of(**EDIT, follow_for=DAY)
        stage.shared("Old")
        stage.pass_time(DAY)
        edit(stage, 1, title="New")

        assert () == look(stage)

    def test_where_the_policy_follows_nothing(self):
        """No account is named, though something was shared on it."""
        stage = stage_of()
        stage.shared()
        stage.pass_time(DAY)

        assert () == accounts_to_follow(stage.context)

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
