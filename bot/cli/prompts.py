"""Questions to a person, in the terminal: asked again until the answer can be right."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TypeVar

import click

from bot.cli.failures import say_error
from bot.errors import HowdahError, RefusedError, StoreError, UserError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def ask(question: str, check: Callable[[str], T], *, given: str | None = None) -> T:
    """What check makes of the answer; where it raises HowdahError, that is said, and the question asked again.

    given: the first answer, from the command line. RefusedError where nobody answers any more.
    """
    answer = given
    while True:
        if answer is None:
            answer = _answer(f"{question}: ")
        try:
            return check(answer)
        except StoreError:
            raise
        except HowdahError as error:
            say_error(str(error))
            answer = None


def agree(question: str, *, default: bool = True) -> bool:
    """Whether a person agrees; an empty answer means the default, and what is neither yes nor no is asked again."""
    meanings = {"": default, "y": True, "yes": True, "n": False, "no": False}

    def meant(answer: str) -> bool:
        if answer.lower() not in meanings:
            raise UserError(f"{answer!r} is neither yes nor no")
        return meanings[answer.lower()]

    return ask(f"{question} [{'Y/n' if default else 'y/N'}]", meant)


def read_line(prompt: str) -> str:
    """The line that is typed after a prompt, as it is; '' where nothing comes any more."""
    click.echo(prompt, nl=False, err=True)
    line = sys.stdin.readline()
    if not line or not sys.stdin.isatty():
        click.echo(err=True)  # nobody's Enter has ended the prompt's line
    return line


def _answer(prompt: str) -> str:
    line = read_line(prompt)
    if not line:
        raise RefusedError("nobody answers: nothing was done. --yes asks nothing, where options say it all")
    return line.strip()
