"""Threads that do one kind of job."""

import queue
import threading
from collections.abc import Callable
from datetime import timedelta

from bot.crosspost.events import tell
from bot.crosspost.events.process import JobCrashed, JobFailed
from bot.errors import HowdahError

Job = Callable[[], object]


class WorkerPool:
    """Threads that do one kind of job, never the same one twice at a time. A job's errors are logged, not raised.

    The threads don't keep the process alive: those of an executor would be waited for at its end, however long a
    server keeps them.
    """

    def __init__(self, kind: str, threads: int) -> None:
        self._kind = kind
        self._most = threads
        self._threads = 0
        self._jobs: queue.SimpleQueue[tuple[str, Job] | None] = queue.SimpleQueue()
        self._busy: set[str] = set()
        self._changed = threading.Condition()
        self._closed = False
        self._given_up = False

    def take(self, name: str, job: Job) -> None:
        """Do a job under this name, unless it is being done already or the pool is closed."""
        with self._changed:
            if self._closed or name in self._busy:
                return
            self._busy.add(name)
            self._jobs.put((name, job))
            if self._threads < min(self._most, len(self._busy)):
                self._begin_thread(name)

    def _begin_thread(self, name: str) -> None:
        """Begin a thread, for the job of this name at first. Where the system gives no more, those that run do it.

        Raises RuntimeError where none runs: then the job isn't taken.
        """
        thread = threading.Thread(target=self._serve, name=f"{self._kind}_{self._threads + 1}", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            if not self._threads:
                self._busy.discard(name)
                self._jobs.get_nowait()
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
            name, job = taken
            try:
                if not self._closed:
                    self._do(name, job)
            finally:
                with self._changed:
                    self._busy.discard(name)
                    self._changed.notify_all()

    def _do(self, name: str, job: Job) -> None:
        try:
            job()
        except HowdahError as error:
            if not self._given_up:
                tell(JobFailed(kind=self._kind, job=name, error=str(error)))
        except Exception:  # noqa: BLE001 - outermost: one broken job must not end the others, nor pass in silence
            if not self._given_up:
                tell(JobCrashed(kind=self._kind, job=name))
