"""Signing in with a person: the page to agree on, the code that comes back, the token that it is traded for."""

from __future__ import annotations

import os
import secrets
import sys
from typing import TYPE_CHECKING

import click

from bot.cli import redaction
from bot.cli.failures import say_error
from bot.cli.terminal.output import say
from bot.errors import RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.mastodon.sign_in import App, SignIn

    Register = Callable[[str], App]
    TakeCode = Callable[[], str]

PATIENCE_SECONDS = 600.0
_TRIES = 3


def new_token(sign_in: SignIn, register: Register, *, paste: bool) -> str:
    """A token that a person agreed to. register makes the app, given where the browser is to come back to.

    paste: the code is read from the terminal, or from stdin; else the browser brings it. Raises what SignIn does.
    """
    return redaction.remember((_by_paste if paste else _by_browser)(sign_in, register))


def _by_browser(sign_in: SignIn, register: Register) -> str:
    from bot.cli.loopback import listening

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
    from urllib.parse import parse_qs, urlsplit

    click.echo("Code: ", nl=False, err=True)
    text = sys.stdin.readline().strip()
    if not sys.stdin.isatty():
        click.echo(err=True)
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
