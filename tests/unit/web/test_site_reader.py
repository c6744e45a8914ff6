"""What the pages read at a site."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import PostGoneError, SiteUnavailableError
from bot.web import site_reader
from bot.web.site_reader import MOST_WAITING, Reader
from tests.contract.stores import plan, post
from tests.unit.crosspost.stage import Stage


def test_a_silent_site_leaves_workers_to_all_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few wait for it; who comes then is told so."""
    monkeypatch.setattr(site_reader, "_PATIENCE", 0.01)
    stage, silent, asked = Stage(), threading.Event(), threading.Semaphore(0)

    def read(post_id: int, *, link: str = "") -> Any:
        asked.release()
        silent.wait(20)
        raise SiteUnavailableError("site uk: no answer")

    stage.site.read = read  # type: ignore[method-assign] # a fake of ours, changed for this test
    reader = Reader(stage.context)
    with ThreadPoolExecutor(MOST_WAITING) as visitors:
        waiting = [visitors.submit(reader.post, "uk", number) for number in range(1, MOST_WAITING + 1)]
        for _ in waiting:
            assert asked.acquire(timeout=20)
        with pytest.raises(SiteUnavailableError, match="other pages wait for sites already"):
            reader.post("uk", 99)
        silent.set()
        assert all(isinstance(one.exception(), SiteUnavailableError) for one in waiting)
        with pytest.raises(SiteUnavailableError, match="no answer"):
            reader.post("uk", 99)


def test_a_broken_site_is_asked_once_a_minute() -> None:
    """However often a page that stays open asks for the same post."""
    stage = Stage()
    reader = Reader(stage.context)
    for seconds in (0, 5, 50, 6):
        stage.clock.forward(timedelta(seconds=seconds))
        with pytest.raises(PostGoneError, match="post 7 is not public"):
            reader.post("uk", 7)

    assert 2 == [name for name, *_ in stage.site.calls].count("read")


def test_a_post_without_an_id_is_read_by_its_link() -> None:
    """As the store knows it."""
    stage, asked = Stage(), []
    stage.store.add(plan(post(-77)), now=stage.clock.now())

    def read(post_id: int, *, link: str = "") -> Any:
        asked.append((post_id, link))
        raise SiteUnavailableError("site uk: no answer")

    stage.site.read = read  # type: ignore[method-assign] # a fake of ours, changed for this test
    with pytest.raises(SiteUnavailableError):
        Reader(stage.context).post("uk", -77)

    assert [(-77, "https://news.example/-77/")] == asked
