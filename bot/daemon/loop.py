"""The daemon's main loop: the signals, reading the config anew, and nothing that decides.

Each tick asks the store what is due and hands it to a thread: a site's look, an account's lane. What one of them
runs into is logged and stays with it. Signals only put a request into a queue; the main thread acts on it.
"""

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

from msgspec.structs import replace

from bot.crosspost.context import Context
from bot.crosspost.events import tell
from bot.crosspost.events.process import Reloaded, ReloadFailed, Running, Stopped, Stopping
from bot.crosspost.quiet import QuietSites
from bot.crosspost.resting import take_up
from bot.crosspost.threads import SHARED_THREADS, account_threads, site_threads
from bot.daemon.progress import Progress
from bot.daemon.supervisor import Supervisor
from bot.daemon.ticks import (
    Tick,
    add_tick,
    deliver,
    follow_up,
    keep_ticking,
    look,
    take_notice,
    take_notices,
    take_up_tokens,
    write,
)
from bot.daemon.ticks import scheduler as new_scheduler
from bot.daemon.workers import WorkerPool
from bot.errors import HowdahError, StoreError

TICK_SECONDS = 1.0
# What was shared before is no hurry: of so many ticks one asks for it.
FOLLOW_TICKS = 15
# A notice is worked on as it comes; what is left open is taken up again so often.
NOTICE_TICKS = 5
# One may wait five seconds for an image, and a silent site for longer: one host gets half of them at most.
NOTICE_THREADS, NOTICES_SHARED = 8, 6
# A token that was replaced is taken up within a minute.
TOKEN_TICKS = 20
# What a look is given to end in when howdah stops, and a publish beyond its account's timeout to be recorded.
GRACE = timedelta(seconds=1)

Opener = Callable[[], AbstractContextManager[Context]]


class Daemon:
    """Runs until asked to stop.

    open_context reads the config anew each time; stop is the event that its clock heeds. progress says whether the
    ticks work. Every tick_seconds the store is asked what is due, the first time at once.
    """

    def __init__(
        self,
        open_context: Opener,
        *,
        stop: threading.Event,
        tick_seconds: float = TICK_SECONDS,
    ) -> None:
        self._open_context = open_context
        self._stop = stop
        self._supervisor = Supervisor()
        every = {"collect": 1, "deliver": 1, "write": 1}
        every |= {"notices": NOTICE_TICKS, "follow": FOLLOW_TICKS, "tokens": TOKEN_TICKS}
        self._periods = {name: ticks * tick_seconds for name, ticks in every.items()}
        self.progress = Progress(self._periods)
        # A handler may run while the main thread holds an Event's own lock; a SimpleQueue can be put to all the same.
        self._requests: queue.SimpleQueue[_Request] = queue.SimpleQueue()
        self._tick_seconds = tick_seconds

    def run(self) -> None:
        """Work until SIGTERM or SIGINT, as stop() says; a second one changes nothing. SIGHUP reads the config anew.

        Raises what open_context raises the first time; later, a config that is wrong is logged and the old one kept.
        """
        with self._signals():
            opened = ExitStack()
            try:
                context = opened.enter_context(self._open_context())
                self._work(context)
                while not self._stop.is_set():
                    context, opened = self._reopen(context, opened)
                    self._work(context)
            finally:
                opened.close()
        tell(Stopped())

    def reload(self) -> None:
        """Ask for the config to be read anew, once everything that is in hand is done."""
        self._requests.put(_Request.RELOAD)

    def stop(self) -> None:
        """Ask to stop: the share in hand is finished, which takes at most its account's timeout; looks are given up."""
        self._requests.put(_Request.STOP)

    def _work(self, context: Context) -> None:
        """Tick until there is a reason to stop or to reload, then see to what is in hand."""
        context = replace(context, quiet=QuietSites())
        sites = WorkerPool("site", site_threads(context))
        accounts = WorkerPool("account", account_threads(context), shared=SHARED_THREADS)
        tokens, notices = WorkerPool("token", 1), WorkerPool("notice", NOTICE_THREADS, shared=NOTICES_SHARED)
        # Not on the scheduler's own threads, which are waited for when a database hangs. One for all of them, since a
        # tick only asks the database: each thread more keeps memory of its own, which fills up with what queries leave.
        ticks = WorkerPool("tick", 1)
        scheduler = new_scheduler()
        self.progress = Progress(self._periods)
        for name in context.accounts:
            context.store.resume(name)  # starting anew means that a person may have mended it
        take_up(context)
        for name, hand_out, pool in (
            ("collect", partial(look, accounts=accounts), sites),
            ("deliver", deliver, accounts),
            ("write", write, sites),
            ("notices", partial(take_notices, accounts=accounts), notices),
            ("follow", follow_up, accounts),
            ("tokens", take_up_tokens, tokens),
        ):
            tick = Tick(name, hand_out, context=context, pool=pool, progress=self.progress)
            add_tick(scheduler, partial(ticks.take, name, tick), name=name, seconds=self._periods[name])
        tell(Running(sites=len(context.sites), accounts=len(context.accounts)))
        scheduler.start()
        context.inbox.connect(partial(take_notice, context, pool=notices, accounts=accounts))
        self._supervisor.ready(f"watching {len(context.sites)} site(s) for {len(context.accounts)} account(s)")
        self._heed_request(meanwhile=partial(keep_ticking, scheduler))
        self._tell_what_comes(context)
        scheduler.shutdown(wait=True)
        self._finish(ticks, sites, notices, accounts, tokens)
        tokens.leave(timedelta(0))
        notices.leave(timedelta(0))
        _leave(context, ticks=ticks, sites=sites, accounts=accounts)
        with suppress(StoreError):  # then it is known in some minutes
            context.store.forget_tokens(context.owner)

    def _heed_request(self, *, within: float | None = None, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Wait for a request, at most so many seconds where told. To stop is passed on by the event.

        meanwhile: what is done again and again until then.
        """
        request = None
        while request is None:
            # Never without a time: two signals at once can leave an untimed get() waiting with words in the queue.
            with suppress(queue.Empty):
                request = self._requests.get(timeout=within or self._tick_seconds)
            if within is not None:
                break
            meanwhile()
            if not self.progress.stuck():
                self._supervisor.alive()
        if request is _Request.STOP and not self._stop.is_set():
            tell(Stopping())
            self._stop.set()

    def _finish(self, *pools: WorkerPool) -> None:
        """Wait until every job is done, unless howdah is to stop.

        However long that takes: no job may outlive its context, or meet its like in the next one. It comes to an end,
        since every call to a server does and nothing new becomes due without a look.
        """
        for pool in pools:
            pool.close()
        while not self._stop.is_set() and not all(pool.idle() for pool in pools):
            self._supervisor.alive()
            self._heed_request(within=self._tick_seconds)

    def _reopen(self, context: Context, opened: ExitStack) -> tuple[Context, ExitStack]:
        """Open the context by the new config; keep the old one where the new is wrong."""
        fresh = ExitStack()
        try:
            new = fresh.enter_context(self._open_context())
        except HowdahError as error:
            tell(ReloadFailed(error=str(error)))
            return context, opened
        opened.close()
        tell(Reloaded())
        return new, fresh

    def _tell_what_comes(self, context: Context) -> None:
        """Tell the service manager that howdah stops, and how long that may take, or that it reads its config anew."""
        if self._stop.is_set():
            self._supervisor.stopping(longest_publish(context) + 2 * GRACE)
        else:
            self._supervisor.reloading()

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


class _Request(Enum):
    """What the main thread is asked for."""

    STOP = auto()
    RELOAD = auto()


def _leave(context: Context, *, ticks: WorkerPool, sites: WorkerPool, accounts: WorkerPool) -> None:
    """Go without the jobs that aren't done in time; nothing is lost with them.

    A tick only asks. A look records at its end, all or nothing, and is made again. A publish ends within its
    account's timeout; where its outcome isn't recorded all the same, the next start finds out what became of it.
    """
    begun = time.monotonic()
    ticks.leave(timedelta(0))
    sites.leave(GRACE)
    accounts.leave(longest_publish(context) + GRACE - timedelta(seconds=time.monotonic() - begun))


def longest_publish(context: Context) -> timedelta:
    """How long a publish that is in hand may take at most."""
    return max((posting.policy.timeout for posting in context.accounts.values()), default=timedelta(0))
