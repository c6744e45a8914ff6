"""What the tests of the contracts share."""

from collections.abc import Iterator

import pytest

from bot.sandbox.mastodon import SandboxMastodon
from tests.contract.accounts import AccountWorld, FakeAccountWorld, MastodonAccountWorld


@pytest.fixture(params=["fake", "mastodon"])
def world(request: pytest.FixtureRequest) -> Iterator[AccountWorld]:
    """The same promises, whoever makes them."""
    if request.param == "fake":
        yield FakeAccountWorld()
        return
    with SandboxMastodon(linked="all") as instance:
        adapter = MastodonAccountWorld(instance)
        yield adapter
        adapter.close()
