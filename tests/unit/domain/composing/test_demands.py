"""What some servers demand of a status beyond its length."""

import pytest

from bot.domain.composing.demands import objection
from bot.domain.models import Limits, Status


@pytest.mark.parametrize(
    ("software", "spoiler_text", "media_ids", "said"),
    [
        ("pixelfed", "", ["1"], ""),
        ("pixelfed", "c" * 140, ["1"], ""),
        ("pixelfed", "", [], "no status without an image"),
        ("pixelfed", "c" * 141, ["1"], "140 characters at most, and this one has 141"),
        ("mastodon", "c" * 141, [], ""),
        ("", "", [], ""),
    ],
)
def test_pixelfed_wants_an_image_and_a_short_warning(
    *, software: str, spoiler_text: str, media_ids: list[str], said: str
) -> None:
    """Other servers have no such demands."""
    status = Status(text="A post", spoiler_text=spoiler_text)

    found = objection(status, media_ids=media_ids, limits=Limits(software=software))

    assert said in found
    assert bool(said) is bool(found)
