"""mastodon-mock (PyPI): not a real server, but strict where snac is lenient.

It refuses what is longer than 500 characters (422), honours Idempotency-Key and counts rate limits. It is
installed into a virtual environment of its own.
"""

import subprocess
import sys
from pathlib import Path

import httpx

from tests.e2e.servers import cache
from tests.e2e.servers.cache import UnavailableError
from tests.e2e.servers.process import Process, free_port

NAME = "mastodon-mock-0.6.1"
LOCK = Path(__file__).with_name("mastodon-mock.lock")


def fetch() -> None:
    """Put mastodon-mock into the cache."""
    cache.provide(NAME, _build)


class MastodonMock:
    """A fresh instance that keeps everything in memory, running until end()."""

    token = "mock_token"

    def __init__(self, folder: Path, *, requests_per_window: int | None = None, window_seconds: int = 300) -> None:
        """Start it; requests_per_window sets a rate limit. UnavailableError where it was not fetched."""
        python = cache.find(NAME) / "bin/python"
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        config = folder / "mastodon-mock.toml"
        config.write_text(_ratelimit(requests_per_window, window_seconds))
        options = ["--in-memory", "--host", "127.0.0.1", "--port", str(port), "--config", str(config)]
        self._process = Process([str(python), "-m", "mastodon_mock", "serve", *options], log=folder / "mock.log")
        self._process.wait_for(self._answers)

    def end(self) -> None:
        """End it."""
        self._process.kill()

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/api/v1/instance", timeout=10).is_success
        except httpx.TransportError:
            return False


def _ratelimit(limit: int | None, window_seconds: int) -> str:
    if limit is None:
        return ""
    return f"[ratelimit]\nenabled = true\nlimit = {limit}\nwindow_seconds = {window_seconds}\n"


def _build(folder: Path) -> None:
    _run(sys.executable, "-m", "venv", str(folder))
    install = ("-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r", str(LOCK))
    _run(str(folder / "bin/python"), *install)


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise UnavailableError(f"installing {LOCK.name} failed: {said[-1] if said else 'no word'}")
