"""Announce: a site says that a post is out."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from bot.crosspost.notices import GIVE_UP_AFTER, IMAGE_WAIT, handle_notice
from bot.domain.models import State
from bot.domain.notices import KeptNotice, Notice
from bot.errors import SiteUnavailableError
from tests.makers import DAY, HOUR, MINUTE, SECOND
from tests.unit.crosspost.stage import PNG, Stage


@pytest.fixture
def stage() -> Stage:
    """A site that was looked at before, whose posts wait a minute to settle."""
    stage = Stage(site={"settle": MINUTE, "max_burst": 3})
    stage.first_look()
    return stage


def announce(stage: Stage, post_id: int, *, sent: str = "msg_1", **fields: Any) -> None:
    """A notice comes and is worked on."""
    notice = Notice(id=sent, post_id=post_id, **fields)
    since = stage.clock.now()
    stage.store.accept_notice("uk", notice, now=since)
    handle_notice(stage.context, KeptNotice(site="uk", notice=notice, since=since))


def is_open(stage: Stage) -> bool:
    """Whether a notice is open still."""
    return bool(stage.store.open_notices(["uk"], limit=1))


class TestLook:
    """One post is looked at."""

    def test_it_is_shared_at_once(self, stage: Stage) -> None:
        """Without settling, and without a look at the others; the next look knows it."""
        post_id = stage.publish()
        other = stage.publish("Not announced")
        looked = stage.store.site("uk").looked_at

        announce(stage, post_id)
        stage.attend()

        assert {post_id: State.SHARED} == stage.states()
        assert not is_open(stage)
        assert looked == stage.store.site("uk").looked_at
        assert [other] == [share.post_id for share in stage.collect()]

    def test_it_is_read_once(self, stage: Stage) -> None:
        """Who delivers it takes what was read a moment ago, and reads anew what was read longer ago."""
        announce(stage, stage.publish())
        stage.attend()
        assert 1 == [method for method, _ in stage.site.calls].count("read")

        announce(stage, stage.publish(), sent="msg_2")
        stage.pass_time(timedelta(seconds=11))
        stage.attend()
        assert 3 == [method for method, _ in stage.site.calls].count("read")

    def test_few_are_kept(self, stage: Stage) -> None:
        """Those that nobody asks for are forgotten."""
        post_id = stage.publish()
        for number in range(205):
            stage.context.remembered.just_read["other", number] = (stage.site.posts[post_id], stage.clock.now())
        announce(stage, post_id)

        assert [("uk", post_id)] == list(stage.context.remembered.just_read)

    def test_one_that_waits_to_settle_comes_sooner(self, stage: Stage) -> None:
        """A look may have been faster than the notice."""
        post_id = stage.publish()
        stage.collect()
        assert () == stage.attend()

        announce(stage, post_id)
        stage.attend()

        assert State.SHARED is stage.share(post_id).state

    def test_one_that_is_shared_stays_so(self, stage: Stage) -> None:
        """However often it is announced."""
        post_id = stage.publish()
        for sent in ("msg_1", "msg_2"):
            announce(stage, post_id, sent=sent)
            stage.attend()

        assert 1 == len(stage.links())

    def test_what_a_look_would_decide_is_decided(self, stage: Stage) -> None:
        """A post that is too old is skipped with its reason."""
        post_id = stage.publish(at=stage.clock.now() - 9 * DAY)

        announce(stage, post_id)

        assert (State.SKIPPED, "max_age" in stage.share(post_id).error) == (stage.share(post_id).state, True)

    def test_a_crowd_is_held(self, stage: Stage) -> None:
        """However many notices it comes in: those beyond max_burst since the last look."""
        for number in range(5):
            stage.pass_time(SECOND)
            announce(stage, stage.publish(f"Post {number}"), sent=f"msg_{number}")

        states = [stage.states()[number] for number in sorted(stage.states())]
        assert [State.PENDING] * 3 + [State.HELD] * 2 == states

    def test_one_that_is_not_public(self, stage: Stage) -> None:
        """There is nothing to share."""
        announce(stage, 404)

        assert {} == stage.states()
        assert not is_open(stage)

    def test_before_the_first_look(self) -> None:
        """What is there then is first_run's to decide."""
        stage = Stage()
        announce(stage, stage.publish())

        assert {} == stage.states()
        assert not is_open(stage)

    def test_a_site_that_rests(self, stage: Stage) -> None:
        """It is looked at afterwards."""
        stage.store.rest_site("uk", until=stage.clock.now() + HOUR)
        announce(stage, stage.publish())

        assert {} == stage.states()
        assert not is_open(stage)


class TestImage:
    """Editors save twice: the image may come a little later."""

    def test_no_image_is_not_waited_for(self, stage: Stage) -> None:
        """A post whose featured_media is 0 has none."""
        announce(stage, stage.publish())

        assert [] == stage.clock.waits

    def test_one_that_stands_is_not_waited_for(self, stage: Stage) -> None:
        """It goes along."""
        announce(stage, stage.publish(image=(PNG, "A kite")))
        stage.attend()

        assert [] == stage.clock.waits
        assert 1 == len(stage.account.media)

    def test_one_that_comes_is_taken(self, stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
        """As soon as it can be read."""
        post_id = stage.publish(image=(PNG, "A kite"))
        whole = stage.site.posts[post_id]
        stage.site.edit(post_id, replace(whole, image=None))

        def saved_meanwhile(duration: timedelta) -> bool:
            stage.pass_time(duration)
            stage.site.edit(post_id, whole)
            return False

        monkeypatch.setattr(stage.clock, "wait", saved_meanwhile)
        announce(stage, post_id)
        stage.attend()

        assert 1 == len(stage.account.media)

    def test_one_that_never_comes_is_waited_for_five_seconds(self, stage: Stage) -> None:
        """Then the post goes without it."""
        post_id = stage.publish(featured_media=9)

        announce(stage, post_id)
        stage.attend()

        assert IMAGE_WAIT == sum(stage.clock.waits, timedelta(0))
        assert State.SHARED is stage.share(post_id).state

    def test_nobody_waits_while_howdah_stops(self, stage: Stage) -> None:
        """The share is recorded, and goes at the next start."""
        stage.clock.stop = True
        announce(stage, stage.publish(featured_media=9))

        assert 1 == len(stage.clock.waits)


class TestTrouble:
    """The site can't be asked."""

    def test_the_notice_stays_open(self, stage: Stage) -> None:
        """It is worked on again later, for an hour; then the looks are left to find the post."""
        post_id = stage.publish()
        kept = KeptNotice(site="uk", notice=Notice(id="msg_1", post_id=post_id), since=stage.clock.now())
        stage.store.accept_notice("uk", kept.notice, now=kept.since)
        stage.site.errors["read"] = SiteUnavailableError("site uk: answered 503")

        handle_notice(stage.context, kept)
        assert is_open(stage)

        stage.pass_time(GIVE_UP_AFTER)
        handle_notice(stage.context, kept)
        assert not is_open(stage)

    def test_the_site_is_asked_later_and_later(self, stage: Stage) -> None:
        """Each second of an hour somebody takes up the notice; a broken site isn't asked a dozen times for it."""
        post_id = stage.publish()
        stage.site.errors["read"] = SiteUnavailableError("site uk: answered 503")
        announce(stage, post_id)
        [kept] = stage.store.open_notices(["uk"], limit=9)

        for _ in range(3599):
            stage.pass_time(SECOND)
            handle_notice(stage.context, kept)

        assert 5 < [method for method, _ in stage.site.calls].count("read") < 12

    def test_the_site_says_when_to_ask_again(self, stage: Stage) -> None:
        """`Retry-After` is honoured."""
        post_id = stage.publish()
        stage.site.errors["read"] = SiteUnavailableError("site uk: answered 429", retry_after=1800)
        announce(stage, post_id)
        stage.site.errors.clear()
        [kept] = stage.store.open_notices(["uk"], limit=9)

        for minutes, states in ((29, {}), (2, {post_id: State.PENDING})):
            stage.pass_time(minutes * MINUTE)
            handle_notice(stage.context, kept)
            assert states == stage.states()

    def test_then_it_is_done(self, stage: Stage) -> None:
        """Once the site answers."""
        post_id = stage.publish()
        stage.site.errors["read"] = SiteUnavailableError("site uk: answered 503")
        announce(stage, post_id)
        stage.site.errors.clear()
        stage.pass_time(10 * SECOND)

        [kept] = stage.store.open_notices(["uk"], limit=9)
        handle_notice(stage.context, kept)

        assert {post_id: State.PENDING} == stage.states()


class TestAgain:
    """Somebody pressed the button."""

    def test_a_new_status(self, stage: Stage) -> None:
        """Once for each wish, however often it is worked on."""
        post_id = stage.publish()
        announce(stage, post_id)
        stage.attend()
        stage.pass_time(MINUTE)
        for sent in ("msg_2", "msg_2", "msg_3"):
            announce(stage, post_id, sent=sent, again=True)
            stage.attend()
            stage.pass_time(MINUTE)

        assert [1, 2, 3] == sorted(share.number for share in stage.store.shares(post_id=post_id))
        assert 3 == len(stage.links())

    def test_what_is_under_way_is_not_doubled(self, stage: Stage) -> None:
        """A wish for what is about to be shared anyway."""
        post_id = stage.publish()
        announce(stage, post_id)
        announce(stage, post_id, sent="msg_2", again=True)
        stage.attend()

        assert 1 == len(stage.links())
        assert not is_open(stage)
