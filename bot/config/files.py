"""Reading the small files that people keep for howdah: the config, tokens, passwords.

Whose a file is, and who may write it, is asked of the file that was opened, so that nobody can exchange it in between.
"""

import os
import shlex
import stat
from collections.abc import Callable
from pathlib import Path

LONGEST = 1_000_000
# A token is read before each request: room for the longest file would take longer to make than the token to read.
_SMALL = 4_096
_OTHERS_MAY_WRITE = stat.S_IWGRP | stat.S_IWOTH
_OTHERS = stat.S_IRWXG | stat.S_IRWXO

Check = Callable[[Path, os.stat_result], None]


def read_small(path: Path, *, check: Check) -> bytes:
    """What a file holds, up to 1 MB. check: raises ValueError where this file isn't to be read.

    Raises ValueError, with what is wrong, also for what is no file (a FIFO, a device) or is too long; OSError where
    the file can't be opened or read, IsADirectoryError for a folder.
    """
    # Without waiting: the opening of a FIFO would last until somebody writes into it.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        found = os.fstat(file.fileno())
        if stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(path)
        if not stat.S_ISREG(found.st_mode):
            raise ValueError("isn't a file (no pipe and no device is read)")
        check(path, found)
        data = file.read(_SMALL)
        if len(data) == _SMALL:
            data += file.read(LONGEST + 1 - _SMALL)
    if len(data) > LONGEST:
        raise ValueError("is longer than 1 MB (is it the right file?)")
    return data


def as_it_is(_path: Path, _found: os.stat_result) -> None:
    """Any file: a person named it just now, or systemd made it (its access list shows as rights of the group)."""


def written_by_owner(path: Path, found: os.stat_result) -> None:
    """A file that nobody but the caller or root may have written."""
    _refuse_foreign(found)
    placed_by_root(path, found)


def placed_by_root(path: Path, found: os.stat_result) -> None:
    """A file in a place where only root can put one: whose it is says nothing, in a container; others may not write."""
    if found.st_mode & _OTHERS_MAY_WRITE:
        raise ValueError(f"may be written by other users (run: chmod go-w {shlex.quote(str(path))})")


def private(path: Path, found: os.stat_result) -> None:
    """A file that nobody but the caller or root may have written, or may read."""
    _refuse_foreign(found)
    if found.st_mode & _OTHERS:
        raise ValueError(f"is open to others (run: chmod 600 {shlex.quote(str(path))})")


def _refuse_foreign(found: os.stat_result) -> None:
    if found.st_uid not in (os.geteuid(), 0):
        raise ValueError(f"belongs to another user (uid {found.st_uid}; it has to be yours, or root's)")
