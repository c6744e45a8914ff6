"""A loopback Mastodon with one account, and howdah's account on it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from bot.mastodon import MastodonAccount
from bot.sandbox.mastodon import SandboxMastodon

MakeAccount = Callable[..., MastodonAccount]


@pytest.fixture
def instance() -> Iterator[SandboxMastodon]:
    """A Mastodon that links every URL."""
    with SandboxMastodon(linked="all") as mastodon:
        yield mastodon


@pytest.fixture
def token(instance: SandboxMastodon) -> str:
    """A token of the account uk."""
    return instance.add_account("uk")


@pytest.fixture
def make_account() -> Iterator[MakeAccount]:
    """Make accounts that are closed after the test."""
    made: list[MastodonAccount] = []

    def make(address: str, *, seconds: float = 5, **options: Any) -> MastodonAccount:
        settings: dict[str, Any] = {"token": "t0ken", "allow_private": True} | options
        token = settings.pop("token")
        made.append(
            MastodonAccount("uk", address, read_token=lambda: token, timeout=timedelta(seconds=seconds), **settings)
        )
        return made[-1]

    yield make
    for account in made:
        account.close()


@pytest.fixture
def account(instance: SandboxMastodon, token: str, make_account: MakeAccount) -> MastodonAccount:
    """The account uk."""
    return make_account(instance.url, token=token)
