"""Which addresses may be connected to: public ones, unless a site or an account allows private ones."""

import ipaddress

# 64:ff9b::/96 carries a public IPv4 address (RFC 6052); 64:ff9b:1::/48 is for one's own network (RFC 8215).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")


def is_public(address: str) -> bool:
    """Whether an address is globally routable, and so is the IPv4 address that it may carry within."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _carried(ip)
        if inner is not None:
            return is_public(str(inner))
        if ip in _LOCAL_NAT64 or ip.is_site_local:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def is_any(_address: str) -> bool:
    """Every address may be: the rule of a site or an account that allows private ones."""
    return True


def _carried(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address inside an IPv6 one: mapped, 6to4, NAT64; None where there is none."""
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour
