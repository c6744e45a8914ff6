"""What a process is called on the leases that it holds, and whether the one of a name surely runs no more."""

import errno
import os
import secrets
import socket
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")


def new_owner() -> str:
    """A name for this process: machine, number, boot and PID namespace, start, and a part that makes it unique."""
    return f"{socket.gethostname()}:{os.getpid()}:{_world()}:{_start(os.getpid())}:{secrets.token_hex(4)}"


def is_gone(owner: str) -> bool:
    """Whether the process of this name surely runs no more: nobody of its number and start is where it was.

    Numbers mean something only in one PID namespace of one boot of a machine. Of others nothing is sure: two
    containers may share a store and a host name, and each of their processes is number 1.
    """
    host, pid, world, start = [*owner.split(":"), "", "", "", ""][:4]
    if (host, world) != (socket.gethostname(), _world()) or not pid.isdigit():
        return False
    if not _runs(int(pid)):
        return True
    now = _start(int(pid))
    return bool(now) and now != start


def _world() -> str:
    """The boot and the PID namespace that this process lives in; '' parts where the system doesn't tell."""
    boot = namespace = ""
    with suppress(OSError):
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip().replace("-", "")
    with suppress(OSError):
        namespace = (_PROC / "self/ns/pid").readlink().name.strip("pid:[]")
    return f"{boot}-{namespace}"


def _start(pid: int) -> str:
    """When a process was started, in ticks since the boot; '' where that can't be had."""
    with suppress(OSError, IndexError):
        # The name of the program stands in brackets before, and may hold anything.
        return (_PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()[19]
    return ""


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError as error:
        return error.errno != errno.ESRCH  # somebody else's process runs too
    return True
