"""A healthy account beside others whose instances take connections and say nothing: how long until its post is out."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from benchmarks.daemon import daemon, wait_until
from benchmarks.measure import Row, paired
from benchmarks.stage import ACCOUNT, Stage, stage

# How many other accounts, on how many instances.
BESIDE = ((24, 24), (400, 2))
PAIRS = 2
_TIMEOUT = 'timeout = "10s"\n'


def rows() -> Iterator[Row]:
    """Seconds from the post's publication on its site to its status, over the same without the others."""
    for accounts, instances in BESIDE:
        values, beside = paired(partial(_seconds, accounts, instances), partial(_seconds, 0, 0), pairs=PAIRS)
        yield Row(
            what=f"a post's way, {accounts} other accounts on {instances} silent instances, wall",
            unit="s",
            values=values,
            other="no other account",
            beside=beside,
            meant="howdah ≤ 2 s",
        )


def _seconds(accounts: int, instances: int) -> float:
    with ExitStack() as stack:
        here = stack.enter_context(stage(1))
        servers = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(instances)]
        _beside(here, [servers[number % instances].getsockname()[1] for number in range(accounts)])
        with daemon(here.config):
            wait_until(lambda: here.published() == 1)  # by now the others hang
            here.post()
            began = time.perf_counter()
            wait_until(lambda: here.published() == 2, pause=0.02)
            return time.perf_counter() - began


def _beside(here: Stage, ports: list[int]) -> None:
    """Share the site on accounts, too, whose instances' connections nobody ever accepts."""
    names = [f"silent{number}" for number in range(len(ports))]
    config = Path(here.config)
    config.write_text(config.read_text().replace('accounts = ["bench"]', f"accounts = {json.dumps(['bench', *names])}"))
    for name, port in zip(names, ports, strict=True):
        here.secret(f"{name}.token", f"t0ken-of-{name}")
        here.add(ACCOUNT.format(name=name, instance=f"http://127.0.0.1:{port}") + _TIMEOUT)
