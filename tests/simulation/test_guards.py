"""The simulator bites: with any one guard taken out of howdah, it finds the promise that breaks."""

import pytest

from tests.simulation.guards import GUARDS, Variant
from tests.simulation.runner import run

WITHIN = 12


@pytest.mark.parametrize("variant", GUARDS, ids=lambda variant: variant.name.partition(":")[0])
def test_a_missing_guard_is_noticed(variant: Variant) -> None:
    """Some world soon breaks one of the promises that the guard is there for."""
    found = _first_broken(variant)

    assert found in variant.breaks


@pytest.mark.parametrize("variant", GUARDS, ids=lambda variant: variant.name.partition(":")[0])
def test_with_the_guard_the_same_worlds_are_well(variant: Variant) -> None:
    """It was the guard that was missing, not the world that was impossible."""
    sound = [run(seed, settings=variant.world(seed)) for seed in range(variant.first, variant.first + 3)]

    assert [()] * 3 == [done.violations for done in sound]


def _first_broken(variant: Variant) -> str:
    """The first promise that breaks, '' where none does."""
    for seed in range(variant.first, variant.first + WITHIN):
        done = run(seed, variant=variant)
        if done.violations:
            return done.violations[0].invariant
    return ""
