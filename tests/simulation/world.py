"""Time and turns: threads that run one at a time, each until its next call to a port.

Exactly one thread has the baton. A call to a port gives it back with "wake me at …", and whoever is earliest goes on,
ties by the seed; so a run is a function of its seed. Nobody sleeps and nobody reads a clock: time is a number here.
"""

import heapq
import random
import threading
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.simulation.trace import Trace

# Milliseconds, as the store keeps them.
SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
_JOIN_SECONDS = 20.0
# Of ports, in one part of a run: ten times what the busiest world needs.
_MOST_CALLS = 20_000


class Killed(BaseException):
    """This process is no more, as after SIGKILL: from now on no call to a port has an effect."""


class Process:
    """A process of the operating system: threads that end together."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.dead = False
        self.paused_until = 0

    def kill(self) -> None:
        """End it; its threads learn of it at their next call."""
        self.dead = True


class Task:
    """A thread of a process, and its turn."""

    def __init__(self, process: Process, name: str, work: Callable[[], None]) -> None:
        self.process = process
        self.name = name
        self.baton = threading.Lock()
        self.baton.acquire()
        self.work = work
        self.thread: threading.Thread | None = None
        self.ready: Callable[[], int | None] | None = None
        self.done = False


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken promise: which, and how."""

    invariant: str
    detail: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.detail}"


@dataclass(order=True, slots=True)
class _Turn:
    at: int
    tie: float
    number: int
    who: Task | Callable[[], None] = field(compare=False)


class World:
    """The time of everybody, the queue of turns, and what was found wrong.

    ms: milliseconds since the start. calm: faults have ended. changed: something happened that those who wait for the
    store's agenda have to know of.
    """

    def __init__(self, seed: int, *, start: datetime) -> None:
        self.seed = seed
        self.start = start
        self.ms = 0
        self.calm = False
        self.over = False
        self.changed = True
        self.trace = Trace()
        self.struck: Counter[str] = Counter()
        self.violations: list[Violation] = []
        self.events = 0
        self._ties = self.random("ties")
        self._queue: list[_Turn] = []
        self._number = 0
        self._until = 0
        self._tasks: list[Task] = []
        self._waiting: list[Task] = []
        self._current: Task | None = None
        self._main = threading.Lock()
        self._main.acquire()

    # --- what everybody may ask

    def random(self, purpose: str) -> random.Random:
        """Dice for one purpose: others that are thrown more or less often don't change what these show."""
        return random.Random(f"{self.seed} {purpose}")

    def now(self) -> datetime:
        """The true time."""
        return self.start + timedelta(milliseconds=self.ms)

    def instant(self, ms: int) -> datetime:
        """The true time at so many milliseconds from the start."""
        return self.start + timedelta(milliseconds=ms)

    def fail(self, invariant: str, detail: str) -> None:
        """Note that a promise is broken; the run ends."""
        self.violations.append(Violation(invariant, detail))
        self.trace.note(self.ms, "world", f"VIOLATED {invariant}: {detail}")
        self.over = True

    def strike(self, fault: str) -> None:
        """Count a fault that happened."""
        self.struck[fault] += 1

    # --- turns

    def at(self, ms: int, act: Callable[[], None]) -> None:
        """Let something happen at that time."""
        self._push(max(ms, self.ms), act)

    def spawn(self, process: Process, name: str, work: Callable[[], None], *, at: int | None = None) -> None:
        """Begin a thread of a process."""
        task = Task(process, name, work)
        task.thread = threading.Thread(target=self._live, args=(task,), name=f"{process.name}/{name}", daemon=True)
        self._tasks.append(task)
        task.thread.start()
        self._push(self.ms if at is None else at, task)

    def sleep(self, ms: int) -> None:
        """Give the baton back, for so long. Raises Killed where the process has ended by then."""
        task = self._task()
        if self._is_next(task, self.ms + ms):
            self.ms += ms
            return
        self._push(self.ms + ms, task)
        self._switch(task)

    def wait_for(self, ready: Callable[[], int | None]) -> None:
        """Give the baton back until the time that ready() tells; asked anew whenever something changed."""
        task = self._task()
        task.ready = ready
        self._waiting.append(task)
        self.changed = True
        self._switch(task)

    def run(self, *, until: int, done: Callable[[], bool]) -> None:
        """Let time pass until all is done, something is wrong, that time is over, or too much has happened."""
        self._until = until
        most = self.events + _MOST_CALLS
        while not self.over and self.ms <= until and self.events < most and not done():
            turn = self._next()
            if turn is None:
                break
            self.ms = max(self.ms, turn.at)
            if isinstance(turn.who, Task):
                self._hand(turn.who)
            else:
                turn.who()

    def end(self) -> None:
        """End every thread."""
        self.over = True
        for task in self._tasks:
            task.process.kill()
        for task in self._tasks:
            if not task.done:  # a thread that has given the baton back for good may still be alive for a moment
                self._hand(task)
            if task.thread is not None:
                task.thread.join(_JOIN_SECONDS)

    def _task(self) -> Task:
        if self._current is None:
            raise AssertionError("a port was called from outside of every process")
        if self._current.process.dead or self.over:
            raise Killed  # what its `finally:` would still do has no effect
        return self._current

    def _is_next(self, task: Task, at: int) -> bool:
        """Whether nobody else has a turn before then, so that the baton would come back at once."""
        if self.calm or at > self._until or task.process.paused_until > self.ms:
            return False
        if self.changed:
            self._ask_waiting()
        return not self._queue or at < self._queue[0].at

    def _push(self, at: int, who: Task | Callable[[], None]) -> None:
        self._number += 1
        heapq.heappush(self._queue, _Turn(at, self._ties.random(), self._number, who))

    def _next(self) -> _Turn | None:
        """The earliest turn of those that stand in the queue and those who wait for their time to be told."""
        if self.changed:
            self._ask_waiting()
        return heapq.heappop(self._queue) if self._queue else None

    def _ask_waiting(self) -> None:
        self.changed = False
        still: list[Task] = []
        waited = set(map(id, self._waiting))
        self._queue = [turn for turn in self._queue if id(turn.who) not in waited]
        heapq.heapify(self._queue)
        for task in self._waiting:
            if task.process.dead:
                self._push(self.ms, task)
                continue
            still.append(task)
            at = task.ready() if task.ready is not None else None
            if at is not None:
                self._push(max(at, self.ms), task)
        self._waiting = still

    def _hand(self, task: Task) -> None:
        """Let a task run until it gives the baton back."""
        if task in self._waiting:
            self._waiting.remove(task)
        if task.process.paused_until > self.ms and not task.process.dead and not self.over:
            self._push(task.process.paused_until, task)
            return
        self._current = task
        task.baton.release()
        self._main.acquire()
        self._current = None

    def _switch(self, task: Task) -> None:
        self._main.release()
        task.baton.acquire()
        if task.process.dead or self.over:
            raise Killed

    def _live(self, task: Task) -> None:
        task.baton.acquire()
        try:
            if not task.process.dead and not self.over:
                task.work()
        except Killed:
            pass
        except Exception:  # noqa: BLE001 - the outermost loop: whatever nobody expected is a finding
            self.fail("no unexpected exception", traceback.format_exc())
        finally:
            task.done = True
            self._main.release()
