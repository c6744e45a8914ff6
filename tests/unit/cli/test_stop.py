"""Stopping on a signal."""

import os
import signal
import subprocess
import sys

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

    def test_the_second_signal_ends_the_process_at_once(self) -> None:
        """Whatever its threads do; what follows is said."""
        script = (
            "import os, signal, threading, time\n"
            "from bot.cli.stop import stop_on_signal\n"
            "with stop_on_signal() as stop:\n"
            "    threading.Thread(target=time.sleep, args=(60,)).start()\n"
            "    os.kill(os.getpid(), signal.SIGINT); stop.wait(9); os.kill(os.getpid(), signal.SIGINT)\n"
            "    time.sleep(60)\n"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=30, check=False)

        assert 130 == done.returncode
        assert b"Stopping: what is in hand is finished first." in done.stderr
        assert b"may be on the account" in done.stderr

    def test_without_a_signal_nothing_is_set_and_all_is_as_before(self) -> None:
        """The handlers are given back."""
        before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
        with stop_on_signal() as stop:
            pass

        assert not stop.is_set()
        assert before == [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
