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

DAEMONS, ACCOUNTS, WORKERS, ROUNDS = 4, 400, 8, 2


def rows() -> Iterator[Row]:
    """Statuses a second of four over those of one."""
    what = f"{DAEMONS} daemons on one PostgreSQL, {ACCOUNTS} accounts, calls of 1 s, {WORKERS} workers each"
    try:
        taken = [(_rate(DAEMONS), _rate(1)) for _ in range(ROUNDS)]
    except UnavailableError as error:
        yield Row(what=what, unit="a second", values=(), missing=str(error))
        return
    yield Row(
        what=what,
        unit="a second",
        values=tuple(several for several, _ in taken),
        other="one daemon",
        beside=tuple(one for _, one in taken),
        meant="≥ 3.5",
    )


def _rate(daemons: int) -> float:
    """How many statuses of a post appear in a second, from the first to the last; none appears twice.

    It is the second post: with the first one each account's limits and own statuses were read, which happens seldom.
    """
    with ExitStack() as stack:
        here = stack.enter_context(stage(0, accounts=ACCOUNTS, seconds_a_status=1.0))
        server = start(here.folder)
        stack.callback(server.remove)
        _configure(here, server)
        for _ in range(daemons):
            stack.callback(_end, subprocess.Popen([PYTHON, "-m", "benchmarks.several", here.config]))
        time.sleep(_WARM)
        for post in range(_POSTS):
            here.post()
            wait_until(lambda: here.published() > post * ACCOUNTS)  # noqa: B023 - called at once
            began = time.perf_counter()
            wait_until(lambda: here.published() >= (post + 1) * ACCOUNTS, patience=10 * PATIENCE)  # noqa: B023
        seconds = time.perf_counter() - began
        time.sleep(_WARM)
        assert here.published() == _POSTS * ACCOUNTS, "a status appeared twice"
        return ACCOUNTS / seconds


_WARM, _POSTS = 5.0, 2


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
    from bot.crosspost import sync

    sync.MOST_ACCOUNT_THREADS = WORKERS
    sys.argv = ["howdah", "--quiet", "--config", config, "run"]
    cli.main()


if __name__ == "__main__":
    work(sys.argv[1])
