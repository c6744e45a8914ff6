"""The servers, for the whole session, and a howdah between them, for each test.

Where a server can't be had, the tests that need it are skipped, and the last lines of the run say why.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

import pytest

from tests.e2e.howdah import Howdah, MakeHowdah, Server, Setting
from tests.e2e.instance import Instance
from tests.e2e.servers.cache import UnavailableError
from tests.e2e.servers.mastodon_mock import MastodonMock
from tests.e2e.servers.snac import Snac
from tests.e2e.servers.wordpress import WordPress

T = TypeVar("T", WordPress, Snac, MastodonMock)
MakeFolder = pytest.TempPathFactory


def running(name: str, start: Callable[[Path], T], folder: Path) -> Iterator[T]:
    """A server for as long as a fixture lives; the tests are skipped where it can't be had."""
    try:
        server = start(folder)
    except UnavailableError as error:
        pytest.skip(f"{name}: {error}")
    try:
        yield server
    finally:
        server.end()


@pytest.fixture(scope="session")
def wordpress(tmp_path_factory: MakeFolder) -> Iterator[WordPress]:
    """A real WordPress. Tests share it; what is there already, a howdah's first look leaves alone."""
    yield from running("WordPress", WordPress, tmp_path_factory.mktemp("wordpress"))


@pytest.fixture(scope="module")
def wordpress_beside(tmp_path_factory: MakeFolder) -> Iterator[WordPress]:
    """A real WordPress of a module's own, to which it may add plugins."""
    yield from running("WordPress", WordPress, tmp_path_factory.mktemp("wordpress"))


@pytest.fixture(scope="session")
def snac(tmp_path_factory: MakeFolder) -> Iterator[Snac]:
    """A real snac with one user. Tests share it and look for the links of their own posts."""
    yield from running("snac", Snac, tmp_path_factory.mktemp("snac"))


@pytest.fixture(scope="session")
def mock(tmp_path_factory: MakeFolder) -> Iterator[MastodonMock]:
    """A mastodon-mock without rate limits."""
    yield from running("mastodon-mock", MastodonMock, tmp_path_factory.mktemp("mock"))


@pytest.fixture(scope="session")
def on_snac(snac: Snac) -> Instance:
    """What stands on snac."""
    return Instance(snac.url, snac.token)


@pytest.fixture(scope="session")
def on_mock(mock: MastodonMock) -> Instance:
    """What stands on mastodon-mock."""
    return Instance(mock.url, mock.token)


@pytest.fixture(scope="session")
def make_howdah(tmp_path_factory: MakeFolder, wordpress: WordPress, snac: Snac) -> MakeHowdah:
    """Makes howdahs, each with a config and an empty store of its own."""

    def make(
        instance: Server | None = None,
        *,
        site: Mapping[str, Setting] | None = None,
        account: Mapping[str, Setting] | None = None,
    ) -> Howdah:
        folder = tmp_path_factory.mktemp("howdah")
        return Howdah(folder, wordpress_url=wordpress.url, instance=instance or snac, site=site, account=account)

    return make


@pytest.fixture
def howdah(make_howdah: MakeHowdah) -> Howdah:
    """A howdah between WordPress and snac that has looked once: only what is published later is new to it."""
    howdah = make_howdah()
    howdah.sync()
    return howdah


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Say what was left out, after everything that pytest has to say."""
    yield
    skipped = terminalreporter.stats.get("skipped", [])
    for reason in sorted({str(report.longrepr[2]) for report in skipped if "/e2e/" in report.nodeid}):
        terminalreporter.write_line(f"e2e: left out: {reason.removeprefix('Skipped: ')}")
