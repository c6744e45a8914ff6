"""What the commands ask of the store, the site and the instance: counts, which no machine changes."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, Engine, event

from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.wordpress import SandboxWordPress
from tests.integration.cli.conftest import SITE, Howdah


@contextmanager
def counting() -> Iterator[list[str]]:
    """The statements of this process, to whatever store."""
    statements: list[str] = []

    def count(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    yield statements
    event.remove(Engine, "before_cursor_execute", count)


# Two of each are the schema's: whether there is one, and which.
STATEMENTS = {"list": 4, "status": 7, f"show {SITE}/2": 4, "sync": 27}


@pytest.mark.parametrize("command", STATEMENTS)
def test_as_many_questions_whatever_the_store_has(
    command: str, howdah: Howdah, wordpress: SandboxWordPress, mastodon: SandboxMastodon
) -> None:
    """Of one share and of thirty; a pass that finds nothing new asks the site one thing and the instance nothing."""
    howdah.run("sync")
    asked = []
    for number in (1, 29):
        for _ in range(number):
            wordpress.publish(title="News")
        howdah.run("sync")
        wordpress.requests.clear()
        mastodon.requests.clear()
        with counting() as found:
            assert 0 == howdah.run(*command.split()).code
        asked.append(len(found))
        assert (int(command == "sync"), 0) == (len(wordpress.requests), len(mastodon.requests))

    assert [STATEMENTS[command]] * 2 == asked
