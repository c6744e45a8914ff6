"""What becomes of a share when nothing was published: uploads, waiting, what a person decides."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.domain.answers import Barred, NotSent, Refused, Throttled, Unanswered, UploadAnswer, Uploaded
from bot.domain.models import Asked, Attempt, State
from bot.domain.transitions import outcome
from bot.domain.transitions.change import Change, Pause, backoff
from tests.makers import HOUR, MINUTE, NOON, SECOND, basis, share, unknown


class TestUploads:
    """What becomes of a share whose image makes trouble."""

    def upload(self, reply, **fields) -> Change | None:
        """What an upload's answer leads to."""
        return outcome.after_upload(share(**fields), UploadAnswer(reply=reply), basis=basis())

    @pytest.mark.parametrize("reply", [Refused(code=422, message="no image"), Uploaded(id="m1", ready=True)])
    def test_a_refused_image_is_left_out(self, reply):
        """A file that the instance doesn't want never stops the share."""
        assert self.upload(reply) is None

    @pytest.mark.parametrize(
        "reply",
        [
            Barred(code=401, message="revoked"),
            Throttled(message="slow", until=NOON + HOUR),
            NotSent(message="refused"),
        ],
    )
    def test_the_accounts_trouble_pauses_the_account(self, reply):
        """What isn't about the file isn't the file's fault."""
        change = self.upload(reply)

        assert change is not None
        assert (State.PENDING, 0) == (change.share.state, change.share.media_failures)
        assert change.pause is not None

    def test_an_unanswered_upload_is_tried_again(self):
        """An upload may be repeated: an orphaned file is cleaned away."""
        change = self.upload(Unanswered(message="502"))

        assert change is not None
        assert (1, 0, NOON + 30 * SECOND) == (
            change.share.media_failures,
            change.share.failures,
            change.share.next_attempt_at,
        )

    def test_the_third_time_it_goes_without(self):
        """Text alone where it fails for good."""
        assert self.upload(Unanswered(message="502"), media_failures=2) is None


class TestWaiting:
    """Waiting that is nobody's failure."""

    def test_a_silent_site(self):
        """The share waits with the reason, and uses up nothing."""
        change = outcome.site_silent(share(), "site uk: 503", retry_at=NOON + MINUTE, now=NOON)

        assert (State.PENDING, "site uk: 503", 0, NOON + MINUTE) == (
            change.share.state,
            change.share.error,
            change.share.failures,
            change.share.next_attempt_at,
        )

    def test_a_full_window_rests_the_account(self):
        """The account rests until the window opens; the share has no error."""
        change = outcome.waits_for_budget(share(), until=NOON + HOUR, reason="full", now=NOON)

        assert (State.PENDING, "", Pause(until=NOON + HOUR, reason="full")) == (
            change.share.state,
            change.share.error,
            change.pause,
        )

    @pytest.mark.parametrize(
        ("asked", "seconds"), [(None, 60), (10, 60), (600, 600), (10**9, 86_400), (float("inf"), 86_400)]
    )
    def test_a_site_is_left_alone_as_long_as_it_asks_within_a_day(self, asked, seconds):
        """Retry-After is honoured, but a broken one doesn't silence a site for ever."""
        assert timedelta(seconds=seconds) == outcome.site_wait(MINUTE, 1, asked, spread=0.0)


class TestDecided:
    """What a person decides, and what a site says for certain."""

    def test_skipped(self):
        """Skipped with its reason, and nothing left to send."""
        change = outcome.dropped(unknown(), "skipped by hand", now=NOON)

        assert (State.SKIPPED, "skipped by hand", None) == (
            change.share.state,
            change.share.error,
            change.share.next_attempt_at,
        )

    def test_adopted(self):
        """The url that WordPress has is taken over."""
        change = outcome.adopted(share(error="x"), "https://social.example/1", now=NOON)

        assert (State.SHARED, "https://social.example/1", "") == (
            change.share.state,
            change.share.url,
            change.share.error,
        )

    def test_uncomposable(self):
        """A post that no status can be made of has failed, with the reason."""
        assert State.FAILED is outcome.uncomposable(share(), "its link is no link", now=NOON).share.state

    @pytest.mark.parametrize("state", [State.FAILED, State.SKIPPED, State.HELD])
    def test_retried(self, state):
        """What was never sent is simply due again, with a fresh allowance."""
        change = outcome.retried(share(state=state, failures=8, media_failures=3, error="x"), now=NOON)

        assert (State.PENDING, 0, 0, "", Asked.RELEASED, NOON) == (
            change.share.state,
            change.share.failures,
            change.share.media_failures,
            change.share.error,
            change.share.asked,
            change.share.next_attempt_at,
        )

    def test_retrying_what_may_be_there_looks_first(self):
        """A person's wish is no proof that the status isn't there."""
        change = outcome.retried(replace(unknown(absences=2), state=State.HELD), now=NOON)

        assert (State.UNKNOWN, 0, "k1", NOON) == (
            change.share.state,
            change.share.absences,
            change.share.idempotency_key,
            change.share.next_attempt_at,
        )

    def test_wanted_with_new_words(self):
        """A person's own text replaces the template's."""
        change = outcome.wanted(share(), asked=Asked.NAMED, text="New words", due=NOON, now=NOON)

        assert ("New words", Asked.NAMED) == (change.share.text_override, change.share.asked)

    def test_wanted_without_words_keeps_those_of_before(self):
        """Trying again keeps the text that was asked for; it may be wanted later."""
        before = share(text_override="Old")
        change = outcome.wanted(before, asked=Asked.QUEUED, text="", due=NOON + HOUR, now=NOON)

        assert ("Old", NOON + HOUR) == (change.share.text_override, change.share.next_attempt_at)

    def test_retried_though_named(self):
        """What was named before stays past filters, but goes in its account's rhythm now."""
        change = outcome.retried(share(state=State.FAILED, asked=Asked.NAMED), now=NOON)

        assert (True, False) == (change.share.by_name, change.share.at_once)

    def test_reads_refused(self):
        """Only the site's refusals count, and only those since something else happened."""
        steps = [("read", "retry"), ("publish", "retry"), ("read", "retry"), ("account", "wait"), ("read", "retry")]
        history = [Attempt(at=NOON, step=step, outcome=word) for step, word in steps]

        assert (0, 1) == (outcome.reads_refused(()), outcome.reads_refused(history))

    def test_wanted_while_nobody_knows(self):
        """New words don't change what may be on the account already."""
        change = outcome.wanted(replace(unknown(), state=State.HELD), asked=Asked.NAMED, text="New", due=NOON, now=NOON)

        assert (State.UNKNOWN, "") == (change.share.state, change.share.text_override)


class TestBackoff:
    """Waiting longer and longer, up to an hour."""

    @pytest.mark.parametrize(
        ("failures", "seconds"), [(0, 30), (1, 30), (2, 60), (3, 120), (7, 1920), (8, 3600), (1000, 3600)]
    )
    def test_doubles_up_to_an_hour(self, failures, seconds):
        """30 s, then twice as long each time."""
        assert timedelta(seconds=seconds) == backoff(30 * SECOND, failures, spread=0.0)

    def test_a_longer_first_wait_is_cut_to_an_hour(self):
        """No wait is longer, whatever is configured."""
        assert HOUR == backoff(timedelta(days=30), 20, spread=0.0)

    @given(spread=st.floats(0, 1, exclude_max=True), failures=st.integers(1, 40), seconds=st.floats(0.01, 4000))
    def test_jitter_adds_at_most_a_quarter(self, spread, failures, seconds):
        """Many accounts that failed together don't come back together."""
        plain = backoff(timedelta(seconds=seconds), failures, spread=0.0)

        assert plain <= backoff(timedelta(seconds=seconds), failures, spread=spread) <= plain * 1.26
