"""The small HTTP server under both sandboxes: loopback, HTTP/1.1, kept-alive connections, a thread for each.

Headers and body leave in one write with Nagle's algorithm off; in two writes, each answer would wait for the client's
delayed acknowledgement. Nothing here asks the DNS. Stopping cuts every connection and waits for its thread.
"""

import http.client
import itertools
import re
import socket
import threading
import urllib.parse
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import Message
from io import BufferedReader
from typing import Self

from bot.sandbox.faults import Exchange, Faults
from bot.sandbox.messages import Answer, Recorded, Request, json_answer, read_body

Now = Callable[[], datetime]
Handler = Callable[..., Answer]
_LONGEST_LINE = 65_536
_LONGEST_BODY = 100_000_000
_PATIENCE = 10.0
_BAD_REQUEST = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def utc_now() -> datetime:
    """The present instant, aware and in UTC."""
    return datetime.now(UTC)


class SandboxServer:
    """A loopback HTTP server: a context manager that serves between start() and stop().

    requests holds every request in order of arrival. on_request, where set, is called with each request before it is
    worked on, so that a test can act between two requests. faults are what goes wrong. hosts: what a request's Host
    has to be, where only some are answered; any where it is None.
    """

    def __init__(
        self, *, now: Now = utc_now, on_request: Callable[[Recorded], None] | None = None, port: int = 0
    ) -> None:
        self.now = now
        self.on_request = on_request
        self.requests: list[Recorded] = []
        self.faults = Faults()
        self.hosts: frozenset[str] | None = None
        self.lock = threading.RLock()
        self._port = port
        self._routes: list[tuple[str, re.Pattern[str], Handler]] = []
        self._stopping = threading.Event()
        self._listener: socket.socket | None = None
        self._acceptor: threading.Thread | None = None
        self._threads: dict[threading.Thread, socket.socket] = {}
        self._numbers = itertools.count(1)

    @property
    def origin(self) -> str:
        """The scheme, host and port, without a slash at the end. Only while it serves."""
        if self._port == 0:
            message = "the sandbox has no address before start()"
            raise RuntimeError(message)
        return f"http://127.0.0.1:{self._port}"

    @property
    def url(self) -> str:
        """The address to give to a client, without a slash at the end."""
        return self.origin

    def start(self) -> Self:
        """Begin to serve; the port is chosen free unless one was asked for."""
        self._stopping.clear()
        self._listener = socket.create_server(("127.0.0.1", self._port), backlog=128)
        self._port = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, args=(self._listener,), daemon=True)
        self._acceptor.start()
        return self

    def stop(self) -> None:
        """End: every connection is cut, every thread waited for. Starting again takes the same port."""
        if self._listener is None or self._acceptor is None:
            return
        self._stopping.set()
        # Only a connection wakes a blocked accept() everywhere.
        socket.create_connection(("127.0.0.1", self._port)).close()
        self._acceptor.join(_PATIENCE)
        self._listener.close()
        self._listener = self._acceptor = None
        with self.lock:
            open_connections = dict(self._threads)
        for connection in open_connections.values():
            _cut(connection)
        for thread in open_connections:
            thread.join(_PATIENCE)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *error: object) -> None:
        self.stop()

    def route(self, method: str, pattern: str, handler: Handler) -> None:
        """Let a handler answer a method and a path; the pattern's groups are its further arguments."""
        self._routes.append((method, re.compile(pattern), handler))

    def answer(self, request: Request) -> Answer:
        """Do what a request asks, under the lock. The first route that fits answers; HEAD is answered as GET."""
        method = "GET" if request.method == "HEAD" else request.method
        with self.lock:
            for wanted, pattern, handler in self._routes:
                found = pattern.fullmatch(request.path) if wanted == method else None
                if found:
                    return handler(request, *found.groups())
            return self.not_found(request)

    def not_found(self, _request: Request, /) -> Answer:
        """The answer where no route fits."""
        return json_answer({"error": "Not Found"}, status=404)

    def respond(self, request: Request) -> Answer | None:
        """Record a request, let faults have their way, and answer it; None where the connection is to be cut."""
        recorded = request.recorded()
        with self.lock:
            self.requests.append(recorded)
        if self.on_request is not None:
            self.on_request(recorded)
        fault = self.faults.pick(request)
        if fault is None:
            return self.answer(request)
        exchange = Exchange(request=request, work=lambda: self.answer(request), stopping=self._stopping)
        return fault.apply(exchange)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            connection, _ = listener.accept()
            if self._stopping.is_set():
                connection.close()
                return
            thread = threading.Thread(target=self._serve, args=(connection, next(self._numbers)), daemon=True)
            with self.lock:
                self._threads[thread] = connection
            thread.start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            with connection, connection.makefile("rb") as reader:
                self._converse(connection, reader, number)
        except ConnectionError:
            pass  # the client went away, which is its right
        finally:
            with self.lock:
                self._threads.pop(threading.current_thread(), None)

    def _converse(self, connection: socket.socket, reader: BufferedReader, number: int) -> None:
        """Answer request after request until either side has enough."""
        while not self._stopping.is_set():
            try:
                request = _read(reader, number)
            except (ValueError, http.client.HTTPException):
                connection.sendall(_BAD_REQUEST)
                return
            if request is None:
                return
            if self.hosts is not None and request.header("host").lower() not in self.hosts:
                connection.sendall(_BAD_REQUEST)
                return
            answer = self.respond(request)
            if answer is None:
                return
            _send(connection, request, answer, self._stopping)
            if answer.close or request.header("connection").lower() == "close":
                return


def _read(reader: BufferedReader, number: int) -> Request | None:
    """The next request of a connection; None where there is none. ValueError or HTTPException for one without sense."""
    line = reader.readline(_LONGEST_LINE)
    if not line:
        return None
    method, target, _ = line.decode("latin-1").split()
    headers = _lower(http.client.parse_headers(reader))
    length = int(headers.get("content-length", "0"))
    if not 0 <= length <= _LONGEST_BODY:
        raise ValueError(length)
    body = reader.read(length)
    fields, files = read_body(headers.get("content-type", ""), body)
    path, _, query = target.partition("?")
    return Request(
        method=method,
        path=urllib.parse.unquote(path),
        query=query,
        params=urllib.parse.parse_qs(query, keep_blank_values=True) if query else {},
        headers=headers,
        body=body,
        fields=fields,
        files=files,
        connection=number,
    )


def _lower(message: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in message.items()}


def _send(connection: socket.socket, request: Request, answer: Answer, stopping: threading.Event) -> None:
    """Send an answer in one write, or slowly where its pace says so."""
    head = _head(answer)
    body = b"" if request.method == "HEAD" else answer.body[: answer.sent]
    if not answer.pace:
        connection.sendall(head + body)
        return
    connection.sendall(head)
    for byte in body:
        if stopping.wait(answer.pace):
            return
        connection.sendall(bytes([byte]))


def _head(answer: Answer) -> bytes:
    reason = http.client.responses.get(answer.status, "Unknown")
    lines = [f"HTTP/1.1 {answer.status} {reason}", *(f"{name}: {value}" for name, value in answer.headers)]
    return "\r\n".join((*lines, f"Content-Length: {len(answer.body)}", "", "")).encode()


def _cut(connection: socket.socket) -> None:
    """Wake the thread that reads from a connection: it reads the end."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # closed already, by its thread or by the client
