"""Whether a daemon's memory grows with what it has shared."""

from collections.abc import Iterator

from benchmarks.daemon import daemon, resident_mib, wait_until
from benchmarks.measure import HOWDAH, Row, run
from benchmarks.stage import stage

FIRST, LAST = 1_000, 20_000
_PATIENCE = 3_600.0
_BOUNDLESS = 'max_burst = 100000\nmax_age = "3650d"\n'


def rows() -> Iterator[Row]:
    """What it has gained between the 1,000th status and the 20,000th."""
    with stage(LAST, poll_every="1m") as here:  # a look finds thousands to read each time
        run([HOWDAH, "--config", here.config, "list"])  # makes the store, which happens once
        here.add(_BOUNDLESS)
        with daemon(here.config) as process:
            wait_until(lambda: here.published() >= FIRST, patience=_PATIENCE)
            before = resident_mib(process)
            wait_until(lambda: here.published() >= LAST, patience=_PATIENCE, pause=1.0)
            after = resident_mib(process)
    what = f"the daemon's memory gained between {FIRST:,} and {LAST:,} posts"
    yield Row(what=what, unit="MiB", values=(after - before,), meant="< 2 MiB")
