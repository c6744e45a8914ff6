"""Files that only their owner may read: written whole or not at all, never open for a moment."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def replace_private(path: Path, text: str) -> None:
    """Write a file (0600) in place of what is there, so that a reader finds the old or the new one; OSError."""
    target = path.resolve()  # a link stays one
    with _written(target, text) as fresh:
        fresh.replace(target)


def create_private(path: Path, text: str) -> None:
    """Write a file (0600) where there is none; FileExistsError, and nothing is changed, where there is; OSError."""
    with _written(path, text) as fresh:
        try:
            os.link(fresh, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            _create(path, text)


@contextmanager
def _written(path: Path, text: str) -> Iterator[Path]:
    """The text in a file of another name beside this one, on the disk; gone at the end where it still is there."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        _create(fresh, text)
        yield fresh
    finally:
        with suppress(FileNotFoundError):
            fresh.unlink()
    _sync_folder(path.parent)


def _create(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Let the name last; not every file system can."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
