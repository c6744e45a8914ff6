"""The daemon: ticks, crews, signals."""

import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from bot.crosspost.house import House
from bot.daemon import Crew, Daemon, Tick
from bot.domain.models import State
from bot.errors import ConfigError, SiteUnavailableError, StoreError
from tests.makers import HOUR
from tests.unit.crosspost.stage import Stage

SOON = 20.0
TICK = 0.01


class Running:
    """A daemon over a stage, whose house can be opened anew."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.stop = threading.Event()
        self.opened = 0
        self.closed = 0
        self.wrong: list[ConfigError] = []
        self.daemon = Daemon(self.open_house, stop=self.stop, tick_seconds=TICK)

    def open_house(self) -> AbstractContextManager[House]:
        """The stage's house; or the next error that was put up."""
        return self._open()

    @contextmanager
    def _open(self) -> Iterator[House]:
        if self.wrong:
            raise self.wrong.pop()
        self.opened += 1
        yield self.stage.house
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


@pytest.fixture
def running() -> Running:
    """A daemon whose site has one new post."""
    stage = Stage()
    stage.first_look()
    return Running(stage)


def test_it_shares_what_is_new_and_stops_when_asked(running):
    """Looks, delivers, and ends in order; the house is closed."""
    running.stage.publish()
    publish = running.stage.account.publish

    def publish_and_stop(*args, **kwargs):
        running.daemon.stop()
        return publish(*args, **kwargs)

    running.stage.account.publish = publish_and_stop
    running.daemon.run()

    assert {1: State.SHARED} == running.stage.states()
    assert (1, 1) == (running.opened, running.closed)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_stop_it(running, number):
    """SIGTERM and SIGINT end it; the handlers of before are back afterwards."""
    before = signal.getsignal(number)
    running.at_look(1, lambda: os.kill(os.getpid(), number))

    running.daemon.run()

    assert running.stop.is_set()
    assert before is signal.getsignal(number)


def test_sighup_reads_the_config_anew(running):
    """The old house is closed, the new one works."""
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


class TestCrew:
    """Threads that do one kind of job."""

    def test_the_same_job_is_never_done_twice_at_once(self):
        """While a site is looked at, it isn't looked at."""
        crew, begun, go = Crew("site", 2), [], threading.Event()

        def job():
            begun.append(1)
            assert go.wait(SOON)

        crew.take("uk", job)
        crew.take("uk", job)
        go.set()
        crew.leave()

        assert [1] == begun

    def test_a_job_may_be_done_again_afterwards(self):
        """Once it is done."""
        crew, again = Crew("site", 1), threading.Event()
        crew.take("uk", lambda: None)
        crew.take("eu", lambda: crew.take("uk", again.set))

        assert again.wait(SOON)
        crew.leave()

    def test_an_expected_error_is_one_sentence(self, caplog):
        """What goes wrong with one stays with it."""

        def broken():
            raise StoreError("the disk is full")

        crew = Crew("account", 1)
        crew.take("uk", broken)
        crew.leave()

        assert ["account uk: the disk is full"] == [record.getMessage() for record in caplog.records]
        assert caplog.records[0].exc_info is None

    def test_an_unexpected_error_is_logged_with_its_traceback(self, caplog):
        """It must not pass in silence, nor end the others."""

        def broken():
            raise ZeroDivisionError

        crew = Crew("account", 1)
        crew.take("uk", broken)
        crew.leave()

        assert "account uk: unexpected" in caplog.text
        assert "ZeroDivisionError" in caplog.text


class TestTick:
    """Asking what is due, and handing it out."""

    def test_a_lasting_trouble_is_told_once(self, caplog):
        """A full disk doesn't fill the log too; when it comes back it is told again."""
        troubles = [StoreError("full"), StoreError("full"), None, StoreError("full")]

        def hand_out(_house, _crew):
            trouble = troubles.pop(0)
            if trouble is not None:
                raise trouble

        tick = Tick(Stage().house, hand_out, Crew("site", 1))
        with caplog.at_level(logging.ERROR):
            for _ in range(4):
                tick()

        assert ["full", "full"] == [record.getMessage() for record in caplog.records]
