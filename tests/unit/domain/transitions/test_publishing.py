"""What becomes of a share that was begun: its key, every answer to its publish, and what is asked after a no."""

import pytest

from bot.domain.answers import Barred, NotSent, Published, Refused, Throttled, Unanswered
from bot.domain.composing.hashtags import left_out
from bot.domain.models import Anchor, MediaState, RateLimit, State, Status
from bot.domain.transitions import publishing
from bot.domain.transitions.change import Change, Pause
from bot.domain.transitions.outcome import MEDIA_TRIES
from bot.domain.transitions.publishing import Question
from tests.makers import HOUR, NO_LIFE, NOON, SECOND, account_policy, life, sent
from tests.unit.domain.transitions.answering import publish

POLICY = account_policy()
DEADLINE = POLICY.answer_deadline
TAGGED = Status(text="Post 7 #Kites #Wind\n\nhttps://news.example/7/")


class TestAnswersToPublish:
    """What the server said to the publish."""

    def test_published(self):
        """Shared, with url and id; the account is well, its newest status known, its rate remembered."""
        change = publish(Published(id="101", url="https://social.example/@uk/101", created_at=NOON))

        assert (State.SHARED, "https://social.example/@uk/101", "101", "", None) == (
            change.share.state,
            change.share.url,
            change.share.status_id,
            change.share.error,
            change.share.next_attempt_at,
        )
        assert (True, Anchor(id="101", created_at=NOON), None) == (
            change.recovered,
            change.latest,
            change.pause,
        )
        assert RateLimit(remaining=9, reset_at=NOON + HOUR) == change.statuses_rate

    def test_unanswered_keeps_everything_and_waits_for_the_deadline(self):
        """Nobody knows: same key, text and media, and a look once the server's deadline is over, from giving up on."""
        before = sent(media_ids=("m1",))
        change = publish(Unanswered(message="timed out"), before)

        assert (State.UNKNOWN, NOON + SECOND + DEADLINE, 1, 1) == (
            change.share.state,
            change.share.next_attempt_at,
            change.share.failures,
            change.share.unanswered,
        )
        assert ("k1", ("m1",), before.status, before.anchor) == (
            change.share.idempotency_key,
            change.share.media_ids,
            change.share.status,
            change.share.anchor,
        )
        assert change.pause is None

    @pytest.mark.parametrize("code", [400, 413, 422])
    def test_a_definite_refusal_of_a_first_send_is_final(self, code):
        """The key's life ends, the share fails with the server's words; nothing else is touched."""
        change = publish(Refused(code=code, message="too long"))

        assert (State.FAILED, f"refused ({code}): too long") == (change.share.state, change.share.error)
        assert NO_LIFE == life(change.share)
        assert change.pause is None

    @pytest.mark.parametrize("code", [402, 404, 405, 410, 426])
    def test_an_address_without_an_api_rests_the_account(self, code):
        """Nothing is wrong with the share: it waits, and a person is told what to look at."""
        change = publish(Refused(code=code, message="not found"))

        assert (State.PENDING, 0) == (change.share.state, change.share.failures)
        assert change.pause is not None
        assert change.pause.reason == (
            f"the instance refuses the account ({code}): not found; is `instance` the address of its API?"
        )

    def test_a_missing_file_says_nothing_of_the_api(self):
        """The file is uploaded again then."""
        change = publish(Refused(code=404, message="not found"), sent(media_ids=("m1",)), media=MediaState.MISSING)

        assert (State.PENDING, 1, None) == (change.share.state, change.share.media_failures, change.pause)

    def test_a_refusal_after_an_unanswered_send_is_looked_into(self):
        """What a repeat of a publish that worked is told: already attached, duplicate."""
        change = publish(Refused(code=422, message="already attached"), sent(failures=1, unanswered=1))

        assert (State.UNKNOWN, NOON + SECOND, "") == (
            change.share.state,
            change.share.next_attempt_at,
            change.share.idempotency_key,
        )
        assert change.share.anchor is not None

    def test_media_still_processed_is_tried_again_with_a_new_key(self):
        """Not ready is a definite no that passes by itself."""
        change = publish(Refused(code=422, message="not ready"), media=MediaState.PROCESSING)

        assert (State.PENDING, 1, NOON + 31 * SECOND) == (
            change.share.state,
            change.share.failures,
            change.share.next_attempt_at,
        )
        assert NO_LIFE == life(change.share)

    def test_vanished_media_is_uploaded_again(self):
        """Some servers clean away what isn't attached within minutes."""
        change = publish(Refused(code=422, message="not found"), sent(media_ids=("m1",)), media=MediaState.MISSING)

        assert (State.PENDING, 1, ()) == (
            change.share.state,
            change.share.media_failures,
            change.share.media_ids,
        )

    def test_media_trouble_uses_up_attempts(self):
        """An image that never gets ready ends in failed, not in a loop."""
        change = publish(
            Refused(code=422, message="not ready"), sent(failures=7), media=MediaState.PROCESSING, attempts=8
        )

        assert (State.FAILED, "gave up after 8 attempts: refused (422): not ready") == (
            change.share.state,
            change.share.error,
        )

    @pytest.mark.parametrize("media", [MediaState.READY, MediaState.FAILED, None])
    def test_a_refusal_about_something_else_is_final(self, media):
        """Where the attached file is fine, the refusal is about the status."""
        change = publish(Refused(code=422, message="no"), sent(media_ids=("m1",)), media=media)

        assert State.FAILED is change.share.state

    @pytest.mark.parametrize("no", [Barred(code=401, message="revoked"), Throttled(message="slow")])
    def test_a_no_that_says_nothing_of_an_earlier_send(self, no):
        """The repeat of an unanswered publish keeps its key: the first one may turn out done, however late."""
        before = sent(unanswered=1)
        after = publish(no, before).share

        assert ("k1", 1, before.status) == (after.idempotency_key, after.unanswered, after.status)

    @pytest.mark.parametrize("code", [401, 403])
    def test_a_broken_account_only_pauses(self, code):
        """The share waits unharmed, with nothing used up; the account rests, longer each time."""
        change = publish(Barred(code=code, message="token revoked"), pauses=2)
        reason = f"the instance refuses the account ({code}): token revoked"

        assert (State.PENDING, 0, reason) == (change.share.state, change.share.failures, change.share.error)
        assert NO_LIFE == life(change.share)
        assert Pause(until=NOON + SECOND + 120 * SECOND, reason=reason) == change.pause

    def test_too_many_requests_waits_for_the_reset(self):
        """429 creates nothing: the account rests until the server's own reset."""
        change = publish(Throttled(message="slow down", until=NOON + HOUR))

        assert (State.PENDING, 0, "") == (
            change.share.state,
            change.share.failures,
            change.share.idempotency_key,
        )
        assert change.pause is not None
        assert NOON + HOUR == change.pause.until

    @pytest.mark.parametrize(("until", "expected"), [(None, NOON + 31 * SECOND), (NOON - HOUR, NOON + SECOND)])
    def test_too_many_requests_without_a_usable_reset(self, until, expected):
        """No reset: the backoff. A reset that has passed: at once."""
        change = publish(Throttled(message="slow down", until=until))

        assert change.pause is not None
        assert expected == change.pause.until

    def test_never_sent_keeps_the_key_and_uses_up_nothing(self):
        """An instance that can't be reached is the account's trouble, however long it lasts."""
        change = publish(NotSent(message="connection refused"), sent(failures=3))

        assert (State.PENDING, 3, "k1") == (
            change.share.state,
            change.share.failures,
            change.share.idempotency_key,
        )
        assert change.pause is not None
        assert "nothing can be sent now: connection refused" == change.pause.reason


class TestComposedOtherwise:
    """A refusal that another status would not meet: composed anew at once, under a new key; it uses up an attempt."""

    def assert_anew(self, change: Change) -> None:
        """That the share is due now, with nothing left of what was refused."""
        assert (State.PENDING, NOON + SECOND, 1) == (
            change.share.state,
            change.share.next_attempt_at,
            change.share.failures,
        )
        assert NO_LIFE == life(change.share)
        assert RateLimit(remaining=9, reset_at=NOON + HOUR) == change.statuses_rate

    def test_limits_that_changed(self):
        """Composed by the new ones. It counts, so that limits that keep changing end in a failure."""
        self.assert_anew(publish(Refused(code=422, message="too long"), limits_changed=True))

    def test_hashtags_that_are_named(self):
        """The history says without which, the share what was said."""
        change = publish(Refused(code=422, message="forbidden: #Kites"), sent(status=TAGGED))

        self.assert_anew(change)
        assert "refused (422): forbidden: #Kites; trying without #Kites" == change.share.error
        assert ("#Kites",) == left_out([change.attempt])

    def test_hashtags_once(self):
        """What is refused without them as well is refused for something else."""
        history = [publish(Refused(code=422, message="no: Kites"), sent(status=TAGGED)).attempt]

        assert (
            State.FAILED
            is publish(Refused(code=422, message="no: Wind"), sent(status=TAGGED), history=history).share.state
        )

    @pytest.mark.parametrize(
        ("no", "before"),
        [
            (Refused(code=422, message="too long"), sent(status=TAGGED)),
            (Refused(code=400, message="no: Kites"), sent(status=TAGGED)),
            (Refused(code=422, message="no: Kites", unexpected=("kites",)), sent(status=TAGGED)),
        ],
    )
    def test_what_is_not_about_hashtags(self, no, before):
        """None is named, or a code or a list of others says what it is about."""
        assert State.FAILED is publish(no, before).share.state

    def test_hashtags_after_an_unanswered_send(self):
        """The status may be there: it is looked for before anything is composed anew."""
        before = sent(status=TAGGED, unanswered=1)

        assert State.UNKNOWN is publish(Refused(code=422, message="no: Kites"), before).share.state

    def test_images_on_gotosocial(self):
        """It may be set to want longer texts with them."""
        no, before = Refused(code=400, message="no"), sent(media_ids=("m1",))
        change = publish(no, before, software="gotosocial", media=MediaState.READY)

        self.assert_anew(change)
        assert MEDIA_TRIES == change.share.media_failures
        assert "refused (400): no; trying without images" == change.share.error
        assert State.FAILED is publish(no, before, software="mastodon").share.state
        assert State.FAILED is publish(no, sent(), software="gotosocial").share.state
        assert (
            State.PENDING is publish(Refused(code=404, message="no"), before, software="gotosocial").share.state
        )  # where there is no API, the account rests

    @pytest.mark.parametrize("of", ["Media need a description", "alt text required", "Cannot attach such files"])
    def test_images_that_a_refusal_speaks_of(self, of):
        """Whatever the server's software."""
        no = Refused(code=422, message=f"the instance a.example says: {of}")
        before = sent(media_ids=("m1",))

        self.assert_anew(publish(no, before, software="mastodon", media=MediaState.READY))
        other = Refused(code=422, message="the instance media.example says: Text is too long")
        assert State.FAILED is publish(other, before, media=MediaState.READY).share.state

    def test_a_text_that_may_be_too_long(self):
        """By the strictest way to count, once; what may have been published already is looked for first."""
        no, other = Refused(code=422, message="too long"), Refused(code=451, message="no")
        change = publish(no, too_long=True)

        self.assert_anew(change)
        assert "refused (422): too long; trying a shorter text" == change.share.error
        assert publishing.is_counted_strictly([change.attempt])
        assert State.FAILED is publish(no, too_long=True, history=[change.attempt]).share.state
        assert State.FAILED is publish(other, too_long=True).share.state
        assert State.UNKNOWN is publish(no, sent(unanswered=1), too_long=True).share.state

    def test_a_persons_own_text_that_may_be_too_long(self):
        """It can't be made shorter: it fails with what the instance says, and a retry counts as the instance does."""
        change = publish(Refused(code=422, message="forbidden"), sent(text_override="Look!"), too_long=True)

        assert State.FAILED is change.share.state
        assert "refused (422): forbidden" == change.share.error
        assert not publishing.is_counted_strictly([change.attempt])


class TestQuestions:
    """What is asked before a no is decided on: as little as can be."""

    @pytest.mark.parametrize(
        ("reply", "before", "asked"),
        [
            (Published(id="1", url="https://social.example/1", created_at=NOON), sent(media_ids=("m1",)), set()),
            (Unanswered(message="timed out"), sent(media_ids=("m1",)), set()),
            (Throttled(message="slow"), sent(media_ids=("m1",)), set()),
            (Barred(code=401, message="revoked"), sent(media_ids=("m1",)), set()),
            (Barred(code=403, message="no"), sent(media_ids=("m1",)), {Question.TOKEN}),
            (Refused(code=422, message="no"), sent(), {Question.LIMITS}),
            (Refused(code=422, message="no"), sent(failures=1), set()),
            (Refused(code=404, message="no"), sent(media_ids=("m1",)), {Question.MEDIA, Question.TOKEN}),
            (Refused(code=405, message="no"), sent(), {Question.TOKEN}),
            (Barred(code=302, message="no"), sent(), {Question.TOKEN}),
            (Refused(code=422, message="no"), sent(media_ids=("m1",)), {Question.LIMITS, Question.MEDIA}),
        ],
    )
    def test_what_is_asked(self, reply, before, asked):
        """Each costs the instance a request."""
        assert asked == publishing.questions(before, reply)
