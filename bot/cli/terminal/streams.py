"""stdout and stderr as they are found: in any encoding, and perhaps closed."""

import io
import os
import sys
from typing import IO


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
    """Let every text be written: a terminal that can't show a character shows a question mark.

    A stream that was closed before howdah began (`howdah list >&-`) takes what is written, and keeps nothing.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - until the end
        elif isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
