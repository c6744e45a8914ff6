"""Stopping on a signal."""

import os
import signal

import pytest

from bot.cli.stop import stop_on_signal

PATIENCE = 10.0


class TestStopOnSignal:
    """A command runs; somebody wants it to end."""

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_signal_sets_the_event(self, number: signal.Signals) -> None:
        """And ends nothing by itself."""
        with stop_on_signal() as stop:
            os.kill(os.getpid(), number)

            assert stop.wait(PATIENCE)

    def test_the_second_signal_acts_as_it_did_before(self) -> None:
        """Who presses Ctrl-C twice is in a hurry."""
        with stop_on_signal() as stop:
            os.kill(os.getpid(), signal.SIGINT)
            assert stop.wait(PATIENCE)

            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)

    def test_without_a_signal_nothing_is_set_and_all_is_as_before(self) -> None:
        """The handlers are given back."""
        before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
        with stop_on_signal() as stop:
            pass

        assert not stop.is_set()
        assert before == [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
