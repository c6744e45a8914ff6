"""What a person sees while something takes longer."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from typing import TextIO, cast

import pytest

from bot.cli.terminal.spinner import PATIENCE_SECONDS, Spinner

PATIENCE = 10.0


class Stderr:
    """A standard error that says when something was written to it."""

    encoding = "utf-8"

    def __init__(self, *, terminal: bool) -> None:
        self.text = ""
        self.written = threading.Event()
        self._terminal = terminal

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._terminal

    def write(self, text: str) -> int:
        """Keep what is written."""
        self.text += text
        self.written.set()
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""


@contextmanager
def stderr(*, terminal: bool = False) -> Iterator[Stderr]:
    """Standard error is a pipe, or a terminal."""
    stream = Stderr(terminal=terminal)
    with redirect_stderr(cast("TextIO", stream)):
        yield stream


class TestSpinner:
    """A command waits."""

    def test_what_is_quick_says_nothing(self) -> None:
        """Whatever was to be said."""
        with stderr() as said, Spinner("waiting …") as spinner:
            spinner.say("still waiting …")

        assert "" == said.text

    def test_what_takes_longer_says_each_thing_once(self) -> None:
        """A line each, without anything that steers a terminal."""
        with stderr() as said, Spinner("waiting \x1b[2J…") as spinner:
            assert said.written.wait(PATIENCE)
            spinner.say("found …")
            spinner.say("found …")

        assert "waiting [2J…\nfound …\n" == said.text

    def test_quiet_says_nothing(self) -> None:
        """However long it takes."""
        with stderr() as said, Spinner("waiting …", quiet=True) as spinner:
            assert not said.written.wait(1.2 * PATIENCE_SECONDS)
            spinner.say("still waiting …")

        assert "" == said.text

    def test_on_a_terminal_it_moves(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Square brackets are no markup, and in the end nothing is left of it."""
        monkeypatch.setenv("TERM", "xterm-256color")
        with stderr(terminal=True) as said, Spinner("[bold]waiting") as spinner:
            assert said.written.wait(PATIENCE)
            spinner.say("[red]found")

        assert "[red]found" in said.text
        assert said.text.endswith("\x1b[2K")
