"""Reading values out of foreign JSON: what isn't what it should be is none."""

import pytest

from bot.mastodon.values import address_of, id_of


@pytest.mark.parametrize(
    "address",
    [
        "https://social.example/@uk/7",
        "http://127.0.0.1:4201/bot/p/7",
        "HTTPS://social.example/7",
        "https://münchen.example/a b",
    ],
)
def test_addresses(address: str) -> None:
    """As they were given."""
    assert address == address_of(address) == address_of(f" {address}\n")


@pytest.mark.parametrize(
    "value",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://social.example/7",
        "tag:social.example,2026:7",
        "//social.example/7",
        "/@uk/7",
        "https://",
        "https:///7",
        "http://[::1",
        "https://social.example/\x1b[31m",
        "https://social.example/\u202e7",
        "https://social.example/" + "a" * 2_000,
        "",
        7,
        None,
        ["https://social.example/7"],
    ],
)
def test_what_is_no_address(value: object) -> None:
    """Other schemes, no host, control characters, too long, another type."""
    assert "" == address_of(value)


@pytest.mark.parametrize(
    ("value", "expected"), [("7", "7"), (8, "8"), ("01HX-y_z", "01HX-y_z"), (" a ", "a"), (-1, "-1")]
)
def test_ids(value: object, expected: str) -> None:
    """Opaque strings, though some servers send numbers."""
    assert expected == id_of(value)


@pytest.mark.parametrize(
    "value", ["", "a\x1b[2Jb", "a\nb", "a\u202eb", "a" * 201, 10**200, True, None, 7.0, {"id": "7"}]
)
def test_what_is_no_id(value: object) -> None:
    """Nothing that couldn't be stored, shown and asked for."""
    assert "" == id_of(value)
