"""A store of the first version, upgraded by processes that are killed."""

import random
from pathlib import Path

import pytest

from tests.soak.upgrading import faults, make_first, upgrade

SHARES = 20_000

pytestmark = pytest.mark.e2e


def test_kills(tmp_path: Path) -> None:
    """Each kill leaves the store as it was, or upgraded; in the end it is whole."""
    file = tmp_path / "howdah.db"
    make_first(file, shares=SHARES)

    upgrade(file, kills=5, chance=random.Random(7))

    assert [] == faults(file, shares=SHARES)
