"""A deadline for a whole answer, held at the socket.

httpx's timeouts are for one read each: a server that drips a byte every few seconds would keep a thread for hours.
Here every single read and write gets no more time than is left until the deadline of the call that it serves.
"""

import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore

_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let everything that this thread reads and writes meanwhile end after so many seconds."""
    token = _deadline.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _deadline.reset(token)


def put_off(seconds: float) -> None:
    """Let the deadline of this call be so much later: what was waited for is not the server's to answer for."""
    at = _deadline.get()
    if at is not None:
        _deadline.set(at + seconds)


def left(most: float | None = None) -> float | None:
    """How many seconds one step may take: what is left until the deadline, at most so many; 0 where none is.

    None: no limit was set, neither here nor by the caller.
    """
    at = _deadline.get()
    if at is None:
        return most
    remaining = max(0.0, at - time.monotonic())
    return remaining if most is None else min(most, remaining)


class BoundedStream(httpcore.NetworkStream):
    """A stream whose every read and write ends by the deadline."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what is there; httpcore.ReadTimeout once the time is up."""
        # 0 would make the socket non-blocking, which httpcore doesn't know as a timeout.
        seconds = left(timeout)
        if seconds == 0:
            raise httpcore.ReadTimeout
        return self._stream.read(max_bytes, timeout=seconds)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of it; httpcore.WriteTimeout once the time is up."""
        seconds = left(timeout)
        if seconds == 0:
            raise httpcore.WriteTimeout
        self._stream.write(buffer, timeout=seconds)

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Agree on TLS; what comes after is bounded too."""
        seconds = left(timeout)
        if seconds == 0:
            raise httpcore.ConnectTimeout
        return BoundedStream(self._stream.start_tls(ssl_context, server_hostname, timeout=seconds))

    def get_extra_info(self, info: str) -> Any:
        """What the stream below knows of itself."""
        return self._stream.get_extra_info(info)
