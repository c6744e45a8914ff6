"""The stage that most tests of the use cases begin on."""

import pytest

from tests.unit.crosspost.stage import Stage


@pytest.fixture
def stage() -> Stage:
    """A context whose first look is done."""
    made = Stage()
    made.first_look()
    return made
