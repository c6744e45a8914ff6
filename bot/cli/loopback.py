"""A page on this machine that the person's browser comes back to with the code."""

from __future__ import annotations

import secrets
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from bot.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SECONDS_FOR_ONE = 10.0
_DONE = "howdah has what it needs. You can close this window and go back to the terminal."
_DENIED = "You didn't agree, so nothing was changed. You can close this window."
_STRANGE = "This isn't the answer to what howdah asked."


@dataclass(slots=True)
class Loopback:
    """Waits for the browser. state: what only the true answer knows; redirect_uri: where the browser is sent."""

    redirect_uri: str
    state: str
    _answers: SimpleQueue[str | None] = field(default_factory=SimpleQueue)

    def code(self, *, within: float) -> str:
        """The code, as soon as the browser brings it; RefusedError where it isn't there within so many seconds."""
        try:
            code = self._answers.get(timeout=within)
        except Empty as error:
            raise RefusedError(f"nobody came back from the browser within {within / 60:.0f} minutes") from error
        if code is None:
            raise RefusedError("it wasn't agreed to: nothing was changed")
        return code

    def take(self, query: str) -> tuple[int, str]:
        """Take in what the browser brings; the answer's code and text."""
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        if not secrets.compare_digest(asked.get("state", "").encode(), self.state.encode()):
            return 400, _STRANGE
        if asked.get("code"):
            self._answers.put(asked["code"])
            return 200, _DONE
        self._answers.put(None)
        return 200, _DENIED


@contextmanager
def listening(*, state: str) -> Iterator[Loopback]:
    """Listen on a free port of 127.0.0.1 for as long as it lasts."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Page) as server:
        server.daemon_threads = True
        server.block_on_close = False
        page = Loopback(redirect_uri=f"http://127.0.0.1:{server.server_address[1]}/", state=state)
        server.page = page  # type: ignore[attr-defined] # the standard library's way to hand something to the handler
        thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
        thread.start()
        try:
            yield page
        finally:
            server.shutdown()
            thread.join()


class _Page(BaseHTTPRequestHandler):
    timeout = _SECONDS_FOR_ONE
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        """Answer a browser."""
        parts = urlsplit(self.path)
        page: Loopback = self.server.page  # type: ignore[attr-defined] # see listening()
        code, text = page.take(parts.query) if parts.path == "/" else (404, _STRANGE)
        body = f"<!doctype html><meta charset=utf-8><title>howdah</title><p>{text}</p>".encode()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: what the browser brings is a secret."""
