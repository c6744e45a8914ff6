"""How much memory making an image anew takes, and how much there is for it."""

import os
from contextlib import suppress
from pathlib import Path, PurePosixPath

from bot.images.header import Header
from bot.images.process import Task

_MIB = 1024 * 1024
# Twelve million pixels of a WebP, which takes most, fit into the most; the photos of a newsroom's site into the least.
_LEAST, _MOST = 96 * _MIB, 256 * _MIB
# What is left to howdah itself where it has a limit.
_MARGIN = 32 * _MIB
# What Python and Pillow take before the first pixel, libraries included.
_BEFORE = 40 * _MIB
_PIXEL, _ROW = 4, 8
# The older version of control groups has a very large number where there is no limit.
_NO_LIMIT = 2**60
# How many times the decoder and Pillow hold the picture while it is unpacked.
_COPIES = {"image/webp": 4.3, "image/avif": 3, "image/gif": 3}
# By which factors a JPEG can be unpacked smaller.
_FRACTIONS = (8, 4, 2, 1)
# A progressive JPEG is kept whole meanwhile, in so many bytes for each of its pixels; in more where its colours are
# as fine as its light, which cameras don't do.
_COEFFICIENTS = 4


def room() -> int:
    """How many bytes a child process may take, in all: what this process's control group leaves, within bounds."""
    limit = _group_limit()
    return max(_LEAST, min(_MOST, limit - _own() - _MARGIN)) if limit else _MOST


def needed(header: Header, task: Task) -> int:
    """How many bytes making this image anew is going to take, in all."""
    width, height, extra = header.width, header.height, 0
    target_width, target_height = task.size(width, height)
    if task.mime_type == "image/jpeg":
        extra = width * height * _COEFFICIENTS if header.scans > 1 else 0
        by = next(by for by in _FRACTIONS if by == 1 or min(width // target_width, height // target_height) >= by)
        width, height = -(-width // by), -(-height // by)
    copies = _COPIES.get(task.mime_type, 1)
    unpacking = height * (width * _PIXEL * copies + _ROW) + extra
    # Lanczos goes by rows first, then by columns.
    smaller = 0 if width == target_width else target_width * (height + target_height) * _PIXEL
    scaling = height * (width * _PIXEL + _ROW) + smaller + target_width * target_height * _PIXEL
    return _BEFORE + max(int(unpacking), scaling)


def _own() -> int:
    """What this process has in memory, in bytes; 0 where nobody can tell."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def _group_limit() -> int:
    """What this process's control group, and those above it, may take at most, in bytes; 0 for no limit."""
    limits: list[int] = []
    with suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text(encoding="utf-8").splitlines():
            limits += filter(None, map(_limit_of, _limit_files(line)))
    return min(limits, default=0)


def _limit_files(line: str) -> list[Path]:
    """Where the limits of a group and of those above it stand, for a line of /proc/self/cgroup (of either version)."""
    _, controllers, path = line.split(":", 2)
    if controllers == "":
        root, name = PurePosixPath("/sys/fs/cgroup"), "memory.max"
    elif "memory" in controllers.split(","):
        root, name = PurePosixPath("/sys/fs/cgroup/memory"), "memory.limit_in_bytes"
    else:
        return []
    group = root / path.lstrip("/")
    return [Path(folder / name) for folder in (group, *group.parents) if folder.is_relative_to(root)]


def _limit_of(file: Path) -> int:
    """The number in a file; 0 where there is none, or one that is no limit."""
    with suppress(OSError, ValueError):
        limit = int(file.read_text(encoding="ascii"))
        return limit if limit < _NO_LIMIT else 0
    return 0
