"""Times that a person types."""

from datetime import UTC, datetime, timedelta

import click
import pytest

from bot.cli.options import earlier, later

SOON = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _in_berlin(monkeypatch):
    """A machine with a time zone of its own."""
    import time

    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-12-01", datetime(2026, 11, 30, 23, 0, tzinfo=UTC)),
        ("2026-07-01 08:30", datetime(2026, 7, 1, 6, 30, tzinfo=UTC)),
        (" 2026-12-01T08:30Z ", datetime(2026, 12, 1, 8, 30, tzinfo=UTC)),
        ("2026-12-01T08:30+05:00", datetime(2026, 12, 1, 3, 30, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("read", [later, earlier])
def test_dates(read, text, meant):
    """Without a zone of their own they are by the machine's."""
    assert meant == read(text)


def test_a_duration_counts_from_now():
    """Forward or back."""
    now = datetime.now(UTC)

    assert abs(later("3h") - now - timedelta(hours=3)) < SOON
    assert abs(now - earlier("1d12h") - timedelta(hours=36)) < SOON


def test_a_time_of_day_is_the_nearest():
    """The next one, or the last one: never more than a day away."""
    now = datetime.now(UTC)

    for clock in ("00:00", "9:05", "23:59"):
        assert timedelta(0) <= later(clock) - now + SOON <= timedelta(days=1, hours=1, minutes=1)
        assert timedelta(0) <= now - earlier(clock) + SOON <= timedelta(days=1, hours=1, minutes=1)


@pytest.mark.parametrize("text", ["", "soon", "25:00", "2026-13-01", "0001-01-01", "9999999d"])
def test_what_is_no_time(text):
    """Is answered with how to write one."""
    with pytest.raises(click.BadParameter, match="is no time"):
        earlier(text)
