"""What commands print on stdout: JSON lines, plain lines, tables; without any token or control character."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.cli.redaction import hidden, hide
from bot.cli.terminal.streams import columns_of, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from bot.report.lines import Json


def say(text: str = "") -> None:
    """Print text on stdout."""
    import sys

    cleaned, columns = clean(text), columns_of(sys.stdout)
    click.echo(fit(cleaned, columns) if columns else cleaned)


def say_json(value: Json) -> None:
    """Print one object on one line."""
    import json
    import sys

    ascii_only = "utf" not in (sys.stdout.encoding or "").lower()
    click.echo(json.dumps(hidden(value), ensure_ascii=ascii_only))


def clean(text: str) -> str:
    """The text as a terminal may have it: without tokens, and without characters that steer the terminal.

    Titles and errors come from other people's servers.
    """
    import re

    steering = r"[^\n\t\x20-\x7e\xa0-\U0010ffff]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
    return re.sub(steering, "", hide(text))


def mark(*, ok: bool) -> str:
    """How a line begins that says whether something works; in letters where the terminal has no such signs."""
    import sys

    if "utf" in (sys.stdout.encoding or "").lower():
        return "✓" if ok else "✗"
    return "ok   " if ok else "WRONG"


def on_terminal() -> bool:
    """Whether stdout is a terminal: only then are there tables and colours."""
    import sys

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


def say_rows(rows: Sequence[Sequence[str]]) -> None:
    """Print rows for programs: fields apart by tabs, a row a line."""
    for row in rows:
        say("\t".join(field.replace("\t", " ").replace("\n", " ") for field in row))
