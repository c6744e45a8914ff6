"""Whose turn it is to ask a host."""

import pytest

from bot.wordpress.turns import BusyError, Turns


def test_whoever_waits_too_long_gives_up() -> None:
    """Other hosts are asked meanwhile."""
    turns = Turns(patience=0.01)

    with turns.taken("a.example"):
        with turns.taken("b.example"):
            pass
        with pytest.raises(BusyError, match="still under way"), turns.taken("a.example"):
            pass
    with turns.taken("a.example"):
        pass


def test_a_host_that_fell_silent_is_asked_again() -> None:
    """Only those who waited at that moment go away."""
    turns = Turns()
    with turns.taken("a.example"):
        turns.fell_silent("a.example")

    with turns.taken("a.example"):
        pass
