"""What a service manager is told, over a real socket."""

import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.daemon.supervisor import Supervisor


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """A service manager's socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as messages:
        messages.bind(str(tmp_path / "notify"))
        messages.settimeout(5)
        yield messages


def test_messages(manager: socket.socket) -> None:
    """Each state is told as sd_notify(3) has it."""
    supervisor = Supervisor({"NOTIFY_SOCKET": manager.getsockname()})

    supervisor.ready("watching 1 site(s)")
    supervisor.alive()
    supervisor.reloading()
    supervisor.stopping(timedelta(seconds=32))

    assert b"READY=1\nSTATUS=watching 1 site(s)" == manager.recv(1024)
    assert b"WATCHDOG=1" == manager.recv(1024)
    assert manager.recv(1024).startswith(b"RELOADING=1\nMONOTONIC_USEC=")
    assert manager.recv(1024).endswith(b"EXTEND_TIMEOUT_USEC=32000000")


def test_abstract_socket() -> None:
    """An address that begins with @ is in the abstract namespace."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(b"\0howdah-test-notify")
        manager.settimeout(5)

        Supervisor({"NOTIFY_SOCKET": "@howdah-test-notify"}).alive()

        assert b"WATCHDOG=1" == manager.recv(1024)


def test_nobody_there(tmp_path: Path) -> None:
    """Neither no manager nor one that is away is an error."""
    Supervisor({}).alive()
    Supervisor({"NOTIFY_SOCKET": str(tmp_path / "gone")}).alive()
