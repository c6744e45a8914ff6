"""Who asks, and by which address they know us: a proxy's word counts only where the config trusts the proxy."""

from collections.abc import Collection, Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from msgspec import Struct

Networks = Collection[IPv4Network | IPv6Network]


class Peer(Struct, frozen=True, kw_only=True):
    """Who asks. address: '' where it isn't known; origin: what the browser takes this page for, scheme://host."""

    address: str
    origin: str

    @property
    def is_secure(self) -> bool:
        """Whether the browser came by TLS."""
        return self.origin.startswith("https://")


def peer_of(address: str, headers: Mapping[str, str], *, scheme: str, trusted: Networks) -> Peer:
    """Who asks, from the connection's address and the headers (names in lower case)."""
    host = headers.get("host", "")
    if not _within(address, trusted):
        return Peer(address=address, origin=f"{scheme}://{host}")
    scheme = _last(headers.get("x-forwarded-proto", "")).lower() or scheme
    host = _last(headers.get("x-forwarded-host", "")) or host
    return Peer(address=_client(address, headers, trusted), origin=f"{scheme}://{host}")


def _client(address: str, headers: Mapping[str, str], trusted: Networks) -> str:
    """The nearest address that no trusted proxy has: what stands before it anybody may have written."""
    chain = [part.strip() for part in headers.get("x-forwarded-for", "").split(",") if part.strip()]
    for hop in reversed(chain):
        if _parsed(hop) is None:
            break
        address = hop
        if not _within(hop, trusted):
            break
    return address


def _within(address: str, networks: Networks) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in network for network in networks)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, IPv6Address) else parsed


def _last(values: str) -> str:
    return values.rpartition(",")[2].strip()


def neighbourhood(address: str) -> str:
    """What one client can easily have many addresses in: an IPv6 /64, else the address itself."""
    parsed = _parsed(address)
    if isinstance(parsed, IPv6Address):
        return str(IPv6Network((int(parsed) >> 64 << 64, 64)))
    return str(parsed or address)
