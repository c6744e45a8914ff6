"""Signing in with a person: the page to agree on, the code that comes back, the token that it is traded for."""

from __future__ import annotations

import os
import secrets
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import click

from bot.cli import redaction
from bot.cli.failures import say_error
from bot.cli.prompts import read_line
from bot.cli.terminal.output import clean, say
from bot.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.mastodon.sign_in import App, SignIn

    Register = Callable[[str], App]
    TakeCode = Callable[[], str]

PATIENCE_SECONDS = 600.0
_TRIES = 3
_SECONDS_FOR_ONE = 10.0
_DONE = "howdah has the answer. You can close this window and go back to the terminal."
_DENIED = "access_denied"  # RFC 6749: the person said no
_STRANGE = "This isn't the answer to what howdah asked."


def new_token(sign_in: SignIn, register: Register, *, paste: bool) -> str:
    """A token that a person agreed to. register makes the app, given where the browser is to come back to.

    paste: the code is read from the terminal, or from stdin; else the browser brings it. Raises what SignIn does.
    """
    return redaction.remember((_by_paste if paste else _by_browser)(sign_in, register))


def _by_browser(sign_in: SignIn, register: Register) -> str:
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    with listening(state=state) as page:
        app = register(page.redirect_uri)
        redaction.remember(app.client_secret)
        address = sign_in.address(app, state=state, verifier=verifier)
        say("Open this page, and agree:")
        say(address)
        _open(address)
        _note("Waiting for the browser. It has to be on this machine; else press Ctrl-C, and add --paste.")
        return sign_in.trade(app, redaction.remember(page.code(within=PATIENCE_SECONDS)), verifier=verifier)


def _by_paste(sign_in: SignIn, register: Register) -> str:
    from bot.mastodon.sign_in import OUT_OF_BAND

    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    app = register(OUT_OF_BAND)
    redaction.remember(app.client_secret)
    say("Open this page, agree, and copy the code that it shows:")
    say(sign_in.address(app, state=state, verifier=verifier))
    return _asked(lambda: sign_in.trade(app, _read_code(), verifier=verifier))


def _asked(ask: TakeCode) -> str:
    """What is asked for; a person may try again, a program's stdin may not."""
    for _ in range(_TRIES - 1):
        try:
            return ask()
        except RefusedError as error:
            if not sys.stdin.isatty():
                raise
            say_error(str(error))
    return ask()


def _read_code() -> str:
    """The code, also where the whole address was copied that has it."""
    text = read_line("Code: ").strip()
    if not text:
        raise RefusedError("no code was given: nothing was changed")
    found = parse_qs(urlsplit(text).query).get("code") if "://" in text else None
    return redaction.remember(found[0] if found else text)


def _open(address: str) -> None:
    """Open a browser where one is at hand; in a process of its own, for some keep whoever started them waiting."""
    import subprocess

    if has_browser():
        nothing = subprocess.DEVNULL
        subprocess.Popen(  # noqa: S603 - no shell, and the address is one argument
            [sys.executable, "-m", "webbrowser", address],
            stdin=nothing,
            stdout=nothing,
            stderr=nothing,
            start_new_session=True,
        )


def has_browser() -> bool:
    """Whether there is a browser with a window: those in a terminal would take ours."""
    windows = ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")
    return sys.platform == "darwin" or any(os.environ.get(name) for name in windows)


def _note(text: str) -> None:
    click.echo(text, err=True)


# --- the page on this machine that the browser comes back to with the code --------------------------------------------


@dataclass(slots=True)
class Loopback:
    """Waits for the browser. state: what only the true answer knows; redirect_uri: where the browser is sent."""

    redirect_uri: str
    state: str
    _answers: SimpleQueue[dict[str, str]] = field(default_factory=SimpleQueue)

    def code(self, *, within: float) -> str:
        """The code, as soon as the browser brings it; RefusedError where it isn't there within so many seconds."""
        try:
            answer = self._answers.get(timeout=within)
        except Empty as error:
            raise RefusedError(f"nobody came back from the browser within {within / 60:.0f} minutes") from error
        if "code" in answer:
            return answer["code"]
        refused = answer.get("error", _DENIED)
        if refused == _DENIED:
            raise RefusedError("it wasn't agreed to: nothing was changed")
        raise RefusedError(f"the instance refused it: {clean(answer.get('error_description', refused))}")

    def take(self, query: str) -> tuple[int, str]:
        """Take in what the browser brings; the answer's code and text."""
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        if not secrets.compare_digest(asked.get("state", "").encode(), self.state.encode()):
            return 400, _STRANGE
        self._answers.put(asked)
        return 200, _DONE


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
