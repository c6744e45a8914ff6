"""What stands against a status, as far as it is known before it is sent."""

import pytest

from bot.domain.composing.compose import Composition
from bot.domain.models import Limits, Status


def composed(*, length: int = 6, spoiler_text: str = "") -> Composition:
    """A status with a limit of ten characters."""
    status = Status(text="A post", spoiler_text=spoiler_text)
    return Composition(status=status, attachments=(), length=length, limit=10, hashtags=())


@pytest.mark.parametrize(
    ("software", "spoiler_text", "images", "said"),
    [
        ("pixelfed", "", 1, ""),
        ("pixelfed", "c" * 140, 1, ""),
        ("pixelfed", "", 0, "no status without an image"),
        ("pixelfed", "c" * 141, 1, "140 characters at most, and this one has 141"),
        ("mastodon", "c" * 141, 0, ""),
        ("", "", 0, ""),
    ],
)
def test_pixelfed_wants_an_image_and_a_short_warning(
    *, software: str, spoiler_text: str, images: int, said: str
) -> None:
    """Other servers have no such demands."""
    found = composed(spoiler_text=spoiler_text).objection(images=images, limits=Limits(software=software))

    assert said in found
    assert bool(said) is bool(found)


def test_a_status_that_is_over_its_limit() -> None:
    """Where even the link alone is too long there is nothing to be sent."""
    said = "doesn't fit: 11 of 10 characters, and nothing left to shorten"

    assert said == composed(length=11).objection(images=0, limits=Limits())
    assert "" == composed(length=10).objection(images=0, limits=Limits())
