"""A sandbox WordPress and the real adapter, which waits for nothing."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from bot.domain.models import Look
from bot.sandbox.messages import Recorded
from bot.wordpress import Http, ProcessMemory, RestSite, WordPressSite
from bot.wordpress.client import Client
from tests.integration.wordpress.blog import NOW, Blog
from tests.sandbox.wordpress import EditableWordPress


class Reader:
    """The adapter on one sandbox: what a test asks of it, and what the sandbox was asked."""

    def __init__(self, wordpress: EditableWordPress, http: Http, *, waits: list[float]) -> None:
        self.wordpress = wordpress
        self.http = http
        self.waits = waits
        self.site = self.made()

    def made(
        self, *, post_type: str = "post", timeout: timedelta = timedelta(seconds=20), root: str | None = None
    ) -> RestSite:
        """Another adapter on the same sandbox, which remembers where its root is, or another root."""
        return RestSite(
            Client(site="uk", home=self.wordpress.url, http=self.http, allow_private=True, timeout=timeout),
            post_types=(post_type,),
            memory=ProcessMemory(self.root if root is None else root),
        )

    @property
    def root(self) -> str:
        """The root where it is."""
        return self.wordpress.api_root

    @property
    def requests(self) -> list[Recorded]:
        """What the sandbox was asked."""
        return self.wordpress.requests

    def look(self, *, exclude: tuple[int, ...] = (), after: datetime = NOW - timedelta(hours=72)) -> Look:
        """One look over the window."""
        return self.site.list_new(after=after, exclude=exclude)


@pytest.fixture
def http() -> Iterator[tuple[Http, list[float]]]:
    """A client that notes how long it would have waited."""
    waits: list[float] = []
    client = Http(wait=waits.append)
    yield client, waits
    client.close()


@pytest.fixture
def wordpress() -> Iterator[EditableWordPress]:
    """A WordPress whose clock stands still."""
    with EditableWordPress(now=lambda: NOW) as site:
        yield site


@pytest.fixture
def reader(wordpress: EditableWordPress, http: tuple[Http, list[float]]) -> Reader:
    """The adapter on it."""
    client, waits = http
    return Reader(wordpress, client, waits=waits)


@pytest.fixture
def blog() -> Iterator[Blog]:
    """Such a site."""
    with Blog() as server:
        yield server


@pytest.fixture
def time() -> list[float]:
    """A clock that a test sets."""
    return [0.0]


@pytest.fixture
def site(blog: Blog, http: tuple[Http, list[float]], time: list[float]) -> WordPressSite:
    """The adapter on it."""
    return WordPressSite("blog", blog.url, http=http[0], allow_private=True, clock=lambda: time[0])
