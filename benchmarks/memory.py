"""What the daemon of one site needs, beside a process that has only imported the libraries that it stands on."""

import time
from collections.abc import Iterator

from benchmarks.daemon import daemon, resident_mib, wait_until
from benchmarks.measure import HOWDAH, PYTHON, Row, run
from benchmarks.stage import stage

POSTS = 100
RUNS = 2
LIBRARIES = "apscheduler.schedulers.background, bs4, click, httpx, mastodon, msgspec, regex, sqlalchemy, tenacity"
_SETTLED = 5.0


def rows() -> Iterator[Row]:
    """The daemon's resident memory at rest and after a hundred posts, over that of its libraries."""
    libraries = tuple(run([PYTHON, "-c", f"import {LIBRARIES}"]).peak for _ in range(RUNS))
    for what, posts in (("at rest", 0), (f"after {POSTS} posts", POSTS)):
        yield Row(
            what=f"the daemon's memory, one site, {what}",
            unit="MiB",
            values=tuple(_daemon(posts) for _ in range(RUNS)),
            other="its libraries alone",
            beside=libraries,
            meant="howdah ≤ 64 MiB",
        )


def _daemon(posts: int) -> float:
    with stage(posts) as here:
        run([HOWDAH, "--config", here.config, "list"])  # makes the store, which happens once
        with daemon(here.config) as process:
            time.sleep(_SETTLED)
            wait_until(lambda: here.published() == posts)
            time.sleep(_SETTLED)
            return resident_mib(process)
