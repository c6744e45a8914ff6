"""What the command line's unit tests share."""

from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner, Result

from bot.cli import cli
from tests.commands import logs_given_back

Howdah = Callable[..., Result]


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    with logs_given_back():
        yield


@pytest.fixture
def howdah() -> Howdah:
    """The command line in this process, called as a function."""
    return lambda *arguments: CliRunner().invoke(cli, arguments, prog_name="howdah")
