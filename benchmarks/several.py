"""Four daemons on one PostgreSQL beside one: 400 accounts, an instance that takes a second, 8 workers each."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from benchmarks.daemon import PATIENCE, wait_until
from benchmarks.measure import HOWDAH, PYTHON, Row, run
from benchmarks.stage import Stage, stage
from tests.e2e.servers.cache import UnavailableError
from tests.postgres import Server, start

DAEMONS, ACCOUNTS, WORKERS = 4, 400, 8
# Before a daemon sends on an account for the first time it reads what stands there, and each of four gets to a quarter
# of the accounts by a post.
_WARMING_POSTS = 4
_SETTLED = 5.0


def rows() -> Iterator[Row]:
    """Statuses a second of four over those of one."""
    what = f"{DAEMONS} daemons on one PostgreSQL, {ACCOUNTS} accounts, calls of 1 s, {WORKERS} workers each"
    try:
        several, one = _rates()
    except UnavailableError as error:
        yield Row(what=what, unit="a second", values=(), missing=str(error))
        return
    yield Row(
        what=what, unit="a second", values=(several,), other="the last of them alone", beside=(one,), meant="≥ 3.5"
    )


def _rates() -> tuple[float, float]:
    """How many statuses appear in a second, from the first to the last of a post; none appears twice."""
    with ExitStack() as stack:
        here = stack.enter_context(stage(0, accounts=ACCOUNTS, seconds_a_status=1.0))
        server = start(here.folder)
        stack.callback(server.remove)
        _configure(here, server)
        daemons = [subprocess.Popen([PYTHON, "-m", "benchmarks.several", here.config]) for _ in range(DAEMONS)]
        for daemon in daemons:
            stack.callback(_end, daemon)
        time.sleep(_SETTLED)
        for _ in range(_WARMING_POSTS):
            _rate(here)
        several = _rate(here)
        for daemon in daemons[1:]:
            _end(daemon)
        one = _rate(here)
        time.sleep(_SETTLED)
        assert here.published() % ACCOUNTS == 0, "a status appeared twice"
        return several, one


def _rate(here: Stage) -> float:
    """Publish one more post, and wait until it is on every account."""
    before = here.published()
    here.post()
    wait_until(lambda: here.published() > before)
    began = time.perf_counter()
    wait_until(lambda: here.published() >= before + ACCOUNTS, patience=10 * PATIENCE)
    return ACCOUNTS / (time.perf_counter() - began)


def _configure(here: Stage, server: Server) -> None:
    config = Path(here.config)
    config.write_text(config.read_text().replace("sqlite:///howdah.db", server.url))
    config.chmod(0o600)
    run([HOWDAH, "--config", here.config, "list"])  # makes the store


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait(PATIENCE)


def work(config: str) -> None:
    """A daemon with so few workers."""
    from bot import cli
    from bot.crosspost import threads

    threads.SHARED_THREADS = 2 * (WORKERS - 1)  # of which one instance holds half, beside its own
    sys.argv = ["howdah", "--quiet", "--config", config, "run"]
    cli.main()


if __name__ == "__main__":
    work(sys.argv[1])
