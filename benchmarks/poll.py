"""A poll that finds nothing new, in the daemon: what it takes of the processor, beside a bare GET of the same size."""

import subprocess
import time
from collections.abc import Iterator

from benchmarks.daemon import cpu_seconds, daemon
from benchmarks.measure import PYTHON, Row, paired
from benchmarks.stage import Stage, stage

SITES = 25
SECONDS = 10
PAIRS = 2
_SETTLED = 3.0


def rows() -> Iterator[Row]:
    """Milliseconds a poll: 25 sites polled each second, less the same sites polled once an hour, beside httpx alone."""
    values, beside = paired(_poll, _get, pairs=PAIRS)
    yield Row(
        what="an unchanged poll in the daemon, CPU",
        unit="ms",
        values=values,
        other="httpx GET alone",
        beside=beside,
        meant="howdah ≤ 2 ms",
    )


def _poll() -> float:
    return (_seconds("1s") - _seconds("1h")) / (SITES * SECONDS) * 1000


def _seconds(poll_every: str) -> float:
    with stage(0, sites=SITES, poll_every=poll_every) as here, daemon(here.config) as process:
        time.sleep(_SETTLED)
        before = cpu_seconds(process)
        time.sleep(SECONDS)
        return cpu_seconds(process) - before


def _get() -> float:
    times = SITES * SECONDS
    with stage(0) as here:
        command = [PYTHON, "-m", "benchmarks.bare", "get", _listing(here), str(times)]
        return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout) / times * 1000


def _listing(here: Stage) -> str:
    return f"{here.sites[0]}/wp-json/wp/v2/posts?per_page=100&_fields=id"
