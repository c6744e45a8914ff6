"""The cache folder: each thing in it is there whole or not at all, and why it isn't is written beside it."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class UnavailableError(Exception):
    """A server can't be had on this machine; the text says which and why."""


def folder() -> Path:
    """The cache folder, made if need be: howdah-e2e below the user's cache folder (XDG)."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    path = Path(base) / "howdah-e2e"
    path.mkdir(parents=True, exist_ok=True)
    return path


def provide(name: str, build: Callable[[Path], None]) -> Path:
    """The cached folder of that name; where it isn't there, build is called to fill an empty one.

    What build raises as UnavailableError is remembered for find(), and raised again.
    """
    with _locked(name):
        path = folder() / name
        if not path.is_dir():
            _build(path, build)
    return path


def find(name: str) -> Path:
    """The cached folder of that name. UnavailableError, with the remembered reason, where it isn't there."""
    path = folder() / name
    if path.is_dir():
        return path
    reason = _reason(path)
    raise UnavailableError(reason.read_text() if reason.is_file() else "not fetched yet: `make e2e` does it")


def _build(path: Path, build: Callable[[Path], None]) -> None:
    unfinished = path.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    try:
        build(unfinished)
    except UnavailableError as error:
        _reason(path).write_text(str(error))
        raise
    unfinished.rename(path)
    _reason(path).unlink(missing_ok=True)


def _reason(path: Path) -> Path:
    return path.with_suffix(".reason")


@contextmanager
def _locked(name: str) -> Iterator[None]:
    """Hold the lock of one name, so that two runs side by side don't build the same thing."""
    with (folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
