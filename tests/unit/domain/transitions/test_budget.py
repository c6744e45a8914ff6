"""Rate windows and the owner's rhythm."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.models import RateLimit
from bot.domain.policy import QuietHours
from bot.domain.transitions.budget import STATUSES, UPLOADS, opens_at, reach, rhythm
from tests.makers import HOUR, MINUTE, NOON, SECOND, account_policy


class TestWindowsWithoutHeaders:
    """Where the server says nothing, howdah counts."""

    def test_below_the_bound(self):
        """299 statuses in three hours leave one."""
        assert opens_at(STATUSES, [NOON - MINUTE] * 299, None, now=NOON) is None

    def test_at_the_bound(self):
        """After 300 the next is allowed when the oldest of them is three hours old."""
        used = [NOON - 2 * HOUR] + [NOON - MINUTE] * 299

        assert NOON + HOUR == opens_at(STATUSES, used, None, now=NOON)

    def test_calls_of_before_the_window_dont_count(self):
        """A call exactly as old as the window is over."""
        assert opens_at(UPLOADS, [NOON - 30 * MINUTE] * 40, None, now=NOON) is None

    def test_calls_that_a_clock_ahead_has_dated(self):
        """They hold up nothing until then."""
        assert opens_at(UPLOADS, [NOON + 30 * MINUTE] * 40, None, now=NOON) is None

    def test_more_calls_than_the_bound(self):
        """Where others used the window up beyond its bound, enough of them must fall out."""
        used = [NOON - 20 * MINUTE] * 5 + [NOON - 10 * MINUTE] * 30

        assert NOON + 20 * MINUTE == opens_at(UPLOADS, used, None, now=NOON)

    @given(st.lists(st.integers(0, 7200), max_size=400))
    def test_no_window_ever_holds_more_calls_than_allowed(self, gaps):
        """Sending whenever it is allowed never exceeds 30 uploads in any half hour."""
        now = NOON
        used: list[datetime] = []
        for gap in gaps:
            now += timedelta(seconds=gap)
            now = opens_at(UPLOADS, used, None, now=now) or now
            used.append(now)

        assert all(sum(at - UPLOADS.period < other <= at for other in used) <= UPLOADS.calls for at in used)


class TestWindowsWithHeaders:
    """Where the server says what is left, it is believed."""

    def test_something_left(self):
        """Its word counts more than howdah's own count."""
        assert opens_at(STATUSES, [NOON] * 500, RateLimit(remaining=1, reset_at=NOON + HOUR), now=NOON) is None

    def test_nothing_left(self):
        """Nothing is sent before the reset, so that the limit never bites."""
        rate = RateLimit(remaining=0, reset_at=NOON + HOUR)

        assert NOON + HOUR == opens_at(STATUSES, [], rate, now=NOON)

    @pytest.mark.parametrize("reset_at", [NOON, NOON - SECOND, NOON + timedelta(days=2)])
    def test_a_reset_that_passed_or_is_absurd(self, reset_at):
        """An old header or a broken one holds nobody up."""
        assert opens_at(STATUSES, [], RateLimit(remaining=0, reset_at=reset_at), now=NOON) is None

    def test_a_window_just_over(self):
        """The next one's first answer will say what it holds: howdah's own count stays out of it."""
        used = [NOON - MINUTE] * 300
        lately = RateLimit(remaining=700, reset_at=NOON - SECOND)
        long_ago = RateLimit(remaining=700, reset_at=NOON - STATUSES.period)

        assert opens_at(STATUSES, used, lately, now=NOON) is None
        assert NOON - MINUTE + STATUSES.period == opens_at(STATUSES, used, long_ago, now=NOON)


class TestRhythm:
    """min_interval and quiet_hours."""

    def test_none(self):
        """Without either, at once."""
        assert rhythm(account_policy(), [NOON], now=NOON) is None

    def test_min_interval(self):
        """The next status waits for the interval since the last."""
        policy = account_policy(min_interval=10 * MINUTE)

        assert NOON + 9 * MINUTE == rhythm(policy, [NOON - MINUTE], now=NOON)
        assert rhythm(policy, [NOON - 10 * MINUTE], now=NOON) is None
        assert rhythm(policy, [], now=NOON) is None

    def test_max_per_day(self):
        """What is over waits until the first of them is a day old."""
        sent = [NOON - 23 * HOUR, NOON - 2 * HOUR, NOON - HOUR]

        assert NOON + HOUR == rhythm(account_policy(max_per_day=3), sent, now=NOON)
        assert NOON + 22 * HOUR == rhythm(account_policy(max_per_day=2), sent, now=NOON)
        assert rhythm(account_policy(max_per_day=4), sent, now=NOON) is None
        assert rhythm(account_policy(max_per_day=3), sent, now=NOON + HOUR) is None

    def test_how_far_back_is_counted(self):
        """A day where a day's statuses are bounded; else as far as the windows and the interval reach."""
        assert timedelta(days=1) == reach(account_policy(max_per_day=1))
        assert timedelta(hours=3) == reach(account_policy())
        assert timedelta(days=9) == reach(account_policy(min_interval=timedelta(days=9)))

    @pytest.mark.parametrize(
        ("clock", "until"),
        [
            ("2026-01-10T22:59", None),
            ("2026-01-10T23:00", "2026-01-11T07:00"),
            ("2026-01-11T03:00", "2026-01-11T07:00"),
            ("2026-01-11T06:59", "2026-01-11T07:00"),
            ("2026-01-11T07:00", None),
            ("2026-07-10T22:30", "2026-07-11T06:00"),
            ("2026-03-28T23:30", "2026-03-29T06:00"),
            ("2026-10-24T23:30", "2026-10-25T07:00"),
        ],
    )
    def test_quiet_hours_over_midnight(self, clock, until):
        """They follow the zone's wall clock, over midnight and over a change of daylight saving."""
        quiet = QuietHours(start=time(23), end=time(7), zone="Europe/London")
        expected = datetime.fromisoformat(until).replace(tzinfo=UTC) if until else None
        now = datetime.fromisoformat(clock).replace(tzinfo=UTC)

        assert expected == rhythm(account_policy(quiet_hours=quiet), [], now=now)

    @pytest.mark.parametrize(("hour", "until"), [(11, None), (12, 14), (13, 14), (14, None)])
    def test_quiet_hours_within_a_day(self, hour, until):
        """A siesta."""
        quiet = QuietHours(start=time(12), end=time(14), zone="UTC")
        expected = NOON.replace(hour=until) if until else None

        assert expected == rhythm(account_policy(quiet_hours=quiet), [], now=NOON.replace(hour=hour))

    @pytest.mark.parametrize(
        ("now", "until"), [("00:10", "00:30"), ("00:40", None), ("01:10", "01:30"), ("01:40", None)]
    )
    def test_quiet_hours_in_the_hour_that_comes_twice(self, now, until):
        """Where clocks go back from 3:00 to 2:00, each pass of that hour has its quiet half."""
        quiet = QuietHours(start=time(1), end=time(2, 30), zone="Europe/Berlin")

        def at(clock):
            return datetime.fromisoformat(f"2026-10-25T{clock}+00:00")

        assert (at(until) if until else None) == rhythm(account_policy(quiet_hours=quiet), [], now=at(now))

    def test_an_interval_that_ends_in_quiet_hours(self):
        """Both hold: the later one wins."""
        quiet = QuietHours(start=time(12, 5), end=time(14), zone="UTC")
        policy = account_policy(quiet_hours=quiet, min_interval=10 * MINUTE)

        assert NOON.replace(hour=14) == rhythm(policy, [NOON - MINUTE], now=NOON)
