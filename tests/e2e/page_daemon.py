"""A daemon with its status page, between two sites and an instance of the sandbox."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.wordpress import SandboxWordPress
from tests.commands import DAEMON
from tests.e2e.howdah import COMMAND
from tests.e2e.servers.process import Process
from tests.pictures import picture, saved
from tests.sandbox.faults import Status

PASSWORD = "open sesame"
PATIENCE = 60.0
CONFIG = """\
[sites.gazette]
url = "{site}"
accounts = ["fedi"]
poll_every = "1s"
settle = "0s"
first_run = "all"
allow_private = true
[sites.broken]
url = "http://127.0.0.1:9"
accounts = ["fedi"]
allow_private = true
[sites.crowd]
url = "{crowd}"
accounts = ["fedi"]
poll_every = "1s"
settle = "0s"
max_burst = 1
allow_private = true
[accounts.fedi]
instance = "{instance}"
token_file = "fedi.token"
allow_private = true
attempts = 1
backoff = "1s"
[web]
listen = "127.0.0.1:{port}"
password_file = "web.password"
"""


class Daemon:
    """A daemon with its page, between a site and an instance."""

    def __init__(
        self, folder: Path, sites: tuple[SandboxWordPress, SandboxWordPress], instance: SandboxMastodon, port: int
    ) -> None:
        self.site, self.crowd = sites
        self.instance = instance
        self.url = f"http://127.0.0.1:{port}"
        self.config = folder / "config.toml"
        self.process: Process | None = None
        self.refused = 0

    def api(self, path: str) -> dict[str, object]:
        """What the API says."""
        found: dict[str, object] = httpx.get(f"{self.url}/api/v1/{path}", auth=("me", PASSWORD)).json()
        return found

    def state(self, post_id: int, site: str = "gazette") -> str:
        """The state of a post's newest share; '' where there is none."""
        shares = self.api(f"shares?limit=500&site={site}")["shares"]
        assert isinstance(shares, list)
        return next((str(share["state"]) for share in shares if share["post_id"] == post_id), "")

    def looked_at(self, site: str) -> bool:
        """Whether a site was looked at."""
        sites = self.api("sites")["sites"]
        assert isinstance(sites, list)
        return any(one["site"] == site and one["looked_at"] for one in sites)

    def held(self) -> list[int]:
        """The posts whose shares are held."""
        shares = self.api("shares?state=held")["shares"]
        assert isinstance(shares, list)
        return [int(share["post_id"]) for share in shares]

    def gather(self) -> list[int]:
        """Two posts or more whose shares are held, in whatever order the tests are run."""
        if len(self.held()) < 2:
            for number in range(6):
                self.crowd.publish(title=f"One of a crowd, {number}", excerpt="At once.")
            self.wait(lambda: len(self.held()) >= 2)
        return self.held()

    def wait(self, done: Callable[[], bool]) -> None:
        """Until something is so."""
        deadline = time.monotonic() + PATIENCE
        while not done():
            assert time.monotonic() < deadline
            time.sleep(0.1)


def private(path: Path, text: str) -> None:
    """A file for its owner alone."""
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def is_alive(daemon: Daemon) -> bool:
    """Whether it answers."""
    try:
        return httpx.get(f"{daemon.url}/healthz").is_success
    except httpx.TransportError:
        return False


@contextmanager
def serving(folder: Path) -> Iterator[Daemon]:
    """With a shared post, one with a picture, one that the instance refused, and six of another site that are held."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    with ExitStack() as stack:
        site = stack.enter_context(SandboxWordPress(title="The Gazette", timezone="Europe/London"))
        crowd = stack.enter_context(SandboxWordPress(title="The Crowd"))
        instance = stack.enter_context(SandboxMastodon(linked="all"))
        here = Daemon(folder, (site, crowd), instance, port)
        private(folder / "fedi.token", instance.add_account("fedi", display_name="The Gazette"))
        private(folder / "web.password", PASSWORD)
        private(here.config, CONFIG.format(site=site.url, crowd=crowd.url, instance=instance.url, port=port))
        site.publish(title="Elephants find the old river again", excerpt="After forty years.", tags=["Rivers"])
        site.publish(
            title="The harbour at dusk",
            excerpt="A picture.",
            image=(saved(picture(600, 320)).data, "Boats in the harbour"),
        )
        site.publish(title="פילים! " + "x" * 200, excerpt="A title from right to left, with a word that is too long.")
        here.process = Process([COMMAND, "--config", str(here.config), *DAEMON], log=folder / "log")
        stack.callback(here.process.stop)
        here.wait(lambda: is_alive(here))
        here.wait(lambda: here.state(1) == here.state(2) == here.state(4) == "shared")
        here.wait(lambda: here.looked_at("crowd"))
        here.gather()
        instance.faults.add(match="POST /api/v1/statuses", fault=Status(422), times=1)
        here.refused = site.publish(title="A post that is refused", excerpt="No.")
        here.wait(lambda: here.state(here.refused) == "failed")
        yield here
