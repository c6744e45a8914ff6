"""How quickly a backlog is drained: one `sync` against the least that any program must do."""

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from benchmarks.measure import PYTHON, Figure, ratios, wall
from benchmarks.stage import stage

POSTS = 200
# An instance on the same machine that does next to nothing, and one that takes as long as a small real one does.
_PACES = {"answers at once": 0.0, "takes 50 ms a status": 0.05}


def figures() -> Iterator[Figure]:
    """One `sync` of 200 new posts over a bare Mastodon.py loop that publishes 200 texts on the same sandbox."""
    for pace, seconds in _PACES.items():
        yield ratios(
            f"sync of {POSTS} posts / bare loop, instance {pace}",
            partial(_sync, seconds),
            partial(_bare, seconds),
            pairs=5,
            meant="≤ 1.6",
        )


def _sync(seconds_a_status: float) -> float:
    howdah = str(Path(PYTHON).parent / "howdah")
    with stage(POSTS, seconds_a_status=seconds_a_status) as here:
        wall([howdah, "--config", here.config, "list"])  # makes the store, which happens once
        seconds = wall([howdah, "--quiet", "--config", here.config, "sync"])
        listed = subprocess.run(
            [howdah, "--config", here.config, "list", "--all", "--state", "shared", "--json"],
            check=True,
            capture_output=True,
        )
        assert len(listed.stdout.splitlines()) == POSTS
    return seconds


def _bare(seconds_a_status: float) -> float:
    with stage(0, seconds_a_status=seconds_a_status) as here:
        return wall([PYTHON, "-m", "benchmarks.drain", json.dumps([here.instance, here.token])])


def bare_loop(instance: str, token: str) -> None:
    """Publish texts of the same kind, one after the other."""
    from mastodon import Mastodon

    api = Mastodon(access_token=token, api_base_url=instance, ratelimit_method="throw")
    for number in range(POSTS):
        api.status_post(f"Post {number}\n\nWhat post {number} is about.\n\nhttps://news.example/{number}/\n\n#news")


if __name__ == "__main__":
    bare_loop(*json.loads(sys.argv[1]))
