"""The daemon: ticks, pools, signals."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.crosspost.context import Context
from bot.crosspost.deliver import attend
from bot.daemon import Daemon, Tick, WorkerPool
from bot.daemon.progress import Progress
from bot.daemon.ticks import deliver, follow_up
from bot.domain.models import State
from bot.domain.policy import OnEdit
from bot.errors import ConfigError, SiteUnavailableError, StoreError
from tests.makers import HOUR, SECOND
from tests.unit.crosspost.stage import Stage

SOON = 20.0
PATIENCE = timedelta(seconds=SOON)
TICK = 0.01
NEVER = 100_000.0  # seconds until the second tick


class Running:
    """A daemon over a stage, whose context can be opened anew."""

    def __init__(self, stage: Stage, *, tick_seconds: float = TICK) -> None:
        self.stage = stage
        self.stop = threading.Event()
        self.opened = 0
        self.closed = 0
        self.wrong: list[ConfigError] = []
        self.daemon = Daemon(self.open_context, stop=self.stop, tick_seconds=tick_seconds)

    def open_context(self) -> AbstractContextManager[Context]:
        """The stage's context; or the next error that was put up."""
        return self._open()

    @contextmanager
    def _open(self) -> Iterator[Context]:
        if self.wrong:
            raise self.wrong.pop()
        self.opened += 1
        yield self.stage.context
        self.closed += 1

    def at_look(self, number: int, act) -> None:
        """Do something when the site is looked at for the n-th time from now."""
        listing, looks = self.stage.site.list_new, [0]

        def look(*args, **kwargs):
            looks[0] += 1
            if looks[0] == number:
                act()
            self.stage.clock.forward(self.stage.site_policy.poll_every)
            return listing(*args, **kwargs)

        self.stage.site.list_new = look  # type: ignore[method-assign] # a fake of ours, changed for this test

    @contextmanager
    def hanging_look(self, act) -> Iterator[threading.Event]:
        """The next look does something and then hangs until the end of the block; the event says that it has ended."""
        go, ended = threading.Event(), threading.Event()
        listing = self.stage.site.list_new

        def look(*args, **kwargs):
            act()
            go.wait(2 * SOON)
            ended.set()
            return listing(*args, **kwargs)

        self.stage.site.list_new = look  # type: ignore[method-assign] # a fake of ours, changed for this test
        try:
            yield ended
        finally:
            go.set()
            assert ended.wait(SOON)


@pytest.fixture
def running() -> Running:
    """A daemon whose site has one new post."""
    stage = Stage()
    stage.first_look()
    return Running(stage)


def test_it_has_no_token_any_more_once_it_has_stopped(running):
    """So that another that is started without it says so at once."""
    posting = replace(running.stage.context.accounts["uk"], token_mark=lambda: "5eed")
    running.stage.context = replace(running.stage.context, accounts={"uk": posting})
    had = []

    def stop() -> None:
        had.append(running.stage.store.account("uk").token_owner)
        running.daemon.stop()

    running.at_look(1, stop)
    running.daemon.run()

    left = running.stage.store.account("uk")
    assert (["this"], "", "5eed") == (had, left.token_owner, left.token_mark)


def test_it_shares_what_is_new_and_stops_when_asked(running):
    """Looks, delivers, and ends in order; the context is closed."""
    running.stage.publish()
    publish = running.stage.account.publish

    def publish_and_stop(*args, **kwargs):
        running.daemon.stop()
        return publish(*args, **kwargs)

    running.stage.account.publish = publish_and_stop
    running.daemon.run()

    assert {1: State.SHARED} == running.stage.states()
    assert (1, 1) == (running.opened, running.closed)


def test_a_look_that_hangs_is_given_up(running):
    """It ends although the look doesn't."""
    with running.hanging_look(running.daemon.stop) as ended:
        running.daemon.run()

        assert not ended.is_set()
        assert (1, 1) == (running.opened, running.closed)


def test_the_first_look_comes_at_once():
    """However long it is until the next tick."""
    running = Running(Stage(), tick_seconds=NEVER)
    running.at_look(1, running.daemon.stop)
    running.daemon.run()

    assert running.stop.is_set()


def test_being_asked_twice_is_being_asked_once(running):
    """A second signal doesn't break off the share in hand: who sends one may well send two."""
    running.stage.publish()
    publish = running.stage.account.publish

    def publish_and_stop(*args, **kwargs):
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)
        return publish(*args, **kwargs)

    running.stage.account.publish = publish_and_stop
    running.daemon.run()

    assert {1: State.SHARED} == running.stage.states()


def test_it_follows_what_was_shared():
    """An edit of the post is found by a tick of its own, the first time at once."""
    stage = Stage(account={"on_edit": OnEdit.EDIT})
    stage.first_look()
    share = stage.shared("Old")
    stage.clock.forward(HOUR)
    stage.site.edit(1, replace(stage.site.posts[1], title="New", modified_at=stage.clock.now()))
    running = Running(stage, tick_seconds=NEVER)
    editing = stage.account.edit

    def edit_and_stop(*args, **kwargs):
        running.daemon.stop()
        return editing(*args, **kwargs)

    stage.account.edit = edit_and_stop  # type: ignore[method-assign] # a fake of ours, changed for this test
    running.daemon.run()

    assert share.status_id == stage.share(1).status_id
    assert "New" in stage.account.texts[-1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_stop_it(running, number, caplog):
    """SIGTERM and SIGINT end it, which is told at once and when it is done; the handlers of before are back then."""
    caplog.set_level(logging.INFO, "howdah")
    before = signal.getsignal(number)
    running.at_look(1, lambda: os.kill(os.getpid(), number))

    running.daemon.run()

    told = [getattr(record, "event", "") for record in caplog.records]
    assert ["stopping", "stopped"] == [name for name in told if name.startswith("stop")]
    assert running.stop.is_set()
    assert before is signal.getsignal(number)


def test_sighup_reads_the_config_anew(running):
    """The old context is closed, the new one works."""
    running.at_look(1, lambda: os.kill(os.getpid(), signal.SIGHUP))
    running.stage.clock.forward(HOUR)
    listing = running.stage.site.list_new

    def stop_at_second_opening(*args, **kwargs):
        if running.opened == 2:
            running.daemon.stop()
        return listing(*args, **kwargs)

    running.stage.site.list_new = stop_at_second_opening
    running.daemon.run()

    assert (2, 2) == (running.opened, running.closed)


def test_tokens_are_looked_at(running):
    """A tick asks whether an account's token was replaced; nothing is opened anew for it."""
    asked = []

    def changed() -> bool:
        asked.append(True)
        running.daemon.stop()
        return False

    posting = replace(running.stage.context.accounts["uk"], token_changed=changed)
    running.stage.context = replace(running.stage.context, accounts={"uk": posting})
    running.daemon = Daemon(running.open_context, stop=running.stop, tick_seconds=TICK / 20)
    running.daemon.run()

    assert asked
    assert (1, 1) == (running.opened, running.closed)


def test_a_reload_waits_for_what_is_in_hand(running):
    """The old context is open for as long as a look needs it."""
    listing, closed = running.stage.site.list_new, []

    def reload_and_look(*args, **kwargs):
        running.stage.clock.forward(running.stage.site_policy.poll_every)
        ask = running.daemon.reload if running.opened == 1 else running.daemon.stop
        ask()
        look = listing(*args, **kwargs)
        closed.append(running.closed)
        return look

    running.stage.site.list_new = reload_and_look
    running.daemon.run()

    assert [0, 1] == closed[:2]
    assert (2, 2) == (running.opened, running.closed)


def test_it_stops_while_a_reload_waits(running):
    """The look in hand may never end, and then the config isn't read anew."""

    def reload_and_stop():
        running.daemon.reload()
        running.daemon.stop()

    with running.hanging_look(reload_and_stop) as ended:
        running.daemon.run()

        assert not ended.is_set()
        assert (1, 1) == (running.opened, running.closed)


def test_a_wrong_config_is_not_taken_over(running, caplog):
    """The old one stays, and the log says why."""

    def break_and_reload():
        running.wrong.append(ConfigError("config.toml:3: sites.uk.urll: unknown key"))
        running.daemon.reload()

    running.at_look(1, break_and_reload)
    listing = running.stage.site.list_new

    def stop_after_reload(*args, **kwargs):
        if "config not taken over" in caplog.text:
            running.daemon.stop()
        return listing(*args, **kwargs)

    running.stage.site.list_new = stop_after_reload
    running.daemon.run()

    assert (1, 1) == (running.opened, running.closed)
    assert "config not taken over: config.toml:3: sites.uk.urll: unknown key" in caplog.text


def test_a_house_that_can_not_be_opened_is_the_callers_trouble(running):
    """At the start there is no old config to keep."""
    running.wrong.append(ConfigError("config.toml: wrong"))

    with pytest.raises(ConfigError):
        running.daemon.run()


def test_starting_ends_pauses(running):
    """Whoever starts it anew may have mended the token."""
    running.stage.site.error = SiteUnavailableError("down")
    resumed: list[str] = []
    running.stage.store.resume = resumed.append
    running.daemon.stop()

    running.daemon.run()

    assert ["uk"] == resumed


class TestWorkers:
    """Threads that do one kind of job."""

    def test_the_same_job_is_never_done_twice_at_once(self):
        """While a site is looked at, it isn't looked at."""
        pool, begun, go = WorkerPool("site", 2), [], threading.Event()

        def job():
            begun.append(1)
            assert go.wait(SOON)

        pool.take("uk", job)
        pool.take("uk", job)
        go.set()
        assert pool.leave(PATIENCE)

        assert [1] == begun

    def test_a_job_may_be_done_again_afterwards(self):
        """Once it is done."""
        pool, again = WorkerPool("site", 1), threading.Event()
        pool.take("uk", lambda: None)
        pool.take("eu", lambda: pool.take("uk", again.set))

        assert again.wait(SOON)
        assert pool.leave(PATIENCE)

    def test_an_expected_error_is_one_sentence(self, caplog):
        """What goes wrong with one stays with it."""

        def broken():
            raise StoreError("the disk is full")

        pool = WorkerPool("account", 1)
        pool.take("uk", broken)
        assert pool.leave(PATIENCE)

        assert ["account uk: the disk is full"] == [record.getMessage() for record in caplog.records]
        assert caplog.records[0].exc_info is None

    def test_an_unexpected_error_is_logged_with_its_traceback(self, caplog):
        """It must not pass in silence, nor end the others."""

        def broken():
            raise ZeroDivisionError

        pool = WorkerPool("account", 1)
        pool.take("uk", broken)
        assert pool.leave(PATIENCE)

        assert "account uk: unexpected" in caplog.text
        assert "ZeroDivisionError" in caplog.text

    def test_a_closed_crew_begins_no_further_job(self):
        """Neither what comes afterwards nor what was taken and is still waiting."""
        pool, begun, running, go = WorkerPool("site", 1), [], threading.Event(), threading.Event()

        def first():
            running.set()
            assert go.wait(SOON)

        pool.take("uk", first)
        pool.take("eu", lambda: begun.append("eu"))
        assert running.wait(SOON)
        pool.close()
        pool.take("us", lambda: begun.append("us"))
        go.set()

        assert pool.leave(PATIENCE)
        assert [] == begun

    def test_a_closed_crew_drops_what_waits_for_a_server(self):
        """It is idle as soon as the job in hand is done."""
        pool, begun, running, go = WorkerPool("site", 2), [], threading.Event(), threading.Event()

        def first():
            running.set()
            assert go.wait(SOON)

        pool.take("uk", first, server="news.example")
        pool.take("eu", lambda: begun.append("eu"), server="news.example")
        assert running.wait(SOON)
        pool.close()
        go.set()

        assert pool.leave(PATIENCE)
        assert [] == begun

    def test_it_is_idle_while_no_job_is_in_hand(self):
        """Whoever waits for a job to end, however long, can ask."""
        pool, go = WorkerPool("site", 1), threading.Event()
        before = pool.idle()
        pool.take("uk", lambda: go.wait(SOON))
        during = pool.idle()
        go.set()

        assert pool.leave(PATIENCE)
        assert (True, False, True) == (before, during, pool.idle())

    def test_a_thread_that_can_not_start(self, monkeypatch):
        """The job isn't taken, and its name is free for the next time."""
        done = []

        def fails(_thread):
            raise RuntimeError("can't start new thread")

        pool = WorkerPool("account", 2)
        with monkeypatch.context() as patched:
            patched.setattr(threading.Thread, "start", fails)
            with pytest.raises(RuntimeError):
                pool.take("uk", lambda: done.append("first"))
        assert pool.idle()

        taken = threading.Event()

        def second():
            done.append("second")
            taken.set()

        pool.take("uk", second)
        assert taken.wait(PATIENCE.total_seconds())
        assert ["second"] == done
        pool.leave(PATIENCE)

    def test_it_has_no_more_threads_than_it_needs(self):
        """One for each job in hand, up to its most; they end with the pool, and none keeps the process alive."""
        pool, go = WorkerPool("crowd", 2), threading.Event()
        for name in ("uk", "eu", "us"):
            pool.take(name, lambda: go.wait(SOON))
        threads = [thread for thread in threading.enumerate() if thread.name.startswith("crowd_")]
        go.set()

        assert pool.leave(PATIENCE)
        assert [True, True] == [thread.daemon for thread in threads]
        for thread in threads:
            thread.join(SOON)
        assert [False, False] == [thread.is_alive() for thread in threads]

    def test_a_slow_server_keeps_no_more_than_its_share(self):
        """Its other jobs wait without a thread, and those of other servers are done; then they have their turn."""
        pool, done, go, other = WorkerPool("site", 2), [], threading.Event(), threading.Event()
        pool.take("first", lambda: done.append(("first", go.wait(SOON))), server="slow.example")
        pool.take("second", lambda: done.append(("second", True)), server="slow.example")
        pool.take("third", lambda: done.append(("third", True)), server="slow.example")
        pool.take("uk", other.set, server="quick.example")
        assert other.wait(SOON)
        before = list(done)
        go.set()

        while not pool.idle():
            time.sleep(0)
        assert pool.leave(PATIENCE)
        assert [] == before
        assert [("first", True), ("second", True), ("third", True)] == done

    def test_a_server_is_as_free_afterwards_as_before(self):
        """Its jobs may be done again, however many were done."""
        pool, again = WorkerPool("site", 1, for_one=2), threading.Event()
        for name in ("uk", "eu", "us"):
            pool.take(name, lambda: None, server="news.example")
        pool.take("end", lambda: pool.take("uk", again.set, server="news.example"))

        assert again.wait(SOON)
        assert pool.leave(PATIENCE)

    @pytest.mark.parametrize("error", [StoreError("closed"), ZeroDivisionError()])
    def test_what_a_given_up_job_raises_is_not_logged(self, caplog, error):
        """Its context is closed by then."""
        pool, go = WorkerPool(f"given up {id(error)}", 1), threading.Event()

        def broken():
            assert go.wait(SOON)
            raise error

        pool.take("uk", broken)

        assert not pool.leave(timedelta(0))
        go.set()
        [thread] = [thread for thread in threading.enumerate() if thread.name == f"given up {id(error)}_1"]
        thread.join(SOON)
        assert pool.idle()
        assert "" == caplog.text


class NoThread(WorkerPool):
    """A pool in which no thread becomes free."""

    def __init__(self, kind: str, threads: int) -> None:
        super().__init__(kind, threads)
        self.jobs: list[Callable[[], object]] = []
        self.servers: list[str] = []

    def take(self, name: str, job: Callable[[], object], *, server: str = "") -> None:
        """Keep the job."""
        self.jobs.append(job)
        self.servers.append(server)


def test_accounts_are_handed_out_by_their_instance(running):
    """A silent one keeps no more threads than its share, whether its accounts send or follow."""
    stage, pool = running.stage, NoThread("account", 1)
    stage.account_policy = replace(stage.account_policy, on_edit=OnEdit.EDIT)
    stage.shared()
    stage.publish()
    stage.collect()
    deliver(running.stage.context_of("this"), pool)
    follow_up(running.stage.context_of("this"), pool)

    assert ["https://social.example"] * 2 == pool.servers


@pytest.mark.parametrize(
    ("waited", "done_elsewhere", "leases"), [(0, False, 1), (1, False, 1), (0, True, 1), (1, True, 0)]
)
def test_what_waited_for_a_thread_is_asked_about_again(running, waited, done_elsewhere, leases):
    """Another daemon may have sent it by then: no lease is taken in vain."""
    stage, pool = running.stage, NoThread("account", 1)
    stage.publish()
    stage.collect()
    deliver(stage.context, pool)
    stage.clock.forward(waited * SECOND)
    if done_elsewhere:
        attend(stage.context_of("another"), "uk")
    lease, taken = stage.store.lease, []

    def counted(*args, **kwargs):
        taken.append(args)
        return lease(*args, **kwargs)

    stage.store.lease = counted
    for job in pool.jobs:
        job()

    assert leases == len(taken)
    assert 1 == len(stage.links())


class TestTick:
    """Asking what is due, and handing it out."""

    def test_a_lasting_trouble_is_told_once(self, caplog):
        """A full disk doesn't fill the log too; when it comes back it is told again."""
        troubles = [StoreError("full"), StoreError("full"), None, StoreError("full")]

        def hand_out(_context, _pool):
            trouble = troubles.pop(0)
            if trouble is not None:
                raise trouble

        tick = Tick(
            "look", hand_out, context=Stage().context, pool=WorkerPool("site", 1), progress=Progress({"look": 1.0})
        )
        with caplog.at_level(logging.ERROR):
            for _ in range(4):
                tick()

        assert ["full", "full"] == [record.getMessage() for record in caplog.records]

    def test_an_unexpected_error_is_told_once_too(self, caplog):
        """By us, with its traceback; the scheduler hears nothing of it."""
        troubles = [KeyError("a"), KeyError("b"), None, KeyError("c"), StoreError("full")]

        def hand_out(_context, _pool):
            trouble = troubles.pop(0)
            if trouble is not None:
                raise trouble

        tick = Tick(
            "look", hand_out, context=Stage().context, pool=WorkerPool("site", 1), progress=Progress({"look": 1.0})
        )
        with caplog.at_level(logging.ERROR):
            for _ in range(5):
                tick()

        unexpected = "unexpected, while asking what is due"
        assert [unexpected, unexpected, "full"] == [record.getMessage() for record in caplog.records]
        assert ["howdah"] * 3 == [record.name for record in caplog.records]
        assert "KeyError: 'a'" in caplog.text
