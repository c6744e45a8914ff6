"""A loopback proxy between howdah and an instance that can stop a publish at a chosen moment.

Everything else goes through unchanged.
"""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

PUBLISH = "/api/v1/statuses"
PATIENCE = 60.0
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}


class Moment(Enum):
    """When a publish is stopped."""

    BEFORE = "the instance has seen nothing of it"
    AFTER = "the instance has done the work and answered"


class Proxy:
    """Listens on a port of its own until end(); url is what howdah takes for the instance.

    A held publish waits until let_go(); then its connection is closed without an answer.
    A cut one is closed at once.
    """

    def __init__(self, upstream: str) -> None:
        """Start it in front of the server at that address."""
        self.upstream = urlsplit(upstream).netloc
        self._moment: Moment | None = None
        self._left = 0
        self._lock = threading.Lock()
        self._held = threading.Event()
        self._let_go = threading.Event()
        self._server = _Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()

    def hold(self, moment: Moment) -> None:
        """Hold the next publish at that moment."""
        self._held.clear()
        self._let_go.clear()
        self._arm(moment, 1)

    def cut(self, moment: Moment, *, times: int = 1) -> None:
        """Cut the connection of the next publishes at that moment."""
        self._let_go.set()
        self._arm(moment, times)

    def wait_until_held(self) -> None:
        """Wait until a publish is held."""
        assert self._held.wait(PATIENCE), "no publish came to the proxy"

    def let_go(self) -> None:
        """Close the connection of a publish that is held."""
        self._let_go.set()

    def end(self) -> None:
        """Let go of everything and stop listening."""
        self._let_go.set()
        self._server.shutdown()
        self._thread.join(PATIENCE)
        self._server.server_close()

    def stop_at(self, moment: Moment) -> bool:
        """Whether this publish is stopped at that moment; returns only when its connection may be closed."""
        with self._lock:
            if self._moment is not moment or not self._left:
                return False
            self._left -= 1
        self._held.set()
        self._let_go.wait(PATIENCE)
        return True

    def _arm(self, moment: Moment, times: int) -> None:
        with self._lock:
            self._moment, self._left = moment, times


@contextmanager
def in_front_of(upstream: str) -> Iterator[Proxy]:
    """A proxy for as long as the block runs."""
    proxy = Proxy(upstream)
    try:
        yield proxy
    finally:
        proxy.end()


class _Server(ThreadingHTTPServer):
    """Knows its proxy, and keeps quiet about clients that were killed while they waited."""

    daemon_threads = True

    def __init__(self, proxy: Proxy) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.proxy = proxy

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A dead client is what these tests are about."""


class _Handler(BaseHTTPRequestHandler):
    """One request, one connection, as with snac itself."""

    server: _Server

    def handle_one_request(self) -> None:
        self.close_connection = True
        super().handle_one_request()
        self.close_connection = True

    def do_GET(self) -> None:
        self._pass_on()

    def do_POST(self) -> None:
        if urlsplit(self.path).path == PUBLISH:
            self._publish()
        else:
            self._pass_on()

    do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815  (the names are http.server's)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the name is http.server's)
        """Keep quiet."""

    def _publish(self) -> None:
        body = self._body()
        if self.server.proxy.stop_at(Moment.BEFORE):
            return
        answer = self._forward(body)
        if not self.server.proxy.stop_at(Moment.AFTER):
            self._answer(*answer)

    def _pass_on(self) -> None:
        self._answer(*self._forward(self._body()))

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _forward(self, body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        connection = http.client.HTTPConnection(self.server.proxy.upstream, timeout=PATIENCE)
        try:
            connection.request(self.command, self.path, body, headers | {"Connection": "close"})
            answer = connection.getresponse()
            return answer.status, answer.getheaders(), answer.read()
        finally:
            connection.close()

    def _answer(self, code: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response_only(code)
        for name, value in headers:
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
