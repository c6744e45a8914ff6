"""What only the wire shows: where connections go, what TLS does, and that every call ends in time."""

import shutil
import socket
import ssl
from pathlib import Path

import pytest

from bot.domain.answers import NotSent, Published, Reply, Unanswered
from bot.domain.models import Status
from bot.errors import AccountUnavailableError
from bot.mastodon import MastodonAccount
from bot.net.urllib3_pools import _TimedReader
from bot.sandbox.mastodon import SandboxMastodon
from tests.integration.mastodon.conftest import MakeAccount
from tests.integration.mastodon.raw import RawServer, bad_request, drip, respond, silent
from tests.sandbox import faults

POST = Status(text="Seven https://news.example.com/7/")
ANSWER = b'{"id": "7", "url": "https://social.example/@uk/7", "created_at": "2026-03-14T12:00:00Z"}'


def publish(account: MastodonAccount) -> Reply:
    """Publish once."""
    return account.publish(POST, media_ids=[], key="k1").reply


# --- where connections go


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
def test_private_addresses_are_refused(make_account: MakeAccount, scheme: str, host: str) -> None:
    """Without allow_private nothing is even connected to on a private address."""
    with RawServer(respond(ANSWER)) as server:
        account = make_account(f"{scheme}://{host}:{server.port}", allow_private=False)

        reply = publish(account)

        assert isinstance(reply, NotSent)
        assert "which is not a public address: set allow_private = true" in reply.message
        assert 0 == server.accepted


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_address_without_a_port(make_account: MakeAccount, scheme: str) -> None:
    """An IPv6 address stands for itself where no port follows it: none of its groups is one."""
    reply = publish(make_account(f"{scheme}://[fd00::1:2]", allow_private=False))

    assert isinstance(reply, NotSent)
    assert " leads to fd00::1:2, which is not a public address" in reply.message


def test_refused_connection(make_account: MakeAccount) -> None:
    """Where nobody listens, nothing was sent."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    expected = NotSent(message=f"the instance 127.0.0.1:{port} refuses the connection")

    assert expected == publish(make_account(f"http://127.0.0.1:{port}"))


def test_unknown_name(make_account: MakeAccount) -> None:
    """A name that can't be resolved: nothing was sent."""
    expected = NotSent(message="the instance nowhere.invalid has a name that can't be resolved")

    assert expected == publish(make_account("https://nowhere.invalid"))


def test_impossible_name(make_account: MakeAccount) -> None:
    """A name that can't be one: nothing was sent."""
    name = f"{'a' * 64}.example"

    reply = publish(make_account(f"http://{name}"))

    assert isinstance(reply, NotSent)


def test_address_without_a_way(make_account: MakeAccount) -> None:
    """An address to which there is no way: nothing was sent."""
    reply = publish(make_account("http://255.255.255.255"))

    assert isinstance(reply, NotSent)
    assert "255.255.255.255 can't be connected to: " in reply.message


def test_no_proxy_from_the_environment(
    instance: SandboxMastodon, account: MastodonAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy of the environment isn't used: it would reach what the guard can't see."""
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert isinstance(publish(account), Published)


def test_no_cookies(instance: SandboxMastodon, account: MastodonAccount) -> None:
    """A cookie isn't kept."""
    instance.faults.add(fault=faults.Headers({"Set-Cookie": "session=1; Path=/"}))
    publish(account)
    publish(account)

    assert not any("cookie" in request.headers for request in instance.requests)


# --- TLS


def test_tls(
    tls: ssl.SSLContext, certificate: Path, make_account: MakeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An instance whose certificate SSL_CERT_FILE vouches for is published on."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with RawServer(respond(ANSWER), tls=tls) as server:
        reply = publish(make_account(f"https://localhost:{server.port}"))

    assert isinstance(reply, Published)


def test_authorities_are_read_once(
    tls: ssl.SSLContext, certificate: Path, make_account: MakeAccount, tmp_path: Path
) -> None:
    """Reading them takes longer than a request: the second one doesn't need their file any more."""
    copy = Path(shutil.copy(certificate, tmp_path))
    with pytest.MonkeyPatch.context() as patch, RawServer(respond(ANSWER), tls=tls) as server:
        patch.setenv("SSL_CERT_FILE", str(copy))
        account = make_account(f"https://localhost:{server.port}")
        first = publish(account)
        copy.unlink()
        second = publish(account)

    assert isinstance(first, Published)
    assert isinstance(second, Published)


def test_untrusted_certificate(tls: ssl.SSLContext, make_account: MakeAccount) -> None:
    """A certificate that nobody vouches for: nothing was sent."""
    with RawServer(respond(ANSWER), tls=tls) as server:
        reply = publish(make_account(f"https://localhost:{server.port}"))

    assert isinstance(reply, NotSent)
    assert "has no valid certificate: self" in reply.message


def test_wrong_name(
    tls: ssl.SSLContext, certificate: Path, make_account: MakeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A certificate for another name: nothing was sent."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with RawServer(respond(ANSWER), tls=tls) as server:
        reply = publish(make_account(f"https://127.0.0.1:{server.port}"))

    assert isinstance(reply, NotSent)
    assert "has no valid certificate" in reply.message


def test_no_tls(make_account: MakeAccount) -> None:
    """A server that doesn't speak TLS: nothing was sent."""
    with RawServer(bad_request) as server:
        reply = publish(make_account(f"https://127.0.0.1:{server.port}"))

    assert isinstance(reply, NotSent)
    assert "fails to agree on a secure connection" in reply.message


def test_tls_that_never_ends(make_account: MakeAccount) -> None:
    """A server that says nothing where TLS should be agreed on: nothing was sent."""
    with RawServer(silent) as server:
        reply = publish(make_account(f"https://127.0.0.1:{server.port}", seconds=0.3))

    assert isinstance(reply, NotSent)
    assert "took no connection within 0.3 s" in reply.message


def test_missing_certificates(make_account: MakeAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where SSL_CERT_FILE names no file, nothing was sent."""
    monkeypatch.setenv("SSL_CERT_FILE", "/nonexistent/certificates.pem")
    with RawServer(silent) as server:
        account = make_account(f"https://127.0.0.1:{server.port}")
        reply = publish(account)
        with pytest.raises(AccountUnavailableError, match=r"was not asked: .*/nonexistent/certificates\.pem"):
            account.limits()

    assert isinstance(reply, NotSent)
    assert 0 == server.accepted


# --- time


def test_connecting_takes_too_long(make_account: MakeAccount) -> None:
    """A full queue takes no connection: nothing was sent."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))

        reply = publish(make_account(f"http://127.0.0.1:{port}", seconds=0.3))

        for one in waiting:
            one.close()
    assert NotSent(message=f"the instance 127.0.0.1:{port} took no connection within 0.3 s") == reply


@pytest.mark.parametrize("seconds", [0.2, 0.3])
def test_no_answer(instance: SandboxMastodon, token: str, make_account: MakeAccount, seconds: float) -> None:
    """A server that keeps silent is waited for no longer than the timeout."""
    instance.faults.add(fault=faults.Hang())

    reply = publish(make_account(instance.url, token=token, seconds=seconds))

    host = instance.url.removeprefix("http://")
    assert Unanswered(message=f"the instance {host} gave no answer within {seconds:g} s") == reply


def test_slow_body(instance: SandboxMastodon, token: str, make_account: MakeAccount) -> None:
    """A body that comes byte by byte, each in time, is waited for no longer than the timeout."""
    instance.faults.add(fault=faults.Drip(0.1))

    reply = publish(make_account(instance.url, token=token, seconds=0.4))

    assert isinstance(reply, Unanswered)
    assert reply.message.endswith("that can't be read: it didn't come within 0.4 s")
    assert 1 == len(instance.statuses)


def test_slow_head(make_account: MakeAccount) -> None:
    """A head that comes byte by byte is waited for no longer than the timeout."""
    with RawServer(drip(b"HTTP/1.1 200 OK\r\n" + b"X-Header: x\r\n" * 1000, pace=0.1)) as server:
        reply = publish(make_account(f"http://127.0.0.1:{server.port}", seconds=0.4))

    message = f"the instance 127.0.0.1:{server.port} gave no answer within 0.4 s"
    assert Unanswered(message=message) == reply


def test_reader_after_its_time() -> None:
    """A reader whose time is up reads nothing more, be there something or not."""
    reading, writing = socket.socketpair()
    with reading, writing, reading.makefile("rb", buffering=0) as raw:
        reading.settimeout(0.001)
        reader = _TimedReader(raw, reading)
        with pytest.raises(TimeoutError):
            reader.read(1)
        writing.sendall(b"late")

        with pytest.raises(TimeoutError, match="the time for the whole answer is up"):
            reader.read(1)


def test_endless_body(make_account: MakeAccount) -> None:
    """A body without end and without a length is read up to the bound."""

    def conversation(connection: socket.socket, _stopping: object) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while True:
            connection.sendall(b" " * 65536)

    with RawServer(conversation) as server:
        reply = publish(make_account(f"http://127.0.0.1:{server.port}"))

    assert isinstance(reply, Unanswered)
    assert reply.message.endswith("it is longer than 4 MB")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00\xff nonsense\r\n\r\n",
        b"HTTP/1.1 999999 What\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n{}",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n",
    ],
    ids=range(8),
)
def test_answers_that_are_no_http(make_account: MakeAccount, answer: bytes) -> None:
    """Whatever comes back instead of an answer, the status may have been made."""

    def conversation(connection: socket.socket, _stopping: object) -> None:
        connection.recv(65536)
        connection.sendall(answer)

    with RawServer(conversation) as server:
        reply = publish(make_account(f"http://127.0.0.1:{server.port}"))

    assert isinstance(reply, Unanswered)
