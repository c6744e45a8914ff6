"""The status page under load: 20 requests a second for half a minute, a million shares, while the daemon delivers."""

import os
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx

from benchmarks.daemon import daemon
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
    with stage(POSTS) as here:
        port = _free_port()
        _configure(here, port)
        fill(f"sqlite:///{here.folder / 'howdah.db'}", SHARES)
        with daemon(here.config):
            yield from _measured(f"http://127.0.0.1:{port}")


def _measured(url: str) -> Iterator[Row]:
    what = f"status page, {SHARES:,} shares"
    with httpx.Client(base_url=url, auth=("bench", PASSWORD), timeout=10.0) as client:
        began = _wait_until_alive(client)
        alone = tuple(filter(None, (_timed(client) for _ in range(20))))
        taken, shared = _under_load(url), _seconds_until_shared(client, began)
    yield Row(what=f"{what}, alone, wall", unit="ms", values=alone, meant="≤ 100 ms")
    late = statistics.quantiles(taken, n=20)[-1]
    busy = A_SECOND * SECONDS - len(taken)
    load = f"{what}, {A_SECOND} requests a second for {SECONDS} s"
    yield Row(what=f"{load}, 95 of 100 within, wall", unit="ms", values=(late,), meant="≤ 250 ms")
    yield Row(what=f"{load}, answered 503 or not at all", unit="", values=(busy,), meant="0")
    behind = shared - (POSTS - 1)  # the first one goes at once
    yield Row(
        what=f"{load}, {POSTS} posts, one a second, the last late by, wall", unit="s", values=(behind,), meant="≤ 3 s"
    )


def _under_load(url: str) -> list[float]:
    """Send requests at a steady rate, each in a thread of its own; how long each took, in milliseconds."""
    taken: list[float] = []

    def ask() -> None:
        with httpx.Client(base_url=url, auth=("bench", PASSWORD), timeout=30.0) as client:
            milliseconds = _timed(client)
            if milliseconds is not None:
                taken.append(milliseconds)

    threads = []
    began = time.perf_counter()
    for number in range(A_SECOND * SECONDS):
        time.sleep(max(began + number / A_SECOND - time.perf_counter(), 0))
        threads.append(threading.Thread(target=ask))
        threads[-1].start()
    for thread in threads:
        thread.join()
    return taken


def _timed(client: httpx.Client) -> float | None:
    """How long one overview takes; None where the server was too busy for it."""
    began = time.perf_counter()
    try:
        response = client.get("/", headers={"accept": "text/html"})
    except httpx.TransportError:
        return None
    if response.status_code == 503:
        return None
    response.raise_for_status()
    return (time.perf_counter() - began) * 1000


def _wait_until_alive(client: httpx.Client) -> float:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            client.get("/healthz").raise_for_status()
        except httpx.TransportError:
            assert time.monotonic() < deadline, "the page didn't come up"
            time.sleep(0.1)
        else:
            return time.monotonic()


def _seconds_until_shared(client: httpx.Client, began: float) -> float:
    """When the last of the posts was shared, by the store's own time."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        found = client.get("/api/v1/shares", params={"site": "bench0", "limit": POSTS}).json()["shares"]
        if all(share["state"] == "shared" for share in found):
            last = max(datetime.fromisoformat(share["updated_at"]) for share in found)
            return (last - datetime.now(UTC)).total_seconds() + time.monotonic() - began
        assert time.monotonic() < deadline, "not everything was shared"
        time.sleep(0.5)


def _configure(here: Stage, port: int) -> None:
    path = Path(here.config)
    path.write_text(path.read_text().replace("[accounts.bench]", '[accounts.bench]
min_interval = "1s"'))
    here.add(f'
[web]
listen = "127.0.0.1:{port}"
password_file = "web.password"
')
    here.secret("web.password", PASSWORD)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
