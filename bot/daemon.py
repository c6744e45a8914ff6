"""The daemon: a handful of ticks, the signals, and nothing that decides.

Each tick asks the store what is due and hands it to a thread: a site's look, an account's lane. What one of them
runs into is logged and stays with it. Signals only put a word into a queue; the main thread acts on it.
"""

import logging
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from datetime import timedelta
from enum import Enum, auto
from functools import partial
from types import FrameType

from apscheduler.schedulers.background import BackgroundScheduler

from bot.crosspost.collect import collect
from bot.crosspost.deliver import attend
from bot.crosspost.follow import follow, is_due
from bot.crosspost.house import House
from bot.crosspost.sync import ACCOUNT_THREADS, SITE_THREADS
from bot.errors import HowdahError

log = logging.getLogger("howdah")

TICK_SECONDS = 1.0
# What was shared before is no hurry: of so many ticks one asks for it.
FOLLOW_TICKS = 15
# What a look is given to end in when howdah stops, and a publish beyond its account's timeout to be recorded.
GRACE = timedelta(seconds=1)

Opener = Callable[[], AbstractContextManager[House]]
Job = Callable[[], object]


class Crew:
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
        """Do a job under this name, unless it is being done already or the crew is closed."""
        with self._changed:
            if self._closed or name in self._busy:
                return
            self._busy.add(name)
            self._jobs.put((name, job))
            if self._threads < min(self._most, len(self._busy)):
                self._threads += 1
                threading.Thread(target=self._serve, name=f"{self._kind}_{self._threads}", daemon=True).start()

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
                log.error("%s %s: %s", self._kind, name, error, extra={"event": "error", self._kind: name})
        except Exception:  # the outermost loop: one broken job must not end the others, nor pass in silence
            if not self._given_up:
                log.exception("%s %s: unexpected", self._kind, name, extra={"event": "crash", self._kind: name})


class Daemon:
    """Runs until asked to stop. open_house reads the config anew each time; stop is the event that its clock heeds."""

    def __init__(self, open_house: Opener, *, stop: threading.Event, tick_seconds: float = TICK_SECONDS) -> None:
        self._open_house = open_house
        self._stop = stop
        # A handler may run while the main thread holds an Event's own lock; a SimpleQueue can be put to all the same.
        self._words: queue.SimpleQueue[_Word] = queue.SimpleQueue()
        self._tick_seconds = tick_seconds

    def run(self) -> None:
        """Work until SIGTERM or SIGINT, as stop() says; a second one changes nothing. SIGHUP reads the config anew.

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
        """Ask for the config to be read anew, once everything that is in hand is done."""
        self._words.put(_Word.RELOAD)

    def stop(self) -> None:
        """Ask to stop: the share in hand is finished, which takes at most its account's timeout; looks are given up."""
        self._words.put(_Word.STOP)

    def _work(self, house: House) -> None:
        """Tick until there is a reason to stop or to reload, then see to what is in hand."""
        sites, accounts = Crew("site", SITE_THREADS), Crew("account", ACCOUNT_THREADS)
        ticks = Crew("tick", 3)  # not on the scheduler's own threads, which are waited for when a database hangs
        scheduler = _scheduler()
        for name, hand_out, crew, every in (
            ("collect", _look, sites, 1),
            ("deliver", _deliver, accounts, 1),
            ("follow", _follow, accounts, FOLLOW_TICKS),
        ):
            tick = Tick(house, hand_out, crew)
            scheduler.add_job(ticks.take, "interval", (name, tick), name=name, seconds=every * self._tick_seconds)
        for name in house.accounts:
            house.store.resume(name)  # starting anew means that a person may have mended it
        scheduler.start()
        log.info(
            "running: %d site(s), %d account(s)",
            len(house.sites),
            len(house.accounts),
            extra={"event": "running", "sites": len(house.sites), "accounts": len(house.accounts)},
        )
        self._heed_word()
        scheduler.shutdown(wait=True)
        self._finish(ticks, sites, accounts)
        _leave(house, ticks=ticks, sites=sites, accounts=accounts)

    def _heed_word(self, *, within: float | None = None) -> None:
        """Wait for a word, at most so many seconds where told. To stop is passed on to everyone who heeds the event."""
        word = None
        while word is None:
            # Never without a time: two signals at once can leave an untimed get() waiting with words in the queue.
            with suppress(queue.Empty):
                word = self._words.get(timeout=within or self._tick_seconds)
            if within is not None:
                break
        if word is _Word.STOP:
            self._stop.set()

    def _finish(self, *crews: Crew) -> None:
        """Wait until every job is done, unless howdah is to stop.

        However long that takes: no job may outlive its house, or meet its like in the next one. It comes to an end,
        since every call to a server does and nothing new becomes due without a look.
        """
        for crew in crews:
            crew.close()
        while not self._stop.is_set() and not all(crew.idle() for crew in crews):
            self._heed_word(within=self._tick_seconds)

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
        self._trouble = ""

    def __call__(self) -> None:
        """Tick."""
        try:
            self._hand_out(self._house, self._crew)
        except HowdahError as error:
            if self._is_new(str(error)):
                log.error("%s", error, extra={"event": "error", "error": str(error)})
        except Exception as error:  # the outermost loop: the scheduler would tell of it in its own words, every time
            if self._is_new(type(error).__name__):
                log.exception("unexpected, while asking what is due", extra={"event": "crash"})
        else:
            self._trouble = ""

    def _is_new(self, trouble: str) -> bool:
        """Whether the last tick went otherwise; remembers this one."""
        before, self._trouble = self._trouble, trouble
        return trouble != before


class _Word(Enum):
    """What the main thread is asked for."""

    STOP = auto()
    RELOAD = auto()


def _look(house: House, crew: Crew) -> None:
    for name in house.store.due_sites(house.sites, now=house.clock.now()):
        crew.take(name, partial(collect, house, name))


def _deliver(house: House, crew: Crew) -> None:
    due = house.store.due_accounts(house.accounts, sites=house.sites, now=house.clock.now())
    for name in due:
        crew.take(name, partial(attend, house, name))


def _follow(house: House, crew: Crew) -> None:
    """By the same crew and name as delivering: one of the two at a time works on an account."""
    for name in house.accounts:
        if is_due(house, name):
            crew.take(name, partial(follow, house, name))


def _leave(house: House, *, ticks: Crew, sites: Crew, accounts: Crew) -> None:
    """Go without the jobs that aren't done in time; nothing is lost with them.

    A tick only asks. A look records at its end, all or nothing, and is made again. A publish ends within its
    account's timeout; where its outcome isn't recorded all the same, the next start finds out what became of it.
    """
    begun = time.monotonic()
    ticks.leave(timedelta(0))
    sites.leave(GRACE)
    longest = max((posting.policy.timeout for posting in house.accounts.values()), default=timedelta(0))
    accounts.leave(longest + GRACE - timedelta(seconds=time.monotonic() - begun))


def _scheduler() -> BackgroundScheduler:
    # A tick that is late still runs, once: the default grace of one second drops it without a word.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)
    return BackgroundScheduler(
        timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
