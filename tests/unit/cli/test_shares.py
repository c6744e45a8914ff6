"""A list of shares: how it is read."""

from bot.cli.commands.shares import _walk
from bot.domain.models import SharePage
from tests.makers import NOON


def test_what_is_not_shown_is_read_in_large_pages() -> None:
    """However few shares are asked for, those that are only counted take few requests to the store."""
    asked = []

    def page(*, after: object, limit: int) -> SharePage:
        asked.append(limit)
        return SharePage(shares=(), next=(NOON, 1) if len(asked) < 3 else None)

    assert [] == list(_walk(page, None, first=2))
    assert [2, 500, 500] == asked
