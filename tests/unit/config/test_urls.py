"""Addresses of sites, instances and the state store."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.urls import (
    absolute_state_address,
    feed_address,
    instance_address,
    masked,
    site_address,
    state_address,
    web_address,
)

PRIVATE = "is a loopback or private address (allow_private = true permits it)"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://News.Example/", "https://news.example"),
        ("https://news.example/Blog//", "https://news.example/Blog"),
        ("HTTPS://news.example:8443", "https://news.example:8443"),
        ("https://1.1.1.1", "https://1.1.1.1"),
        ("https://[2606:4700:4700::1111]/x", "https://[2606:4700:4700::1111]/x"),
        ("https://münchen.example", "https://münchen.example"),
    ],
)
def test_normal_form(written: str, meant: str) -> None:
    """Scheme and host are in lower case, and no slash is at the end."""
    assert meant == web_address(written, allow_private=False)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "isn't an address (write it as https://HOST, without spaces)"),
        ("https://a b", "isn't an address (write it as https://HOST, without spaces)"),
        ("https:\\\\news.example", "isn't an address (write it as https://HOST, without spaces)"),
        ("news.example/x/", 'has no https:// at its beginning (did you mean "https://news.example/x"?)'),
        ("@uk@social.example", 'has no https:// at its beginning (did you mean "https://social.example"?)'),
        ("me:pass@news.example", 'has no https:// at its beginning (did you mean "https://news.example"?)'),
        ("?x", "isn't an address (write it as https://HOST)"),
        ("ftp://news.example", "begins with ftp:// (write it as https://HOST)"),
        ("https:///x", '"https:///x" names no host (write it as https://HOST)'),
        ("https://[::1", "isn't an address (the host or the port can't be read)"),
        ("https://news.example:http", "isn't an address (the host or the port can't be read)"),
        (
            "https://me:pass@news.example",
            "holds a user name or a password, which an address must not (leave out what stands before @)",
        ),
        (
            "https://:pass@news.example",
            "holds a user name or a password, which an address must not (leave out what stands before @)",
        ),
        (
            "https://n.example/?p=1",
            '"https://n.example/?p=1" has something after ? or # (give the address up to there)',
        ),
        ("https://n.example/#x", '"https://n.example/#x" has something after ? or # (give the address up to there)'),
        (
            "http://news.example",
            "is plain http (write https://, or set allow_private = true for a server of your own)",
        ),
    ],
)
def test_refused_form(written: str, sentence: str) -> None:
    """What isn't the address of a public site is refused with what was probably meant."""
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        web_address(written, allow_private=False)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://News.example/?lang=fr", "https://news.example/?lang=fr"),
        ("https://news.example/blog?lang=fr&x=1", "https://news.example/blog?lang=fr&x=1"),
        ("https://news.example/?rest_route=/", "https://news.example/?rest_route=/"),
        ("https://news.example/", "https://news.example"),
        ("https://news.example/?", "https://news.example"),
    ],
)
def test_a_site_may_have_parameters(written: str, meant: str) -> None:
    """They are kept as they are written."""
    assert meant == site_address(written, allow_private=False) == feed_address(written, allow_private=False)


@pytest.mark.parametrize(
    "written", ["https://n.example/?p=1", "https://n.example/?page_id=2", "https://n.example/?x=1#y"]
)
def test_a_page_of_a_site_is_none(written: str) -> None:
    """Nor is a part of a page."""
    with pytest.raises(ValueError, match="has something after"):
        site_address(written, allow_private=False)


def test_a_feed_may_be_named_by_parameters_alone() -> None:
    """As on a site with plain permalinks."""
    assert "https://n.example/?feed=rss2" == feed_address("https://n.example/?feed=rss2", allow_private=False)


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "localhost.", "LOCALHOST:8080", "my.localhost", "127.0.0.1", "127.1", "0x7f000001", "2130706433",
        "10.0.0.1", "192.168.1.2:80", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1", "[::1]",
        "[::ffff:127.0.0.1]", "[fe80::1%25eth0]", "[fd00::1]",
    ],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_private_hosts(host: str, scheme: str) -> None:
    """Loopback and private addresses, in all their spellings, need allow_private."""
    address = f"{scheme}://{host}"
    with pytest.raises(ValueError, match=re.escape(PRIVATE)):
        web_address(address, allow_private=False)

    assert address.lower() == web_address(address, allow_private=True)


def test_profile_instead_of_instance() -> None:
    """The address of a profile is refused with that of its instance."""
    with pytest.raises(ValueError, match=r'is a profile \(give the instance alone: "https://social.example"\)$'):
        instance_address("https://social.example/@uk", allow_private=False)

    assert instance_address("https://social.example/", allow_private=False) == "https://social.example"


@pytest.mark.parametrize(
    ("written", "absolute"),
    [
        ("sqlite:///howdah.db", "sqlite:////etc/howdah/howdah.db"),
        ("sqlite:////var/lib/howdah.db", "sqlite:////var/lib/howdah.db"),
        ("postgresql://me@db/howdah", "postgresql://me@db/howdah"),
    ],
)
def test_state(written: str, absolute: str) -> None:
    """A relative SQLite file is taken from the config's folder; everything else stays as it is."""
    assert absolute == absolute_state_address(state_address(written), Path("/etc/howdah"))


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("howdah.db", '"howdah.db" isn\'t a store\'s address (did you mean "sqlite:///howdah.db"?)'),
        ("sqlite:howdah.db", '"sqlite:howdah.db" isn\'t a store\'s address (did you mean "sqlite:///howdah.db"?)'),
        ("sqlite://howdah.db", '"sqlite://howdah.db" isn\'t a store\'s address (did you mean "sqlite:///howdah.db"?)'),
        (
            "sqlite:///:memory:",
            'names no file, so that howdah would forget what it shared (write "sqlite:///howdah.db")',
        ),
        ("sqlite:///x?mode=ro", 'has options after "?", which aren\'t supported (give the file alone)'),
        ("postgres://me@db/h", 'begins with postgres:// (did you mean "postgresql://…"?)'),
        ("mysql://me@db/h", "is no address of a store (write sqlite:///FILE or postgresql://USER@HOST/DATABASE)"),
        ("", "is no address of a store (write sqlite:///FILE or postgresql://USER@HOST/DATABASE)"),
        ("postgresql://db:x/h", "isn't an address of a database (write postgresql://USER@HOST/DATABASE)"),
    ],
)
def test_refused_state(written: str, sentence: str) -> None:
    """Other stores are refused, and one that would forget."""
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        state_address(written)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("sqlite:///howdah.db", "sqlite:///howdah.db"),
        ("postgresql:///howdah", "postgresql:///howdah"),
        ("postgresql://me@db/howdah", "postgresql://me@db/howdah"),
        ("postgresql://me:pa/s@s@db/howdah", "postgresql://me:***@db/howdah"),
        (
            "postgresql://db/h?user=me&password=s&sslmode=require",
            "postgresql://db/h?user=me&password=***&sslmode=require",
        ),
    ],
)
def test_masked(written: str, shown: str) -> None:
    """A database's password is three stars, wherever it stands."""
    assert shown == masked(written)


@given(st.text(max_size=30).map("https://{}".format) | st.text(max_size=30))
def test_never_surprises(written: str) -> None:
    """Any text is an address in its normal form, or it is refused as a ValueError."""
    try:
        address = web_address(written, allow_private=False)
    except ValueError:
        return

    assert address == web_address(address, allow_private=False)
