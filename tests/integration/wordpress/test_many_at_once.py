"""Many threads that ask through one client: sites at the same time, and each host one thing at a time."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

from bot.sandbox.faults import Exchange
from bot.sandbox.images import png
from bot.sandbox.messages import Answer
from bot.sandbox.wordpress import SandboxWordPress
from bot.wordpress import Http
from tests.integration.wordpress.blog import NOW
from tests.integration.wordpress.conftest import Reader
from tests.sandbox.faults import Delay, Hang

SILENT = 320


def test_a_slow_site_holds_up_no_other(reader: Reader, wordpress: SandboxWordPress) -> None:
    """Several threads, one client: one hangs, the others are served."""
    released = threading.Event()
    wordpress.faults.add(match="GET */wp/v2/posts/1", fault=Hang(released))
    numbers = [wordpress.publish(title="Hello", date=NOW, image=(png(), "")) for _ in range(8)]
    slow = reader.made(timeout=timedelta(seconds=10), root=reader.root.replace("127.0.0.1", "localhost"))
    with ThreadPoolExecutor(5) as pool:
        held = pool.submit(slow.read, numbers[0])
        done = [pool.submit(reader.site.read, number) for number in numbers[1:]]
        read = [each.result(timeout=10).id for each in done]
        assert not held.done()
        wordpress.faults.clear()
        released.set()
        assert held.result(timeout=10).id == numbers[0]

    assert numbers[1:] == read


def test_however_many_sites_are_silent_the_next_one_is_asked() -> None:
    """As many as threads ask: that is one for each account, beside those that look at sites."""
    http = Http(wait=lambda _: None, resolve=lambda *_: ["127.0.0.1"])
    with ThreadPoolExecutor(SILENT) as pool:
        with socket.create_server(("127.0.0.1", 0), backlog=SILENT) as server:
            server.settimeout(30)
            for number in range(SILENT):
                address = f"http://site{number}.example:{server.getsockname()[1]}/"
                pool.submit(http.get, address, allow_private=True)
            asked: list[socket.socket] = []
            with suppress(TimeoutError):
                asked += (server.accept()[0] for _ in range(SILENT))
        for connection in asked:
            connection.close()

    assert SILENT == len(asked)


def test_a_host_is_asked_one_thing_at_a_time(reader: Reader, wordpress: SandboxWordPress) -> None:
    """However many threads want something of it; one that has to wait too long says so."""
    together = Together()
    wordpress.faults.add(match="GET */wp/v2/posts/*", fault=together)
    numbers = [wordpress.publish(title="Hello", date=NOW) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        assert numbers == [post.id for post in pool.map(reader.site.read, numbers)]
    assert 1 == together.most


def test_whoever_waits_for_a_host_has_its_time_afterwards(reader: Reader, wordpress: SandboxWordPress) -> None:
    """Many sites of one slow host are looked at one after the other: what the others take is not taken from them."""
    wordpress.faults.add(match="GET */wp/v2/posts/*", fault=Delay(0.5))
    numbers = [wordpress.publish(title="Hello", date=NOW) for _ in range(5)]
    site = reader.made(timeout=timedelta(seconds=2))

    with ThreadPoolExecutor(5) as pool:
        assert numbers == [post.id for post in pool.map(site.read, numbers)]


def test_whoever_waits_for_a_host_that_hangs_says_so_at_once(reader: Reader, wordpress: SandboxWordPress) -> None:
    """Only the request whose turn it is waits for its answer in vain."""
    site = reader.made(timeout=timedelta(seconds=2))
    site.discover()
    reader.requests.clear()
    wordpress.faults.add(match="GET */wp/v2/posts/*", fault=Hang())

    with ThreadPoolExecutor(3) as pool:
        errors = [str(asked.exception()) for asked in [pool.submit(site.read, number) for number in (1, 2, 3)]]

    assert 2 == sum("has left another request unanswered just now" in error for error in errors), errors
    assert 1 == len(reader.requests)


class Together:
    """Notes how many requests were under way at once."""

    def __init__(self) -> None:
        self.now, self.most, self.lock = 0, 0, threading.Lock()

    def apply(self, exchange: Exchange, /) -> Answer | None:
        """Work, and give others time to come in between."""
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        answer = Delay(0.01).apply(exchange)
        with self.lock:
            self.now -= 1
        return answer
