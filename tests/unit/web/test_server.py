"""The server on loopback: slow and many clients, a reload, an address that is taken."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from bot.errors import RefusedError
from bot.web import Live, Web, WebSettings, app
from bot.web.server import BoundedProtocol, Server
from tests.unit.crosspost.stage import Stage
from tests.unit.web.visitor import Visit, named

SOON = 20.0


class Hurried(BoundedProtocol):
    """The same, without patience."""

    until_asked = 0.5
    until_answered = 1.0


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that answers at once, whatever comes in; at /slow once the body is there."""
    if scope["type"] == "lifespan":
        for kind in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{kind}.complete"})
        return
    while scope["path"] == "/slow" and (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"5")]})
    await send({"type": "http.response.body", "body": b"hello"})


@contextmanager
def serving(app: Any = hello, protocol: type[asyncio.Protocol] = Hurried) -> Iterator[tuple[str, int]]:
    """A server; its address."""
    running = Server(app, host="127.0.0.1", port=0, protocol=protocol)
    running.start()
    try:
        yield running.address
    finally:
        running.stop()


def cut(address: tuple[str, int], sent: bytes) -> bytes:
    """What comes back for some bytes after which nothing follows, until the server cuts the connection."""
    with socket.create_connection(address, timeout=SOON) as connection:
        connection.sendall(sent)
        got = b""
        with suppress(ConnectionResetError):
            while piece := connection.recv(4096):
                got += piece
        return got


@pytest.mark.parametrize(
    "sent",
    [b"", b"GET / HT", b"POST /slow HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc"],
    ids=["nothing", "half a line", "half a body"],
)
def test_who_says_too_little_is_cut(sent: bytes) -> None:
    """However it begins."""
    with serving() as address:
        assert b"" == cut(address, sent)


def test_who_begins_a_second_request_and_stops_is_cut_too() -> None:
    """The first one was answered."""
    with serving() as address, socket.create_connection(address, timeout=SOON) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        while not connection.recv(4096).endswith(b"hello"):
            pass
        connection.sendall(b"GET / HT")
        with suppress(ConnectionResetError):
            assert b"" == connection.recv(4096)


async def much(_scope: Scope, _receive: Receive, send: Send) -> None:
    """An application whose answers no socket's buffers hold."""
    if _scope["type"] == "lifespan":
        await hello(_scope, _receive, send)
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"20000000")]})
    await send({"type": "http.response.body", "body": bytes(20_000_000)})


def test_who_does_not_take_the_answer_is_cut() -> None:
    """Though it is written, as far as the application knows: nothing of it is kept for them."""
    gone = threading.Event()

    class Watched(Hurried):
        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            gone.set()

    with serving(much, Watched) as address, socket.create_connection(address, timeout=SOON) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        assert gone.wait(SOON)
        got = 0
        with suppress(ConnectionResetError):
            while piece := connection.recv(1 << 20):
                got += len(piece)

    assert got < 20_000_000


def test_a_header_without_an_end_is_refused() -> None:
    """At 16 kB."""
    with serving(protocol=BoundedProtocol) as address:
        assert cut(address, b"GET / HTTP/1.1\r\nx: " + b"x" * 40_000).startswith(b"HTTP/1.1 4")


def test_above_a_bound_it_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """503 in the API's form for whoever comes on top, while the others are waited for; that it is alive is said."""
    monkeypatch.setattr(app, "MOST_AT_ONCE", 4)
    with serving(Visit().app, BoundedProtocol) as address, ExitStack() as stack:
        for _ in range(4):
            connection = stack.enter_context(socket.create_connection(address, timeout=SOON))
            connection.sendall(b"POST /login HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\n")
        url = "http://{}:{}".format(*address)
        busy = next(one for one in (httpx.get(f"{url}/login") for _ in range(1000)) if one.status_code != 200)
        alive = httpx.get(f"{url}/healthz")

    assert (503, "busy") == (busy.status_code, busy.json()["error"]["code"])
    assert "1" == busy.headers["retry-after"]
    assert "DENY" == busy.headers["x-frame-options"]
    assert 200 == alive.status_code


def test_who_is_only_connected_keeps_nobody_out() -> None:
    """Whoever asks nothing is cut after a while; meanwhile the others are answered."""
    with serving(protocol=BoundedProtocol) as address, ExitStack() as stack:
        for _ in range(80):
            stack.enter_context(socket.create_connection(address, timeout=SOON))

        assert 200 == httpx.get("http://{}:{}/".format(*address)).status_code


def live(port: int) -> Live:
    """Something to show."""
    settings = WebSettings(host="127.0.0.1", port=port, read_password=lambda: "one")
    return Live(context=Stage().context, settings=settings, idle=tuple, find_post=named)


def test_a_reload_goes_on_on_the_same_socket_or_moves() -> None:
    """The new one begins before the old one ends; sessions last as long as the password."""
    web = Web()
    port = free_port()
    with web.serving(live(port)):
        url = "http://{}:{}".format(*web.address)
        with httpx.Client(base_url=url) as browser:
            browser.post("/login", data={"password": "one"})
            old = web.serving(live(port))
            with old:
                assert 200 == browser.get("/").status_code
        with web.serving(live(0)):
            moved = "http://{}:{}".format(*web.address)
            assert moved != url
            assert 200 == httpx.get(f"{moved}/healthz").status_code
            with pytest.raises(httpx.ConnectError):
                httpx.get(f"{url}/healthz")
    assert not [thread for thread in threading.enumerate() if thread.name == "web"]


def test_an_address_that_is_taken_is_said() -> None:
    """In the config's words; what was shown before goes on."""
    web = Web()
    with socket.create_server(("127.0.0.1", 0)) as taken, web.serving(live(0)):
        with pytest.raises(
            RefusedError, match=r"can't listen on 127\.0\.0\.1:\d+ \(web\.listen\): Address already in use"
        ):
            web.serving(live(taken.getsockname()[1])).__enter__()

        assert 200 == httpx.get("http://{}:{}/healthz".format(*web.address)).status_code


def free_port() -> int:
    """A port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
