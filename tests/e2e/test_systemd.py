"""The service under a manager: its units as systemd reads them, and a daemon that hangs."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.howdah import COMMAND

UNITS = Path(__file__).parents[2] / "deploy/systemd"
WATCHDOG_SECONDS = 4.0
PATIENCE = 60.0

pytestmark = pytest.mark.e2e
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")


def analyze(*arguments: str) -> str:
    """What systemd-analyze says of something; it must not refuse it."""
    done = subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@needs_systemd
@pytest.mark.parametrize("name", ["howdah.service", "howdah-sync.service"])
def test_exposure(name: str) -> None:
    """A service may do next to nothing: 1.5 of 10 at most."""
    said = analyze("security", "--offline=true", "--no-pager", str(UNITS / name))

    level = re.search(r"Overall exposure level for \S+ (\d+\.\d)", said)

    assert level is not None, said
    assert float(level[1]) <= 1.5


@needs_systemd
def test_units_are_read_whole(tmp_path: Path) -> None:
    """No line of a unit is unknown or ignored, where the program stands in its place."""
    program = tmp_path / "howdah"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in (*UNITS.glob("*.service"), *UNITS.glob("*.timer")):
        (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/howdah/.venv/bin/howdah", str(program)))

    said = analyze("verify", "--man=no", *(str(path) for path in tmp_path.glob("howdah*.*")))

    assert not [line for line in said.splitlines() if str(tmp_path) in line or line.startswith("howdah")], said


class Manager:
    """As much of systemd as the watchdog needs: it kills a daemon that doesn't report, and starts another."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._messages = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._messages.bind(str(folder / "notify"))

    def start(self) -> subprocess.Popen[bytes]:
        """A daemon that has said that it is ready."""
        daemon = subprocess.Popen(
            [COMMAND, "--config", str(self._folder / "config.toml"), "run"],
            env=os.environ | {"NOTIFY_SOCKET": str(self._folder / "notify")},
            stderr=subprocess.DEVNULL,
        )
        self.wait_for(b"READY=1", within=PATIENCE)
        return daemon

    def wait_for(self, message: bytes, *, within: float) -> bool:
        """Whether a message with this in it comes within so many seconds."""
        until = time.monotonic() + within
        while (left := until - time.monotonic()) > 0:
            self._messages.settimeout(left)
            try:
                if message in self._messages.recv(4096):
                    return True
            except TimeoutError:
                return False
        return False

    def drain(self) -> None:
        """Forget what was said."""
        self._messages.setblocking(False)
        try:
            while self._messages.recv(4096):
                pass
        except BlockingIOError:
            pass

    def close(self) -> None:
        """Close the socket."""
        self._messages.close()


def test_a_daemon_that_stands_still_is_replaced(tmp_path: Path) -> None:
    """It reports while it works; stopped by SIGSTOP it reports nothing, and another takes its place."""
    (tmp_path / "config.toml").write_text(
        '[state]\nurl = "sqlite:///howdah.db"\n\n'
        '[sites.uk]\nurl = "http://127.0.0.1:9"\naccounts = ["uk"]\nallow_private = true\n\n'
        '[accounts.uk]\ninstance = "http://127.0.0.1:9"\ntoken_file = "uk.token"\nallow_private = true\n'
    )
    (tmp_path / "uk.token").write_text("a-token-of-nobody")
    for name in ("config.toml", "uk.token"):
        (tmp_path / name).chmod(0o600)
    manager = Manager(tmp_path)
    first = manager.start()
    try:
        assert manager.wait_for(b"WATCHDOG=1", within=WATCHDOG_SECONDS)
        first.send_signal(signal.SIGSTOP)
        manager.drain()
        assert not manager.wait_for(b"WATCHDOG=1", within=WATCHDOG_SECONDS)
        first.kill()
        first.wait(PATIENCE)

        second = manager.start()

        assert manager.wait_for(b"WATCHDOG=1", within=WATCHDOG_SECONDS)
        second.send_signal(signal.SIGTERM)
        assert manager.wait_for(b"STOPPING=1", within=PATIENCE)
        assert 0 == second.wait(PATIENCE)
    finally:
        first.kill()
        manager.close()
