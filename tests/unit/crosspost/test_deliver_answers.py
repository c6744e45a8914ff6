"""Delivering: what the instance says, and what follows from it."""

import pytest
from msgspec.structs import replace

from bot.crosspost.share import request_again
from bot.domain.answers import Barred, NotSent, Published, Refused, Throttled, Unanswered
from bot.domain.models import Limits, State
from tests.makers import HOUR, MINUTE, NOON, SECOND
from tests.unit.crosspost.stage import PNG, Stage


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
        """Never done, never answered: failed after as many attempts as configured, though nothing else is sent."""
        stage = Stage(account={"attempts": 2})
        stage.first_look()
        for _ in range(40):
            stage.account.answer(Unanswered(message="503"))
        post_id = stage.shared().post_id
        hours = 0
        while stage.share(post_id).state is not State.FAILED:
            stage.pass_time(HOUR)
            stage.attend()
            hours += 1

        assert 24 < hours < 36
        assert stage.share(post_id).error.startswith("gave up after 2 attempts: ")

    def test_one_text_that_is_never_taken(self, stage):
        """The account goes on with the others, and the one ends as failed; nothing was used up while it was alone."""
        for title in ("Bad", "Good", "Fine"):
            stage.publish(title)
        stage.collect()
        publish = stage.account.publish

        def firewall(status, **arguments):
            if "Bad" in status.text:
                stage.account.answer(Unanswered(message="answered 503"))
            return publish(status, **arguments)

        stage.account.publish = firewall
        minutes = 0
        while stage.states()[3] is not State.SHARED:
            stage.pass_time(MINUTE)
            stage.attend()
            minutes += 1

        assert (True, State.SHARED) == (minutes < 15, stage.states()[2])
        assert 0 == stage.store.account("uk").pauses
        for _ in range(24):
            stage.pass_time(HOUR)
            stage.attend()
        assert (State.FAILED, ["https://news.example/2/", "https://news.example/3/"]) == (
            stage.states()[1],
            stage.links(),
        )

    @pytest.mark.parametrize("link", ["https://news.example/1/", "https://news.example/other-slug/"])
    def test_one_that_appears_after_all(self, stage, link):
        """It wasn't there twice, and had to wait before it was sent again: it is looked for once more, by its link."""
        stage.account.keeps_keys = False
        for _ in range(2):
            stage.account.answer(Unanswered(message="answered 503"))
        post_id = stage.shared().post_id
        while stage.store.account("uk").pauses == 0:
            stage.pass_time(MINUTE)
            stage.attend()
        stage.account.write(stage.account.sent[0].status.text)
        stage.site.edit(post_id, replace(stage.site.posts[post_id], link=link))
        stage.pass_time(MINUTE)
        stage.attend()

        assert (State.SHARED, 2) == (stage.share(post_id).state, len(stage.account.sent))
        assert (0, "") == (stage.store.account("uk").pauses, stage.store.account("uk").pause_reason)

    def test_a_second_share_that_appears_after_all(self, stage):
        """Its instance's clock may be behind: it is newer than what stood there before it was sent."""
        stage.account.keeps_keys = False
        post_id = stage.shared().post_id
        stage.pass_time(MINUTE)
        request_again(stage.context, "uk", post_id, account="uk")
        for _ in range(2):
            stage.account.answer(Unanswered(message="answered 503"))
        stage.attend()
        while stage.store.account("uk").pauses == 0:
            stage.pass_time(MINUTE)
            stage.attend()
        stage.account.write(stage.account.sent[1].status.text, at=stage.share(post_id).created_at - SECOND)
        stage.pass_time(MINUTE)
        stage.attend()

        assert (State.SHARED, 3) == (stage.share(post_id).state, len(stage.account.sent))

    def test_one_that_is_sent_again_at_once(self, stage):
        """The account was read just now: it isn't read again."""
        stage.account.answer(Unanswered(message="answered 503"))
        post_id = stage.shared().post_id
        read = []
        while stage.share(post_id).state is not State.SHARED:
            stage.pass_time(MINUTE)
            stage.attend()
            read.append(stage.account.calls.count("statuses_since"))

        assert 3 == read[-1]

    def test_a_reading_that_takes_long(self, stage):
        """It tells what was there when it began: the account is read again before the second send."""
        read, statuses_since = [], stage.account.statuses_since

        def slowly(anchor):
            read.append(anchor)
            stage.pass_time(10 * SECOND)
            return statuses_since(anchor)

        stage.account.statuses_since = slowly
        stage.account.answer(Unanswered(message="answered 503"))
        post_id = stage.shared().post_id
        while stage.share(post_id).state is not State.SHARED:
            stage.pass_time(MINUTE)
            stage.attend()

        assert 4 == len(read)

    def test_an_instance_that_takes_none_for_hours(self, stage):
        """It can be read all the while: no share uses up an attempt, few are sent meanwhile, and then all go once."""
        for number in range(4):
            stage.publish(f"Post {number}")
        stage.collect()
        publish, sent = stage.account.publish, []

        def read_only(status, **arguments):
            sent.append(stage.clock.now())
            stage.account.answer(Unanswered(message="answered 503"))
            return publish(status, **arguments)

        stage.account.publish = read_only
        for _ in range(20 * 12):
            stage.pass_time(5 * MINUTE)
            stage.attend()
        assert (20 < len(sent) < 40, {State.PENDING}) == (True, set(stage.states().values()))
        assert max(share.failures for share in stage.store.shares()) <= 1

        stage.account.publish = publish
        for _ in range(3):
            stage.pass_time(HOUR)
            stage.attend()
        assert {State.SHARED} == set(stage.states().values())
        assert 4 == len(set(stage.links())) == len(stage.links())


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


def test_published_without_a_url_keeps_what_there_is():
    """The adapter gives the uri where there is no url."""
    stage = Stage()
    stage.first_look()
    stage.account.answer(Published(id="9", url="https://social.example/users/uk/9", created_at=NOON))

    assert "https://social.example/users/uk/9" == stage.shared().url
