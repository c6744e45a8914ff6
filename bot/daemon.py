"""The daemon: a handful of ticks, the signals, and nothing that decides.

Each tick asks the store what is due and hands it to a thread: a site's look, an account's lane. What one of them
runs into is logged and stays with it. Signals only set events; the main thread acts on them.
"""

import logging
import queue
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler

from bot.crosspost.collect import collect
from bot.crosspost.deliver import attend
from bot.crosspost.house import House
from bot.crosspost.sync import ACCOUNT_THREADS, SITE_THREADS
from bot.errors import HowdahError

log = logging.getLogger("howdah")

TICK_SECONDS = 1.0

Opener = Callable[[], AbstractContextManager[House]]


class Crew:
    """Threads that do one kind of job, never the same one twice at a time. A job's errors are logged, not raised."""

    def __init__(self, kind: str, threads: int) -> None:
        self._kind = kind
        self._pool = ThreadPoolExecutor(threads, kind)
        self._busy: set[str] = set()
        self._lock = threading.Lock()

    def take(self, name: str, job: Callable[[], object]) -> None:
        """Do a job under this name, unless it is being done already."""
        with self._lock:
            if name in self._busy:
                return
            self._busy.add(name)
        self._pool.submit(self._do, name, job)

    def leave(self) -> None:
        """Finish the jobs in hand and end the threads."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _do(self, name: str, job: Callable[[], object]) -> None:
        try:
            job()
        except HowdahError as error:
            log.error("%s %s: %s", self._kind, name, error, extra={"event": "error", self._kind: name})
        except Exception:  # the outermost loop: one broken job must not end the others, nor pass in silence
            log.exception("%s %s: unexpected", self._kind, name, extra={"event": "crash", self._kind: name})
        finally:
            with self._lock:
                self._busy.discard(name)


class Daemon:
    """Runs until asked to stop. open_house reads the config anew each time; stop is the event that its clock heeds."""

    def __init__(self, open_house: Opener, *, stop: threading.Event, tick_seconds: float = TICK_SECONDS) -> None:
        self._open_house = open_house
        self._stop = stop
        # A handler may run while the main thread holds an Event's own lock; a SimpleQueue can be put to all the same.
        self._wake: queue.SimpleQueue[None] = queue.SimpleQueue()
        self._tick_seconds = tick_seconds

    def run(self) -> None:
        """Work until SIGTERM or SIGINT; the share in hand is finished. SIGHUP reads the config anew.

        Raises what open_house raises the first time; later, a config that is wrong is logged and the old one kept.
        """
        with self._signals():
            opened = ExitStack()
            try:
                house = opened.enter_context(self._open_house())
                self._work(house)
                while not self._stop.is_set():
                    house, opened = self._reopen(house, opened)
                    self._work(house)
            finally:
                opened.close()
        log.info("stopped", extra={"event": "stopped"})

    def reload(self) -> None:
        """Ask for the config to be read anew."""
        self._wake.put(None)

    def stop(self) -> None:
        """Ask to stop."""
        self._stop.set()
        self._wake.put(None)

    def _work(self, house: House) -> None:
        """Tick until there is a reason to stop or to reload, then finish what is in hand."""
        sites, accounts = Crew("site", SITE_THREADS), Crew("account", ACCOUNT_THREADS)
        scheduler = _scheduler()
        every = {"trigger": "interval", "seconds": self._tick_seconds}
        scheduler.add_job(Tick(house, _look, sites), name="collect", **every)
        scheduler.add_job(Tick(house, _deliver, accounts), name="deliver", **every)
        for name in house.accounts:
            house.store.resume(name)  # starting anew means that a person may have mended it
        scheduler.start()
        log.info(
            "running: %d sites, %d accounts",
            len(house.sites),
            len(house.accounts),
            extra={"event": "running", "sites": len(house.sites), "accounts": len(house.accounts)},
        )
        self._wake.get()
        scheduler.shutdown(wait=True)
        sites.leave()
        accounts.leave()

    def _reopen(self, house: House, opened: ExitStack) -> tuple[House, ExitStack]:
        """Open the house by the new config; keep the old one where the new is wrong."""
        fresh = ExitStack()
        try:
            new = fresh.enter_context(self._open_house())
        except HowdahError as error:
            log.error("config not taken over: %s", error, extra={"event": "reload_failed", "error": str(error)})
            return house, opened
        opened.close()
        log.info("config read anew", extra={"event": "reloaded"})
        return new, fresh

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Handle the signals while running, and give them back as they were."""
        actions = {signal.SIGTERM: self.stop, signal.SIGINT: self.stop, signal.SIGHUP: self.reload}

        def handle(number: int, _frame: FrameType | None) -> None:
            actions[signal.Signals(number)]()

        before = {number: signal.signal(number, handle) for number in actions}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class Tick:
    """One tick: ask what is due and hand it out. What goes wrong is logged once until it goes well again."""

    def __init__(self, house: House, hand_out: Callable[[House, Crew], None], crew: Crew) -> None:
        self._house = house
        self._hand_out = hand_out
        self._crew = crew
        self._last_error = ""

    def __call__(self) -> None:
        """Tick."""
        try:
            self._hand_out(self._house, self._crew)
        except HowdahError as error:
            if str(error) != self._last_error:
                log.error("%s", error, extra={"event": "error", "error": str(error)})
            self._last_error = str(error)
        else:
            self._last_error = ""


def _look(house: House, crew: Crew) -> None:
    for name in house.store.due_sites(house.sites, now=house.clock.now()):
        crew.take(name, partial(collect, house, name))


def _deliver(house: House, crew: Crew) -> None:
    due = house.store.due_accounts(house.accounts, sites=house.sites, now=house.clock.now())
    for name in due:
        crew.take(name, partial(attend, house, name))


def _scheduler() -> BackgroundScheduler:
    # A tick that is late still runs, once: the default grace of one second drops it without a word.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    return BackgroundScheduler(
        timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
