"""The worker threads: one job of a name at a time, and what becomes of those that fail."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from msgspec.structs import replace

from bot.crosspost.deliver import attend
from bot.daemon import WorkerPool
from bot.daemon.ticks import deliver, follow_up
from bot.domain.policy import OnEdit
from bot.errors import StoreError
from tests.makers import SECOND
from tests.unit.daemon.running import PATIENCE, SOON


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

    def test_a_closed_pool_begins_no_further_job(self):
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

    def test_a_closed_pool_drops_what_waits_for_a_server(self):
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
        pool, done = WorkerPool("site", 2), []
        go, other, last = threading.Event(), threading.Event(), threading.Event()
        pool.take("first", lambda: done.append(("first", go.wait(SOON))), server="slow.example")
        pool.take("second", lambda: done.append(("second", True)), server="slow.example")
        pool.take("third", lambda: done.append(("third", True)), server="slow.example")
        pool.take("last", last.set, server="slow.example")
        pool.take("uk", other.set, server="quick.example")
        assert other.wait(SOON)
        before = list(done)
        go.set()

        assert last.wait(SOON)
        assert pool.leave(PATIENCE)
        assert [] == before
        assert [("first", True), ("second", True), ("third", True)] == done

    def test_a_server_is_as_free_afterwards_as_before(self):
        """Its jobs may be done again, however many were done."""
        pool, again = WorkerPool("site", 1, shared=1), threading.Event()
        for name in ("uk", "eu", "us"):
            pool.take(name, lambda: None, server="news.example")
        pool.take("end", lambda: pool.take("uk", again.set, server="news.example"))

        assert again.wait(SOON)
        assert pool.leave(PATIENCE)

    def test_silent_servers_keep_none_from_a_healthy_one(self):
        """However many jobs they have: its first has a thread of its own, its second one of those that are left."""
        pool, go, begun = WorkerPool("account", 11, shared=8), threading.Event(), threading.Semaphore(0)
        silent, well = [0, 0], [threading.Event(), threading.Event()]

        def hang(number):
            silent[number] += 1
            begun.release()
            assert go.wait(SOON)

        for turn in range(400):
            pool.take(f"silent {turn}", partial(hang, turn % 2), server=f"silent{turn % 2}.example")
        for event in well:
            pool.take(f"well {id(event)}", event.set, server="quick.example")
        assert all(event.wait(SOON) for event in well)
        assert all(begun.acquire(timeout=SOON) for _ in range(8))
        kept = list(silent)
        go.set()

        assert pool.leave(PATIENCE)
        assert [4, 4] == kept

    def test_a_place_that_gets_free_goes_to_whoever_holds_the_fewest(self):
        """Also where that is another server than the one that gave it back."""
        pool, first, others, last = WorkerPool("account", 9, shared=4), *(threading.Event() for _ in range(3))
        pool.take("a1", lambda: first.wait(SOON), server="a.example")
        for name in ("a2", "a3", "a4", "b1", "b2", "b3", "c1", "c2", "d1"):
            pool.take(name, lambda: others.wait(SOON), server=f"{name[0]}.example")
        pool.take("d2", last.set, server="d.example")
        before = last.is_set()
        first.set()
        after = last.wait(SOON)
        others.set()

        assert pool.leave(PATIENCE)
        assert (False, True) == (before, after)

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
