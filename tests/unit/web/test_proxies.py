"""Who asks, where there are proxies between."""

from ipaddress import ip_network

import pytest

from bot.web.proxies import Peer, neighbourhood, peer_of

TRUSTED = [ip_network("10.0.0.0/8"), ip_network("::1")]


@pytest.mark.parametrize(
    ("address", "forwarded", "found"),
    [
        ("10.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("::ffff:10.0.0.1", "203.0.113.5", "203.0.113.5"),
        ("10.0.0.1", "8.8.8.8, 203.0.113.5, 10.0.0.2", "203.0.113.5"),
        ("10.0.0.1", "203.0.113.5, unknown", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
        ("", "198.51.100.1", ""),
    ],
)
def test_the_nearest_that_is_no_proxy(address: str, forwarded: str, found: str) -> None:
    """What stands before it, anybody may have written."""
    peer = peer_of(address, {"host": "x", "x-forwarded-for": forwarded}, scheme="http", trusted=TRUSTED)

    assert found == peer.address


def test_the_address_that_the_browser_knows() -> None:
    """A trusted proxy says how it was called; nobody else may."""
    headers = {"host": "inner:8642", "x-forwarded-proto": "https", "x-forwarded-host": "howdah.example"}

    assert Peer(address="::1", origin="https://howdah.example") == peer_of(
        "::1", headers, scheme="http", trusted=TRUSTED
    )
    assert "http://inner:8642" == peer_of("192.0.2.1", headers, scheme="http", trusted=TRUSTED).origin


def test_neighbours() -> None:
    """An IPv6 /64 is one; an IPv4 address by itself, however it is written."""
    assert neighbourhood("2001:db8::1") == neighbourhood("2001:db8::ffff:1") == "2001:db8::/64"
    assert neighbourhood("::ffff:192.0.2.1") == neighbourhood("192.0.2.1")
    assert "" == neighbourhood("")
