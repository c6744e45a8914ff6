"""A site and an instance for each test, with a clock that stands still."""

from collections.abc import Iterator

import pytest

from bot.sandbox.mastodon import SandboxMastodon
from tests.sandbox.wordpress import EditableWordPress
from tests.unit.sandbox.client import HandClock


@pytest.fixture
def clock() -> HandClock:
    """2026-06-01 10:00 UTC, noon in Berlin."""
    return HandClock()


@pytest.fixture
def site(clock: HandClock) -> Iterator[EditableWordPress]:
    """A site in Berlin."""
    with EditableWordPress(now=clock) as running:
        yield running


@pytest.fixture
def instance(clock: HandClock) -> Iterator[SandboxMastodon]:
    """An instance of 4.5."""
    with SandboxMastodon(now=clock) as running:
        yield running


@pytest.fixture
def token(instance: SandboxMastodon) -> str:
    """A token of the account "uk" that may do everything."""
    return instance.add_account("uk")
