"""How long a backlog takes."""

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.models import AccountState, RateLimit
from bot.domain.policy import Images, MediaBudget, QuietHours
from bot.domain.transitions.budget import STATUSES, UPLOADS, opens_at, rhythm
from bot.domain.transitions.forecast import Forecast, forecast
from tests.makers import DAY, HOUR, MINUTE, NOON, SECOND, account_policy

NIGHT = QuietHours(start=time(23), end=time(7), zone="UTC")
SIESTA = QuietHours(start=time(11), end=time(14), zone="UTC")


def foreseen(number: int, *, sent=(), uploaded=(), due=NOON, account=None, **policy) -> Forecast:
    """The forecast for so many posts, without images unless told."""
    return forecast(
        account_policy(**({"images": Images.CARD} | policy)),
        [due] * number,
        account=account or AccountState(name="uk"),
        sent=sent,
        spent=sent,
        uploaded=uploaded,
        now=NOON,
    )


class TestRhythm:
    """The owner's own pace."""

    def test_nothing_holds_them_up(self):
        """All go at once, and no reason is given."""
        assert Forecast(waiting=60, last_at=NOON) == foreseen(60)

    def test_what_comes_due_later(self):
        """The last one goes when it is due."""
        assert Forecast(waiting=2, last_at=NOON + MINUTE) == foreseen(2, due=NOON + MINUTE)

    def test_min_interval(self):
        """Sixty posts five minutes apart, the first of them five minutes after the last that was sent."""
        fresh = foreseen(60, min_interval=5 * MINUTE)
        lately = foreseen(60, min_interval=5 * MINUTE, sent=[NOON - MINUTE])

        assert Forecast(waiting=60, last_at=NOON + 295 * MINUTE, held_up_by=("min_interval 5 min",)) == fresh
        assert NOON + 299 * MINUTE == lately.last_at

    def test_quiet_hours(self):
        """Twelve hourly posts from noon: the eleventh would go at ten at night, the twelfth at eleven."""
        known = foreseen(12, min_interval=HOUR, quiet_hours=NIGHT)

        assert NOON + 19 * HOUR == known.last_at
        assert ("min_interval 1 h", "quiet_hours") == known.held_up_by

    def test_quiet_hours_now(self):
        """They are named where they have put everything off already."""
        put_off = foreseen(3, due=NOON + 2 * HOUR, quiet_hours=SIESTA)

        assert Forecast(waiting=3, last_at=NOON + 2 * HOUR, held_up_by=("quiet_hours",)) == put_off

    def test_a_pause(self):
        """Nothing goes before an account's pause is over."""
        paused = AccountState(name="uk", paused_until=NOON + HOUR)

        assert NOON + HOUR == foreseen(3, account=paused).last_at


class TestWindows:
    """The server's limits."""

    def test_statuses(self):
        """Of 301 the last one waits for the window."""
        assert NOON == foreseen(300).last_at
        assert NOON + 3 * HOUR == foreseen(301).last_at
        assert ("300 statuses in 3 h",) == foreseen(301).held_up_by

    def test_a_backlog_of_a_year(self):
        """Ten thousand posts, three hours for each 300."""
        assert NOON + 99 * HOUR == foreseen(10_000).last_at

    @pytest.mark.parametrize(
        ("policy", "days"),
        [({}, 100_000 / 2400), ({"quiet_hours": NIGHT}, 100_000 / 1800), ({"min_interval": 2 * MINUTE}, 100_000 / 720)],
        ids=["windows", "nights", "rhythm"],
    )
    def test_a_backlog_of_ten_years(self, policy, days):
        """A hundred thousand posts: foreseen in a moment, and right to one part in fifty."""
        assert days * DAY == pytest.approx(foreseen(100_000, **policy).last_at - NOON, rel=0.02)

    def test_a_backlog_that_is_due_later(self):
        """Nothing goes before it is due, however many there are; what nothing holds up goes at once then."""
        unbound = AccountState(name="uk", statuses_rate=RateLimit(remaining=20_000, reset_at=NOON + HOUR))

        assert NOON + MINUTE == foreseen(20_000, due=NOON + MINUTE, account=unbound).last_at

    def test_images(self):
        """Thirty images in half an hour; with four images each, seven posts."""
        attached = foreseen(31, images=Images.ATTACH)

        assert (NOON + 30 * MINUTE, ("30 images in 30 min",)) == (attached.last_at, attached.held_up_by)
        assert NOON + 30 * MINUTE == foreseen(8, images=Images.ATTACH, max_images=4).last_at
        assert NOON == foreseen(7, images=Images.ATTACH, max_images=4).last_at

    @pytest.mark.parametrize(
        "policy",
        [{"images": Images.CARD}, {"media_budget": MediaBudget.CARD}, {"max_images": 0}],
        ids=str,
    )
    def test_images_that_are_not_waited_for(self, policy):
        """Where images are left out, or give way, they hold nothing up."""
        assert NOON == foreseen(31, **({"images": Images.ATTACH} | policy)).last_at

    def test_what_the_server_said(self):
        """Its own count is believed, before howdah's; then comes a window of the usual size."""
        rate = RateLimit(remaining=2, reset_at=NOON + HOUR)
        known = AccountState(name="uk", statuses_rate=rate)

        assert NOON == foreseen(2, account=known, sent=[NOON - MINUTE] * 300).last_at
        assert NOON + HOUR == foreseen(3, account=known).last_at

    def test_a_server_with_a_larger_window(self):
        """What is left may be more than Mastodon gives anyone."""
        rate = RateLimit(remaining=700, reset_at=NOON + HOUR)

        assert NOON == foreseen(700, account=AccountState(name="uk", statuses_rate=rate)).last_at

    def test_a_server_whose_window_is_just_over(self):
        """A new one has begun."""
        rate = RateLimit(remaining=0, reset_at=NOON - SECOND)
        known = AccountState(name="uk", statuses_rate=rate)

        assert NOON == foreseen(300, account=known, sent=[NOON - MINUTE] * 300).last_at

    @given(
        number=st.integers(1, 90),
        interval=st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=2)),
        quiet=st.sampled_from([None, NIGHT, SIESTA]),
        used=st.lists(st.integers(0, 10_800), max_size=320),
        per_day=st.sampled_from([0, 0, 1, 30, 300]),
    )
    def test_as_it_will_be(self, *, number, interval, quiet, used, per_day):
        """The same instant as sending one after the other, each when it is allowed."""
        sent = sorted(NOON - timedelta(seconds=ago) for ago in used)
        policy = account_policy(min_interval=interval, quiet_hours=quiet, max_per_day=per_day)
        told = forecast(
            policy, [NOON] * number, account=AccountState(name="uk"), sent=sent, spent=sent, uploaded=sent, now=NOON
        )

        assert _played(policy, number, sent) == told.last_at


class TestSaid:
    """For a person."""

    def test_today(self):
        """The time alone, with what holds it up."""
        told = foreseen(60, min_interval=90 * SECOND)

        assert "60 waiting, the last one at about 13:28 UTC (min_interval 90 s)" == told.said(now=NOON)

    def test_another_day(self):
        """With its date."""
        told = Forecast(waiting=1, last_at=NOON + DAY)

        assert "1 waiting, the last one at about 2026-03-15 12:00 UTC" == told.said(now=NOON)


def _played(policy, number, before):
    """When the last one goes, by asking at each step what the lane asks."""
    now, sent, uploaded = NOON, list(before), list(before)
    for _ in range(number):
        now = opens_at(STATUSES, sent, None, now=now) or now
        now = opens_at(UPLOADS, uploaded, None, now=now) or now
        now = rhythm(policy, sent, now=now) or now
        sent.append(now)
        uploaded.append(now)
    return now
