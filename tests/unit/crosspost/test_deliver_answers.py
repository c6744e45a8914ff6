"""Delivering: what the instance says, and what follows from it."""

import pytest
from msgspec.structs import replace

from bot.crosspost.lane import BATCH
from bot.crosspost.share import request_again
from bot.domain.answers import Barred, NotSent, Published, Refused, Throttled, Unanswered
from bot.domain.models import Limits, State
from bot.errors import (
    AccountBarredError,
)
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


def test_published_without_a_url_keeps_what_there_is():
    """The adapter gives the uri where there is no url."""
    stage = Stage()
    stage.first_look()
    stage.account.answer(Published(id="9", url="https://social.example/users/uk/9", created_at=NOON))

    assert "https://social.example/users/uk/9" == stage.shared().url
