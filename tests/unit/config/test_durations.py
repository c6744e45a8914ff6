"""Durations as people write them."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.durations import PATTERN, format_duration, parse_duration

MILLISECONDS = st.integers(min_value=0, max_value=40_000 * 86_400_000).map(lambda ms: timedelta(milliseconds=ms))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2m", timedelta(minutes=2)),
        ("60s", timedelta(seconds=60)),
        ("1h30m", timedelta(minutes=90)),
        ("1h 30m", timedelta(minutes=90)),
        ("2d", timedelta(days=2)),
        ("250ms", timedelta(milliseconds=250)),
        ("1d2h3m4s5ms", timedelta(days=1, hours=2, minutes=3, seconds=4, milliseconds=5)),
        ("0.5s", timedelta(milliseconds=500)),
        ("0s", timedelta(0)),
        ("0", timedelta(0)),
        (0, timedelta(0)),
        (0.0, timedelta(0)),
        (" 5s ", timedelta(seconds=5)),
    ],
)
def test_reads(written: object, meant: timedelta) -> None:
    """Every notation of the interface means what it says."""
    assert meant == parse_duration(written)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (True, 'true isn\'t a duration (write it with a unit, such as "2m", "90s" or "1h30m")'),
        (5, '5 has no unit (write "5s" for seconds, "5m" for minutes)'),
        (1.5, '1.5 has no unit (write "1.5s" for seconds, "1.5m" for minutes)'),
        (-5, '-5 is negative (a duration is 0 or more, such as "2m", "90s" or "1h30m")'),
        ("-5m", '"-5m" is negative (a duration is 0 or more, such as "2m", "90s" or "1h30m")'),
        ("", '"" isn\'t a duration (write it with units, such as "2m", "90s" or "1h30m"; units: d, h, m, s, ms)'),
        (
            "2min",
            '"2min" isn\'t a duration (write it with units, such as "2m", "90s" or "1h30m"; units: d, h, m, s, ms)',
        ),
        (
            "30m1h",
            '"30m1h" isn\'t a duration (write it with units, such as "2m", "90s" or "1h30m"; units: d, h, m, s, ms)',
        ),
        ("0.1ms", '"0.1ms" is finer than a millisecond (the smallest duration is 1ms)'),
        (["2m"], '["2m"] isn\'t a duration (write it as text with a unit, such as "2m", "90s" or "1h30m")'),
        (
            date(2026, 3, 14),
            '2026-03-14 isn\'t a duration (write it as text with a unit, such as "2m", "90s" or "1h30m")',
        ),
        ("999999999d24h", '"999999999d24h" is longer than time itself (the longest is 999999999d)'),
    ],
)
def test_refuses(written: object, sentence: str) -> None:
    """What isn't a duration is refused with a sentence that shows one."""
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        parse_duration(written)


@given(MILLISECONDS)
def test_round_trip(duration: timedelta) -> None:
    """Every duration in whole milliseconds is read back as it is written, and editors accept the notation."""
    written = format_duration(duration)

    assert duration == parse_duration(written)
    assert re.search(PATTERN, written)


@given(st.text(alphabet="0123456789.dhms ", max_size=12))
def test_never_surprises(written: str) -> None:
    """A text is a duration of 0 or more, which editors accept too, or it is refused as a ValueError."""
    try:
        duration = parse_duration(written)
    except ValueError:
        return

    assert duration >= timedelta(0)
    assert re.search(PATTERN, written.strip())
