"""Addresses that a person may write in the config: sites, instances, the state store.

What is refused here is refused by how it is written. Where a name leads is the adapters' concern, at each call.
Every function raises ValueError with a sentence for a person; a sentence never repeats a password.
"""

import ipaddress
import re
import socket
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlsplit

from bot.config.toml_text import quoted, shown

_SQLITE = "sqlite:///"
_POSTGRESQL = "postgresql://"
_NEVER_IN_URL = re.compile(r'[\s\x00-\x1f\x7f\\<>"]')
_HOST = re.compile(r"[^/?#@\s]+")
# What an address asks for that is one page of a site.
_OF_ONE_PAGE = frozenset({"p", "page_id", "attachment_id", "s", "feed"})
_PASSWORD = re.compile(r"(://[^:/@]*:).*@")
_PASSWORD_OPTION = re.compile(r"(password=)[^&]*")


def web_address(value: str, *, allow_private: bool) -> str:
    """An http(s) address, host in lower case and without a slash at its end.

    Unless allow_private, plain http and literal loopback or private hosts are refused.
    """
    parts = _split(value)
    if parts.username is not None or parts.password is not None:
        raise ValueError("holds a user name or a password, which an address must not (leave out what stands before @)")
    if parts.query or parts.fragment:
        raise ValueError(f"{shown(value)} has something after ? or # (give the address up to there)")
    if not allow_private:
        _refuse_private(parts)
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def site_address(value: str, *, allow_private: bool) -> str:
    """A site's address: as web_address, and with the parameters that it may need (`?lang=fr`, `?rest_route=/`)."""
    asked = {name for name, _ in parse_qsl(_split(value).query, keep_blank_values=True)}
    if asked & _OF_ONE_PAGE:
        return web_address(value, allow_private=allow_private)
    return feed_address(value, allow_private=allow_private)


def feed_address(value: str, *, allow_private: bool) -> str:
    """A feed's address: as web_address, and with any parameters (`?feed=rss2`)."""
    place, mark, query = value.partition("?")
    if not query or "#" in value:
        return web_address(value, allow_private=allow_private)
    address = web_address(place, allow_private=allow_private)
    return f"{address}{'/' if place.endswith('/') else ''}{mark}{query}"


def instance_address(value: str, *, allow_private: bool) -> str:
    """An instance's address: as web_address, and not that of a profile on it."""
    address = web_address(value, allow_private=allow_private)
    host, profile, _ = address.partition("/@")
    if profile:
        raise ValueError(f"{shown(value)} is a profile (give the instance alone: {quoted(host)})")
    return address


def state_address(value: str) -> str:
    """The state store's address as it is written, its form checked."""
    if value.startswith(_POSTGRESQL):
        return _postgresql(value)
    if value.startswith("postgres://"):
        raise ValueError('begins with postgres:// (did you mean "postgresql://…"?)')
    if value.startswith(_SQLITE):
        return _sqlite(value)
    scheme, separator, rest = value.rpartition(":")
    if value and (not separator or scheme == "sqlite"):
        raise ValueError(f"{shown(value)} isn't a store's address (did you mean {quoted(_SQLITE + rest.lstrip('/'))}?)")
    raise ValueError("is no address of a store (write sqlite:///FILE or postgresql://USER@HOST/DATABASE)")


def absolute_state_address(value: str, folder: Path) -> str:
    """The same address, with a relative SQLite file taken from the config's folder."""
    if not value.startswith(_SQLITE):
        return value
    return f"{_SQLITE}{folder / value.removeprefix(_SQLITE)}"


def masked(value: str) -> str:
    """A store's address with its password, wherever it stands, as three stars."""
    return _PASSWORD_OPTION.sub(r"\1***", _PASSWORD.sub(r"\1***@", value))


def _split(value: str) -> SplitResult:
    if not value or _NEVER_IN_URL.search(value):
        raise ValueError("isn't an address (write it as https://HOST, without spaces)")
    if "://" not in value:
        raise ValueError(_without_scheme(value))
    try:
        parts = urlsplit(value)
        _ = parts.port  # read for its check
    except ValueError:
        # Not chained: the original repeats what it took for a port, which may be a part of a password.
        raise ValueError("isn't an address (the host or the port can't be read)") from None
    if parts.scheme not in {"http", "https"}:
        raise ValueError(f"begins with {parts.scheme}:// (write it as https://HOST)")
    if not parts.hostname:
        raise ValueError(f"{shown(value)} names no host (write it as https://HOST)")
    return parts


def _without_scheme(value: str) -> str:
    """What stands before an @ isn't repeated: it may be a password."""
    bare = value.rpartition("@")[2].strip("/")
    if not _HOST.match(bare):
        return "isn't an address (write it as https://HOST)"
    return f"has no https:// at its beginning (did you mean {quoted('https://' + bare)}?)"


def _refuse_private(parts: SplitResult) -> None:
    host = str(parts.hostname).rstrip(".")
    if host == "localhost" or host.endswith(".localhost") or _is_private(host):
        raise ValueError(f"{host} is a loopback or private address (allow_private = true permits it)")
    if parts.scheme == "http":
        raise ValueError("is plain http (write https://, or set allow_private = true for a server of your own)")


def _is_private(host: str) -> bool:
    """Whether a host written as a number isn't one of the open internet; a name isn't private by itself."""
    try:
        address: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return _is_private_number(host)
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    return not address.is_global or address.is_multicast


def _is_private_number(host: str) -> bool:
    """The old short forms, such as 127.1 or 0x7f000001, which the system takes for addresses."""
    try:
        packed = socket.inet_aton(host)
    except (OSError, UnicodeEncodeError):
        return False
    return not ipaddress.IPv4Address(packed).is_global


def _postgresql(value: str) -> str:
    try:
        _ = urlsplit(value).port  # read for its check
    except ValueError:
        # Not chained, as above.
        raise ValueError("isn't an address of a database (write postgresql://USER@HOST/DATABASE)") from None
    if value.partition("?")[0].count("@") > 1:
        raise ValueError("has more than one @ (in a user name or a password it is written %40)")
    return value


def _sqlite(value: str) -> str:
    file = value.removeprefix(_SQLITE)
    if file in {"", ":memory:"}:
        raise ValueError('names no file, so that howdah would forget what it shared (write "sqlite:///howdah.db")')
    if "?" in file:
        raise ValueError('has options after "?", which aren\'t supported (give the file alone)')
    return value
