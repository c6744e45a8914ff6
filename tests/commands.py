"""Commands: run to their end in a process of their own, with what they leave behind; or in this one."""

import json
import logging
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# How a daemon is started here: it asks for work more often than it has to elsewhere.
DAEMON = ("run", "--tick", "0.1")


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Its output as JSON, an object a line."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def object(self) -> dict[str, Any]:
        """Its output as one JSON object."""
        [line] = self.lines
        return line

    @property
    def said(self) -> list[str]:
        """The lines of its standard error, but for those that tell what is waited for: a slow machine has more."""
        return [line for line in self.err.splitlines() if not line.endswith(" …")]


def run(
    command: Sequence[str], *, patience: float, environment: Mapping[str, str] | None = None, cwd: Path | None = None
) -> Done:
    """Run it to its end, whatever its exit code; subprocess.TimeoutExpired after so many seconds.

    environment: all of its variables; None for ours.
    """
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=patience, env=environment, cwd=cwd
    )
    return Done(code=done.returncode, out=done.stdout, err=done.stderr)


@contextmanager
def logs_given_back() -> Iterator[None]:
    """A command in this process sets up its logs; at the end they are as they were."""
    root, own = logging.getLogger(), logging.getLogger("howdah")
    handlers, levels = root.handlers[:], (root.level, own.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    own.setLevel(levels[1])
