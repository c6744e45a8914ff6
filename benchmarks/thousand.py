"""A thousand sites polled every minute, with a hundred accounts: on time, for how much, and with what memory."""

import time
from collections.abc import Iterator
from itertools import pairwise

from benchmarks.daemon import cpu_seconds, daemon, resident_mib, wait_until
from benchmarks.measure import HOWDAH, Row, run
from benchmarks.stage import stage

SITES, ACCOUNTS, MINUTES = 1_000, 100, 10
_FIRST_LOOKS, _PATIENCE = 90.0, 600.0
_MINUTE = 60.0


def rows() -> Iterator[Row]:
    """Figures by the minute, after each site was looked at once."""
    with stage(1, sites=SITES, accounts=ACCOUNTS, poll_every="1m") as here:
        run([HOWDAH, "--config", here.config, "list"])  # makes the store, which happens once
        with daemon(here.config) as process:
            wait_until(lambda: here.published() == 1, patience=_PATIENCE)
            time.sleep(_FIRST_LOOKS)
            here.gap()
            cpu, memory = [cpu_seconds(process)], [resident_mib(process)]
            for _ in range(MINUTES):
                time.sleep(_MINUTE)
                cpu.append(cpu_seconds(process))
                memory.append(resident_mib(process))
            gap = here.gap()
    what = f"{SITES:,} sites polled every minute, {ACCOUNTS} accounts"
    shares = tuple((after - before) / _MINUTE * 100 for before, after in pairwise(cpu))
    yield Row(what=f"{what}, CPU of a core", unit="%", values=shares, meant="≤ 5 %")
    yield Row(what=f"{what}, the longest that a site wasn't asked", unit="s", values=(gap,), meant="≤ 75 s")
    yield Row(what=f"{what}, memory", unit="MiB", values=tuple(memory))
    yield Row(what=f"{what}, memory gained in {MINUTES} minutes", unit="MiB", values=(memory[-1] - memory[0],))
