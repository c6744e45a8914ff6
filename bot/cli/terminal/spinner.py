"""What a person sees on stderr while something takes longer than a second."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Self

import click

from bot.cli.terminal.output import clean

if TYPE_CHECKING:
    from rich.status import Status

PATIENCE_SECONDS = 1.0


class Spinner:
    """Says what is being waited for, once a second has passed: a spinner on a terminal, else each text on a line.

    A context manager. say() may be called at any time, from one thread.
    """

    def __init__(self, text: str, *, quiet: bool = False) -> None:
        self._text = clean(text)
        self._quiet = quiet
        self._shown = False
        self._status: Status | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(PATIENCE_SECONDS, self._begin)
        self._timer.daemon = True

    def say(self, text: str) -> None:
        """What is being waited for now."""
        with self._lock:
            changed = clean(text) != self._text
            self._text = clean(text)
            if changed and self._shown:
                self._show()

    def __enter__(self) -> Self:
        if not self._quiet:
            self._timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._quiet = True
            if self._status is not None:
                self._status.stop()

    def _begin(self) -> None:
        with self._lock:
            if not self._quiet:
                self._shown = True
                self._show()

    def _show(self) -> None:
        if not sys.stderr.isatty():
            click.echo(self._text, err=True)
        elif self._status is None:
            self._status = _spinner(self._text)
        else:
            self._status.update(_escaped(self._text))


def _spinner(text: str) -> Status:
    from rich.console import Console

    status = Console(stderr=True, highlight=False, emoji=False).status(_escaped(text))
    status.start()
    return status


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)
