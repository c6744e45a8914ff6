"""What the command line's unit tests share."""

import logging
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli

Howdah = Callable[..., Result]


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """A command sets up the process's logs; here they are given back."""
    root, own = logging.getLogger(), logging.getLogger("howdah")
    handlers, levels = root.handlers[:], (root.level, own.level)
    yield
    root.handlers[:] = handlers
    root.setLevel(levels[0])
    own.setLevel(levels[1])


@pytest.fixture
def howdah() -> Howdah:
    """The command line in this process, called as a function."""
    return lambda *arguments: CliRunner().invoke(cli, arguments, prog_name="howdah")
