"""The watch beside the daemon: causes, notices, the heartbeat, and a config that was rejected."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import redaction
from bot.cli.failures import Failed
from bot.cli.watch import Watch, beating, look_once
from bot.config import Config
from bot.crosspost.events import Reloaded, ReloadFailed, tell
from tests.unit.alerts.listener import Listener, listening
from tests.unit.config.files import ACCOUNT, SITE, loaded
from tests.unit.crosspost.stage import Stage

SOON = 20.0


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
        assert () == look_once(config(tmp_path, listener.port, heartbeat=False), stage.context)
        assert () == look_once(config(tmp_path, listener.port, heartbeat=False), stage.context)

    assert ["/notice"] == listener.paths()


def test_without_alerts_it_is_noted_all_the_same(tmp_path: Path, stage: Stage) -> None:
    """Nobody is told, and nothing is sent."""
    for _ in range(3):
        stage.store.look_failed("uk", error="down", next_look_at=stage.clock.now())
    look_once(loaded(tmp_path), stage.context)
    with beating(loaded(tmp_path)):
        pass

    assert ["site:uk"] == [one.key for one in stage.store.causes()]
    assert replace(stage.store.causes()[0]).told_at is None
