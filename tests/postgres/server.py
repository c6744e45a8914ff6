"""A PostgreSQL server on loopback, which never outlives the tests."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import psycopg

from tests.e2e.servers.process import PATIENCE, free_port
from tests.postgres import programs

ROLE = "howdah"  # owns its databases and nothing else, as a role for howdah should
DATABASE = "howdah"

# Quick rather than safe: what a test server holds is gone after the test anyway.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "jit": "off",
    "deadlock_timeout": "10ms",
    "timezone": "GMT",  # the one zone that needs no files of the system's
    "log_timezone": "GMT",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
}


def start(folder: Path, *, settings: Mapping[str, str] | None = None) -> "Server":
    """Make a server with an empty database and start it. The folder gets its log.

    settings: PostgreSQL's own, on top of SETTINGS; fsync "on" for one that a power cut wouldn't harm.
    UnavailableError where the programs can't be had.
    """
    server = Server(folder / "postgresql.log", settings=SETTINGS | dict(settings or {}))
    try:
        server.start()
        server.execute(f"CREATE ROLE {ROLE} LOGIN PASSWORD '{server.password}'")
        server.create(DATABASE)
    except BaseException:
        server.remove()
        raise
    return server


class Server:
    """A server with its data in a folder of its own, until remove().

    As root it runs as nobody, since PostgreSQL refuses to run as root; that is why its folder isn't the caller's, and
    why it has a copy of the programs: nobody may look into pytest's folders, or into root's cache.
    """

    def __init__(self, log: Path, *, settings: Mapping[str, str]) -> None:
        self.password = secrets.token_hex(8)
        self.port = free_port()
        self._log = log
        self._settings = settings
        fetched = programs.given() or programs.fetch()
        self._home = Path(tempfile.mkdtemp(prefix="howdah-postgresql-"))
        self._user = _nobody() if os.geteuid() == 0 else {}
        if self._user:
            shutil.chown(self._home, **self._user)
        self._programs = self._place(fetched)
        self._make()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address of its empty database, for howdah's config."""
        return self.url_of(DATABASE)

    @property
    def data(self) -> Path:
        """The data folder."""
        return self._home / "data"

    @property
    def log(self) -> str:
        """Everything that the server has said so far."""
        return self._log.read_text(errors="replace")

    def url_of(self, database: str, *, password: str | None = None) -> str:
        """The address of one of its databases, with the right password or another one."""
        return f"postgresql://{ROLE}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start it, and wait until it can be used. RuntimeError with its log where that doesn't happen."""
        leash = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
        options = [word for key, value in self._settings.items() for word in ("-c", f"{key}={value}")]
        program = [str(self._programs / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        with self._log.open("ab") as out:
            self._process = subprocess.Popen(
                [*leash, *program, *options], stdin=subprocess.DEVNULL, stdout=out, stderr=out, **self._surroundings()
            )
        self._wait(self._process)

    def stop(self) -> None:
        """Stop it as an administrator does, without waiting for its clients. start() starts it again."""
        self.go_on()
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(PATIENCE)

    def restart(self) -> None:
        """Stop and start it: every connection is cut."""
        self.stop()
        self.start()

    def crash(self) -> None:
        """Kill it with all its processes at once (SIGKILL). start() starts it again, and it recovers."""
        family = self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait(PATIENCE)
        psutil.wait_procs(family, timeout=PATIENCE)

    def pause(self) -> None:
        """Let it hang: connections stay, the system answers for it, and it says nothing."""
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Let it go on after pause()."""
        self._signal(signal.SIGCONT)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """It hangs until the end of the block."""
        self.pause()
        try:
            yield
        finally:
            self.go_on()

    def create(self, database: str, *, template: str = "template1") -> str:
        """Make a database that belongs to ROLE: its address."""
        self.execute(f"CREATE DATABASE {database} OWNER {ROLE} TEMPLATE {template}")
        return self.url_of(database)

    def disconnect(self, database: str) -> None:
        """Cut every connection to a database."""
        self.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", database)

    def execute(self, statement: str, *values: str, database: str = "postgres") -> list[Any]:
        """Run a statement as the administrator, outside of a transaction: its rows."""
        with self._administrator(database) as connection:
            cursor = connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def remove(self) -> None:
        """Stop it, and remove its files; the log stays."""
        self.crash()
        shutil.rmtree(self._home)

    def _administrator(self, database: str) -> psycopg.Connection[Any]:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user="postgres",
            password=self.password,
            dbname=database,
            autocommit=True,
            connect_timeout=int(PATIENCE),
        )

    def _place(self, fetched: Path) -> Path:
        """The folder of the programs, where the server's user can run them."""
        if programs.given():
            return fetched
        if not self._user:
            return programs.folder_in(fetched)
        return programs.folder_in(shutil.copytree(fetched, self._home / "programs"))

    def _make(self) -> None:
        """Make the data folder: in UTF-8, sorted by code points, and with a password for everybody."""
        secret = self._home / "password"
        secret.write_text(self.password)
        secret.chmod(0o644)  # its folder is closed
        command = [str(self._programs / "initdb"), "-D", str(self.data), "--username=postgres", f"--pwfile={secret}"]
        options = ["--auth=scram-sha-256", "--encoding=UTF8", "--no-locale", "--no-sync"]
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False, **self._surroundings())
        if done.returncode:
            shutil.rmtree(self._home)
            raise RuntimeError(f"initdb failed: {done.stdout[-1000:]}{done.stderr[-1000:]}")

    def _surroundings(self) -> dict[str, Any]:
        """Nothing of the developer's environment: PostgreSQL listens to many variables."""
        environment = {"PATH": os.environ["PATH"], "LC_ALL": "C"}
        surroundings: dict[str, Any] = {"cwd": self._home, "env": environment, "start_new_session": True}
        return surroundings | self._user | ({"extra_groups": []} if self._user else {})

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                self.crash()
                raise RuntimeError(f"PostgreSQL did not come up: {self.log[-2000:]}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            self._administrator("postgres").close()
        except psycopg.OperationalError:
            return False
        return True

    def _family(self) -> list[psutil.Process]:
        """The server's first process, and those that it has started; none where it doesn't run."""
        if self._process is None or self._process.poll() is not None:
            return []
        first = psutil.Process(self._process.pid)
        return [first, *first.children(recursive=True)]

    def _signal(self, number: signal.Signals) -> list[psutil.Process]:
        """Send a signal to every process of the server, the first one first: it would start others."""
        family = self._family()
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        return family


def _nobody() -> dict[str, int]:
    found = pwd.getpwnam("nobody")
    return {"user": found.pw_uid, "group": found.pw_gid}
