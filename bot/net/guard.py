"""The one guard of every connection, to sites and to instances: where it may lead, and how long it may take.

What comes from outside names further addresses (redirects, images, REST roots), so a name is looked up once, every
address that it has is checked, and a checked one is connected to: there is no second look-up that could differ. TLS
still verifies the name. This is why proxies from the environment are not used: behind one, the guard would see the
proxy. The libraries' own ways of connecting are turned off in favour of this one: httpcore's in httpcore_backend,
urllib3's in urllib3_pools.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from bot.net.lookup import Resolve, look_up, resolve

T = TypeVar("T")
Allowed = Callable[[str], bool]
Open = Callable[[str, float | None], T]


class AddressRefusedError(Exception):
    """A name leads to an address that isn't public. reason: the same without the name, as the rest of a sentence."""

    def __init__(self, host: str, address: str) -> None:
        self.reason = f"leads to {address}, which is not a public address: set allow_private = true if this is meant"
        super().__init__(f"{host} {self.reason}")


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
