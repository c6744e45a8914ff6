"""A real MariaDB, out of Debian's package, with one empty database on a socket."""

import socket
from pathlib import Path

from tests.e2e.servers import cache, debian
from tests.e2e.servers.process import Process

NAME = "mariadb-trixie"
SUITE = "trixie"
DATABASE = "wordpress"


def fetch() -> None:
    """Put it into the cache."""
    cache.provide(NAME, lambda root: debian.unpack(SUITE, root, complete=["mariadb-server-core"]))


class MariaDb:
    """A server that asks nobody for a password, running until end(). UnavailableError where it was not fetched."""

    def __init__(self, folder: Path) -> None:
        """Start it in a folder of its own, which has to be empty."""
        root = cache.find(NAME)
        self.socket = folder / "mariadb.sock"
        (folder / "data").mkdir(parents=True)
        (folder / "init.sql").write_text(f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4;\n")
        options = {
            "datadir": folder / "data",
            "socket": self.socket,
            "init-file": folder / "init.sql",
            "lc-messages-dir": root / "usr/share/mysql",
            "character-sets-dir": root / "usr/share/mysql/charsets",
            "innodb-buffer-pool-size": "32M",
            "user": "root",
        }
        settings = ["--no-defaults", "--skip-grant-tables", "--skip-networking"]
        settings += [f"--{name}={value}" for name, value in options.items()]
        command = [*debian.command(root, "usr/sbin/mariadbd"), *settings]
        self._process = Process(command, log=folder / "mariadb.log")
        self._process.wait_for(self._answers)

    def end(self) -> None:
        """End it."""
        self._process.kill()

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(str(self.socket))
            except OSError:
                return False
        return True
