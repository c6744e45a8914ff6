"""What a service manager is told: that howdah is ready, reads its config anew, stops, and still works (sd_notify(3)).

Each message is a datagram to the socket that $NOTIFY_SOCKET names. Without one, nobody is told.
"""

import os
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

_SECOND = timedelta(seconds=1)


class Supervisor:
    """The service manager that started this process; nobody where there is none."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        # "@" stands for the NUL of an abstract socket's name.
        self._address = environ.get("NOTIFY_SOCKET", "").replace("@", "\0", 1)

    def ready(self, status: str) -> None:
        """Everything is open and the ticks run. status: a line for people."""
        self._tell(f"READY=1\nSTATUS={status}")

    def reloading(self) -> None:
        """The config is read anew; ready() ends that."""
        self._tell(f"RELOADING=1\nMONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self, within: timedelta) -> None:
        """What is in hand is finished, which may take that long."""
        self._tell(f"STOPPING=1\nSTATUS=finishing what is in hand\nEXTEND_TIMEOUT_USEC={within // _SECOND * 1_000_000}")

    def alive(self) -> None:
        """The ticks come back: the watchdog's time begins anew."""
        self._tell("WATCHDOG=1")

    def _tell(self, message: str) -> None:
        if not self._address:
            return
        # A service manager that is away is no reason to stop.
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as messages:
            messages.sendto(message.encode(), self._address)
