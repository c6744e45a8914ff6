"""Rows ↔ values: what another version of howdah may have written."""

import json

from bot.domain.models import Limits
from bot.store.rows import account_of

COLUMNS = (
    "name paused_until pause_reason pauses limits limits_at statuses_remaining statuses_reset_at media_remaining "
    "media_reset_at latest_id latest_at"
)


def test_limits_of_another_version() -> None:
    """In a rolling upgrade two versions share a store: unknown limits are left out, missing ones are the default."""
    kept = json.dumps({"max_characters": 5000, "max_poems": 3})

    assert Limits(max_characters=5000) == account_of(dict.fromkeys(COLUMNS.split()) | {"limits": kept}).limits
