"""Whose turn it is to ask a host."""

import threading

import pytest

from bot.wordpress.host_queues import BusyError, HostQueues


def test_whoever_waits_too_long_gives_up() -> None:
    """Other hosts are asked meanwhile."""
    turns = HostQueues(patience=0.01)

    with turns.taken("a.example"):
        with turns.taken("b.example"):
            pass
        with pytest.raises(BusyError, match="still under way"), turns.taken("a.example"):
            pass
    with turns.taken("a.example"):
        pass


def test_a_host_that_fell_silent_is_asked_again() -> None:
    """Only those who waited at that moment go away."""
    turns = HostQueues()
    with turns.taken("a.example"):
        turns.fell_silent("a.example")

    with turns.taken("a.example"):
        pass


def test_whoever_comes_first_is_served_first() -> None:
    """So those who wait for a silent host are through before anybody asks it again."""
    turns, served = HostQueues(), list[int]()

    def ask(number: int) -> None:
        with turns.taken("a.example"):
            served.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(5)]
    queue = turns._of("a.example")
    with turns.taken("a.example"):
        for number, thread in enumerate(threads):
            thread.start()
            while len(queue.waiting) < number + 2:
                pass
    for thread in threads:
        thread.join()

    assert list(range(5)) == served
