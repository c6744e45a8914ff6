"""A howdah daemon as a process of its own, and what it takes."""

import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psutil

from benchmarks.measure import HOWDAH

PATIENCE = 120.0


@contextmanager
def daemon(config: str) -> Iterator[psutil.Process]:
    """A daemon that runs with this config until the end of the block, and then ends well."""
    command = [HOWDAH, "--quiet", "--config", config, "run"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:  # what it says of errors is to be seen
        try:
            yield psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0


def cpu_seconds(process: psutil.Process) -> float:
    """The processor's time that a process has taken so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


def resident_mib(process: psutil.Process) -> float:
    """The memory that a process has now, in MiB."""
    return float(process.memory_info().rss) / 2**20


def wait_until(holds: Callable[[], bool], *, patience: float = PATIENCE, pause: float = 0.1) -> None:
    """Wait until something holds. AssertionError where it doesn't in time."""
    deadline = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < deadline, "what was waited for didn't come"
        time.sleep(pause)
