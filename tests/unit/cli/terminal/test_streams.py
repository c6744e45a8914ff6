"""Any encoding, and closed streams."""

import io
import sys

import pytest

from bot.cli.terminal.output import fit, prepare


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_a_terminal_without_utf8(monkeypatch: pytest.MonkeyPatch, encoding: str) -> None:
    """What it can't show is a question mark, and nothing fails."""
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding=encoding))
    prepare()
    print("日 … 👩", flush=True)  # noqa: T201 - what is tested

    assert b"? ? ?\n" == written.getvalue()


def test_a_closed_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes what is written, and keeps nothing."""
    monkeypatch.setattr(sys, "stderr", None)
    prepare()
    sys.stderr.write("lost")
    sys.stderr.close()


@pytest.mark.parametrize(
    ("text", "fitted"),
    [
        ("short", "short"),
        ("one two three four", "one two\nthree four"),
        ("  one two three", "  one two\n  three"),
        ("https://social.example/@uk/101 is", "https://social.example/@uk/101\nis"),
        ("one\n\ntwo", "one\n\ntwo"),
    ],
)
def test_fit(text: str, fitted: str) -> None:
    """Lines break between words, keep their indent, and never an address."""
    assert fitted == fit(text, 10)
