"""A healthy account beside 24 whose instances take connections and say nothing: how long until its post is out."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

from benchmarks.daemon import daemon, wait_until
from benchmarks.measure import Row, paired
from benchmarks.stage import ACCOUNT, SITE, Stage, stage

SILENT = 24
PAIRS = 5
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
        for number in range(silent):
            _beside(here, number, stack.enter_context(socket.create_server(("127.0.0.1", 0))))
        with daemon(here.config):
            wait_until(lambda: here.published() == 1)  # by now the others hang
            here.post()
            began = time.perf_counter()
            wait_until(lambda: here.published() == 2, pause=0.02)
            return time.perf_counter() - began


def _beside(here: Stage, number: int, server: socket.socket) -> None:
    """An account whose instance's connections nobody ever accepts, for the same site under another name."""
    name, port = f"silent{number}", server.getsockname()[1]
    here.secret(f"{name}.token", "t0kent0ken")
    here.add(ACCOUNT.format(name=name, instance=f"http://127.0.0.1:{port}") + _TIMEOUT)
    here.add(SITE.format(name=name, url=here.sites[0], accounts=f'["{name}"]', poll_every="1s"))
