"""Delivering: the road of a share, and why one is not sent."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.crosspost import deliver
from bot.crosspost.share import retry
from bot.domain.answers import Refused
from bot.domain.models import Limits, MediaState, State
from bot.domain.policy import HashtagPolicy
from bot.errors import AccountUnavailableError, PostGoneError, SiteUnavailableError
from tests.makers import HOUR, MINUTE, SECOND
from tests.unit.crosspost.stage import PNG, Stage

IMAGE = (PNG, "A red kite")


class TestTheRoad:
    """From a new post to a status."""

    def test_a_post_becomes_a_status(self, stage):
        """Title, excerpt, link and hashtags; the share has the url."""
        share = stage.shared("Kites", excerpt="<p>They are back.</p>", tags=["birds"])

        assert "Kites\n\nThey are back.\n\nhttps://news.example/1/\n\n#birds" == stage.account.texts[-1]
        assert (State.SHARED, stage.account.statuses[-1].url) == (share.state, share.url)
        assert [("publish", "shared")] == stage.history(share.post_id)

    def test_it_waits_for_settle(self):
        """Nothing is read or sent before the post has settled."""
        stage = Stage(site={"settle": MINUTE})
        stage.first_look()
        post_id = stage.publish()
        stage.collect()
        assert stage.attend() == ()
        stage.pass_time(MINUTE)

        assert [post_id] == [share.post_id for share in stage.attend()]

    def test_oldest_first(self, stage):
        """A backlog goes out in the order of the posts' dates."""
        stage.publish("Second", at=stage.clock.now() - MINUTE)
        stage.publish("First", at=stage.clock.now() - HOUR)
        stage.collect()
        stage.attend()

        assert ["First", "Second"] == [text.split("\n")[0] for text in stage.account.texts[1:]]

    def test_more_posts_than_a_batch(self, stage):
        """A long backlog is drained to its end, in order, each once."""
        for number in range(45):
            stage.publish(at=stage.clock.now() - HOUR + number * SECOND)
        stage.collect()
        stage.attend()

        assert [f"https://news.example/{n}/" for n in range(1, 46)] == stage.links()

    @pytest.mark.parametrize(("posts", "asked"), [(1, 1), (19, 1), (20, 2)])
    def test_after_the_last_share_the_store_is_not_asked_again(self, stage, posts, asked):
        """A batch that isn't full was all; what comes due meanwhile is there for the next call."""
        for number in range(posts):
            stage.publish(at=stage.clock.now() - HOUR + number * SECOND)
        stage.collect()
        due, calls = stage.store.due, []

        def counted(*args, **kwargs):
            calls.append(args)
            return due(*args, **kwargs)

        stage.store.due = counted
        stage.attend()

        assert (posts, asked) == (len(stage.links()), len(calls))

    def test_what_is_kept_in_memory_is_bounded(self, stage, monkeypatch):
        """After so many shares the rest is left to the next call, all that was sent being recorded."""
        monkeypatch.setattr(deliver, "MOST_AT_A_TIME", 20)
        for number in range(45):
            stage.publish(at=stage.clock.now() - HOUR + number * SECOND)
        stage.collect()

        assert [20, 20, 5] == [len(stage.attend()) for _ in range(3)]
        assert [f"https://news.example/{n}/" for n in range(1, 46)] == stage.links()

    def test_a_backlog_is_read_in_few_requests(self, stage):
        """Posts are read ahead, many at a time."""
        for _ in range(40):
            stage.publish()
        stage.collect()
        stage.site.calls.clear()
        stage.attend()

        calls = [call for call, _ in stage.site.calls]
        assert ["read_several", "about", "read_several"] == calls

    def test_what_can_not_be_read_ahead_is_read_by_itself(self, stage):
        """A site that can't give several posts at once gives them one by one."""
        stage.publish()
        stage.publish()
        stage.collect()
        stage.site.errors["read_several"] = SiteUnavailableError("site uk: 414")
        stage.attend()

        assert 2 == len(stage.links())

    def test_what_was_read_ahead_too_long_ago_is_read_again(self, stage):
        """A post that was changed meanwhile is shared as it is now."""
        stage.publish("One", image=IMAGE)
        second = stage.publish("Two")
        stage.account.polls = 30
        stage.collect()
        stage.site.edit(second, replace(stage.site.posts[second], title="Changed"))
        stage.site.calls.clear()
        stage.attend()

        assert ("read", second) in stage.site.calls

    def test_the_limits_are_asked_once_a_day(self, stage):
        """And remembered by all processes."""
        stage.shared()
        stage.shared()
        assert 1 == stage.account.calls.count("limits")
        stage.pass_time(timedelta(days=1))
        stage.shared()

        assert 2 == stage.account.calls.count("limits")

    def test_remembered_limits_outlive_a_silent_instance_document(self, stage):
        """Limits that can't be read anew are used as they were."""
        stage.shared()
        stage.pass_time(timedelta(days=1))
        stage.account.errors["limits"] = AccountUnavailableError("503")

        assert State.SHARED is stage.shared().state

    def test_nothing_is_due_nothing_is_asked(self, stage):
        """An idle account costs its instance nothing."""
        stage.account.calls.clear()
        stage.collect()
        stage.attend()

        assert [] == stage.account.calls

    def test_stopping_leaves_the_rest_for_later(self, stage):
        """The share in hand is finished, no other is begun."""
        for _ in range(3):
            stage.publish()
        stage.collect()
        publish = stage.account.publish

        def publish_then_stop(*args, **kwargs):
            stage.clock.stop = True
            return publish(*args, **kwargs)

        stage.account.publish = publish_then_stop
        stage.attend()

        assert [State.SHARED, State.PENDING, State.PENDING] == list(stage.states().values())
        assert stage.attend() == ()

    def test_an_overlong_text_is_fitted(self, stage):
        """The instance's own limit counts."""
        stage.account.instance_limits = Limits(max_characters=100, software="mastodon", version="4.5.0")
        share = stage.shared("Title", excerpt="word " * 100)

        assert State.SHARED is share.state

    def test_limits_that_shrank_are_read_anew_and_the_status_with_them(self, stage):
        """A refusal for its length by a limit that nobody knew of is nobody's failure."""
        stage.shared()
        stage.account.instance_limits = Limits(max_characters=80, software="mastodon", version="4.5.0")
        share = stage.shared("Title", excerpt="word " * 60)

        assert (State.SHARED, 1) == (share.state, share.failures)
        assert [("publish", "retry"), ("publish", "shared")] == stage.history(share.post_id)

    def test_a_refusal_by_limits_that_are_known_is_final(self, stage):
        """Also where they can't be read anew."""
        stage.shared()
        stage.account.errors["limits"] = AccountUnavailableError("503")
        stage.account.answer(Refused(code=422, message="no"))

        assert State.FAILED is stage.shared().state

    def test_what_can_not_fit_is_not_sent(self, stage):
        """A link longer than the limit, say: the reason says how much there is."""
        stage.account.instance_limits = Limits(max_characters=10)
        share = stage.shared()

        assert (State.FAILED, []) == (share.state, stage.links())
        assert share.error.startswith("doesn't fit: 23 of 10 characters")

    def test_what_the_software_would_refuse_is_not_sent(self, stage):
        """Pixelfed takes no status without an image, and says so in a way that would stop the account."""
        stage.account.instance_limits = Limits(software="pixelfed")
        share = stage.shared()

        assert (State.FAILED, []) == (share.state, stage.account.sent)
        assert "Pixelfed takes no status without an image" in share.error
        assert State.SHARED is stage.shared("With an image", image=IMAGE).state

        for _ in range(2):
            stage.account.answer_upload(Refused(code=422, message="too big"))
        share = stage.shared("With one that isn't taken", image=IMAGE)
        assert (State.FAILED, 1) == (share.state, len(stage.account.sent))

    def test_a_hashtag_that_the_instance_refuses_is_left_out(self, stage):
        """The status goes out at once without it, and the history says so."""
        stage.account.forbidden_hashtags = {"kites"}
        share = stage.shared("Title", tags=["Kites", "Wind"])

        assert (State.SHARED, 1, 2) == (share.state, share.failures, len({sent.key for sent in stage.account.sent}))
        assert stage.account.texts[-1].endswith("\n\n#Wind")
        assert ["#Kites", share.url] == [attempt.detail for attempt in stage.attempts(share.post_id)]

    def test_only_the_hashtag_goes_that_the_refusal_names(self, stage):
        """In whatever language it does."""
        stage.account.answer(Refused(code=422, message="says: いけません: kites"))
        share = stage.shared("Title", tags=["Kites", "Wind"])

        assert State.SHARED is share.state
        assert stage.account.texts[-1].endswith("#Wind")

    def test_a_status_is_tried_without_its_hashtags_once(self, stage):
        """Refused again it has failed with what the instance says; by hand it is tried without them still."""
        for _ in range(2):
            stage.account.answer(Refused(code=422, message="not allowed: kites"))
        share = stage.shared("Title", tags=["Kites"])
        assert (State.FAILED, "refused (422): not allowed: kites", 2) == (
            share.state,
            share.error,
            len(stage.account.sent),
        )

        retry(stage.context, share)
        stage.attend()

        assert State.SHARED is stage.share(share.post_id).state
        assert ["#Kites" in sent.status.text for sent in stage.account.sent] == [True, False, False]

    @pytest.mark.parametrize(
        "refused",
        [
            Refused(code=400, message="not allowed: kites"),
            Refused(code=422, message="not allowed: kites", unexpected=("bob",)),
            Refused(code=422, message="no"),
        ],
    )
    def test_a_refusal_for_another_reason_costs_no_hashtags(self, stage, refused):
        """Another code than Mastodon's, mentions that it names, or no hashtag named."""
        stage.account.answer(refused)
        share = stage.shared("Title", tags=["Kites"])

        assert (State.FAILED, 1) == (share.state, len(stage.account.sent))

    def test_a_status_that_the_instance_counts_in_another_way(self, stage):
        """What is too long by its count, and not by its software's, is made shorter once."""
        stage.account.instance_limits = Limits(software="mastodon", max_characters=60)
        share = stage.shared("\U0001f469\u200d\U0001f680" * 30)

        assert (State.SHARED, 1) == (share.state, share.failures)
        assert [False, True] == [len(sent.status.text) <= 60 for sent in stage.account.sent]
        assert stage.account.texts[-1].endswith(f"…\n\n{share.link}")

    def test_a_refusal_for_its_file_costs_no_hashtags(self, stage):
        """The file is gone: that is why."""
        stage.account.answer(Refused(code=422, message="not allowed: kites"))
        stage.account.media_state = lambda _media_id: MediaState.MISSING
        share = stage.shared("Title", tags=["Kites"], image=IMAGE)

        assert (State.PENDING, [("publish", "retry")]) == (share.state, stage.history(share.post_id)[-1:])

    def test_an_impossible_link_has_failed(self, stage):
        """A post that no status can be made of stands with the reason."""
        post_id = stage.publish()
        stage.site.edit(post_id, replace(stage.site.posts[post_id], link="javascript:alert(1)"))
        stage.collect()
        stage.attend()

        share = stage.share(post_id)
        assert State.FAILED is share.state
        assert share.error.startswith("no status can be made of the post: ")


class TestTemplates:
    """What a template may ask for beyond the post."""

    def test_the_sites_name_is_asked_for_once(self):
        """Where the template wants it."""
        stage = Stage(account={"template": "{title} at {site} {link}"})
        stage.first_look()
        stage.publish()
        stage.publish()
        stage.collect()
        stage.attend()

        assert "A post at The Site https://news.example/1/" == stage.account.texts[1]
        assert 1 == [call for call, _ in stage.site.calls].count("about")

    def test_a_site_that_doesnt_tell_its_name_is_waited_for(self):
        """No status goes out with a hole in it."""
        stage = Stage(account={"template": "{title} at {site} {link}"})
        stage.first_look()
        stage.site.errors["about"] = SiteUnavailableError("site uk: 503")

        assert (State.PENDING, "site uk: 503") == ((share := stage.shared()).state, share.error)

    def test_a_site_that_doesnt_tell_its_language_is_not(self):
        """Where the template doesn't show the name, nothing waits for what the site says of itself."""
        stage = Stage()
        stage.first_look()
        stage.site.errors["about"] = SiteUnavailableError("site uk: 503")

        assert stage.shared().state is State.SHARED


def test_fixed_hashtags_come_first():
    """The account's own hashtags are in every status."""
    stage = Stage(account={"hashtags": HashtagPolicy(fixed=("news",))})
    stage.first_look()
    stage.shared(tags=["birds"])

    assert stage.account.texts[-1].endswith("#news #birds")


def test_a_post_gone_for_the_reader_says_which():
    """The site's own sentence is the reason."""
    stage = Stage()
    stage.first_look()
    post_id = stage.publish()
    stage.collect()
    stage.site.errors["read"] = PostGoneError("site uk: post 1 is not public")
    stage.attend()

    assert "site uk: post 1 is not public" == stage.share(post_id).error
