"""A server below HTTP: what it sends and how it behaves is up to the test."""

import socket
import ssl
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Self

Conversation = Callable[[socket.socket, threading.Event], None]


class RawServer:
    """A context manager that holds each connection's conversation in a thread; its event ends them.

    accepted counts the connections. tls, where given, is agreed on first.
    """

    def __init__(self, conversation: Conversation, *, tls: ssl.SSLContext | None = None) -> None:
        self._conversation = conversation
        self._tls = tls
        self._stopping = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._acceptor = threading.Thread(target=self._accept)
        self._threads: list[threading.Thread] = []
        self.accepted = 0
        self.port = int(self._listener.getsockname()[1])

    def __enter__(self) -> Self:
        """Begin to accept."""
        self._acceptor.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End every conversation."""
        self._stopping.set()
        socket.create_connection(("127.0.0.1", self.port)).close()
        self._acceptor.join()
        self._listener.close()
        for thread in self._threads:
            thread.join()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._stopping.is_set():
                connection.close()
                return
            self.accepted += 1
            thread = threading.Thread(target=self._converse, args=(connection,))
            self._threads.append(thread)
            thread.start()

    def _converse(self, connection: socket.socket) -> None:
        try:
            if self._tls is not None:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                self._conversation(connection, self._stopping)
        except OSError:
            connection.close()  # the client went away, or doesn't trust us


def read_request(connection: socket.socket) -> bytes:
    """A request's head and body."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    while lengths and len(body) < int(lengths[0]):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def respond(body: bytes, *, head: str = "HTTP/1.1 200 OK\r\nContent-Type: application/json") -> Conversation:
    """A conversation of one request and this answer."""

    def conversation(connection: socket.socket, _stopping: threading.Event) -> None:
        read_request(connection)
        connection.sendall(f"{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    return conversation


def drip(data: bytes, *, pace: float) -> Conversation:
    """A conversation that answers byte by byte, so many seconds apart, until it is stopped."""

    def conversation(connection: socket.socket, stopping: threading.Event) -> None:
        read_request(connection)
        for byte in data:
            if stopping.wait(pace):
                return
            connection.sendall(bytes([byte]))

    return conversation


def silent(_connection: socket.socket, stopping: threading.Event) -> None:
    """A conversation in which nothing is ever said."""
    stopping.wait()


def bad_request(connection: socket.socket, _stopping: threading.Event) -> None:
    """A conversation that answers whatever came first with 400, as a server of plain HTTP meets a TLS greeting.

    Nothing is parsed: a greeting is random bytes, and a parser waits for a line's end that may not be in them.
    """
    connection.recv(65536)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
