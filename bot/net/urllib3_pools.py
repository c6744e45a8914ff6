"""How urllib3, and so Mastodon.py, connects: through the guard, and bounded in time.

Beside the guard, three things are changed:

- whatever goes wrong before a connection stands is a ConnectFailedError: no byte of the request was sent;
- so it is where, with the connection standing, the request may not be sent any more;
- the timeout that urllib3 leaves for the answer holds for all of it, not for each read, so that a server that sends a
  byte now and then keeps nobody.
"""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.util.connection import create_connection

from bot.net.guard import AddressRefusedError, Allowed, connect

# A timeout of 0 would make a socket non-blocking.
_AN_INSTANT = 0.001


class ConnectFailedError(NewConnectionError):
    """No connection came to be, so no byte of a request was sent. reason: what the instance did, for a person."""

    def __init__(self, connection: HTTPConnection, reason: str) -> None:
        super().__init__(connection, reason)
        self.reason = reason


def pool_classes(allowed: Allowed, may_send: Callable[[], bool]) -> dict[str, type[HTTPConnectionPool]]:
    """urllib3's pools by scheme, whose connections go to allowed addresses only and are bounded in time."""

    class Plain(_Bounded):
        _allowed = staticmethod(allowed)
        _may_send = staticmethod(may_send)

    class Secure(_Bounded, HTTPSConnection):
        _allowed = staticmethod(allowed)
        _may_send = staticmethod(may_send)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class _TimedReader(io.RawIOBase):
    """Reads from a socket until the time that its timeout leaves now is up, however many reads that are."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        self._raw = raw
        self._sock = sock
        self._until = time.monotonic() + (sock.gettimeout() or _AN_INSTANT)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the time for the whole answer is up")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _BoundedResponse(http.client.HTTPResponse):
    """An answer that must have come whole, head and body, by the time the socket's timeout leaves at its beginning."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_TimedReader(self.fp.detach(), sock))


class _Bounded(HTTPConnection):
    """A connection to an allowed address; everything up to its standing takes at most its timeout."""

    response_class = _BoundedResponse
    _allowed: Allowed
    _may_send: Callable[[], bool]
    _has_sent = False

    def connect(self) -> None:
        """Connect, and agree on TLS; ConnectFailedError where either fails."""
        try:
            super().connect()
        except ConnectFailedError:
            raise
        except (OSError, HTTPError, ValueError) as error:
            raise ConnectFailedError(self, _reason(error, self)) from error

    def send(self, data: Any) -> None:
        """Send a part of the request; before the first one, ask whether it may still be sent."""
        if self.sock is None:
            self.connect()
        if not self._has_sent and not self._may_send():
            raise ConnectFailedError(self, "was not asked: howdah stood still until it was too late")
        self._has_sent = True
        super().send(data)

    def _new_conn(self) -> socket.socket:
        """Connect through the guard; what is left of the timeout is for what comes next."""
        seconds = self.timeout or _AN_INSTANT
        until = time.monotonic() + seconds
        try:
            sock = connect(self.host, self.port or 0, seconds=seconds, allowed=self._allowed, open_to=self._open)
        except AddressRefusedError as error:
            raise ConnectFailedError(self, error.reason) from error
        sock.settimeout(max(until - time.monotonic(), _AN_INSTANT))
        return sock

    def _open(self, address: str, seconds: float | None) -> socket.socket:
        return create_connection((address, self.port), seconds, socket_options=self.socket_options)


def _reason(error: Exception, connection: HTTPConnection) -> str:
    """What the instance did, as the rest of a sentence about it."""
    match error:
        case socket.gaierror() | UnicodeError():
            return "has a name that can't be resolved"
        case TimeoutError():
            return f"took no connection within {connection.timeout:g} s"
        case ConnectionRefusedError():
            return "refuses the connection"
        case ssl.SSLCertVerificationError():
            return f"has no valid certificate: {error.verify_message}"
        case ssl.SSLError() | ConnectionResetError():
            return "fails to agree on a secure connection"
        case _:
            return f"can't be connected to: {error}"
