"""Somebody on loopback who listens, and answers as a test says."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


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
