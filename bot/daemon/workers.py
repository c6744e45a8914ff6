"""Threads that do one kind of job."""

import queue
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from datetime import timedelta

from msgspec import Struct

from bot.crosspost.events import tell
from bot.crosspost.events.process import JobCrashed, JobFailed
from bot.crosspost.threads import has_place
from bot.errors import HowdahError

Job = Callable[[], object]


class _Taken(Struct, frozen=True, kw_only=True):
    """A job that is to be done. server: whom it asks."""

    name: str
    job: Job
    server: str


class WorkerPool:
    """Threads that do one kind of job, never the same one twice at a time. A job's errors are logged, not raised.

    The threads don't keep the process alive: those of an executor would be waited for at its end, however long a
    server keeps them.

    Args:
        kind: what the jobs are called in the log.
        threads: how many jobs are done at a time.
        shared: how many of those may ask servers that are asked already, as has_place() says; others wait without a
            thread.
    """

    def __init__(self, kind: str, threads: int, *, shared: int = 0) -> None:
        self._kind = kind
        self._most = threads
        self._shared = shared
        self._threads = 0
        self._jobs: queue.SimpleQueue[_Taken | None] = queue.SimpleQueue()
        self._busy: set[str] = set()
        # By server: how many jobs are with the threads, and which ones wait for those to end.
        self._asking: Counter[str] = Counter()
        self._waiting: defaultdict[str, deque[_Taken]] = defaultdict(deque)
        self._changed = threading.Condition()
        self._closed = False
        self._given_up = False

    def take(self, name: str, job: Job, *, server: str = "") -> None:
        """Do a job under this name, unless it is being done already or the pool is closed.

        server: whom it asks, so that a slow one keeps no more threads than its share; '' for nobody in particular.
        """
        taken = _Taken(name=name, job=job, server=server)
        with self._changed:
            if self._closed or name in self._busy:
                return
            self._busy.add(name)
            if server and not self._has_place(server):
                self._waiting[server].append(taken)
                return
            self._hand_over(taken)
            if self._threads < self._most and self._threads < self._asking.total():
                self._begin_thread(taken)

    def _has_place(self, server: str) -> bool:
        beyond = self._asking.total() - len(self._asking)
        return has_place(self._asking[server], beyond=beyond, shared=self._shared)

    def _hand_over(self, taken: _Taken) -> None:
        self._asking[taken.server] += 1
        self._jobs.put(taken)

    def _begin_thread(self, taken: _Taken) -> None:
        """Begin a thread, for this job at first. Where the system gives no more, those that run do it.

        Raises RuntimeError where none runs: then the job isn't taken.
        """
        thread = threading.Thread(target=self._serve, name=f"{self._kind}_{self._threads + 1}", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            if not self._threads:
                self._jobs.get_nowait()
                self._end(taken)
                raise
        else:
            self._threads += 1

    def close(self) -> None:
        """Begin no further job; what was taken and not begun is dropped."""
        with self._changed:
            self._closed = True

    def idle(self) -> bool:
        """Whether no job is in hand."""
        with self._changed:
            return not self._busy

    def leave(self, within: timedelta) -> bool:
        """Close, wait at most that long for the jobs in hand, and go; False where some were given up.

        What a job raises once it is given up is nobody's concern: what it works with is gone.
        """
        self.close()
        with self._changed:
            done = self._changed.wait_for(lambda: not self._busy, within.total_seconds())
            self._given_up = not done
            for _ in range(self._threads):
                self._jobs.put(None)
        return done

    def _serve(self) -> None:
        while (taken := self._jobs.get()) is not None:
            try:
                if not self._closed:
                    self._do(taken.name, taken.job)
            finally:
                with self._changed:
                    self._end(taken)
                    self._changed.notify_all()

    def _end(self, taken: _Taken) -> None:
        """Give the place to one that waits, of the server that holds the fewest; that may be another one."""
        self._busy.discard(taken.name)
        self._asking[taken.server] -= 1
        if not self._asking[taken.server]:
            del self._asking[taken.server]
        server = min(self._waiting, key=self._asking.__getitem__, default="")
        if server and self._has_place(server):
            self._hand_over(self._waiting[server].popleft())
            if not self._waiting[server]:
                del self._waiting[server]

    def _do(self, name: str, job: Job) -> None:
        try:
            job()
        except HowdahError as error:
            if not self._given_up:
                tell(JobFailed(kind=self._kind, job=name, error=str(error)))
        except Exception:  # noqa: BLE001 - outermost: one broken job must not end the others, nor pass in silence
            if not self._given_up:
                tell(JobCrashed(kind=self._kind, job=name))
