"""What WordPress is told of a post."""

from typing import Any

import pytest

from bot.domain.models import Share, ShareField, State
from bot.domain.selecting.share_on_mastodon import share_field
from tests.makers import share

URL = "https://social.example/@uk/1"
OTHER = "https://social.example/@de/2"


def shared(url: str = URL, **fields: Any) -> Share:
    """A share that stands."""
    return share(state=State.SHARED, url=url, **fields)


@pytest.mark.parametrize(
    ("shares", "field"),
    [
        ([], ShareField()),
        ([share()], ShareField()),
        ([share(error="trying again")], ShareField()),
        ([shared()], ShareField(url=URL)),
        ([shared(error="doesn't follow its post")], ShareField(url=URL)),
        ([shared(OTHER, account="de"), shared()], ShareField(url=URL)),
        ([shared(OTHER, account="de"), share(state=State.FAILED, error="no")], ShareField(url=OTHER)),
        ([shared(), shared("https://social.example/@uk/9", number=2)], ShareField(url="https://social.example/@uk/9")),
        ([shared(), share(number=2, state=State.FAILED, error="no")], ShareField(url=URL)),
        ([share(state=State.FAILED, error="no\n  way")], ShareField(error="no way")),
        ([share(account="de", state=State.HELD, error="d"), share(state=State.HELD, error="u")], ShareField(error="u")),
        ([share(account="de", state=State.SKIPPED, error="de"), share()], ShareField(error="de")),
        ([share(state=State.FAILED, error="x" * 301)], ShareField(error="x" * 299 + "…")),
        ([shared(OTHER, account="gone")], ShareField()),
        ([share(state=State.SKIPPED, url=URL, error="deleted by hand")], ShareField(error="deleted by hand")),
    ],
)
def test_one_field_for_all_accounts(shares: list[Share], field: ShareField) -> None:
    """The newest url of the first account that has one; an error only where none has."""
    assert field == share_field(shares, ("uk", "de"))
