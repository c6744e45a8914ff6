"""What a poll costs where nothing is new: one request, a few bytes, and not a write."""

import sqlite3
from datetime import timedelta
from pathlib import Path

from bot.crosspost.collect import collect
from bot.crosspost.context import Context, Watched
from bot.crosspost.quiet import QuietSites
from bot.store import open_store
from tests.fakes.clock import FakeClock
from tests.fakes.fitter import FakeFitter
from tests.integration.wordpress.blog import NOW
from tests.integration.wordpress.conftest import Reader
from tests.makers import site_policy

MOST_BYTES = 300


def test_an_unchanged_poll_is_one_small_request_and_no_write(reader: Reader, tmp_path: Path) -> None:
    """Of a site with some posts that were seen; the answer is an empty list, and the connection is given up."""
    for number in range(10):
        reader.wordpress.publish(title="Post", date=NOW - number * timedelta(hours=1))
    store, clock = open_store(f"sqlite:///{tmp_path / 'howdah.db'}"), FakeClock(NOW)
    context = Context(
        store=store,
        clock=clock,
        sites={"uk": Watched(site=reader.site, policy=site_policy())},
        accounts={},
        fitter=FakeFitter(),
        owner="this",
        jitter=lambda: 0.0,
        quiet=QuietSites(),
    )
    collect(context, "uk")
    clock.forward(timedelta(minutes=2))
    reader.requests.clear()
    other = sqlite3.connect(tmp_path / "howdah.db")
    before = other.execute("PRAGMA data_version").fetchone()

    collect(context, "uk")

    [request] = reader.requests
    assert before == other.execute("PRAGMA data_version").fetchone()
    assert "close" == request.headers["connection"]
    assert len(f"{request.path}?{request.query}") <= MOST_BYTES
    assert len(reader.http.get(f"{reader.wordpress.url}{request.path}?{request.query}", allow_private=True).body) == 2
    other.close()
    store.close()
