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


def test_nothing_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where stdin is closed, nobody answers."""
    monkeypatch.setattr(sys, "stdin", None)
    prepare()

    assert "" == sys.stdin.readline()
    sys.stdin.close()


def test_an_answer_that_is_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """It can be read all the same, and so be said to be wrong."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\n"), encoding="utf-8"))
    prepare()

    assert "\ufffd\n" == sys.stdin.readline()


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
