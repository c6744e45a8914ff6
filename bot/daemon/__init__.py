"""The daemon: a handful of ticks, the signals, and nothing that decides."""

from bot.daemon.loop import TICK_SECONDS, Daemon
from bot.daemon.ticks import Tick
from bot.daemon.workers import WorkerPool

__all__ = ["TICK_SECONDS", "Daemon", "Tick", "WorkerPool"]
