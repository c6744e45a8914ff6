"""What the tests of the pages share."""

import pytest

from tests.unit.crosspost.stage import Stage


@pytest.fixture
def stage() -> Stage:
    """A site whose first look is over."""
    stage = Stage()
    stage.first_look()
    return stage
