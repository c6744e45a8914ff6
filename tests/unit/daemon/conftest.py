"""What the tests of the daemon share."""

import pytest

from tests.unit.crosspost.stage import Stage
from tests.unit.daemon.running import Running


@pytest.fixture
def running() -> Running:
    """A daemon whose site has one new post."""
    stage = Stage()
    stage.first_look()
    return Running(stage)
