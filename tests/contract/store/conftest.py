"""The contract of the Store port, held by the fake and by the real one: a file for each part of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.ports import Store
from tests.contract.stores import STORES


@pytest.fixture(params=list(STORES))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    opened = STORES[request.param](tmp_path)
    yield opened
    opened.close()
