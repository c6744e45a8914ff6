"""How httpcore, and so httpx, connects: through the guard, bounded by the deadline of the call that it serves."""

import socket
from collections.abc import Iterable
from functools import partial
from typing import Any

import httpcore

from bot.net.deadline import BoundedStream, left
from bot.net.guard import connect
from bot.net.lookup import Resolve, resolve
from bot.net.public import is_any, is_public


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections for httpcore: to checked addresses, bounded by the call's deadline."""

    def __init__(self, *, allow_private: bool, resolve: Resolve = resolve) -> None:
        self._allowed = is_any if allow_private else is_public
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

        def open_to(address: str, seconds: float | None) -> httpcore.NetworkStream:
            try:
                return self._backend.connect_tcp(address, port, seconds, local_address, socket_options)
            except httpcore.ConnectTimeout as error:
                raise TimeoutError(str(error)) from error
            except httpcore.ConnectError as error:
                raise OSError(str(error)) from error

        ask = partial(connect, seconds=left(timeout), allowed=self._allowed, open_to=open_to, resolve=self._resolve)
        try:
            return BoundedStream(ask(host, port))
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(str(error)) from error
        except (socket.gaierror, UnicodeError) as error:
            raise httpcore.ConnectError(f"the name {host} can't be resolved") from error
        except OSError as error:
            raise httpcore.ConnectError(str(error)) from error
