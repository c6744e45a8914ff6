"""The one guard of every connection, to sites and to instances: where it may lead, and how long it may take.

What comes from outside names further addresses (redirects, images, REST roots), so a name is looked up once, every
address that it has is checked, and a checked one is connected to: there is no second look-up that could differ. TLS
still verifies the name. This is why proxies from the environment are not used: behind one, the guard would see the
proxy. The libraries' own ways of connecting are turned off in favour of this one: httpx's in httpx_transport, urllib3's
in urllib3_pools.
"""

import ipaddress
import socket
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeVar

T = TypeVar("T")
Allowed = Callable[[str], bool]
Open = Callable[[str, float | None], T]
Resolve = Callable[[str, int], list[str]]
# 64:ff9b::/96 carries a public IPv4 address (RFC 6052); 64:ff9b:1::/48 is for one's own network (RFC 8215).
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")


class AddressRefusedError(Exception):
    """A name leads to an address that isn't public. reason: the same without the name, as the rest of a sentence."""

    def __init__(self, host: str, address: str) -> None:
        self.reason = f"leads to {address}, which is not a public address: set allow_private = true if this is meant"
        super().__init__(f"{host} {self.reason}")


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, by the system's resolver, each once. Raises OSError, or UnicodeError for an odd name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def look_up(host: str, port: int, *, seconds: float | None, resolve: Resolve = resolve) -> list[str]:
    """What a resolver says within so many seconds (None: however long it takes); TimeoutError after that.

    An address stands for itself. Raises what the resolver raises. One that is too late is left to itself: its thread
    ends when the system gives up, and holds up nobody's exit.
    """
    if _is_address(host):
        return [host]
    answers: SimpleQueue[list[str] | OSError | UnicodeError] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(host, port))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    Thread(target=ask, name="lookup", daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty as error:
        raise TimeoutError(f"the name {host} could not be resolved in time") from error
    if isinstance(answer, Exception):
        raise answer
    return answer


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def connect(
    host: str, port: int, *, seconds: float | None, allowed: Allowed, open_to: Open[T], resolve: Resolve = resolve
) -> T:
    """Connect to the first address of a host that takes the connection; all of it in so many seconds (None: no limit).

    open_to opens a connection to an address, which isn't looked up any more, within so many seconds: an equal part of
    those that are left for each address. Raises AddressRefusedError, before anything is connected to, where a single
    address isn't allowed; what the resolver raises; TimeoutError where the time is up; or the OSError that open_to
    raised last.
    """
    until = None if seconds is None else time.monotonic() + seconds
    addresses = _allowed_addresses(host, port, seconds=seconds, allowed=allowed, resolve=resolve)
    failed = OSError("the name has no address")
    for tried, address in enumerate(addresses):
        part = None if until is None else (until - time.monotonic()) / (len(addresses) - tried)
        if part is not None and part <= 0:
            raise TimeoutError(f"{host} took no connection in time")
        try:
            return open_to(address, part)
        except OSError as error:
            failed = error
    raise failed


def _allowed_addresses(host: str, port: int, *, seconds: float | None, allowed: Allowed, resolve: Resolve) -> list[str]:
    addresses = look_up(host, port, seconds=seconds, resolve=resolve)
    refused = next((address for address in addresses if not allowed(address)), None)
    if refused is not None:
        raise AddressRefusedError(host, refused)
    return addresses


# --- which addresses may be connected to --------------------------------------------------------------------------


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
