"""What holds for all tests: hypothesis times nobody, and coverage measures no process that a test starts."""

import os

import pytest
from hypothesis import settings

# How long an example takes says more of the machine than of us.
settings.register_profile("howdah", deadline=None)
settings.load_profile("howdah")


def pytest_configure(config: pytest.Config) -> None:
    """Measure this process, not those that its tests start.

    A signal that interrupts coverage while it holds its own lock leaves the process hanging at the next module, and
    tests interrupt what they start. What starts pytest-xdist's workers keeps the variables, so that those are measured.
    """
    if not config.getoption("numprocesses", None):
        for name in [name for name in os.environ if name.startswith("COVERAGE_")]:
            del os.environ[name]
