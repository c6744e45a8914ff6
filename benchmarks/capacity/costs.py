"""What one look and one status cost, in milliseconds of a core: howdah's own, the database's and the site's."""

import shutil
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from msgspec.structs import replace
from sqlalchemy import insert

from benchmarks.stage import Stage, stage
from bot.config import load
from bot.crosspost.collect import collect
from bot.crosspost.context import Context
from bot.crosspost.deliver import attend
from bot.crosspost.quiet import QuietSites
from bot.store import open_store
from bot.store.tables import accounts, sites
from bot.wiring import open_context
from tests import postgres
from tests.e2e.servers.cache import UnavailableError
from tests.e2e.servers.wordpress import Draft, WordPress

POSTS = 200
LOOKS = 100
TICKS = 20
SITE_NAMES = [f"site-{number}" for number in range(10_000)]
ACCOUNT_NAMES = [f"account-{number}" for number in range(2_000)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Milliseconds of a core, howdah's own first and then those of the database's processes; SQLite has none.

    quiet, recorded: a look that leaves no trace, and one that does. status: a share, from its due time to its outcome.
    tick: asking a database that knows 10,000 sites and 2,000 accounts what is due.
    """

    quiet: tuple[float, float]
    recorded: tuple[float, float]
    status: tuple[float, float]
    tick: tuple[float, float]


def on_sqlite() -> Costs:
    """With the store in a file."""
    with stage(POSTS) as here:
        return _costs(here, f"sqlite:///{here.folder / 'howdah.db'}", server=None)


def on_postgresql() -> Costs | None:
    """With a PostgreSQL on the same machine that is as careful as one in earnest; None where there is none."""
    with TemporaryDirectory() as folder, stage(POSTS) as here:
        try:
            server = postgres.start(Path(folder), settings={"fsync": "on", "full_page_writes": "on"})
        except UnavailableError:
            return None
        try:
            return _costs(
                here, server.url, server=psutil.Process(int((server.data / "postmaster.pid").read_text().split()[0]))
            )
        finally:
            server.remove()


def of_a_poll() -> float | None:
    """Milliseconds of PHP for a look at a real WordPress that finds nothing new; None where there is none."""
    with TemporaryDirectory() as name:
        try:
            wordpress = WordPress(Path(name))
        except UnavailableError:
            return None
        try:
            wordpress.publish(*(Draft(title=f"Post {number}", seconds=60 * number) for number in range(50)))
            with _context(Path(name), site=wordpress.url, url=f"sqlite:///{name}/howdah.db") as context:
                collect(context, "bench")
                server = _running("-S")
                return _spent(lambda: collect(context, "bench"), times=LOOKS, server=server)[1]
        finally:
            wordpress.end()


def of_a_handshake() -> float | None:
    """Milliseconds of a core for the client's side of a TLS handshake; None where no certificate can be made."""
    openssl = shutil.which("openssl")
    if openssl is None:
        return None
    with TemporaryDirectory() as name:
        key, certificate = Path(name) / "key.pem", Path(name) / "certificate.pem"
        request = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
        names = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
        subprocess.run([*request, *names], check=True, capture_output=True)
        server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
        server.load_cert_chain(certificate, key)
        client.load_verify_locations(certificate)
    return sum(_handshake(client, server) for _ in range(LOOKS)) * 1000 / LOOKS


def _handshake(client: ssl.SSLContext, server: ssl.SSLContext) -> float:
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = client.wrap_bio(to_client, to_server, server_hostname="localhost")
    theirs = server.wrap_bio(to_server, to_client, server_side=True)
    spent = 0.0
    for _ in range(3):
        begun = time.process_time()
        with suppress(ssl.SSLWantReadError):
            ours.do_handshake()
        spent += time.process_time() - begun
        with suppress(ssl.SSLWantReadError):
            theirs.do_handshake()
    return spent


def _costs(here: Stage, url: str, *, server: psutil.Process | None) -> Costs:
    with _context(here.folder, site=here.sites[0], instance=here.instance, token=here.token, url=url) as context:
        collect(context, "bench")
        status = _spent(lambda: attend(context, "bench"), times=1, server=server)
        recorded = _spent(lambda: collect(context, "bench"), times=LOOKS, server=server)
        daemon = replace(context, quiet=QuietSites())
        collect(daemon, "bench")
        quiet = _spent(lambda: collect(daemon, "bench"), times=LOOKS, server=server)
    return Costs(
        quiet=quiet,
        recorded=recorded,
        status=(status[0] / POSTS, status[1] / POSTS),
        tick=_tick(url, server=server),
    )


def _tick(url: str, *, server: psutil.Process | None) -> tuple[float, float]:
    store, now = open_store(url), datetime.now(UTC)
    try:
        with store.database.writing() as connection:
            due = {"next_look_at": now + timedelta(minutes=5), "looked_at": now, "activated_at": now}
            connection.execute(insert(sites), [{"name": name, **due} for name in SITE_NAMES])
            connection.execute(insert(accounts), [{"name": name} for name in ACCOUNT_NAMES])

        def ask() -> None:
            store.due_sites(SITE_NAMES, now=now)
            store.due_accounts(ACCOUNT_NAMES, sites=SITE_NAMES, now=now)

        ask()
        return _spent(ask, times=TICKS, server=server)
    finally:
        store.close()


def _spent(work: Callable[[], object], *, times: int, server: psutil.Process | None) -> tuple[float, float]:
    """Milliseconds of a core for one time: of this process, and of a server with its children."""
    here, there = time.process_time(), _seconds_of(server)
    for _ in range(times):
        work()
    return (time.process_time() - here) * 1000 / times, (_seconds_of(server) - there) * 1000 / times


def _running(argument: str) -> psutil.Process:
    """The server that this process has started with such an argument."""
    return next(child for child in psutil.Process().children() if argument in child.cmdline())


def _seconds_of(server: psutil.Process | None) -> float:
    if server is None:
        return 0.0
    used = [process.cpu_times() for process in (server, *server.children(recursive=True))]
    return sum(times.user + times.system for times in used)


@contextmanager
def _context(folder: Path, *, site: str, url: str, instance: str = "", token: str = "") -> Iterator[Context]:
    """The parts of a daemon between these servers; all posts of the site are due at once."""
    (folder / "bench.token").write_text(token or "none")
    (folder / "bench.token").chmod(0o600)
    (folder / "config.toml").write_text(
        f'[state]\nurl = "{url}"\n[sites.bench]\nurl = "{site}"\naccounts = ["bench"]\nfirst_run = "all"\n'
        f'settle = "0s"\nmax_burst = 100000\nallow_private = true\n[accounts.bench]\n'
        f'instance = "{instance or "http://127.0.0.1:9"}"\ntoken_file = "bench.token"\nallow_private = true\n'
    )
    config = load(folder / "config.toml")
    with open_context(config, stop=threading.Event(), token_of=lambda name: config.token(name).reveal()) as context:
        yield context
