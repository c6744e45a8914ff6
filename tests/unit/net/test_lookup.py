"""Looking up a name ends in time, and says what the system says."""

import socket
import threading

import pytest

from bot.net.guard import look_up, resolve


def test_addresses_come_once_each() -> None:
    """As the system's resolver gives them."""
    assert ["127.0.0.1"] == resolve("127.0.0.1", 80)
    assert ["127.0.0.1"] == look_up("127.0.0.1", 80, seconds=None)


@pytest.mark.parametrize("address", ["192.0.2.1", "2001:db8::1"])
def test_an_address_is_asked_of_nobody(address: str) -> None:
    """It stands for itself."""

    def nobody(host: str, port: int) -> list[str]:
        raise AssertionError(host)

    assert [address] == look_up(address, 80, seconds=5, resolve=nobody)


@pytest.mark.parametrize("error", [socket.gaierror(socket.EAI_NONAME, "unknown"), UnicodeError("odd")], ids=repr)
def test_what_the_resolver_raises_comes_through(error: Exception) -> None:
    """An unknown name is told from a slow one."""

    def failing(host: str, port: int) -> list[str]:
        raise error

    with pytest.raises(type(error)) as caught:
        look_up("site.example", 80, seconds=5, resolve=failing)

    assert error is caught.value


def test_a_slow_resolver_is_left_to_itself() -> None:
    """Its answer comes too late, and is nobody's any more."""
    asked, may_answer = threading.Event(), threading.Event()

    def slow(host: str, port: int) -> list[str]:
        asked.set()
        may_answer.wait()
        return ["192.0.2.1"]

    with pytest.raises(TimeoutError, match=r"site\.example could not be resolved in time"):
        look_up("site.example", 80, seconds=0.05, resolve=slow)

    assert asked.wait(5)
    may_answer.set()
