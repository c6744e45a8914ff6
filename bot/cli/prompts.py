"""Questions to a person, in the terminal: asked again until the answer can be right."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

import click

from bot.cli.failures import say_error
from bot.errors import HowdahError, RefusedError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def ask(question: str, check: Callable[[str], T], *, given: str | None = None, default: str = "") -> T:
    """What check makes of the answer; where it raises HowdahError, that is said, and the question asked again.

    given: the first answer, from the command line. default: what an empty answer stands for. RefusedError where
    nobody answers any more.
    """
    answer = given
    while True:
        if answer is None:
            answer = _read(f"{question} [{default}]: " if default else f"{question}: ") or default
        try:
            return check(answer)
        except StoreError:
            raise
        except HowdahError as error:
            say_error(str(error))
            answer = None


def agree(question: str, *, default: bool = True) -> bool:
    """Whether a person agrees; an empty answer means the default."""
    answer = _read(f"{question} [{'Y/n' if default else 'y/N'}]: ").lower()
    return answer in ("y", "yes") or (default and not answer)


def _read(prompt: str) -> str:
    click.echo(prompt, nl=False, err=True)
    line = sys.stdin.readline()
    if not sys.stdin.isatty():
        click.echo(err=True)
    if not line:
        raise RefusedError("nobody answers: nothing was done. --yes asks nothing, where options say it all")
    return line.strip()
