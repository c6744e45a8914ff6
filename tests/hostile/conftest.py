"""A server that says what a test tells it to."""

from collections.abc import Iterator

import pytest

from tests.hostile.server import ScriptedServer


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedServer]:
    """A loopback server for all tests of a module."""
    with ScriptedServer() as scripted:
        yield scripted
