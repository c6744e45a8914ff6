"""What threads of one process wait for each other by, in the world's time: an executor, its results, and a lock."""

from collections.abc import Callable, Collection, Mapping
from concurrent.futures import Executor, Future
from functools import partial
from types import SimpleNamespace
from typing import Any, NamedTuple

from tests.simulation.world import SECOND, Process, World

_STEP = 100


class Waited(NamedTuple):
    """What is done of the things that were waited for."""

    done: set["Future[Any]"]


class TurnExecutor(Executor):
    """A process's executor: what is handed in begins at its turn, and ends with the process."""

    def __init__(self, process: Process, world: World) -> None:
        self._process = process
        self._world = world

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **named: Any) -> "Future[Any]":
        """Begin with it when its turn comes, unless it is cancelled by then."""
        future: Future[Any] = Future()
        job = partial(work, *arguments, **named)
        self._world.spawn(self._process, "ahead", partial(_work, future, job))
        return future


def by_turns(world: World) -> Mapping[str, Any]:
    """What stands in the place of real waiting within howdah, by dotted name."""
    return {
        "bot.crosspost.ahead.wait": partial(_wait, world),
        "bot.wordpress.feed_reader.threading": SimpleNamespace(Lock=partial(TurnLock, world)),
    }


def _wait(world: World, futures: Collection["Future[Any]"], timeout: float | None = None) -> Waited:
    """As concurrent.futures.wait. timeout: in seconds."""
    until = None if timeout is None else world.ms + int(timeout * SECOND)
    while not all(future.done() for future in futures) and (until is None or world.ms < until):
        world.sleep(_STEP)
    return Waited({future for future in futures if future.done()})


class TurnLock:
    """A lock that is waited for by turns: who holds it may give the baton back meanwhile."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._held = False

    def __enter__(self) -> None:
        while self._held:
            self._world.sleep(_STEP)
        self._held = True

    def __exit__(self, *_: object) -> None:
        self._held = False


def _work(future: "Future[Any]", job: Callable[[], Any]) -> None:
    """Work, unless it is cancelled; what kills the process reaches the world."""
    if not future.set_running_or_notify_cancel():
        return
    try:
        done = job()
    except Exception as error:  # noqa: BLE001 - whatever it is: whoever asks for the result hears it
        future.set_exception(error)
    else:
        future.set_result(done)
