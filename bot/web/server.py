"""The server: uvicorn in a thread of the daemon, with bounds on connections, headers and time."""

import asyncio
import logging
import socket
import threading
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from bot.errors import RefusedError

_MOST_CONNECTIONS = 512  # above that, none is taken
_HEADER_BYTES = 16_384
_BACKLOG = 128
_KEEP_ALIVE = 5  # seconds
_LEAVE_WITHIN = 3  # seconds


class BoundedProtocol(H11Protocol):
    """HTTP/1.1 that cuts clients who take too long: to say what they want, or to take the answer. In seconds.

    uvicorn takes an answer for complete once it is written to the connection's buffer: a client who doesn't read would
    keep it there for good.
    """

    until_asked = 10.0
    until_answered = 60.0
    _timer: asyncio.TimerHandle | None = None
    _asked = False
    _between = False  # two requests, while the answer to the first one may still be on its way

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Take the connection, where there aren't too many."""
        super().connection_made(transport)
        if len(self.connections) > _MOST_CONNECTIONS:
            transport.abort()
        self._give(self.until_asked)

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        self._end_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came; the time for a request runs from its first byte."""
        if self._between:
            self._between = False
            self._give(self.until_asked)
        super().data_received(data)

    def handle_events(self) -> None:
        """Once a request's headers are there, it is given the time for its body and its answer."""
        super().handle_events()
        if not self._asked and self._in_hand():
            self._asked = True
            self._between = False
            self._give(self.until_answered)

    def _in_hand(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def on_response_complete(self) -> None:
        """The answer is written, if not taken yet; what comes next is another request."""
        self._asked = False
        self._between = True
        self._give(self.until_answered)
        super().on_response_complete()

    def _give(self, seconds: float) -> None:
        self._end_timer()
        self._timer = self.loop.call_later(seconds, self.transport.abort)

    def _end_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Server:
    """One address that is listened on, from start() to stop()."""

    def __init__(
        self, app: ASGIApp, *, host: str, port: int, protocol: type[asyncio.Protocol] = BoundedProtocol
    ) -> None:
        self.place = (host, port)
        self._socket = _listen(host, port)
        self._server = uvicorn.Server(_config(app, protocol))
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)

    @property
    def address(self) -> tuple[str, int]:
        """The host and the port that are listened on, once it is known which."""
        host, port, *_ = self._socket.getsockname()
        return str(host), int(port)

    def start(self) -> None:
        """Answer from now on, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Take no further request, and go; what is being answered is given a moment."""
        self._server.should_exit = True
        self._thread.join(_LEAVE_WITHIN + 1)
        self._socket.close()

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])


def _listen(host: str, port: int) -> socket.socket:
    """RefusedError where the address can't be listened on."""
    try:
        family, *_, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listening = socket.create_server(place[:2], family=family, backlog=_BACKLOG)
    except OSError as error:
        reason = error.strerror or str(error)
        raise RefusedError(f"the status page can't listen on {host}:{port} (web.listen): {reason}") from error
    return listening


def _config(app: ASGIApp, protocol: Any) -> uvicorn.Config:
    logging.getLogger("uvicorn").setLevel(logging.ERROR)  # a client's broken request is no news
    return uvicorn.Config(
        app,
        http=protocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=_BACKLOG,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_LEAVE_WITHIN,
        h11_max_incomplete_event_size=_HEADER_BYTES,
    )
