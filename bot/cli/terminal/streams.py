"""stdout and stderr as they are found: in any encoding, and perhaps closed."""

import io
import os
import sys


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
