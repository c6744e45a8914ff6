"""The server under both sandboxes."""

import http.client
import socket
import struct
import threading

import pytest

from bot.sandbox.messages import Recorded
from bot.sandbox.server import SandboxServer, utc_now
from tests.sandbox.wordpress import EditableWordPress
from tests.unit.sandbox.client import call


def _connect(server: SandboxServer) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(server.origin.removeprefix("http://"), timeout=20)


def test_a_connection_is_kept_alive(site: EditableWordPress) -> None:
    """Two requests over one connection carry the same connection number; a new connection has the next."""
    connection = _connect(site)
    for _ in range(2):
        connection.request("GET", "/")
        connection.getresponse().read()
    connection.close()
    call(site.url + "/")

    assert [1, 1, 2] == [request.connection for request in site.requests]


def test_a_connection_closes_when_asked(site: EditableWordPress) -> None:
    """`Connection: close` is honoured: the end of the stream follows the answer."""
    with socket.create_connection(("127.0.0.1", int(site.origin.rpartition(":")[2])), timeout=20) as plain:
        plain.sendall(b"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = b"".join(iter(lambda: plain.recv(65536), b""))

    assert received.startswith(b"HTTP/1.1 404 Not Found\r\n")


@pytest.mark.parametrize(
    "request_line",
    [b"nonsense", b"GET / HTTP/1.1\r\nContent-Length: ten", b"GET / HTTP/1.1\r\nContent-Length: -1", b"GET / a b"],
)
def test_nonsense_is_refused(site: EditableWordPress, request_line: bytes) -> None:
    """A request that makes no sense is answered with 400, and the connection closed."""
    with socket.create_connection(("127.0.0.1", int(site.origin.rpartition(":")[2])), timeout=20) as plain:
        plain.sendall(request_line + b"\r\nHost: x\r\n\r\n")
        plain.shutdown(socket.SHUT_WR)
        received = b"".join(iter(lambda: plain.recv(65536), b""))

    assert received.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert [] == site.requests


def test_another_host_is_refused(site: EditableWordPress) -> None:
    """Where it says which it answers to: a page of another site can't read it by a name of its own."""
    port = site.origin.rpartition(":")[2]
    site.hosts = frozenset({f"localhost:{port}"})
    connection = _connect(site)
    connection.request("GET", "/", headers={"Host": f"evil.example:{port}"})
    refused = connection.getresponse().status
    connection.close()
    connection.request("GET", "/nothing", headers={"Host": f"localhost:{port}"})

    assert (400, 404) == (refused, connection.getresponse().status)
    connection.close()


def test_a_client_that_goes_away(site: EditableWordPress) -> None:
    """A reset connection harms nobody, not even while the server stops."""
    plain = socket.create_connection(("127.0.0.1", int(site.origin.rpartition(":")[2])), timeout=20)
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    plain.sendall(b"GET / HT")
    plain.close()

    assert 200 == call(site.url + "/").status


def test_a_body_that_is_not_what_it_says(site: EditableWordPress) -> None:
    """Broken JSON, JSON that is no object and unknown kinds have no fields."""
    for body in (b"{", b"[1]"):
        call(site.url + "/", "POST", multipart=(body, "application/json"))
    call(site.url + "/", "POST", multipart=(b"x=1", "text/plain"))

    assert [{}, {}, {}] == [request.form for request in site.requests]


def test_numbers_that_are_too_long(site: EditableWordPress) -> None:
    """An id of thousands of digits is nobody's, and no parameter's value."""
    number = "9" * 5000
    paths = (f"/?p={number}", f"/wp-json/wp/v2/posts/{number}", f"/wp-json/wp/v2/posts?include={number}")

    assert [200, 404, 400] == [call(site.url + path).status for path in paths]


def test_head_has_the_headers_of_get_and_no_body(site: EditableWordPress) -> None:
    """HEAD answers with the totals, and with nothing after them."""
    site.publish(title="One")

    reply = call(site.api_root + "wp/v2/posts", "HEAD")

    assert (200, "1", b"") == (reply.status, reply.headers["X-WP-Total"], reply.body)


def test_requests_are_recorded(site: EditableWordPress) -> None:
    """A request is remembered with its query, its headers and its form."""
    call(site.url + "/a%20b?x=1&x=2", "POST", form=[("k", "1"), ("k", "2")], headers={"X-Own": "yes"})

    (request,) = site.requests
    assert ("POST", "/a b", {"x": ["1", "2"]}) == (request.method, request.path, request.params)
    assert ("yes", {"k": ["1", "2"]}, 7) == (request.headers["x-own"], request.form, request.body_size)


def test_a_test_can_act_between_two_requests(site: EditableWordPress) -> None:
    """on_request runs before the work: a post that it bins is gone from the answer."""
    post_id = site.publish(title="One")

    def bin_it(_request: Recorded) -> None:
        site.trash(post_id)

    site.on_request = bin_it

    assert [] == call(site.api_root + "wp/v2/posts").json()


def test_it_stops_while_a_client_holds_a_connection() -> None:
    """stop() ends idle connections, and may be called twice; the same port is taken again."""
    site = EditableWordPress().start()
    origin = site.origin
    connection = _connect(site)
    connection.request("GET", "/")
    connection.getresponse().read()
    site.stop()
    site.stop()
    with site:
        assert origin == site.origin
        assert 200 == call(site.url + "/").status
    connection.close()


def test_it_has_no_address_before_it_starts() -> None:
    """The address is known once the port is."""
    with pytest.raises(RuntimeError, match="before start"):
        assert EditableWordPress().url


def test_many_clients_at_once(site: EditableWordPress) -> None:
    """Each connection has a thread of its own."""
    replies: list[int] = []
    threads = [
        threading.Thread(target=lambda: replies.append(call(site.api_root + "wp/v2/posts").status)) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [200] * 20 == replies


def test_a_bare_server_finds_nothing() -> None:
    """Without routes every request is a 404 in JSON, by the wall clock's time."""
    with SandboxServer() as server:
        assert {"error": "Not Found"} == call(server.url + "/").json()
    assert utc_now().tzinfo is not None
