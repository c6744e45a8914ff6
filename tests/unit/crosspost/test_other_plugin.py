"""Beside Share on Mastodon: no post stands twice, whoever is first."""

import logging
from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.crosspost.share import request, request_again, retry
from bot.domain.models import State
from bot.domain.policy import Plugin
from bot.domain.selecting.plan import Mark, SeenPost
from bot.domain.selecting.share_on_mastodon import PLUGIN_TIME
from bot.errors import AccountBarredError, AccountError, AccountUnavailableError, RefusedError, SiteUnavailableError
from tests.makers import HOUR, MINUTE, SECOND
from tests.unit.crosspost.stage import Stage

URL = "https://social.example/@uk/9"
ACTIVE = frozenset({"wp/v2", "share-on-mastodon/v1"})


def run(stage: Stage) -> None:
    """Look and deliver."""
    stage.collect()
    stage.attend()


class TestAdopt:
    """What the plugin has shared is taken over."""

    def test_at_the_look(self, stage: Stage) -> None:
        """Nothing is posted."""
        post_id = stage.publish(share_url=URL)
        run(stage)

        assert (State.SHARED, URL) == (stage.share(post_id).state, stage.share(post_id).url)
        assert [] == stage.links()

    def test_just_before_sending(self, stage: Stage) -> None:
        """The plugin was faster than settle."""
        post_id = stage.publish()
        stage.collect()
        stage.site.edit(post_id, replace(stage.site.posts[post_id], share_url=URL))
        stage.attend()

        assert URL == stage.share(post_id).url
        assert [] == stage.links()

    @pytest.mark.parametrize("url", ["https://elsewhere.example/@uk/9", "https://social.example/@de/9"])
    def test_another_account_proves_nothing(self, stage: Stage, url: str) -> None:
        """Of another instance, or of another account on this one: the post is shared."""
        post_id = stage.publish(share_url=url)
        run(stage)

        assert 1 == len(stage.links())
        assert url != stage.share(post_id).url

    def test_a_copied_post_is_shared(self, stage: Stage) -> None:
        """The url belongs to its origin."""
        stage.publish("Origin", share_url=URL)
        run(stage)
        copy = stage.publish("Copy", share_url=URL)
        run(stage)

        assert [f"https://news.example/{copy}/"] == stage.links()

    def test_an_account_that_gives_no_answer_is_asked_once(self, stage: Stage) -> None:
        """Whatever the number of posts that carry its addresses: they are believed."""
        stage.account.errors["status"] = AccountUnavailableError("no answer")
        carrying = [stage.publish(share_url=f"{URL}{number}") for number in range(3)]
        stage.collect()

        assert 1 == stage.account.calls.count("status")
        assert {State.SHARED} == {stage.share(post_id).state for post_id in carrying}

    def test_an_account_that_is_down_decides_later(self, stage: Stage) -> None:
        """Nobody knows yet whose url it is: nothing is sent, and nothing skipped."""
        stage.account.errors["verify"] = AccountUnavailableError("down")
        post_id = stage.publish(share_url=URL)
        run(stage)
        assert State.PENDING is stage.share(post_id).state

        stage.account.errors.clear()
        stage.pass_time(HOUR)
        stage.attend()
        assert URL == stage.share(post_id).url

    def test_by_hand_it_is_refused(self, stage: Stage) -> None:
        """With the url."""
        post_id = stage.publish(share_url=URL)
        with pytest.raises(RefusedError, match=URL):
            request(stage.context, "uk", post_id, account="uk")


class TestEmpty:
    """An empty url means nothing for certain."""

    def test_the_account_is_read_again(self, stage: Stage) -> None:
        """The plugin has published without hearing so: its status is found, and nothing is sent."""
        run(stage)
        post_id = stage.publish("First", share_field=True)
        run(stage)
        second = stage.publish("Second", share_field=True)
        stage.collect()
        stage.pass_time(MINUTE)
        stage.account.write(f"By the plugin https://news.example/{second}/")
        stage.attend()

        assert [f"https://news.example/{number}/" for number in (post_id, second)] == stage.links()
        assert State.SHARED is stage.share(second).state

    def test_what_the_plugin_sent_before_howdah_sent_another_is_found(self, stage: Stage) -> None:
        """The newest status that the store knows is howdah's own: the account is read back to before the post."""
        stage.publish("First")
        run(stage)
        stage.site.announced = ACTIVE
        post_id = stage.publish("Slow", share_field=True)
        run(stage)
        stage.account.write(f"By the plugin https://news.example/{post_id}/")
        stage.pass_time(MINUTE)
        stage.publish("Another")
        run(stage)
        stage.pass_time(PLUGIN_TIME)
        stage.attend()

        assert 1 == stage.links().count(f"https://news.example/{post_id}/")
        assert State.SHARED is stage.share(post_id).state

    def test_what_howdah_wrote_says_nothing_of_the_plugin(self, stage: Stage) -> None:
        """The field shows another status of the post that howdah made: the plugin's is looked for all the same."""
        stage.publish("First")
        run(stage)
        post_id = stage.publish("Second", share_field=True)
        stage.collect()
        url = "https://social.example/@de/7"
        post = stage.site.posts[post_id]
        stage.site.edit(post_id, replace(post, share_url=url))
        stage.account.write(f"By the plugin https://news.example/{post_id}/")
        marks = [
            Mark(
                post=SeenPost(id=post_id, link=post.link, title="Second", published_at=None, modified_at=None), url=url
            )
        ]
        stage.store.add_shared("uk", "de", marks, note="", now=stage.clock.now())
        stage.pass_time(MINUTE)
        stage.attend()

        assert 1 == stage.links().count(f"https://news.example/{post_id}/")

    def test_one_reading_serves_what_follows_at_once(self, stage: Stage) -> None:
        """Two posts of the same look: the account is read back to before the older one, once."""
        for title in ("First", "Second"):
            stage.publish(title, share_field=True)
        run(stage)

        assert 2 == len(stage.links())
        assert 1 == stage.account.calls.count("statuses_since")

    @pytest.mark.parametrize("error", [AccountBarredError("no scope", code=403), None])
    def test_an_account_that_tells_nothing(self, stage: Stage, error: AccountError | None) -> None:
        """Read not at all, or not to the end: each share is held until a person has looked, and goes once let go."""
        run(stage)
        stage.account.complete = False
        if error is not None:
            stage.account.errors["statuses_since"] = error
        first, second = stage.publish("First", share_field=True), stage.publish("Second", share_field=True)
        run(stage)
        assert [State.HELD] * 2 == [stage.share(number).state for number in (first, second)]
        assert "another program may have shared it" in stage.share(second).error

        retry(stage.context, stage.share(first))
        stage.attend()
        assert (State.SHARED, State.HELD) == (stage.share(first).state, stage.share(second).state)
        request_again(stage.context, "uk", first, account="uk")
        stage.attend()
        assert 2 == len(stage.links())

    def test_an_account_that_is_refused_altogether(self, stage: Stage) -> None:
        """Disabled, say: it rests, and nothing is held for it."""
        disabled = AccountBarredError("Your login is currently disabled", code=403)
        stage.account.errors |= {"statuses_since": disabled, "verify": disabled}
        post_id = stage.publish(share_field=True)
        run(stage)
        assert State.PENDING is stage.share(post_id).state
        assert "disabled" in stage.store.account("uk").pause_reason

        stage.account.errors.clear()
        stage.pass_time(HOUR)
        stage.attend()
        assert State.SHARED is stage.share(post_id).state

    def test_what_the_plugin_sent_is_found_in_part_of_a_listing(self, stage: Stage) -> None:
        """An incomplete one still proves what it shows."""
        stage.account.complete = False
        post_id = stage.publish(share_field=True)
        stage.collect()
        stage.account.write(f"By the plugin https://news.example/{post_id}/")
        stage.attend()

        assert State.SHARED is stage.share(post_id).state
        assert 1 == len(stage.links())

    def test_while_the_plugin_may_be_busy_it_is_waited_for(self, stage: Stage) -> None:
        """For as long as it may take, and not longer."""
        stage.site.announced = ACTIVE
        post_id = stage.publish(share_field=True)
        run(stage)
        assert State.PENDING is stage.share(post_id).state

        stage.pass_time(PLUGIN_TIME - SECOND)
        stage.attend()
        assert [] == stage.links()
        stage.pass_time(SECOND)
        stage.attend()
        assert State.SHARED is stage.share(post_id).state

    def test_a_site_that_cannot_say_which_plugins_it_has_is_waited_for(self, stage: Stage) -> None:
        """The field is there, so the plugin may be: it gets its time, and not more."""
        stage.site.errors["namespaces"] = SiteUnavailableError("closed")
        post_id = stage.publish(share_field=True)
        run(stage)
        assert State.PENDING is stage.share(post_id).state

        stage.pass_time(PLUGIN_TIME)
        stage.attend()
        assert State.SHARED is stage.share(post_id).state

    def test_an_error_is_told(self, stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
        """It isn't taken for "never": the account is read again, and the post is shared."""
        stage.site.announced = ACTIVE
        post_id = stage.publish(share_field=True, share_error="Text too long")
        with caplog.at_level(logging.WARNING):
            run(stage)

        assert "Share on Mastodon was refused: uk/" in caplog.text
        assert State.SHARED is stage.share(post_id).state


class TestBox:
    """The author left the box unticked."""

    def test_is_respected(self, stage: Stage) -> None:
        """With the reason; a person may share it all the same."""
        post_id = stage.publish(share_box="0")
        run(stage)
        assert (State.SKIPPED, True) == (stage.share(post_id).state, "unticked" in stage.share(post_id).error)

        request(stage.context, "uk", post_id, account="uk")
        stage.attend()
        assert State.SHARED is stage.share(post_id).state


class TestDefer:
    """The plugin goes first."""

    @pytest.fixture
    def stage(self) -> Stage:
        """For ten minutes."""
        stage = Stage(site={"plugin": Plugin.DEFER, "defer_for": timedelta(minutes=10)})
        stage.first_look()
        return stage

    def test_it_is_waited_for(self, stage: Stage) -> None:
        """What it has shared by then is taken over, the rest is shared."""
        taken, left = stage.publish("Taken", share_field=True), stage.publish("Left", share_field=True)
        run(stage)
        assert [] == stage.links()
        stage.site.edit(taken, replace(stage.site.posts[taken], share_url=URL))

        stage.pass_time(10 * MINUTE)
        stage.attend()

        assert URL == stage.share(taken).url
        assert [f"https://news.example/{left}/"] == stage.links()


class TestIgnore:
    """The plugin is none of howdah's concern."""

    @pytest.fixture
    def stage(self) -> Stage:
        """It shares elsewhere."""
        stage = Stage(site={"plugin": Plugin.IGNORE})
        stage.first_look()
        return stage

    def test_its_url_and_box_mean_nothing(self, stage: Stage) -> None:
        """The post is shared, also where a person asks for it."""
        post_id = stage.publish(share_url=URL, share_box="0")
        run(stage)

        assert [f"https://news.example/{post_id}/"] == stage.links()
        other = stage.publish("By hand", share_url=URL)
        request(stage.context, "uk", other, account="uk")
        stage.attend()
        assert 2 == len(stage.links())
