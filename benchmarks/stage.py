"""The stage for a benchmark: a sandbox WordPress and a sandbox Mastodon in a process of their own, and a config."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import PYTHON
from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.wordpress import SandboxWordPress
from tests.sandbox.faults import Delay

CONFIG = """
[state]
url = "sqlite:///howdah.db"

[sites.bench]
url = "{site}"
accounts = ["bench"]
first_run = "all"
settle = "0s"
poll_every = "1s"
allow_private = true

[accounts.bench]
instance = "{instance}"
token_file = "bench.token"
allow_private = true
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where the servers are, and a fresh folder with a config for them."""

    site: str
    instance: str
    token: str
    folder: Path

    @property
    def config(self) -> str:
        """The path of the config."""
        return str(self.folder / "config.toml")


@contextmanager
def stage(posts: int, *, seconds_a_status: float = 0.0) -> Iterator[Stage]:
    """Fresh servers with so many posts, and a fresh folder; all gone at the end.

    seconds_a_status: how long the instance takes for each publish.
    """
    command = [PYTHON, "-m", "benchmarks.stage", str(posts), str(seconds_a_status)]
    with (
        TemporaryDirectory() as name,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as servers,
    ):
        assert servers.stdout is not None
        assert servers.stdin is not None
        where = json.loads(servers.stdout.readline())
        folder = Path(name)
        (folder / "config.toml").write_text(CONFIG.format(**where))
        (folder / "bench.token").write_text(where["token"])
        (folder / "bench.token").chmod(0o600)
        try:
            yield Stage(**where, folder=folder)
        finally:
            servers.stdin.close()  # ends them


def serve(posts: int, seconds_a_status: float) -> None:
    """Serve until the standard input ends; say where on the standard output."""
    with SandboxWordPress() as site, SandboxMastodon(statuses_limit=None, requests_limit=None) as instance:
        if seconds_a_status:
            instance.faults.add(match="POST /api/v1/statuses", fault=Delay(seconds_a_status))
        start = datetime.now(UTC) - timedelta(hours=10)
        for number in range(posts):
            excerpt = f"What post {number} is about, in a sentence or two that a reader would like to go on from. " * 3
            site.publish(title=f"Post {number}", excerpt=excerpt, tags=["news"], date=start + timedelta(seconds=number))
        where = {"site": site.url, "instance": instance.url, "token": instance.add_account("bench")}
        print(json.dumps(where), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    serve(int(sys.argv[1]), float(sys.argv[2]))
