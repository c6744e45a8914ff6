"""Where a connection may lead: public addresses only, unless the site allows private ones.

A site's answers name further addresses (redirects, images, its REST root), so a name is resolved once, every address
is checked, and the checked address is what is connected to: there is no second look-up that could differ. TLS still
verifies the name. This is why proxies from the environment are not used: behind one, the guard would see the proxy.
"""

from collections.abc import Iterable
from typing import Any

import httpcore

from bot.net.deadline import BoundedStream, left
from bot.net.lookup import Resolve, look_up, resolve
from bot.net.public import is_public


class AddressRefusedError(Exception):
    """A name leads to an address that isn't public. Its text is a reason for a person."""


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections for httpcore: to checked addresses, bounded by the call's deadline."""

    def __init__(self, *, allow_private: bool, resolve: Resolve = resolve) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        self._backend = httpcore.SyncBackend()

    def connect_tcp(  # noqa: PLR0917 - the signature is httpcore's
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of the host that answers; AddressRefusedError where one isn't public."""
        addresses = self._addresses(host, port, seconds=left(timeout))
        error: Exception = httpcore.ConnectError("the name has no address")
        for address in addresses:
            seconds = left(timeout)
            if seconds == 0:
                raise httpcore.ConnectTimeout
            try:
                stream = self._backend.connect_tcp(address, port, seconds, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
            else:
                return BoundedStream(stream)
        raise error

    def _addresses(self, host: str, port: int, *, seconds: float | None) -> list[str]:
        try:
            addresses = look_up(host, port, seconds=seconds, resolve=self._resolve)
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"the name {host} could not be resolved in time") from error
        except (OSError, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} can't be resolved") from error
        if self._allow_private:
            return addresses
        for address in addresses:
            if not is_public(address):
                raise AddressRefusedError(
                    f"{host} leads to {address}, which is not a public address: "
                    "set allow_private = true if this is meant"
                )
        return addresses
