"""What people see on a terminal: tables, colours, a spinner."""

import re

import pytest

from bot.sandbox.images import png
from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.wordpress import SandboxWordPress
from tests.integration.cli.conftest import ACCOUNT, SITE, Howdah, on_terminal

LONG = "A title that goes on and on, and on, until nobody remembers how it began, let alone why"


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
        said = re.sub(r"\x1b[^m\\]*[m\\]", "", on_terminal(howdah.command("list")).out)
        lines = said.splitlines()

        assert ["POST", "ACCOUNT", "STATE", "AGE", "TITLE,", "URL", "OR", "REASON"] == lines[0].split()
        assert [f"{SITE}/{shared}", ACCOUNT, "shared"] == lines[1].split()[:3]
        assert "[bold]A title" in said
        assert "let alone why" not in said
        assert f"/@{ACCOUNT}/" in said
        assert [] == [line for line in lines if len(line) > 80]

    def test_without_colours(self, shared: int, howdah: Howdah) -> None:
        """NO_COLOR is heeded."""
        assert "\x1b[32m" in on_terminal(howdah.command("list")).out
        assert "\x1b[32m" not in on_terminal(howdah.command("list"), {"NO_COLOR": "1"}).out

    def test_an_empty_one(self, howdah: Howdah) -> None:
        """Is said."""
        assert "No shares.\n" == on_terminal(howdah.command("list")).out


class TestPreview:
    """The status in a frame, and what there is to say of it."""

    def test_fits_80_columns(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """The text as it is, in a frame; the length below; then what counts, and the image. Markup in it is none."""
        howdah.set(f"accounts.{ACCOUNT}", {"spoiler_text": "Ponds"})
        post_id = wordpress.publish(title=f"[bold]{LONG}", excerpt="Read on.", image=(png(64, 64), "A heron"))
        said = on_terminal(howdah.command("preview", str(post_id))).out
        plain = re.sub(r"\x1b[^m\\]*[m\\]", "", said)
        lines = plain.splitlines()

        assert lines[0].startswith(f"╭─ {SITE}/{post_id} on {ACCOUNT} ─")
        assert "│ [bold]A title that goes on and on" in plain
        assert re.search(r"─ \d+ of 500 characters ─╯\n  counts      text \d+ \+ link \d+", plain)
        assert re.search(r"\n  its file    64 × 64, image/png, \d+ bytes; sent as it is", plain)
        assert "\n  warning     Ponds" in plain
        assert "\x1b[32m" in said
        assert [] == [line for line in lines if len(line) > 80]


class TestSync:
    """A pass that takes longer."""

    def test_shows_that_it_works(self, howdah: Howdah, wordpress: SandboxWordPress) -> None:
        """A spinner, which is gone at the end."""
        howdah.set(f"sites.{SITE}", {"settle": "2s"})
        howdah.run("sync")
        wordpress.publish(title="Settling")
        said = on_terminal(howdah.command("sync")).out

        assert f"looking at {SITE}, and sharing what is due" in said
        assert said.endswith("1 shared\n")
