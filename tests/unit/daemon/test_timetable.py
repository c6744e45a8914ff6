"""When ticks are due."""

from collections.abc import Iterator

from bot.daemon.ticks import Timetable


def due_at(instants: list[float], **periods: float) -> list[list[str]]:
    """What is due at these instants, one after the other; the table is made at 0."""
    clock: Iterator[float] = iter([0.0, *instants])
    timetable = Timetable(periods, steady=lambda: next(clock))
    return [list(timetable.due()) for _ in instants]


def test_each_at_once_and_then_by_its_period() -> None:
    """However much later it is asked, the next one comes a period after the last one was to."""
    due = due_at([0.0, 1.1, 2.05, 2.9, 3.1], often=1.0, seldom=3.0)

    assert [["often", "seldom"], ["often"], ["often"], [], ["often", "seldom"]] == due


def test_a_late_one_comes_once() -> None:
    """Where the machine slept for an hour, none of what was missed is made up for."""
    assert [["often"], ["often"], [], ["often"]] == due_at([0.0, 3600.0, 3600.5, 3601.0], often=1.0)
