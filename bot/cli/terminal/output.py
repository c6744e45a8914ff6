"""What commands print on stdout: JSON lines, plain lines, tables; without any token or control character.

The streams are taken as they are found: in any encoding, and perhaps closed.
"""

from __future__ import annotations

import io
import os
import sys
from typing import IO, TYPE_CHECKING

import click

from bot.cli.redaction import hidden, hide

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console

    from bot.report.json_lines import Json


def say(text: str = "") -> None:
    """Print text on stdout."""
    cleaned, columns = clean(text), columns_of(sys.stdout)
    click.echo(fit(cleaned, columns) if columns else cleaned)


def say_json(value: Json) -> None:
    """Print one object on one line."""
    import json

    ascii_only = "utf" not in (sys.stdout.encoding or "").lower()
    click.echo(json.dumps(hidden(value), ensure_ascii=ascii_only))


def clean(text: str) -> str:
    """The text as a terminal may have it: without tokens, and without characters that steer the terminal.

    Titles and errors come from other people's servers.
    """
    import re

    steering = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
    return re.sub(steering, "", hide(text))


def mark(*, ok: bool) -> str:
    """How a line begins that says whether something works; in letters where the terminal has no such signs."""
    if "utf" in (sys.stdout.encoding or "").lower():
        return "✓" if ok else "✗"
    return "ok   " if ok else "WRONG"


def on_terminal() -> bool:
    """Whether stdout is a terminal: only then are there tables and colours."""
    return sys.stdout.isatty()


def console() -> Console:
    """The terminal, for tables. Colours are rich's business: it heeds NO_COLOR."""
    from rich.console import Console

    return Console(highlight=False, emoji=False, markup=False)


def say_styled(*parts: tuple[str, str]) -> None:
    """Print one line of texts, each with rich's style for it; styles show on a terminal alone."""
    if not on_terminal():
        say("".join(text for text, _ in parts).rstrip())
        return
    from rich.text import Text

    console().print(Text.assemble(*((clean(text), style) for text, style in parts)), soft_wrap=True)


def say_rows(rows: Iterable[Sequence[str]]) -> None:
    """Print rows for programs: fields apart by tabs, a row a line."""
    for row in rows:
        say("\t".join(field.replace("\t", " ").replace("\n", " ") for field in row))


def fit(text: str, columns: int) -> str:
    """The text with its lines broken between words, none wider than that unless a word is; what is indented stays so.

    A terminal would break them in the middle of words.
    """
    from textwrap import fill

    def fitted(line: str) -> str:
        indent = " " * (len(line) - len(line.lstrip(" ")))
        return fill(line, columns, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)

    return "\n".join(line if len(line) <= columns else fitted(line) for line in text.split("\n"))


def columns_of(stream: IO[str] | None) -> int | None:
    """How wide the terminal behind a stream is; None where there is none."""
    import shutil

    return shutil.get_terminal_size().columns if stream is not None and stream.isatty() else None


def prepare() -> None:
    """Let every text be written and read: what can't be shown, or isn't UTF-8, becomes a question mark.

    A stream that was closed before howdah began (`howdah list >&-`) takes what is written and keeps nothing, and has
    nothing to read.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115 - until the end
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
