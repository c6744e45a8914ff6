"""Somebody on loopback who listens, and answers as a test says; and somebody who takes mails."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer


class Listener:
    """What was said to it: (path, body). agents: who said so.

    status: what it answers; silent: paths that it answers once let_go is set.
    """

    def __init__(self) -> None:
        self.heard: list[tuple[str, str]] = []
        self.agents: set[str] = set()
        self.status = 200
        self.port = 0
        self.silent: tuple[str, ...] = ()
        self.let_go = threading.Event()

    def paths(self) -> list[str]:
        """The paths alone."""
        return [path for path, _ in self.heard]


@contextmanager
def listening() -> Iterator[Listener]:
    """A listener for a while."""
    listener = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
            listener.heard.append((self.path, body))
            listener.agents.add(self.headers.get("User-Agent", ""))
            if self.path in listener.silent:
                listener.let_go.wait()
            self.send_response(listener.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listener.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield listener
    finally:
        listener.let_go.set()
        server.shutdown()
        thread.join()
        server.server_close()


class Mailbox:
    """The mails that came, by SMTP without a word of welcome."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.port = 0


@contextmanager
def mailbox() -> Iterator[Mailbox]:
    """A mailbox for a while."""
    box = Mailbox()

    class Handler(StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            for line in self.rfile:
                if line.upper().startswith(b"DATA"):
                    self.wfile.write(b"354 go on\r\n")
                    box.mails.append(message_from_bytes(b"".join(iter(self.rfile.readline, b".\r\n"))))
                self.wfile.write(b"250 well\r\n")

    with ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()
