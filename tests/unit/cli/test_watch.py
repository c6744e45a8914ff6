"""The watch beside the daemon: causes, notices, the heartbeat, and a config that was rejected."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.cli import redaction
from bot.cli.failures import Failed
from bot.cli.watch import EVERY, Watch, WatchedConfig, beating, look_once, receivers_of
from bot.config import Config
from bot.crosspost.events import Event, tell
from bot.crosspost.events import listening as hearing
from bot.crosspost.events.process import NoticeFailed, Reloaded, ReloadFailed
from bot.domain.models import State
from bot.ports.notifier import NoticeKind
from bot.report.health import health_of
from tests.contract.stores import changed
from tests.makers import DAY, MINUTE
from tests.unit.alerts.listener import Listener, listening
from tests.unit.config.files import ACCOUNT, SITE, loaded
from tests.unit.crosspost.stage import Stage

SOON = 20.0


def looked_once(config: Config, stage: Stage) -> tuple[str, ...]:
    """As a pass from cron does it."""
    health = health_of(config, stage.store, now=stage.clock.now())
    return look_once(config, stage.store, health, receivers_of(config))


def config(folder: Path, port: int, *, heartbeat: bool = True) -> Config:
    """A config whose receiver and heartbeat are on loopback."""
    beat = f'heartbeat = "http://127.0.0.1:{port}/beat"\n' if heartbeat else ""
    alerts = f'[alerts]\nallow_private = true\nurls = ["json://127.0.0.1:{port}/notice"]\n{beat}'
    return loaded(folder, f"{SITE}{ACCOUNT}{alerts}")


@pytest.fixture
def stage() -> Stage:
    """A site whose first look is over."""
    stage = Stage()
    stage.first_look()
    return stage


@contextmanager
def watching(watch: Watch, settings: Config, stage: Stage) -> Iterator[None]:
    """The watch, until the block ends."""
    with watch.over(settings, stage.context):
        yield


def heard(listener: Listener, path: str, *, number: int = 1) -> list[str]:
    """What was said at a path, once so much was."""
    arrived = threading.Event()
    for _ in range(int(SOON / 0.02)):
        found = [body for at, body in listener.heard if at == path]
        if len(found) >= number:
            return found
        arrived.wait(0.02)
    raise AssertionError(f"nothing at {path}: {listener.heard}")


def test_a_rejected_config_is_told_and_its_mending_too(tmp_path: Path, stage: Stage) -> None:
    """With the file and the line; it stands in the store for `status` and the page until it is mended."""
    watch = Watch(tuple, every=timedelta(milliseconds=20))
    with listening() as listener, watching(watch, config(tmp_path, listener.port), stage):
        tell(ReloadFailed(error="config.toml:3: sites.uk.url: is missing"))
        (notice,) = heard(listener, "/notice")
        kinds = [one.kind for one in stage.store.causes()]
        tell(Reloaded())
        heard_none = threading.Event()
        for _ in range(int(SOON / 0.02)):
            if stage.store.causes()[0].gone_at is not None:
                break
            heard_none.wait(0.02)
        stage.clock.instant += timedelta(minutes=2)
        heard(listener, "/notice", number=2)

    assert "config.toml:3: sites.uk.url: is missing" in notice
    assert ["config"] == kinds
    assert () == stage.store.causes()


def test_the_heart_beats_while_the_ticks_work(tmp_path: Path, stage: Stage) -> None:
    """Once a minute; a tick that is stuck sends nothing."""
    idle = ["collect"]
    watch = Watch(lambda: idle, every=timedelta(milliseconds=20))
    with listening() as listener, watching(watch, config(tmp_path, listener.port), stage):
        tell(ReloadFailed(error="x"))
        heard(listener, "/notice")
        assert "/beat" not in listener.paths()

        idle.clear()
        heard(listener, "/beat")
        stage.clock.forward(timedelta(minutes=1))
        heard(listener, "/beat", number=2)

    assert 2 == listener.paths().count("/beat")


def test_a_receiver_that_hangs_does_not_hold_up_the_heart(tmp_path: Path, stage: Stage) -> None:
    """A watchdog elsewhere would take the daemon for gone."""
    watch = Watch(tuple, every=timedelta(milliseconds=20))
    with listening() as listener:
        listener.silent = ("/notice",)
        with watching(watch, config(tmp_path, listener.port), stage):
            tell(ReloadFailed(error="x"))
            heard(listener, "/notice")
            heard(listener, "/beat")
            stage.clock.forward(timedelta(minutes=1))
            heard(listener, "/beat", number=2)
            assert 1 == listener.paths().count("/notice")
            listener.let_go.set()


def test_a_mistake_does_not_end_the_watch(tmp_path: Path, stage: Stage) -> None:
    """It is logged, and the next look finds what needs a person."""
    logged = threading.Semaphore(0)
    errors: list[str] = []

    def hear(event: Event) -> None:
        if isinstance(event, NoticeFailed):
            errors.append(event.error)
            logged.release()

    watch, working = Watch(tuple, every=timedelta(milliseconds=20)), stage.store.causes
    stage.store.causes = lambda: 1 // 0  # type: ignore[method-assign,assignment,return-value]
    with listening() as listener, hearing(hear), watching(watch, config(tmp_path, listener.port), stage):
        tell(ReloadFailed(error="x"))
        assert logged.acquire(timeout=SOON)
        stage.store.causes = working  # type: ignore[method-assign]
        heard(listener, "/notice")

    assert [one for one in errors if "ZeroDivisionError" in one] == errors


def test_a_pass_says_when_it_begins_and_how_it_ends(tmp_path: Path) -> None:
    """Start and success; or fail, with the reason, without secrets."""
    with listening() as listener:
        settings = config(tmp_path, listener.port)
        with beating(settings):
            pass
        with pytest.raises(Failed), beating(settings):
            raise Failed("uk/7 on uk is failed: no", redaction.remember("s3cr3t-t0ken"))

    assert ["/beat/start", "/beat", "/beat/start", "/beat/fail"] == listener.paths()
    assert "uk/7 on uk is failed: no\n[hidden]" == listener.heard[-1][1]


def test_a_pass_tells_what_needs_a_person(tmp_path: Path, stage: Stage) -> None:
    """For those who run it by cron."""
    with listening() as listener:
        for _ in range(3):
            stage.store.look_failed("uk", error="down", next_look_at=stage.clock.now())
        assert () == looked_once(config(tmp_path, listener.port, heartbeat=False), stage)
        assert () == looked_once(config(tmp_path, listener.port, heartbeat=False), stage)

    assert ["/notice"] == listener.paths()


class Told:
    """Somebody who takes every notice."""

    receivers = 1

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, title: str, body: str, _kind: NoticeKind) -> tuple[str, ...]:
        """Take it."""
        self.sent.append(f"{title}\n{body}")
        return ()


@pytest.mark.parametrize("after", [timedelta(0), timedelta(seconds=1), EVERY - timedelta(milliseconds=1)])
def test_a_first_notice_leaves_within_ten_seconds(tmp_path: Path, stage: Stage, after: timedelta) -> None:
    """Whenever between two looks its cause begins: seven of the ten are left to the receiver."""
    told = Told()
    watched = WatchedConfig(config(tmp_path, 9), stage.context, receivers=told, heartbeat=None, since=stage.clock.now())
    watched.look(rejected="")
    stage.clock.forward(after)
    begun = stage.clock.now()
    number = stage.publish("One")
    stage.collect()
    share = stage.share(number)
    stage.store.apply(share, changed(share, state=State.FAILED, error="refused (422)"), now=begun)
    stage.clock.forward(EVERY - after)
    watched.look(rejected="")

    assert stage.clock.now() - begun <= timedelta(seconds=10)
    [notice] = told.sent
    assert "refused (422)" in notice
    assert f"`howdah retry uk/{number}`" in notice


def test_a_restart_tells_nothing(tmp_path: Path, stage: Stage) -> None:
    """Neither what was told before, nor what came due while no daemon ran: it is worked on now."""
    stage.publish("One")
    stage.collect()
    stage.clock.forward(timedelta(days=1))
    told = Told()
    watched = WatchedConfig(config(tmp_path, 9), stage.context, receivers=told, heartbeat=None, since=stage.clock.now())
    stage.clock.forward(EVERY)
    watched.look(rejected="")
    assert [] == told.sent

    stage.clock.forward(timedelta(hours=2))
    watched.look(rejected="")
    [notice] = told.sent
    assert "Nothing is at work" in notice
    again = WatchedConfig(config(tmp_path, 9), stage.context, receivers=told, heartbeat=None, since=stage.clock.now())
    again.look(rejected="")
    assert 1 == len(told.sent)


def test_who_is_not_reached_is_logged_once_until_they_are(tmp_path: Path, stage: Stage) -> None:
    """And again, where they are lost a second time: here at the reminder a day later."""
    logged = threading.Semaphore(0)
    watch = Watch(tuple, every=timedelta(milliseconds=20))

    def hear(event: Event) -> None:
        if isinstance(event, NoticeFailed):
            logged.release()

    with listening() as listener, hearing(hear):
        listener.status = 404
        with watching(watch, config(tmp_path, listener.port, heartbeat=False), stage):
            tell(ReloadFailed(error="line 3"))
            assert logged.acquire(timeout=SOON)
            for number, (status, later) in enumerate([(404, MINUTE), (200, MINUTE), (404, DAY)], start=2):
                listener.status = status
                stage.clock.forward(later)
                heard(listener, "/notice", number=number)
            assert logged.acquire(timeout=SOON)

    assert not logged.acquire(blocking=False)


def test_without_alerts_it_is_noted_all_the_same(tmp_path: Path, stage: Stage) -> None:
    """Nobody is told, and nothing is sent."""
    for _ in range(3):
        stage.store.look_failed("uk", error="down", next_look_at=stage.clock.now())
    looked_once(loaded(tmp_path), stage)
    with beating(loaded(tmp_path)):
        pass

    assert ["site:uk"] == [one.key for one in stage.store.causes()]
    assert replace(stage.store.causes()[0]).told_at is None
