"""A stand-in for howdah's webhook: takes what comes, and answers what the test wants."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True, kw_only=True)
class ReceivedRequest:
    """One request: its header names are lower case."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def says(self) -> Any:
        """The JSON in it."""
        return json.loads(self.body)


@dataclass
class Listener:
    """Listens on loopback until close(). status: what it answers."""

    status: int = 202
    heard: list[ReceivedRequest] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start."""
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                headers = {name.lower(): value for name, value in self.headers.items()}
                listener.heard.append(ReceivedRequest(path=self.path, headers=headers, body=body))
                self.send_response(listener.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/hooks/wordpress/gazette"

    def about(self, post_id: int) -> list[ReceivedRequest]:
        """What was heard about a post."""
        return [one for one in self.heard if one.says["post_id"] == post_id]

    def close(self) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()
