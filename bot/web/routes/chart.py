"""Thirty days in a picture: shares and failures by day, and how long statuses took to appear."""

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct
from starlette.responses import Response

from bot.domain.models import Day
from bot.web.calls import Call, Path
from bot.web.live import CHART_DAYS
from bot.web.responses import page

HEIGHT = 200
"""Of the picture, in pixels; its width is the page's, so that across all is told in hundredths of it."""
_WORDS = ("2 min", "5 min", "15 min", "1 h", "6 h", "longer")
_DAYS_BETWEEN_LABELS = 5


class Bar(Struct, frozen=True, kw_only=True):
    """One bar of a chart, failures standing on what was shared. x and width in hundredths, all else in pixels."""

    x: float
    width: float
    shared_y: float
    shared: float
    failed_y: float
    failed: float
    title: str


class Picture(Struct, frozen=True, kw_only=True):
    """A chart: its bars, the numbers of its scale from the highest down to 0, the words below it from left to right."""

    bars: tuple[Bar, ...]
    scale: tuple[int, ...]
    labels: tuple[str, ...]
    height: int = HEIGHT


def chart(call: Call) -> Response:
    """The page."""
    today = call.live.context.clock.now().date()
    days = _complete(call.live.days(), today)
    delays = [sum(day.delays[step] for day in days) for step in range(len(_WORDS))]
    by_delay = list(zip(_WORDS, delays, strict=True))
    return page(
        call,
        "chart.html",
        days=days,
        by_day=_picture(
            [(day.shared, day.failed, f"{day.date}") for day in days],
            labels=[f"{day.date:%-d %b}" for day in days[_DAYS_BETWEEN_LABELS - 1 :: _DAYS_BETWEEN_LABELS]],
        ),
        delays=by_delay,
        by_delay=_picture([(number, 0, f"within {word}") for word, number in by_delay], labels=_WORDS),
    )


def _picture(values: Sequence[tuple[int, int, str]], *, labels: Sequence[str]) -> Picture:
    """values: shared, failed and the name of each."""
    top = _round(max((shared + failed for shared, failed, _ in values), default=0))
    return Picture(bars=_bars(values, top), scale=(top, top // 2, 0), labels=tuple(labels))


def _complete(days: tuple[Day, ...], today: date) -> list[Day]:
    """Every day of the last thirty, those with nothing among them."""
    known = {day.date: day for day in days}
    dates = [today - timedelta(days=back) for back in reversed(range(CHART_DAYS))]
    return [known.get(at, Day(date=at, shared=0, failed=0, delays=(0,) * len(_WORDS))) for at in dates]


def _bars(values: Sequence[tuple[int, int, str]], top: int) -> tuple[Bar, ...]:
    step, unit = 100 / len(values), HEIGHT / top
    bars = []
    for place, (shared, failed, word) in enumerate(values):
        y = HEIGHT - shared * unit
        bar = Bar(
            x=round((place + 0.2) * step, 2),
            width=round(0.6 * step, 2),
            shared_y=round(y, 1),
            shared=round(shared * unit, 1),
            failed_y=round(y - failed * unit, 1),
            failed=round(failed * unit, 1),
            title=f"{word}: {shared} shared" + (f", {failed} failed" if failed else ""),
        )
        bars.append(bar)
    return tuple(bars)


def _round(most: int) -> int:
    """The top of the scale: 2, 4, 10, 20, 40, 100 and so on, not below the most."""
    size = 1
    while True:
        for step in (2, 4, 10):
            if most <= step * size:
                return step * size
        size *= 10


PATHS = (Path(path="/chart", answer=chart),)
