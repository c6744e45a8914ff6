"""Which addresses count as public, and that only checked ones are connected to."""

import socket
import threading

import httpcore
import pytest

from bot.net.guard import AddressRefusedError
from bot.net.httpx_transport import GuardedBackend, within


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "0x7f.1", "2130706433", "::1"])
def test_names_of_this_machine_are_refused(host: str) -> None:
    """However it is written: what counts is what the system makes of it."""
    with pytest.raises(AddressRefusedError, match="not a public address"):
        GuardedBackend(allow_private=False).connect_tcp(host, 9)


def test_one_private_address_among_public_ones_is_too_many() -> None:
    """A name that leads to both is refused as a whole: the next look-up might choose the other."""
    backend = GuardedBackend(allow_private=False, resolve=lambda *_: ["8.8.8.8", "10.0.0.1"])

    with pytest.raises(AddressRefusedError, match=r"sly\.example leads to 10\.0\.0\.1"):
        backend.connect_tcp("sly.example", 443)


def test_the_checked_address_is_the_one_connected_to() -> None:
    """The name is looked up once; a second answer has no say."""
    answers = [["127.0.0.1"]]
    with socket.create_server(("127.0.0.1", 0)) as server:
        backend = GuardedBackend(allow_private=True, resolve=lambda *_: answers.pop())
        stream = backend.connect_tcp("site.example", server.getsockname()[1], timeout=5)

        assert server.getsockname() == stream.get_extra_info("server_addr")
        stream.close()
    assert [] == answers


def test_the_next_address_is_tried() -> None:
    """A host whose first address is dead is still reached."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        backend = GuardedBackend(allow_private=True, resolve=lambda *_: ["127.0.0.99", "127.0.0.1"])
        stream = backend.connect_tcp("site.example", port, timeout=5)
        stream.close()


def test_a_dead_host_is_a_connect_error() -> None:
    """Refused everywhere, without an address, or without a name."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = server.getsockname()[1]

    def unresolved(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    for lookup in (lambda *_: ["127.0.0.1"], lambda *_: [], unresolved):
        with pytest.raises(httpcore.ConnectError):
            GuardedBackend(allow_private=True, resolve=lookup).connect_tcp("site.example", closed, timeout=5)


def test_no_connection_is_begun_after_the_deadline() -> None:
    """The look-up took all the time there was: not even a public address is tried."""
    backend = GuardedBackend(allow_private=False, resolve=lambda *_: ["8.8.8.8"])
    with within(0), pytest.raises(httpcore.ConnectTimeout):
        backend.connect_tcp("site.example", 9, timeout=5)


def test_a_look_up_ends_with_the_call() -> None:
    """A resolver that never answers: no longer than the call may take, and it counts as no connection."""
    given_up = threading.Event()

    def endless(host: str, port: int) -> list[str]:
        given_up.wait()
        return []

    backend = GuardedBackend(allow_private=False, resolve=endless)
    with within(0.1), pytest.raises(httpcore.ConnectTimeout, match=r"site\.example could not be resolved in time"):
        backend.connect_tcp("site.example", 443, timeout=5)
    given_up.set()
