"""The daemon: ticks, pools, signals."""

import logging
import os
import signal
import threading
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from bot.daemon import Daemon, Tick, WorkerPool
from bot.daemon.progress import Progress
from bot.domain.models import State
from bot.domain.policy import OnEdit
from bot.errors import ConfigError, SiteUnavailableError, StoreError
from tests.makers import HOUR
from tests.unit.crosspost.stage import Stage
from tests.unit.daemon.running import NEVER, TICK, Running


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


def test_a_clock_that_is_set_back_stops_no_tick(running, monkeypatch):
    """The scheduler goes by the machine's clock, and would wait until that is where it was."""

    def add_an_hour_ahead(scheduler, tick, *, name, seconds):
        scheduler.add_job(tick, "interval", name=name, seconds=seconds, next_run_time=datetime.now(UTC) + HOUR)

    monkeypatch.setattr("bot.daemon.loop.add_tick", add_an_hour_ahead)
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


def test_all_ticks_share_a_thread(running):
    """Each thread more would keep memory of its own."""
    running.stage.publish()
    publish = running.stage.account.publish
    threads: set[str] = set()

    def publish_and_stop(*args, **kwargs):
        threads.update(thread.name for thread in threading.enumerate())
        running.daemon.stop()
        return publish(*args, **kwargs)

    running.stage.account.publish = publish_and_stop
    running.daemon.run()

    assert {"tick_1"} == {name for name in threads if name.startswith("tick_")}


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


def test_a_context_that_can_not_be_opened_is_the_callers_trouble(running):
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
