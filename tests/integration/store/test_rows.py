"""Rows ↔ values: what another version of howdah may have written."""

import json

from bot.domain.models import Limits
from bot.store.rows import account_of
from bot.store.tables import accounts


def test_limits_of_another_version() -> None:
    """In a rolling upgrade two versions share a store: unknown limits are left out, missing ones are the default."""
    kept = json.dumps({"max_characters": 5000, "max_poems": 3})
    row = dict.fromkeys(accounts.c.keys()) | {"limits": kept, "listed": ""}

    assert Limits(max_characters=5000) == account_of(row).limits
