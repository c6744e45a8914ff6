"""What only the wire can do: answers without end, too slow, too big, or none. Every call ends, and says why."""

import gzip
import socket
import threading
import zlib
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from bot.domain.answers import Unanswered
from bot.domain.models import Status
from bot.errors import AccountUnavailableError, ImageError, SiteError, SiteUnavailableError
from bot.mastodon import MastodonAccount
from bot.wordpress import Http, ProcessMemory, RestSite
from bot.wordpress.client import Client
from tests.integration.mastodon.raw import Conversation, RawServer, drip, read_request, respond, silent

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
SHORT = timedelta(seconds=0.4)
# For what has a bound of its own, which a busy machine reaches late.
AMPLE = timedelta(minutes=2)
MEGABYTE = 1024 * 1024
Call = Callable[[str], object]


def endless(beginning: bytes, piece: bytes) -> Conversation:
    """A conversation that goes on and on, as fast as it is listened to."""

    def conversation(connection: socket.socket, stopping: threading.Event) -> None:
        read_request(connection)
        connection.sendall(beginning)
        while not stopping.is_set():
            connection.sendall(piece)

    return conversation


def closing(connection: socket.socket, _stopping: threading.Event) -> None:
    """A conversation that is over before it began."""
    connection.shutdown(socket.SHUT_RDWR)


def announced(length: int) -> Conversation:
    """A conversation in which more is announced than ever comes."""
    return endless(HEAD + f"Content-Length: {length}\r\n\r\n".encode(), b" " * MEGABYTE)


def encoded(body: bytes, encoding: str) -> Conversation:
    """A conversation whose answer is encoded."""
    return respond(body, head=f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: {encoding}")


BOMB = gzip.compress(b" " * (100 * MEGABYTE), compresslevel=9)
CHUNK = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
BIG = r"bigger than|longer than|4 MB"
CUT = "no complete HTTP answer|breaks off|can't be read|cut the connection"
# On a busy machine the time may be over before there is a connection.
LATE = r"in time|within 0\.4 s|ConnectTimeout"
# Per case: what the server does, and what is said of it, for the site, its images and the instance alike.
CASES: dict[str, tuple[Conversation, str]] = {
    "silent": (silent, LATE),
    "closing": (closing, CUT),
    "drip of a body": (drip(HEAD + b"Content-Length: 99\r\n\r\n" + b" " * 99, pace=0.1), LATE),
    "drip of a head": (drip(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 99, pace=0.1), LATE),
    "drip of interim answers": (endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 10), f"{LATE}|{CUT}|answered 103"),
    "a head without end": (endless(b"HTTP/1.1 200 OK\r\n", b"X: " + b"x" * 1_000 + b"\r\n"), CUT),
    "a header without end": (endless(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 1_000), CUT),
    "a body without end": (endless(HEAD + b"\r\n", b" " * MEGABYTE), BIG),
    "chunks without end": (endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", CHUNK), BIG),
    "a chunk size without end": (endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"0" * 1_000), f"{CUT}|{LATE}"),
    "an announced gigabyte": (announced(1024 * MEGABYTE), BIG),
    "a bomb": (encoded(BOMB, "gzip"), BIG),
    "a bomb in a bomb": (encoded(gzip.compress(BOMB), "gzip, gzip"), f"{BIG}|encoding that wasn't asked for"),
    "another bomb": (
        encoded(zlib.compress(b" " * (100 * MEGABYTE)), "deflate"),
        f"{BIG}|encoding that wasn't asked for",
    ),
    "encodings on encodings": (encoded(b"[]", ", ".join(["gzip"] * 100)), f"{CUT}|encoding that wasn't asked for"),
}


@pytest.fixture(scope="module")
def http() -> Iterator[Http]:
    """A client that waits for nothing."""
    client = Http(wait=lambda _: None)
    yield client
    client.close()


def site(http: Http, url: str, *, timeout: timedelta = SHORT) -> RestSite:
    """A site that is given little time, as nearly everything here is."""
    memory = ProcessMemory(f"{url}/wp-json/")
    return RestSite(Client(site="uk", home=url, http=http, allow_private=True, timeout=timeout), memory=memory)


def calls(http: Http, *, timeout: timedelta) -> dict[str, Call]:
    """What is asked of a site, and what of an instance."""

    def publish(url: str) -> object:
        account = MastodonAccount("uk", url, read_token=lambda: "t0ken", timeout=timeout, allow_private=True)
        try:
            reply = account.publish(Status(text="Seven"), media_ids=[], key="k1").reply
        finally:
            account.close()
        assert isinstance(reply, Unanswered)
        raise AccountUnavailableError(reply.message)

    return {
        "site": lambda url: site(http, url, timeout=timeout).read(1),
        "image": lambda url: site(http, url, timeout=timeout).fetch_image(f"{url}/a.png", max_bytes=2 * MEGABYTE),
        "publish": publish,
    }


@pytest.mark.parametrize("asked", ["site", "image", "publish"])
@pytest.mark.parametrize(("conversation", "said"), CASES.values(), ids=CASES.keys())
def test_every_call_ends_and_says_why(http: Http, conversation: Conversation, said: str, asked: str) -> None:
    """Within the time that it is given: too late, cut off, or too big. An interim answer is no answer."""
    timeout = SHORT if LATE in said else AMPLE
    with (
        RawServer(conversation) as server,
        pytest.raises((SiteUnavailableError, ImageError, AccountUnavailableError), match=said),
    ):
        calls(http, timeout=timeout)[asked](f"http://127.0.0.1:{server.port}")


# --- addresses that aren't public

PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104 - not bound to, but refused
    "255.255.255.255", "192.0.2.1", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
    "64:ff9b::7f00:1", "64:ff9b:1::1", "2002:7f00:1::1", "2001:db8::1",
]  # fmt: skip
# Other ways to write an IPv4 address: the system's resolver reads them all.
WRITTEN = [
    "0x7f.1",
    "2130706433",
    "017700000001",
    "127.1",
    "0",
    "0x0a.0.0.1",
    "[::ffff:7f00:1]",
    "[64:ff9b::a9fe:a9fe]",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_name_that_leads_to_a_private_address_is_not_asked(address: str) -> None:
    """Neither as the site, nor as its root, nor as an image; one public address beside it changes nothing."""
    client = Http(wait=lambda _: None, resolve=lambda *_: ["93.184.216.34", address])
    closed = RestSite(Client(site="uk", home="https://public.example", http=client))

    for ask in (
        closed.discover,
        lambda: closed.read(1),
        lambda: closed.fetch_image("https://public.example/a.png", max_bytes=10),
    ):
        with pytest.raises(SiteError, match=r"public\.example leads to .* which is not a public address"):
            ask()
    client.close()


@pytest.mark.parametrize("host", WRITTEN)
def test_however_an_address_is_written(host: str) -> None:
    """What counts is what is connected to: for the site, and for the instance."""
    client = Http(wait=lambda _: None)
    with pytest.raises(SiteError, match="not a public address"):
        RestSite(Client(site="uk", home=f"http://{host}:9", http=client)).discover()
    client.close()
    account = MastodonAccount("uk", f"http://{host}:9", read_token=lambda: "t0ken", timeout=SHORT)
    with pytest.raises(AccountUnavailableError, match="not a public address"):
        account.verify()
    account.close()


def test_a_name_is_resolved_once_for_each_connection() -> None:
    """The address that was checked is the one connected to: a name that changes its mind reaches nothing."""
    asked: list[str] = []

    def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["192.0.2.1"] if len(asked) == 1 else ["127.0.0.1"]

    with RawServer(respond(b"[]")) as server:
        client = Http(wait=lambda _: None, resolve=rebinding)
        with pytest.raises(SiteError, match="leads to 192"):
            RestSite(Client(site="uk", home=f"http://public.example:{server.port}", http=client)).discover()
        client.close()

        assert (["public.example"], 0) == (asked, server.accepted)


# --- redirects


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "gopher://site.example/", "data:,x", "//", "http://", "http:///x"]
)
def test_a_redirect_out_of_the_web_is_not_followed(http: Http, location: str) -> None:
    """Only http and https, and only to a host."""
    answer = respond(b"", head=f"HTTP/1.1 302 Found\r\nLocation: {location}")
    with RawServer(answer) as server, pytest.raises(SiteUnavailableError, match=r"redirects|asked|no complete"):
        site(http, f"http://127.0.0.1:{server.port}", timeout=AMPLE).discover()


def test_credentials_stay_with_their_host(http: Http) -> None:
    """A site whose address has a password redirects elsewhere: that goes without."""
    received: list[bytes] = []

    def listen(connection: socket.socket, _stopping: threading.Event) -> None:
        received.append(read_request(connection))
        connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    with RawServer(listen) as other:
        moved = respond(b"", head=f"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{other.port}/wp-json/")
        with RawServer(moved) as server, pytest.raises(SiteUnavailableError):
            site(http, f"http://u:p4ss@127.0.0.1:{server.port}", timeout=AMPLE).read(1)

    assert received
    assert all(b"authorization" not in request.lower() and b"p4ss" not in request for request in received)
