"""What people see on a terminal: tables, colours, a spinner."""

import os
import pty
import re
import subprocess
from collections.abc import Mapping

import pytest

from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.wordpress import SandboxWordPress
from tests.integration.cli.conftest import ACCOUNT, PATIENCE, SITE, TOKEN, Howdah

LONG = "A title that goes on and on, and on, until nobody remembers how it began, let alone why"


def on_terminal(command: list[str], environ: Mapping[str, str] | None = None) -> str:
    """What a command prints on a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    try:
        process = subprocess.Popen(
            command,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "80", **(environ or {})},
        )
        os.close(theirs)
        said = b"".join(_pieces(ours))
        process.wait(PATIENCE)
    finally:
        os.close(ours)
    assert TOKEN not in said.decode()
    return said.decode()


def _pieces(file: int) -> list[bytes]:
    """Everything until the terminal's other end is closed."""
    pieces = []
    while True:
        try:
            piece = os.read(file, 4096)
        except OSError:  # Linux says so that nobody writes any more
            return pieces
        if not piece:
            return pieces
        pieces.append(piece)


@pytest.fixture
def shared(howdah: Howdah, wordpress: SandboxWordPress) -> int:
    """A shared post with a title that is too long for a line, and markup in it."""
    howdah.run("sync")
    post_id = wordpress.publish(title=f"[bold]{LONG}")
    howdah.run("sync")
    return post_id


class TestList:
    """A table."""

    def test_fits_80_columns(self, shared: int, howdah: Howdah, mastodon: SandboxMastodon) -> None:
        """Post, account, state, age; the url is whole, the title is cut, and its markup is none."""
        said = re.sub(r"\x1b[^m\\]*[m\\]", "", on_terminal(howdah.command("list")))
        lines = said.splitlines()

        assert ["POST", "ACCOUNT", "STATE", "AGE", "TITLE,", "URL", "OR", "REASON"] == lines[0].split()
        assert [f"{SITE}/{shared}", ACCOUNT, "shared"] == lines[1].split()[:3]
        assert "[bold]A title" in said
        assert "let alone why" not in said
        assert f"/@{ACCOUNT}/" in said
        assert [] == [line for line in lines if len(line) > 80]

    def test_without_colours(self, shared: int, howdah: Howdah) -> None:
        """NO_COLOR is heeded."""
        assert "\x1b[32m" in on_terminal(howdah.command("list"))
        assert "\x1b[32m" not in on_terminal(howdah.command("list"), {"NO_COLOR": "1"})

    def test_an_empty_one(self, howdah: Howdah) -> None:
        """Is said."""
        assert "No shares.\r\n" == on_terminal(howdah.command("list"))


class TestDemo:
    """The first thing that a newcomer sees."""

    def test_is_in_colours(self, howdah: Howdah) -> None:
        """And each line has its place."""
        said = on_terminal(howdah.command("demo", "--once"))

        assert "\x1b[32mshared" in said
        assert "\x1b[1mThe orchard opens its gates on Saturday" in said


class TestSync:
    """A pass that takes longer."""

    def test_shows_that_it_works(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """A spinner, which is gone at the end."""
        howdah.set(f"sites.{SITE}", {"settle": "2s"})
        howdah.run("sync")
        wordpress.publish(title="Settling")
        said = on_terminal(howdah.command("sync"))

        assert f"looking at {SITE}, and sharing what is due" in said
        assert said.endswith("1 shared\r\n")
