"""The deadline at the socket."""

import ssl

import httpcore
import pytest

from bot.net.httpx_transport import BoundedStream, left, put_off, within


class _Stream(httpcore.NetworkStream):
    """Remembers how much time it was given."""

    def __init__(self) -> None:
        self.timeouts: list[float | None] = []
        self.closed = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        self.timeouts.append(timeout)
        return b"x"

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.timeouts.append(timeout)

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        self.timeouts.append(timeout)
        return self

    def close(self) -> None:
        self.closed = True

    def get_extra_info(self, info: str) -> str:
        return info


def test_without_a_deadline_the_phase_has_the_say() -> None:
    """None is no bound."""
    assert left() is None
    assert left(5) == 5


def test_the_shorter_bound_wins() -> None:
    """What is left until the deadline, or what the phase may take."""
    with within(1_000):
        assert left(5) == 5
        remaining = left()
        assert remaining is not None
        assert 900 < remaining <= 1_000
        with within(0):
            assert left(5) == 0
        assert left(5) == 5
    assert left() is None


def test_what_was_waited_for_is_added() -> None:
    """To the deadline of the call alone, where there is one."""
    put_off(5)
    with within(1_000):
        put_off(5_000)
        assert (left() or 0) > 5_000
    assert left() is None


def test_every_step_of_a_stream_is_bounded() -> None:
    """Reads, writes and the handshake; and so is the stream after it."""
    below = _Stream()
    stream = BoundedStream(below)
    with within(1_000):
        stream.read(1, timeout=2_000)
        stream.write(b"x", timeout=2_000)
        stream.start_tls(ssl.create_default_context(), "site.example", timeout=2_000).read(1)

    assert 4 == len(below.timeouts)
    assert all(timeout is not None and timeout <= 1_000 for timeout in below.timeouts)


def test_after_the_deadline_nothing_is_tried() -> None:
    """Each raises the timeout of its kind."""
    stream = BoundedStream(_Stream())
    with within(0):
        with pytest.raises(httpcore.ReadTimeout):
            stream.read(1)
        with pytest.raises(httpcore.WriteTimeout):
            stream.write(b"x")
        with pytest.raises(httpcore.ConnectTimeout):
            stream.start_tls(ssl.create_default_context())


def test_closing_and_asking_go_through() -> None:
    """They take no time."""
    below = _Stream()
    stream = BoundedStream(below)
    stream.close()

    assert below.closed
    assert "socket" == stream.get_extra_info("socket")
