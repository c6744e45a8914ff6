"""Beside Share on Mastodon: its box, what an empty url means, and whose status an address is."""

from datetime import timedelta

import pytest

from bot.domain.models import Carrier, Post, Profile
from bot.domain.policy import Plugin
from bot.domain.selecting.share_on_mastodon import identity, is_own, may_be_under_way, proven, refused_by_box
from tests.makers import HOUR, MINUTE, NOON, site_policy

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


UK = identity("https://api.social.example", Profile(id="1", acct="uk", url="https://social.example/@uk"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://social.example/@uk/1", True),
        ("HTTPS://social.example/web/@uk/1", True),
        ("https://social.example/@uk", False),
        ("https://social.example/web/@uk/", False),
        ("https://social.example/users/uk", False),
        ("https://social.example/UK/", False),
        ("ftp://social.example/@uk/1", False),
        ("https://api.social.example/@UK/1", True),
        ("https://social.example:443/users/uk/statuses/1", True),
        ("https://social.example/uk/p/17", True),
        ("https://social.example/p/uk/17", True),
        ("https://social.example/@uk@social.example/1", True),
        ("https://social.example/notice/AbC", True),
        ("https://social.example/", False),
        ("https://social.example", False),
        ("https://social.example//?p=1", False),
        ("http://SOCIAL.example.:80/web/@uk/1", True),
        ("https://social.example/ap/users/1/statuses/2", True),
        ("https://social.example/ap/users/2/statuses/2", False),
        ("https://social.example/web/@de/1", False),
        ("https://social.example/deck/@de@other.example/1", False),
        ("https://social.example/%40de/1", False),
        ("https://social.example:8443/@uk/1", False),
        ("https://social.example/@de/1", False),
        ("https://social.example/users/de/statuses/1", False),
        ("https://social.example/@uk@other.example/1", False),
        ("https://other.example/@uk/1", False),
        ("https://social.example.other.example/@uk/1", False),
        ("https://social.example@other.example/@uk/1", False),
        ("https://[::1/@uk/1", False),
        ("", False),
    ],
)
def test_is_own(url: str, expected: bool) -> None:
    """On the web or the API domain of the account's instance, and naming this account or none."""
    assert expected is is_own(url, UK)


def test_an_account_whose_name_is_not_known() -> None:
    """Any address on its instance may be its own."""
    somebody = identity("https://social.example", Profile(id="", acct=""))

    assert is_own("https://social.example/@de/1", somebody)
    assert not is_own("https://b.example/@de/1", somebody)
    assert not is_own("https://social.example/", somebody)


@pytest.mark.parametrize("url", ["https://bücher.example/@uk/1", "https://XN--BCHER-KVA.example/@uk@bücher.example/1"])
def test_an_international_name(url: str) -> None:
    """In either spelling."""
    assert is_own(url, identity("https://bücher.example", Profile(id="1", acct="uk")))


def carrier(post_id: int, *, at=NOON, site: str = "uk", url: str = "https://social.example/@uk/1") -> Carrier:
    """A post that carries an address."""
    return Carrier(site=site, post_id=post_id, account="uk", url=url, published_at=at)


def test_the_oldest_has_it_by_right() -> None:
    """Of posts with the same address only the oldest is the one that was shared; at the same instant, the first."""
    claims = [carrier(11), carrier(10), carrier(12, at=NOON + HOUR), carrier(13, url="https://social.example/@uk/2")]

    assert {(10, "uk"), (13, "uk")} == proven(claims, accounts={"uk": UK}, known=())


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (carrier(9), set()),
        (carrier(10), {(10, "uk")}),
        (carrier(99, at=NOON - HOUR, site="other"), set()),
        (carrier(99, at=NOON + HOUR), {(10, "uk")}),
        (carrier(9, url="https://social.example/@uk/2"), {(10, "uk")}),
        (carrier(9, at=None), set()),
    ],
)
def test_what_is_known_already(known: Carrier, expected: set[tuple[int, str]]) -> None:
    """An older post that is known to carry it, of whatever site, has it by right; the post itself is no other."""
    assert expected == proven([carrier(10)], accounts={"uk": UK}, known=[known])


def test_nobody_knows_whose_account_it_is() -> None:
    """Then nothing is proven."""
    assert set() == proven([carrier(10)], accounts={}, known=())
