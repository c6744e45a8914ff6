"""Measuring whole processes: wall time and peak memory, several runs, in turn with what they are compared to."""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

PYTHON = sys.executable


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured thing. meant: what it is meant to stay under, '' where it only informs."""

    name: str
    values: tuple[float, ...]
    meant: str = ""

    @property
    def median(self) -> float:
        """The middle run."""
        return statistics.median(self.values)

    @property
    def low(self) -> float:
        """The best run."""
        return min(self.values)

    @property
    def high(self) -> float:
        """The worst run."""
        return max(self.values)


def wall(command: Sequence[str], *, runs: int = 1) -> float:
    """Seconds of wall time that a command takes, on average over some runs in a row; it must succeed."""
    started = time.perf_counter()
    for _ in range(runs):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return (time.perf_counter() - started) / runs


def ratios(name: str, ours: Callable[[], float], other: Callable[[], float], *, pairs: int, meant: str) -> Figure:
    """Ours over the other, pair by pair after one pair of warm-up: a drifting machine drifts for both."""
    ours(), other()
    return Figure(name=name, values=tuple(ours() / other() for _ in range(pairs)), meant=meant)


def peak_mib(command: Sequence[str]) -> float:
    """The peak resident size of a process that ends by itself, in MiB."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return _mib(usage)


def _mib(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss / 1024
