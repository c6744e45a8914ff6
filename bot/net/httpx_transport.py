"""How httpx connects: through the guard, bounded by the deadline of the call, and by nothing of the environment.

httpx's timeouts are for one read each: a server that drips a byte every few seconds would keep a thread for hours.
Here every single read and write gets no more time than is left until the deadline, which is for the whole answer.
"""

import socket
import ssl
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

import httpcore

from bot.net import tls
from bot.net.guard import Resolve, connect, is_any, is_public, resolve

# httpx has a command line, and loads what that needs (rich, Pygments) wherever it finds it installed: 7 MiB, 0.1 s.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type] # None: not to be imported
import httpx  # noqa: E402

# Exported: httpx is taken from here, so that nobody imports it before.
__all__ = ["GuardedBackend", "guarded_transport", "httpx", "left", "put_off", "within"]

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
        self,
        ssl_context: ssl.SSLContext,  # noqa: ARG002 - the one of all connections takes its place
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        """Agree on TLS; what comes after is bounded too."""
        seconds = left(timeout)
        if seconds == 0:
            raise httpcore.ConnectTimeout
        try:
            trusted = tls.context()
        except OSError as error:
            self.close()
            raise httpcore.LocalProtocolError(str(error)) from error
        return BoundedStream(self._stream.start_tls(trusted, server_hostname, timeout=seconds))

    def get_extra_info(self, info: str) -> Any:
        """What the stream below knows of itself."""
        return self._stream.get_extra_info(info)


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections for httpcore: to checked addresses, bounded by the call's deadline."""

    def __init__(self, *, allow_private: bool, resolve: Resolve = resolve) -> None:
        self._allowed = is_any if allow_private else is_public
        self._resolve = resolve
        self._backend = httpcore.SyncBackend()

    def connect_tcp(  # noqa: PLR0917 - the signature is httpcore's
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that answers; AddressRefusedError where one isn't public."""

        def open_to(address: str, seconds: float | None) -> httpcore.NetworkStream:
            try:
                return self._backend.connect_tcp(address, port, seconds, local_address, socket_options)
            except httpcore.ConnectTimeout as error:
                raise TimeoutError(str(error)) from error
            except httpcore.ConnectError as error:
                raise OSError(str(error)) from error

        ask = partial(connect, seconds=left(timeout), allowed=self._allowed, open_to=open_to, resolve=self._resolve)
        try:
            return BoundedStream(ask(host, port))
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except (socket.gaierror, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} can't be resolved") from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error


def guarded_transport(backend: GuardedBackend, *, limits: httpx.Limits | None = None) -> httpx.HTTPTransport:
    """A transport whose every connection is the backend's. limits: how many connections there may be, and be kept."""
    transport = httpx.HTTPTransport(verify=tls.UNUSED, trust_env=False, limits=limits or httpx.Limits())
    # httpx has no public way to choose the network backend; the integration tests hold that this one is used.
    transport._pool._network_backend = backend  # noqa: SLF001 - see above
    return transport
