"""Delivering and reconciling: the road of a share, with every turn it can take."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.crosspost import deliver
from bot.crosspost import share as by_hand
from bot.crosspost.context import lease_length
from bot.crosspost.deliver import attend
from bot.crosspost.lane import BATCH
from bot.crosspost.share import request_again, retry
from bot.domain.answers import Barred, NotSent, Published, Refused, Throttled, Unanswered, Uploaded
from bot.domain.models import Limits, MediaState, RateLimit, State
from bot.domain.policy import Filters, HashtagPolicy, Images, QuietHours
from bot.errors import (
    AccountBarredError,
    AccountThrottledError,
    AccountUnavailableError,
    ImageError,
    PostGoneError,
    SiteUnavailableError,
)
from tests.makers import HOUR, MINUTE, NOON, SECOND
from tests.unit.crosspost.stage import PNG, Stage

IMAGE = (PNG, "A red kite")


@pytest.fixture
def stage() -> Stage:
    """A context whose first look is done."""
    made = Stage()
    made.first_look()
    return made


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


class TestLeases:
    """One process at a time works on an account."""

    def test_a_leased_account_is_left_alone(self, stage):
        """While another process attends to it."""
        stage.publish()
        stage.collect()
        until = stage.clock.now() + HOUR
        stage.store.lease("uk", owner="other", now=stage.clock.now(), until=until)

        assert stage.attend() == ()
        assert [] == stage.links()

    def test_the_lease_is_given_back(self, stage):
        """Another process can go on at once."""
        stage.shared()
        stage.publish()
        stage.collect()

        assert 1 == len(attend(stage.context_of("other"), "uk"))

    def test_a_lease_taken_over_in_mid_preparation_sends_nothing(self, stage):
        """Whoever lost the lane drops what it prepared."""
        post_id = stage.publish()
        stage.collect()
        limits = stage.account.limits

        def slow():
            stage.pass_time(lease_length(stage.account_policy) + SECOND)
            stage.store.lease("uk", owner="other", now=stage.clock.now(), until=stage.clock.now() + HOUR)
            return limits()

        stage.account.limits = slow
        stage.attend()

        assert (State.PENDING, []) == (stage.share(post_id).state, stage.links())

    def test_slow_steps_extend_the_lease(self, stage):
        """However long it takes to prepare a share, nobody else begins with it meanwhile."""
        stage.account.polls = 50
        stage.publish(image=IMAGE)
        stage.collect()
        wait, taken = stage.clock.wait, []

        def try_to_take(duration):
            taken.append(attend(stage.context_of("other"), "uk"))
            return wait(duration)

        stage.clock.wait = try_to_take
        stage.account_policy = replace(stage.account_policy, timeout=SECOND)
        attend(stage.context_of("this"), "uk")

        assert {()} == set(taken)
        assert 50 <= len(taken)
        assert 1 == len(stage.links())

    def test_a_lease_lost_in_a_slow_step(self, stage):
        """Whoever finds the lane taken while an image is processed goes no further."""
        stage.account.polls = 5
        post_id = stage.publish(image=IMAGE)
        stage.collect()
        wait = stage.clock.wait

        def stand_still(duration):
            stage.pass_time(lease_length(stage.account_policy))
            now = stage.clock.now()
            stage.store.lease("uk", owner="other", now=now, until=now + HOUR)
            return wait(duration)

        stage.clock.wait = stand_still
        stage.attend()

        assert (State.PENDING, []) == (stage.share(post_id).state, stage.links())

    def test_a_lease_that_another_process_had_meanwhile(self, stage):
        """Whoever stood still knows nothing of what was sent since, though the lane is free again: it sends nothing."""
        stage.account_policy = replace(stage.account_policy, min_interval=10 * MINUTE)
        in_hand, named = stage.publish(), stage.publish()
        stage.collect()
        read = stage.site.read_several

        def stand_still(post_ids):
            stage.site.read_several = read
            stage.pass_time(lease_length(stage.account_policy) + SECOND)
            by_hand.request(stage.context, "uk", named, account="uk")
            attend(stage.context_of("other"), "uk")
            return read(post_ids)

        stage.site.read_several = stand_still
        attend(stage.context_of("this"), "uk")

        assert {in_hand: State.PENDING, named: State.SHARED} == stage.states()
        assert 1 == len(stage.links())

    def test_a_killed_sender_is_found_and_nothing_is_sent_twice(self, stage):
        """A share in mid-publish when its sender died: looked for, found, recorded."""
        post_id = stage.publish()
        stage.collect()
        publish = stage.account.publish

        def publish_then_die(*args, **kwargs):
            publish(*args, **kwargs)
            raise KeyboardInterrupt

        stage.account.publish = publish_then_die
        with pytest.raises(KeyboardInterrupt):
            stage.attend()
        stage.account.publish = publish
        assert State.SENDING is stage.share(post_id).state

        stage.pass_time(lease_length(stage.account_policy))
        attend(stage.context_of("next"), "uk")
        assert State.UNKNOWN is stage.share(post_id).state
        stage.pass_time(stage.account_policy.answer_deadline)
        attend(stage.context_of("next"), "uk")

        assert State.SHARED is stage.share(post_id).state
        assert 1 == len(stage.links())


class TestNotShared:
    """A post that turns out not to be for sharing."""

    def test_a_trashed_post(self, stage):
        """It became invisible between the look and the delivery."""
        post_id = stage.publish()
        stage.collect()
        stage.site.trash(post_id)
        stage.attend()

        share = stage.share(post_id)
        assert (State.SKIPPED, []) == (share.state, stage.links())
        assert "not public" in share.error

    def test_a_protected_post(self, stage):
        """Nothing of it is sent."""
        assert (State.SKIPPED, "protected by a password") == (
            (share := stage.shared(protected=True)).state,
            share.error,
        )

    def test_an_excluded_post(self):
        """The reason names the category."""
        stage = Stage(site={"filters": Filters(exclude_categories=("Sport",))})
        stage.first_look()

        assert "excluded: in category 'Sport' (exclude_categories)" == stage.shared(categories=["Sport"]).error

    def test_a_pattern_that_never_ends(self):
        """The post is held with the reason; nothing of it is sent, and the next post isn't kept waiting."""
        stage = Stage(site={"filters": Filters(title=r"^(\w|\w\w|\s)*$")})
        stage.first_look()

        share = stage.shared("Harbour town builds a lighthouse that can be seen from the islands!")

        assert (State.HELD, []) == (share.state, stage.links())
        assert share.error.startswith("pattern too slow: title = ")
        assert State.SHARED is stage.shared("Short").state

    def test_shared_by_the_plugin_meanwhile(self, stage):
        """The url that appeared since the look is adopted, nothing is posted."""
        post_id = stage.publish()
        stage.collect()
        post = stage.site.posts[post_id]
        stage.site.edit(post_id, replace(post, share_url="https://social.example/@uk/9"))
        stage.attend()

        share = stage.share(post_id)
        assert (State.SHARED, "https://social.example/@uk/9", []) == (share.state, share.url, stage.links())

    def test_a_silent_site_is_waited_for(self, stage):
        """The share waits with the reason, longer each time, and nothing is used up."""
        post_id = stage.publish()
        stage.collect()
        stage.site.errors["read"] = SiteUnavailableError("site uk: 503")
        stage.attend()
        first = stage.share(post_id)
        stage.pass_time(2 * MINUTE)
        stage.attend()
        second = stage.share(post_id)

        assert (State.PENDING, "site uk: 503", 0) == (second.state, second.error, second.failures)
        assert (2 * MINUTE, 6 * MINUTE) == (
            first.next_attempt_at - first.created_at,
            second.next_attempt_at - first.created_at,
        )

    def test_a_silent_site_that_asks_to_wait(self, stage):
        """Retry-After is honoured."""
        post_id = stage.publish()
        stage.collect()
        stage.site.errors["read"] = SiteUnavailableError("site uk: maintenance", retry_after=3600)
        stage.attend()

        assert stage.clock.now() + HOUR == stage.share(post_id).next_attempt_at

    def test_trouble_with_the_account_is_none_of_the_sites(self, stage):
        """However often the account couldn't be read: the site's first silence is its first."""
        post_id = stage.publish()
        stage.collect()
        stage.account.errors["statuses_since"] = AccountUnavailableError("the instance answered 502")
        for _ in range(4):
            stage.attend()
            stage.pass_time(HOUR)
        stage.site.errors["read"] = SiteUnavailableError("site uk: 503")
        stage.attend()

        assert stage.clock.now() + 2 * MINUTE == stage.share(post_id).next_attempt_at

    def test_an_account_that_slows_down_its_readers(self, stage):
        """The reset that a 429 on a reading names is kept to."""
        stage.publish()
        stage.collect()
        reset = stage.clock.now() + HOUR
        stage.account.errors["statuses_since"] = AccountThrottledError("the instance says: slow down", until=reset)
        stage.attend()

        assert reset == stage.store.account("uk").paused_until


class TestSuspended:
    """A process that stands still: laptop lids, SIGSTOP, a slow disk."""

    def test_what_was_begun_too_long_ago_is_not_sent(self, stage):
        """By then another process may have sent it: it is begun anew instead."""
        post_id = stage.publish()
        stage.collect()
        begin = stage.store.begin

        def slow(*args, **kwargs):
            begun = begin(*args, **kwargs)
            stage.pass_time(stage.account_policy.timeout + SECOND)
            stage.store.begin = begin
            return begun

        stage.store.begin = slow
        stage.attend()
        stage.pass_time(MINUTE)
        stage.attend()

        assert [("decide", "retry"), ("publish", "shared")] == stage.history(post_id)
        assert 1 == len(stage.links())

    def test_stopping_while_a_share_is_prepared_begins_nothing(self, stage):
        """The share in hand is the one that was begun; this one wasn't."""
        post_id = stage.publish()
        stage.collect()
        limits = stage.account.limits

        def stop():
            stage.clock.stop = True
            return limits()

        stage.account.limits = stop
        stage.attend()

        assert (State.PENDING, []) == (stage.share(post_id).state, stage.links())


class TestLinksThatChange:
    """A slug that is edited after the look."""

    def test_the_link_that_was_sent_is_the_one_that_is_looked_for(self, stage):
        """An unanswered status is found by its own link, not by the one that was listed."""
        post_id = stage.publish()
        stage.collect()
        post = stage.site.posts[post_id]
        stage.site.edit(post_id, replace(post, link="https://news.example/better-slug/"))
        stage.account.answer(Unanswered(message="timed out"), done=True)
        stage.attend()
        stage.pass_time(stage.account_policy.answer_deadline)
        stage.attend()

        share = stage.share(post_id)
        assert (State.SHARED, "https://news.example/better-slug/") == (share.state, share.link)
        assert ["https://news.example/better-slug/"] == stage.links()


class TestAnswers:
    """What the instance makes of a publish."""

    def test_no_answer_is_looked_into(self, stage):
        """Done, but the answer is lost: found on the account after the deadline, never sent again."""
        stage.account.answer(Unanswered(message="timed out"), done=True)
        share = stage.shared()
        assert State.UNKNOWN is share.state
        stage.pass_time(stage.account_policy.answer_deadline)
        stage.attend()

        assert (State.SHARED, 1) == (stage.share(share.post_id).state, len(stage.links()))
        assert stage.account.statuses[-1].url == stage.share(share.post_id).url

    def test_no_answer_and_not_done_is_sent_again_with_the_same_key(self, stage):
        """Absent twice: the same status, the same key."""
        stage.account.answer(Unanswered(message="timed out"))
        share = stage.shared()
        stage.pass_time(stage.account_policy.answer_deadline)
        stage.attend()
        assert State.UNKNOWN is stage.share(share.post_id).state
        stage.pass_time(MINUTE)
        stage.attend()

        assert (State.SHARED, 1) == (stage.share(share.post_id).state, len(stage.links()))
        assert 1 == len({sent.key for sent in stage.account.sent})
        assert [
            ("publish", "unknown"),
            ("reconcile", "absent"),
            ("reconcile", "retry"),
            ("publish", "shared"),
        ] == stage.history(share.post_id)

    def test_nothing_else_goes_while_one_is_unknown(self, stage):
        """At most one publish is in flight."""
        stage.publish(at=stage.clock.now() - MINUTE)
        second = stage.publish()
        stage.collect()
        stage.account.answer(Unanswered(message="timed out"))
        stage.attend()
        stage.attend()

        assert State.PENDING is stage.share(second).state

    def test_a_refusal_has_failed_and_the_next_goes(self, stage):
        """One post that the instance doesn't want never holds up the others."""
        first = stage.publish(at=stage.clock.now() - MINUTE)
        second = stage.publish()
        stage.collect()
        stage.account.answer(Refused(code=422, message="no"))
        stage.attend()

        assert {first: State.FAILED, second: State.SHARED} == stage.states()

    def test_a_new_attempt_after_a_refusal_has_a_new_key(self, stage):
        """A definite no ends the key's life."""
        stage.account.answer(Throttled(message="slow", until=stage.clock.now() + HOUR))
        stage.shared()
        stage.pass_time(HOUR)
        stage.attend()

        assert 2 == len({sent.key for sent in stage.account.sent})
        assert 1 == len(stage.links())

    def test_a_revoked_token_loses_nothing(self, stage):
        """The account rests; once mended, the whole backlog goes out."""
        for _ in range(3):
            stage.publish()
        stage.collect()
        stage.account.answer(Barred(code=401, message="revoked"))
        stage.attend()
        assert {State.PENDING} == set(stage.states().values())
        assert 1 == len(stage.account.sent)
        assert stage.attend() == ()
        stage.pass_time(HOUR)
        stage.attend()

        assert {State.SHARED} == set(stage.states().values())
        assert (None, 0) == ((state := stage.store.account("uk")).paused_until, state.pauses)

    def test_an_instance_out_of_reach_keeps_the_key(self, stage):
        """Nothing was sent: the same key later, and nothing used up."""
        stage.account.answer(NotSent(message="connection refused"))
        share = stage.shared()
        assert (State.PENDING, 0) == (share.state, share.failures)
        stage.pass_time(HOUR)
        stage.attend()

        assert State.SHARED is stage.share(share.post_id).state
        assert 1 == len({sent.key for sent in stage.account.sent})

    def test_a_post_trashed_during_an_outage_is_not_sent(self, stage):
        """Whatever was prepared before: the post is read again before each send."""
        stage.account.answer(NotSent(message="connection refused"))
        share = stage.shared()
        stage.site.trash(share.post_id)
        stage.pass_time(HOUR)
        stage.attend()

        assert (State.SKIPPED, []) == (stage.share(share.post_id).state, stage.links())

    def test_a_post_trashed_before_it_is_sent_again_is_not_sent(self, stage):
        """Also where the first publish went unanswered and came to nothing."""
        stage.account.answer(Unanswered(message="timed out"))
        share = stage.shared()
        stage.site.trash(share.post_id)
        for _ in range(3):
            stage.pass_time(HOUR)
            stage.attend()

        assert (State.SKIPPED, []) == (stage.share(share.post_id).state, stage.links())

    def test_attempts_are_bounded(self):
        """Never done, never answered: failed after as many attempts as configured."""
        stage = Stage(account={"attempts": 2})
        stage.first_look()
        for _ in range(2):
            stage.account.answer(Unanswered(message="503"))
        share = stage.shared()
        for _ in range(6):
            stage.pass_time(HOUR)
            stage.attend()

        share = stage.share(share.post_id)
        assert (State.FAILED, 2) == (share.state, share.attempts)
        assert share.error.startswith("gave up after 2 attempts: ")


class TestReconciling:
    """Reading the account's own statuses, and not being able to."""

    def unknown(self, stage: Stage) -> int:
        """A post whose publish went unanswered, at its deadline."""
        stage.account.answer(Unanswered(message="timed out"), done=True)
        share = stage.shared()
        stage.pass_time(stage.account_policy.answer_deadline)
        return share.post_id

    def test_a_silent_instance_is_asked_again(self, stage):
        """Unreadable now is no answer."""
        post_id = self.unknown(stage)
        stage.account.errors["statuses_since"] = AccountUnavailableError("503")
        stage.attend()
        assert State.UNKNOWN is stage.share(post_id).state
        stage.account.errors.clear()
        stage.pass_time(HOUR)
        stage.attend()

        assert State.SHARED is stage.share(post_id).state

    def test_a_token_that_may_not_read_is_held(self, stage):
        """A person has to look."""
        post_id = self.unknown(stage)
        stage.account.errors["statuses_since"] = AccountBarredError("read:statuses is missing", code=403)
        stage.attend()

        assert State.HELD is stage.share(post_id).state

    def test_a_revoked_token_rests_the_account(self, stage):
        """The share stays unknown until the token is mended."""
        post_id = self.unknown(stage)
        stage.account.errors["statuses_since"] = AccountBarredError("revoked", code=401)
        stage.attend()
        assert State.UNKNOWN is stage.share(post_id).state
        assert "revoked" in stage.store.account("uk").pause_reason
        stage.account.errors.clear()
        stage.pass_time(HOUR)
        stage.attend()

        assert State.SHARED is stage.share(post_id).state


class TestAnchors:
    """Where a listing has to reach back to."""

    def test_the_newest_status_is_read_once(self, stage):
        """After that, every publish tells it."""
        stage.shared()
        stage.shared()

        assert 1 == stage.account.calls.count("statuses_since")
        assert 0 == stage.account.calls.count("latest")

    def test_an_account_without_statuses(self):
        """Its first status has no anchor: everything is read back to the beginning."""
        stage = Stage()
        stage.collect()
        stage.pass_time(MINUTE)

        assert State.SHARED is stage.shared().state

    def test_a_token_that_may_not_read_may_still_publish(self, stage):
        """Only finding out needs the scope."""
        stage.account.errors["statuses_since"] = AccountBarredError("read:statuses is missing", code=403)

        assert State.SHARED is stage.shared().state

    @pytest.mark.parametrize("error", [AccountBarredError("revoked", code=401), AccountUnavailableError("503")])
    def test_an_account_that_doesnt_answer_rests(self, stage, error):
        """Nothing is begun that can't be looked for afterwards."""
        stage.account.errors["statuses_since"] = error
        share = stage.shared()

        assert (State.PENDING, 0) == (share.state, share.attempts)
        assert str(error) in stage.store.account("uk").pause_reason

    def test_nothing_is_sent_blindly(self, stage):
        """While the account's statuses can't be read nothing is sent: it may be there already. The reason says so."""
        stage.account.errors["statuses_since"] = AccountUnavailableError("it answered 500")
        share = stage.shared()
        for _ in range(5):
            assert (State.PENDING, []) == (stage.share(share.post_id).state, stage.links())
            stage.pass_time(HOUR)
            stage.attend()
        assert "the account's own statuses can't be read: it answered 500" in stage.share(share.post_id).error
        stage.account.errors.clear()
        stage.pass_time(2 * HOUR)
        stage.attend()

        assert State.SHARED is stage.share(share.post_id).state

    def test_a_newest_status_that_stays_unreadable_holds_up_no_second_share(self, stage):
        """After some pauses a post that is wanted once more goes without an anchor."""
        post_id = stage.shared().post_id
        stage.account.errors["latest"] = AccountUnavailableError("500")
        request_again(stage.context, "uk", post_id, account="uk")
        for _ in range(4):
            stage.attend()
            stage.pass_time(HOUR)

        assert [State.SHARED] * 2 == [share.state for share in stage.store.shares(post_id=post_id)]

    @pytest.mark.parametrize(("code", "state"), [(403, State.SHARED), (401, State.PENDING)])
    def test_a_second_share_where_the_newest_status_is_barred(self, stage, code, state):
        """A token that may not read goes without an anchor; one that is revoked waits for a person."""
        post_id = stage.shared().post_id
        stage.account.errors["latest"] = AccountBarredError("no", code=code)
        request_again(stage.context, "uk", post_id, account="uk")
        stage.attend()

        assert state is stage.share(post_id).state

    def test_a_second_share_on_an_account_that_was_emptied(self, stage):
        """Without any status there is no anchor, and none is needed."""
        post_id = stage.shared().post_id
        stage.account.statuses.clear()
        request_again(stage.context, "uk", post_id, account="uk")
        stage.attend()

        assert State.SHARED is stage.share(post_id).state

    def test_limits_that_were_never_read_are_waited_for(self, stage):
        """No status is composed for limits that nobody knows."""
        stage.account.errors["limits"] = AccountUnavailableError("503")

        assert State.PENDING is stage.shared().state


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
        post = stage.site.posts[share.post_id]
        now = stage.clock.now()
        stage.store.add_by_hand("uk", post, title="A post", account="uk", number=2, text="", now=now)
        stage.attend()

        assert 1 == len(stage.links())


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


def test_published_without_a_url_keeps_what_there_is():
    """The adapter gives the uri where there is no url."""
    stage = Stage()
    stage.first_look()
    stage.account.answer(Published(id="9", url="https://social.example/users/uk/9", created_at=NOON))

    assert "https://social.example/users/uk/9" == stage.shared().url


class TestForbidden:
    """403: the account may not do this, or a firewall before its instance dislikes what is in it."""

    NO = Barred(code=403, message="the instance social.example answered 403 with a page: Attention Required!")

    def test_one_status_that_a_firewall_refuses(self, stage):
        """The others go out; it is tried again later, and ends as failed with what was said."""
        for title in ("Bad", "Good"):
            stage.publish(title)
        stage.collect()
        stage.account.answer(self.NO)
        stage.attend()

        assert {1: State.PENDING, 2: State.SHARED} == stage.states()
        assert (1, None) == (stage.share(1).failures, stage.store.account("uk").paused_until)
        for _ in range(7):
            stage.pass_time(2 * HOUR)
            stage.account.answer(self.NO)
            stage.attend()
        assert State.FAILED is stage.share(1).state
        assert "Attention Required!" in stage.share(1).error

    def firewall(self, stage, *words):
        """Something before the instance refuses statuses with one of these words."""
        publish = stage.account.publish

        def refusing(status, **named):
            if any(word in status.text for word in words):
                stage.account.answer(self.NO)
            return publish(status, **named)

        stage.account.publish = refusing

    def tried(self, stage, *, times):
        """The first words of what is begun, so many times, two hours apart."""
        found = []
        for _ in range(times):
            before = len(stage.account.sent)
            stage.attend()
            found.append([sent.status.text.split()[0] for sent in stage.account.sent[before:]])
            stage.pass_time(2 * HOUR)
        return found

    def test_a_firewall_that_refuses_all(self, stage):
        """After the third the account rests; then each is tried in its turn, and none uses up anything."""
        for title in "ABCDE":
            stage.publish(title)
        stage.collect()
        publish = stage.account.publish
        self.firewall(stage, "https://")

        assert [list("ABC"), ["D"], ["E"], ["A"], ["B"], ["C"], ["D"]] == self.tried(stage, times=7)
        assert [1, 1, 0, 0, 0] == [stage.share(number).failures for number in range(1, 6)]
        assert stage.store.account("uk").pause_reason.startswith("the instance refuses one status after another (403)")

        stage.account.publish = publish
        assert [["E", *"ABCD"]] == self.tried(stage, times=1)
        assert {State.SHARED} == set(stage.states().values())
        assert 0 == stage.store.account("uk").pauses

    def test_a_wall_of_more_than_a_batch(self, stage):
        """One that goes out is found behind more refused ones than are taken at a time, and then all have their end."""
        for _ in range(BATCH + 2):
            stage.publish("Bad")
        stage.publish("Good")
        stage.collect()
        publish = stage.account.publish
        self.firewall(stage, "Bad")

        # three in a row, then each in its turn
        tried = self.tried(stage, times=BATCH + 1)
        assert [["Bad"] * 3, *[["Bad"]] * (BATCH - 1), "Good"] == [*tried[:-1], tried[-1][0]]
        stage.account.publish = publish
        self.tried(stage, times=2)
        assert {State.SHARED} == set(stage.states().values())

    def test_several_that_are_disliked(self, stage):
        """Once another one goes out it is known that there is something in these: each ends by itself."""
        self.firewall(stage, "Bad")
        for _ in range(3):
            stage.publish("Bad")
        stage.collect()
        self.tried(stage, times=3)
        stage.publish("Good")
        stage.collect()

        assert [["Good", "Bad", "Bad", "Bad"], ["Bad"] * 3] == self.tried(stage, times=2)
        assert stage.store.account("uk").paused_until is None
        self.tried(stage, times=6)
        assert [State.FAILED] * 3 == [stage.share(number).state for number in (1, 2, 3)]

    def test_first_without_its_image(self, stage):
        """The image may be what is disliked."""
        post_id = stage.publish(image=(PNG, "A picture"))
        stage.collect()
        stage.account.answer(self.NO)
        stage.attend()
        stage.pass_time(MINUTE)
        stage.attend()

        assert [1, 0] == [len(sent.media_ids) for sent in stage.account.sent]
        assert State.SHARED is stage.share(post_id).state

    def test_a_token_that_may_not_publish(self, stage):
        """The account rests after one request, and no share uses up an attempt; a token that may ends the pause."""
        for title in ("One", "Two"):
            stage.publish(title)
        stage.collect()
        stage.account.answer(Barred(code=403, message="outside the authorized scopes", lacks_scope=True))
        stage.attend()

        assert [(State.PENDING, 0)] * 2 == [(share.state, share.failures) for share in stage.store.shares()]
        assert 1 == len(stage.account.sent)
        assert "lacks the scope write:statuses" in stage.store.account("uk").pause_reason

    def test_a_token_that_may_not_upload(self, stage):
        """The status goes without its image."""
        stage.publish(image=(PNG, "A picture"))
        stage.collect()
        stage.account.answer_upload(Barred(code=403, message="outside the authorized scopes", lacks_scope=True))
        stage.attend()

        assert State.SHARED is stage.share(1).state
        assert "verify" not in stage.account.calls

    def test_an_account_that_is_refused_altogether(self, stage):
        """Rests, and nothing is used up."""
        post_id = stage.publish()
        stage.collect()
        stage.attend()
        stage.publish("Another")
        stage.collect()
        stage.account.errors["verify"] = AccountBarredError("suspended", code=403)
        stage.account.answer(self.NO)
        stage.attend()

        assert State.SHARED is stage.share(post_id).state
        assert (State.PENDING, 0) == (stage.share(2).state, stage.share(2).failures)
        assert stage.store.account("uk").paused_until is not None

    def test_an_image_that_may_not_be_uploaded(self, stage):
        """A token without write:media, or a firewall: the status goes without its image, and the history says why."""
        post_id = stage.publish(image=(PNG, "A picture"))
        stage.collect()
        stage.account.answer_upload(self.NO)
        stage.attend()

        assert (State.SHARED, ()) == (stage.share(post_id).state, stage.account.statuses[-1].media_ids)
        assert "the instance refuses it (403)" in " ".join(attempt.detail for attempt in stage.attempts(post_id))


class TestGoToSocial:
    """Where images are to have a text of some length."""

    @pytest.fixture
    def stage(self) -> Stage:
        """An account there."""
        made = Stage()
        made.account.instance_limits = Limits(software="gotosocial")
        made.first_look()
        return made

    def test_the_title_stands_in(self, stage):
        """An image that is refused is offered once more with the post's title as its text."""
        post_id = stage.publish("A long title", image=(PNG, "Pic"))
        stage.collect()
        stage.account.answer_upload(Refused(code=422, message="media description less than min chars"))
        stage.attend()

        assert ["A long title"] == [file.description for file in stage.account.media.values()]
        assert (State.SHARED, 1) == (stage.share(post_id).state, len(stage.account.statuses[-1].media_ids))

    def test_a_status_that_is_refused_with_its_images(self, stage):
        """Goes without them."""
        post_id = stage.publish("A", image=(PNG, "A picture of some length"))
        stage.collect()
        stage.account.answer(Refused(code=400, message="media description less than min chars"))
        stage.attend()

        assert (State.SHARED, ()) == (stage.share(post_id).state, stage.account.statuses[-1].media_ids)


def test_mentions_are_looked_up_before_the_publish_begins(stage):
    """A slow look-up doesn't eat the time in which a begun publish has to leave."""
    stage = Stage(account={"mentions": ("bob@far.example",), "template": "Thanks @bob@far.example {link}"})
    stage.first_look()
    stage.shared()

    assert stage.account.calls.index("look_up") < stage.account.calls.index("publish")


class TestOneTransaction:
    """The outcome of a status and the beginning of the next are recorded together."""

    def three(self, stage, **fields):
        """Three posts that are due."""
        for title in ("One", "Two", "Three"):
            stage.publish(title, **fields)
        stage.collect()

    def recorded(self, stage):
        """What the store is told from now on: the names of the calls that write."""
        calls = []
        for name in ("begin", "apply"):
            method = getattr(stage.store, name)

            def told(*args, name=name, method=method, **kwargs):
                calls.append(name)
                return method(*args, **kwargs)

            setattr(stage.store, name, told)
        return calls

    def test_a_running_drain(self, stage):
        """Begins each with the outcome of the one before; only the last is recorded by itself."""
        self.three(stage)
        begin, ended = stage.store.begin, []

        def told(*args, **kwargs):
            ended.append(kwargs["ended"])
            return begin(*args, **kwargs)

        stage.store.begin = told
        stage.attend()

        assert [None, 1, 2] == [one and one.share.post_id for one in ended]
        assert {State.SHARED} == set(stage.states().values())
        assert [("publish", "shared")] * 3 == [stage.history(post_id)[-1] for post_id in (1, 2, 3)]

    def test_what_takes_its_time_comes_after_it(self, stage):
        """Before an image is fetched and uploaded the outcome of the one before is on disk."""
        self.three(stage, image=(PNG, "A picture"))
        calls = self.recorded(stage)
        stage.attend()

        assert ["begin", "apply"] * 3 == calls

    def test_the_next_was_changed_meanwhile(self, stage):
        """By a person, say: then nothing of it is begun, and what came of the one before stands."""
        self.three(stage)
        begin = stage.store.begin

        def meanwhile(share, **kwargs):
            if share.post_id == 2:
                stage.store.begin = begin
                by_hand.skip(stage.context, stage.share(2))
            return begin(share, **kwargs)

        stage.store.begin = meanwhile
        stage.attend()

        assert {1: State.SHARED, 2: State.SKIPPED, 3: State.PENDING} == stage.states()
        assert 1 == len(stage.links())
