"""What the daemon needs beyond the libraries that it stands on."""

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks.measure import PYTHON, Figure, peak_mib
from benchmarks.stage import stage

POSTS = 100
LIBRARIES = "apscheduler.schedulers.background, bs4, click, httpx, mastodon, pydantic, regex, sqlalchemy, tenacity"
_PATIENCE = 60.0


def figures() -> Iterator[Figure]:
    """The daemon's peak resident size after a hundred posts, less that of a process that imports its libraries."""
    daemon = tuple(_daemon_mib() for _ in range(3))
    libraries = tuple(peak_mib([PYTHON, "-c", f"import {LIBRARIES}"]) for _ in range(3))
    yield Figure(name="daemon, peak MiB", values=daemon)
    yield Figure(name="its libraries alone, peak MiB", values=libraries)
    more = tuple(ours - least for ours, least in zip(daemon, libraries, strict=True))
    yield Figure(name="daemon − libraries, MiB", values=more, meant="≤ 30")


def _daemon_mib() -> float:
    howdah = str(Path(PYTHON).parent / "howdah")
    with (
        stage(POSTS) as here,
        subprocess.Popen([howdah, "--quiet", "--config", here.config, "run"], stderr=subprocess.DEVNULL) as daemon,
    ):
        _wait_until_shared(howdah, here.config)
        peak = _peak(daemon.pid)
        daemon.send_signal(signal.SIGTERM)
        assert daemon.wait(_PATIENCE) == 0
    return peak


def _peak(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    high = next((line.split()[1] for line in lines if line.startswith("VmHWM")), None)
    return int(high) / 1024 if high else float(psutil.Process(pid).memory_info().rss) / 2**20


def _wait_until_shared(howdah: str, config: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    command = [howdah, "--config", config, "list", "--all", "--state", "shared", "--json"]
    while len(subprocess.run(command, check=False, capture_output=True).stdout.splitlines()) < POSTS:
        assert time.monotonic() < deadline, "the daemon didn't share everything in time"
        time.sleep(0.5)
