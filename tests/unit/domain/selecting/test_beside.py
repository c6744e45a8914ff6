"""Beside Share on Mastodon: its box, and what an empty url means."""

from datetime import timedelta

import pytest

from bot.domain.models import Post
from bot.domain.policy import Plugin
from bot.domain.selecting.beside import may_be_under_way, refused_by_box
from tests.makers import MINUTE, NOON, site_policy

URL = "https://social.example/@uk/1"


@pytest.mark.parametrize(
    ("box", "age", "plugin", "refused"),
    [
        ("0", MINUTE, Plugin.ADOPT, True),
        ("0", MINUTE, Plugin.DEFER, True),
        ("0", MINUTE, Plugin.IGNORE, False),
        ("1", MINUTE, Plugin.ADOPT, False),
        ("", MINUTE, Plugin.ADOPT, False),
        ("0", 31 * MINUTE, Plugin.ADOPT, False),
    ],
)
def test_an_unticked_box(box: str, age: timedelta, plugin: Plugin, refused: bool) -> None:
    """Is respected on a new post: on an older one it reads "0" whatever the author chose."""
    post = Post(id=7, link="", share_box=box, published_at=NOON - age)

    assert refused is bool(refused_by_box(site_policy(plugin=plugin), post, now=NOON))


@pytest.mark.parametrize(
    ("fields", "plugin", "expected"),
    [
        ({"share_field": True}, Plugin.ADOPT, True),
        ({"share_field": True, "share_error": "no"}, Plugin.ADOPT, True),
        ({"share_field": True}, Plugin.IGNORE, False),
        ({"share_field": True, "share_url": URL}, Plugin.ADOPT, False),
        ({}, Plugin.ADOPT, False),
    ],
)
def test_an_empty_url_proves_nothing(fields: dict[str, bool | str], plugin: Plugin, expected: bool) -> None:
    """The plugin may be publishing, or have published without hearing so."""
    post = Post(id=7, link="", **fields)  # type: ignore[arg-type] # each of its field's type

    assert expected is may_be_under_way(site_policy(plugin=plugin), post)
