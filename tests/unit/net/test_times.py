"""How long servers ask to be left alone."""

from collections.abc import Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.net.times import seconds_asked, stated_at

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [
        ("", None),
        ("600", 600),
        (" 0 ", 0),
        ("60.5", 60.5),
        ("999999999", 999_999_999),
        ("9" * 500, None),
        ("-5", None),
        ("soon", None),
        ("٣", None),
        ("Sun, 22 Nov 2026 12:05:00 GMT", 300),
        ("Sunday, 22-Nov-26 12:05:00 GMT", 300),
        ("Sun Nov 22 12:05:00 2026", 300),
        ("Sun, 22 Nov 2026 11:00:00 GMT", 0),
        ("Sun, 99 Nov 2026 12:05:00 GMT", None),
        ("2026-11-22T12:05:00Z", 300),
        ("2026-11-22T12:05:00", 300),
        ("1795349100", 300),
        ("1795349100000", 300),
    ],
)
def test_a_number_or_an_instant(asked: str, seconds: float | None) -> None:
    """Nonsense says nothing."""
    assert seconds == seconds_asked(asked, date="", now=NOW)


def test_an_instant_counts_from_the_answers_own_date() -> None:
    """A clock that is off, theirs or ours, doesn't matter."""
    until = "Sun, 22 Nov 2020 12:00:30 GMT"

    assert 30 == seconds_asked(until, date="Sun, 22 Nov 2020 12:00:00 GMT", now=NOW)
    assert 0 == seconds_asked(until, date="yesterday", now=NOW)


@given(st.text(), st.text())
def test_anything_is_a_wait_or_none(asked: str, date: str) -> None:
    """Never less than nothing, and never an error."""
    assert (seconds_asked(asked, date=date, now=NOW) or 0) >= 0


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"date": "Sun, 22 Nov 2026 12:00:00 GMT"}, datetime(2026, 11, 22, 12, tzinfo=UTC)),
        ({"date": "Sun, 22 Nov 2026 12:00:00 GMT", "age": "60"}, datetime(2026, 11, 22, 12, 1, tzinfo=UTC)),
        ({"date": "Sun, 22 Nov 2026 12:00:00 GMT", "age": "old"}, datetime(2026, 11, 22, 12, tzinfo=UTC)),
        ({"date": "noon"}, None),
        ({}, None),
    ],
)
def test_what_the_servers_clock_says(headers: Mapping[str, str], expected: datetime | None) -> None:
    """What lay in a cache was said so long ago."""
    assert expected == stated_at(headers)
