"""Whether the ticks really work."""

from bot.daemon.progress import STUCK_AFTER_SECONDS, Progress


class Steady:
    """A clock that stands until a test moves it."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        """The seconds."""
        return self.seconds


def progress(**periods: float) -> tuple[Progress, Steady]:
    """Progress of ticks with these periods, and its clock."""
    clock = Steady()
    return Progress(periods, steady=clock), clock


def test_at_the_beginning_none_is_stuck() -> None:
    """The ticks have a minute for their first time; until then nothing has worked."""
    ticks, clock = progress(collect=1.0, follow=15.0)

    assert not ticks.stuck()
    assert ("collect", "follow") == ticks.idle()

    clock.seconds += STUCK_AFTER_SECONDS + 1.5

    assert ticks.stuck()


def test_while_any_comes_back_they_are_not_stuck() -> None:
    """A database that hangs keeps them waiting one after the other: then each takes long, and none is stuck."""
    ticks, clock = progress(collect=1.0, follow=15.0)
    clock.seconds += 100

    ticks.returned("collect", worked=True)

    assert not ticks.stuck()
    assert ("follow",) == ticks.idle()
    clock.seconds += STUCK_AFTER_SECONDS + 2
    assert ticks.stuck()
    assert ("collect", "follow") == ticks.idle()
    ticks.returned("follow", worked=False)
    assert not ticks.stuck()


def test_one_that_fails_comes_back_and_does_not_work() -> None:
    """A store that can't be reached is no reason for a restart, but nothing works either."""
    ticks, clock = progress(collect=1.0)
    ticks.returned("collect", worked=True)
    clock.seconds += STUCK_AFTER_SECONDS + 2

    ticks.returned("collect", worked=False)

    assert not ticks.stuck()
    assert ("collect",) == ticks.idle()
