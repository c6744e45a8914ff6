"""The promises hold in sixty worlds; `.ci/run` visits hundreds, and `make simulate` thousands."""

import pytest

from tests.simulation.__main__ import main
from tests.simulation.runner import run

# A block of seeds is one test. Other seeds than those of `make simulate` would only be harder to remember.
BLOCK = 10
BLOCKS = range(0, 60, BLOCK)


@pytest.mark.parametrize("first", BLOCKS)
def test_every_promise_is_kept(first: int) -> None:
    """Whatever befalls a world, no invariant is broken; a failure shows how it came to it, and how to see it again."""
    for seed in range(first, first + BLOCK):
        done = run(seed)
        if done.violations:
            trace = "\n".join(done.trace)
            pytest.fail(f"{trace}\nAll of it: python -m tests.simulation --seed {seed}", pytrace=False)


def test_a_seed_is_the_same_world_every_time() -> None:
    """Two runs of a seed agree in every event."""
    first, second = run(29, last=None), run(29, last=None)

    assert first.trace == second.trace
    assert first.struck == second.struck


def test_the_command_shows_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    """A single seed is shown with all that happened, and how it ended."""
    assert main(["--seed", "7"]) == 0

    shown = capsys.readouterr().out
    assert "store.begin(" in shown
    assert "every promise was kept" in shown


def test_the_command_counts_faults(capsys: pytest.CaptureFixture[str]) -> None:
    """Several seeds end in a table of what struck, which proves that faults happen."""
    assert main(["--seeds", "10-13"]) == 0

    shown = capsys.readouterr().out
    assert "killed before" in shown
    assert "0 seeds broke a promise" in shown
