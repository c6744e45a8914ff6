"""Thirty days in a picture: shares and failures by day, and how long statuses took to appear."""

from dataclasses import dataclass
from datetime import date, timedelta

from starlette.responses import Response

from bot.domain.models import Day
from bot.web.answers import page
from bot.web.calls import Call
from bot.web.live import CHART_DAYS
from bot.web.paths import Path

WIDTH, HEIGHT = 900, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 24, 10, 26
_WORDS = ("2 min", "5 min", "15 min", "1 h", "6 h", "longer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of a chart, failures standing on what was shared. Lengths are in the picture's own units."""

    x: float
    width: float
    shared_y: float
    shared: float
    failed_y: float
    failed: float
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line across with its number."""

    y: float
    label: str


def chart(call: Call) -> Response:
    """The page."""
    today = call.live.context.clock.now().date()
    days = _complete(call.live.days(), today)
    most = max((day.shared + day.failed for day in days), default=0)
    delays = [sum(day.delays[step] for day in days) for step in range(len(_WORDS))]
    return page(
        call,
        "chart.html",
        days=days,
        bars=_bars([(day.shared, day.failed, f"{day.date}") for day in days], most),
        lines=_lines(most),
        labels=[
            (_LEFT + (place + 0.5) * _step(len(days)), f"{day.date:%-d %b}")
            for place, day in enumerate(days)
            if place % 5 == 4
        ],
        delays=list(zip(_WORDS, delays, strict=True)),
        delay_bars=_bars(
            [(number, 0, f"within {word}") for word, number in zip(_WORDS, delays, strict=True)], max(delays)
        ),
        delay_lines=_lines(max(delays)),
        delay_labels=[(_LEFT + (place + 0.5) * _step(len(_WORDS)), word) for place, word in enumerate(_WORDS)],
        size=(WIDTH, HEIGHT),
        floor=HEIGHT - _BOTTOM,
        left=_LEFT,
    )


def _complete(days: tuple[Day, ...], today: date) -> list[Day]:
    """Every day of the last thirty, those with nothing among them."""
    known = {day.date: day for day in days}
    dates = [today - timedelta(days=back) for back in reversed(range(CHART_DAYS))]
    return [known.get(at, Day(date=at, shared=0, failed=0, delays=(0,) * len(_WORDS))) for at in dates]


def _step(number: int) -> float:
    return (WIDTH - _LEFT - _RIGHT) / number


def _bars(values: list[tuple[int, int, str]], most: int) -> list[Bar]:
    step, unit = _step(len(values)), (HEIGHT - _TOP - _BOTTOM) / _round(most)
    bars = []
    for place, (shared, failed, word) in enumerate(values):
        top = HEIGHT - _BOTTOM - shared * unit
        title = f"{word}: {shared} shared" + (f", {failed} failed" if failed else "")
        bar = Bar(
            x=round(_LEFT + place * step + step * 0.2, 1),
            width=round(step * 0.6, 1),
            shared_y=round(top, 1),
            shared=round(shared * unit, 1),
            failed_y=round(top - failed * unit, 1),
            failed=round(failed * unit, 1),
            title=title,
        )
        bars.append(bar)
    return bars


def _lines(most: int) -> list[Line]:
    high = _round(most)
    unit = (HEIGHT - _TOP - _BOTTOM) / high
    return [Line(y=round(HEIGHT - _BOTTOM - value * unit, 1), label=f"{value:,}") for value in (0, high // 2, high)]


def _round(most: int) -> int:
    """The top of the scale: 2, 4, 10, 20, 40, 100 and so on, not below the most."""
    size = 1
    while True:
        for step in (2, 4, 10):
            if most <= step * size:
                return step * size
        size *= 10


PATHS = (Path(path="/chart", answer=chart),)
