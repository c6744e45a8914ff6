"""Programs in process groups of their own, which never outlive the tests."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

PATIENCE = 30.0  # seconds for a server to come up; it takes less than one on an idle machine


def free_port() -> int:
    """A port on loopback that nobody listens on at this moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


class Process:
    """A running program; what it prints goes to a log file.

    It leads a process group of its own, and where the system can do so (setpriv) the kernel kills it as soon
    as the tests die, by whatever cause.
    """

    def __init__(self, command: Sequence[str], *, log: Path, environment: Mapping[str, str] | None = None) -> None:
        """Start the command with the given variables added to this process's environment."""
        leash = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
        self._log = log
        with log.open("ab") as out:
            self._popen = subprocess.Popen(
                [*leash, *command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=os.environ | dict(environment or {}),
                start_new_session=True,
            )

    @property
    def log(self) -> str:
        """Everything that the program has printed so far."""
        return self._log.read_text(errors="replace")

    def wait_for(self, ready: Callable[[], bool]) -> None:
        """Wait until ready() holds. RuntimeError with the log where the program ends or takes too long."""
        deadline = time.monotonic() + PATIENCE
        while not ready():
            if self._popen.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"did not come up: {self.log[-2000:]}")
            time.sleep(0.05)

    def reload(self) -> None:
        """Ask it to read its config anew (SIGHUP)."""
        self._popen.send_signal(signal.SIGHUP)

    def stop(self) -> int:
        """Ask it to end (SIGTERM), and wait for it: its exit code."""
        self._popen.terminate()
        return self._popen.wait(PATIENCE)

    def kill(self) -> None:
        """End its whole group at once (SIGKILL); nothing happens where it has ended already."""
        if self._popen.poll() is None:
            os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.wait(PATIENCE)
