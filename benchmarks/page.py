"""The status page under load: 20 requests a second for half a minute, a million shares, while the daemon delivers."""

import base64
import os
import socket
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPException

import httpx
import psutil

from benchmarks.daemon import cpu_seconds, daemon
from benchmarks.filling import fill
from benchmarks.measure import Row
from benchmarks.stage import Stage, stage

SHARES = int(os.environ.get("HOWDAH_BENCH_SHARES", "1000000"))
POSTS = 30  # that are delivered meanwhile, one a second
A_SECOND = 20
SECONDS = 30
PASSWORD = "open sesame"  # noqa: S105 - of a page that lives half a minute
_PATIENCE = 120.0


def rows() -> Iterator[Row]:
    """How long the overview takes, and whether deliveries stay on time."""
    with stage(0) as here:
        port = _free_port()
        here.add(f'\n[web]\nlisten = "127.0.0.1:{port}"\npassword_file = "web.password"\n')
        here.secret("web.password", PASSWORD)
        fill(f"sqlite:///{here.folder / 'howdah.db'}", SHARES)
        with daemon(here.config) as process:
            yield from _measured(here, port, process)


def _measured(here: Stage, port: int, process: psutil.Process) -> Iterator[Row]:
    what = f"status page, {SHARES:,} shares"
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", auth=("bench", PASSWORD), timeout=10.0) as client:
        _wait_until_alive(client)
        usual = _delays(client, _publish(here, POSTS // 3))
        alone = tuple(filter(None, (_timed(port) for _ in range(20))))
        before = cpu_seconds(process)
        published, taken = _under_load(here, port)
        cpu = (cpu_seconds(process) - before) / SECONDS * 1000
        late = _delays(client, published)
    yield Row(what=f"{what}, alone, wall", unit="ms", values=alone, meant="≤ 100 ms")
    load = f"{what}, {A_SECOND} requests a second for {SECONDS} s"
    slow = statistics.quantiles(taken, n=20)[-1]
    yield Row(what=f"{load}, 95 of 100 within, wall", unit="ms", values=(slow,), meant="≤ 250 ms")
    yield Row(what=f"{load}, answered 503 or not at all", unit="", values=(A_SECOND * SECONDS - len(taken),), meant="0")
    yield Row(what=f"{load}, the daemon's CPU a second", unit="ms", values=(cpu,))
    quick = "from publication to status, polled each second, wall"
    yield Row(what=f"{what}, alone, {quick}", unit="s", values=usual)
    yield Row(what=f"{load}, {quick}", unit="s", values=late, meant="as alone")


def _publish(here: Stage, number: int) -> list[datetime]:
    """Publish so many posts, one a second; when each was."""
    published = []
    for _ in range(number):
        published.append(datetime.now(UTC))
        here.post()
        time.sleep(1)
    return published


def _delays(client: httpx.Client, published: Sequence[datetime]) -> tuple[float, ...]:
    """How long the last posts took from their publication to their status, in seconds."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        found = client.get("/api/v1/shares", params={"site": "bench0", "limit": len(published)}).json()["shares"]
        shares = sorted(found, key=lambda share: int(share["post_id"]))
        if len(shares) == len(published) and all(share["state"] == "shared" for share in shares):
            appeared = [datetime.fromisoformat(share["updated_at"]) for share in shares]
            return tuple((at - then).total_seconds() for at, then in zip(appeared, published, strict=True))
        assert time.monotonic() < deadline, "not everything was shared"
        time.sleep(0.5)


def _under_load(here: Stage, port: int) -> tuple[list[datetime], list[float]]:
    """Send requests at a steady rate, each in a thread of its own, and publish meanwhile.

    When each post was published, and how long each request took, in milliseconds.
    """
    taken: list[float] = []

    def ask() -> None:
        milliseconds = _timed(port)
        if milliseconds is not None:
            taken.append(milliseconds)

    with ThreadPoolExecutor(1) as publisher:
        published = publisher.submit(_publish, here, POSTS)
        threads = []
        began = time.perf_counter()
        for number in range(A_SECOND * SECONDS):
            time.sleep(max(began + number / A_SECOND - time.perf_counter(), 0))
            threads.append(threading.Thread(target=ask))
            threads[-1].start()
        for thread in threads:
            thread.join()
        return published.result(), taken


def _timed(port: int) -> float | None:
    """How long one overview takes, in milliseconds; None where the server was too busy for it.

    By the standard library: what httpx does for each new client would take the processor from the daemon.
    """
    credentials = base64.b64encode(f"bench:{PASSWORD}".encode()).decode()
    began = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=30.0)
    try:
        connection.request("GET", "/", headers={"Accept": "text/html", "Authorization": f"Basic {credentials}"})
        response = connection.getresponse()
        response.read()
    except (HTTPException, OSError):
        return None
    finally:
        connection.close()
    assert response.status in (200, 503), response.status
    return (time.perf_counter() - began) * 1000 if response.status == 200 else None


def _wait_until_alive(client: httpx.Client) -> None:
    """Until the daemon answers, and has looked at the site for the first time."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            [site] = client.get("/api/v1/sites").raise_for_status().json()["sites"]
        except httpx.TransportError:
            site = {}
        if site.get("looked_at"):
            return
        assert time.monotonic() < deadline, "the page didn't come up"
        time.sleep(0.1)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
