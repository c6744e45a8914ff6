"""A healthy account beside 24 whose instances take connections and say nothing: how long until its post is out."""

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

SILENT = 24
PAIRS = 2
_TIMEOUT = 'timeout = "10s"\n'


def rows() -> Iterator[Row]:
    """Seconds from the post's publication on its site to its status, over the same without the others."""
    values, beside = paired(partial(_seconds, SILENT), partial(_seconds, 0), pairs=PAIRS)
    yield Row(
        what=f"a post's way, {SILENT} other accounts on silent instances, wall",
        unit="s",
        values=values,
        other="no other account",
        beside=beside,
        meant="howdah ≤ 2 s",
    )


def _seconds(silent: int) -> float:
    with ExitStack() as stack:
        here = stack.enter_context(stage(1))
        servers = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(silent)]
        _beside(here, [server.getsockname()[1] for server in servers])
        with daemon(here.config):
            wait_until(lambda: here.published() == 1)  # by now the others hang
            here.post()
            began = time.perf_counter()
            wait_until(lambda: here.published() == 2, pause=0.02)
            return time.perf_counter() - began


def _beside(here: Stage, ports: list[int]) -> None:
    """Share the site on accounts, too, whose instances' connections nobody ever accepts."""
    names = [f"silent{port}" for port in ports]
    config = Path(here.config)
    config.write_text(config.read_text().replace('accounts = ["bench"]', f"accounts = {json.dumps(['bench', *names])}"))
    for name, port in zip(names, ports, strict=True):
        here.secret(f"{name}.token", "t0kent0ken")
        here.add(ACCOUNT.format(name=name, instance=f"http://127.0.0.1:{port}") + _TIMEOUT)
