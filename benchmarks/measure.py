"""Measuring whole processes: processor time, wall time and peak memory, in turn with what they are compared to."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

PYTHON = sys.executable
HOWDAH = str(Path(PYTHON).parent / "howdah")

# What the machine itself is measured by: the same arithmetic each time.
_STEPS = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a process took, its children included: seconds of the processor and of the wall, and MiB at its peak."""

    cpu: float
    wall: float
    peak: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the table: howdah's figures, and those of the floor or the peer that was measured in turn with it.

    values and beside belong together pair by pair; beside is empty where a figure stands by itself. meant: what it is
    meant to stay under, '' where it only informs. missing: why there is nothing to compare with.
    """

    what: str
    unit: str
    values: tuple[float, ...]
    other: str = ""
    beside: tuple[float, ...] = ()
    meant: str = ""
    missing: str = ""

    @property
    def ratios(self) -> tuple[float, ...]:
        """Howdah's figure over the other one, pair by pair: a drifting machine drifts for both."""
        return (
            tuple(ours / theirs for ours, theirs in zip(self.values, self.beside, strict=True)) if self.beside else ()
        )


def run(command: Sequence[str], *, cwd: Path | None = None) -> Usage:
    """Run a command that ends by itself. AssertionError with what it said last where it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    assert process.returncode == 0, f"{Path(command[0]).name} failed: {said.decode(errors='replace')[-400:]}"
    return Usage(cpu=usage.ru_utime + usage.ru_stime, wall=time.perf_counter() - began, peak=usage.ru_maxrss / 1024)


def paired(
    ours: Callable[[], float], other: Callable[[], float], *, pairs: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Both in turn, A B A B …, after one pair of warm-up."""
    ours(), other()
    taken = [(ours(), other()) for _ in range(pairs)]
    return tuple(first for first, _ in taken), tuple(second for _, second in taken)


def machine(*, runs: int = 7) -> tuple[float, ...]:
    """Milliseconds of the processor that the same arithmetic takes, again and again: the machine's own noise."""
    return tuple(_arithmetic() for _ in range(runs))


def _arithmetic() -> float:
    began = time.process_time()
    total = 0
    for number in range(_STEPS):
        total += number * number % 7
    return (time.process_time() - began) * 1000


def middle(values: Sequence[float]) -> str:
    """The median and, where there are several, the smallest and the largest."""
    if not values:
        return ""
    text = number(statistics.median(values))
    return f"{text} ({number(min(values))}–{number(max(values))})" if len(values) > 1 else text


def number(value: float) -> str:
    """A number with as many digits as say something."""
    for least, digits in ((100, 0), (10, 1), (0.1, 2)):
        if abs(value) >= least:
            return f"{value:,.{digits}f}"
    return f"{value:.3f}"
