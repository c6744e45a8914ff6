"""A store in a file, and other processes beside it."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store import SqlStore, open_store


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the store is, or will be."""
    return tmp_path / "howdah.db"


@pytest.fixture
def url(file: Path) -> str:
    """The store's address."""
    return f"sqlite:///{file}"


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    """A new store."""
    opened = open_store(url)
    yield opened
    opened.close()


def start(code: str, *arguments: str) -> subprocess.Popen[str]:
    """Run code in a Python of its own, with pipes to and from it. Close it by `with`."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
