"""The stage for a benchmark: a sandbox WordPress, its feed and a sandbox Mastodon in a process of their own."""

import html
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.measure import PYTHON
from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.messages import Answer
from bot.sandbox.server import SandboxServer
from bot.sandbox.wordpress import SandboxWordPress
from tests.sandbox.faults import Delay

# What every tool is told to write, as far as it can.
POST_TEXT = "{title}\n\n{excerpt}\n\n{link}"

CONFIG = """
[state]
url = "sqlite:///howdah.db"

[accounts.bench]
instance = "{instance}"
token_file = "bench.token"
allow_private = true
"""
SITE = """
[sites.{name}]
url = "{url}"
accounts = ["{account}"]
first_run = "all"
settle = "0s"
poll_every = "{poll_every}"
allow_private = true
link_host = "{name}.example.com"
"""
_RSS = """<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Bench</title>
<link>{site}</link><description>Bench</description>
{items}</channel></rss>"""
_ITEM = """<item><title>{title}</title><link>{link}</link><guid isPermaLink="false">{link}</guid>
<pubDate>{date}</pubDate><category>news</category><description>{excerpt}</description></item>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Where the servers are, and a fresh folder with a config for them.

    feed: the address of an RSS feed with all posts of the first site. servers: the process that they run in.
    """

    sites: tuple[str, ...]
    feed: str
    instance: str
    token: str
    folder: Path
    servers: "subprocess.Popen[str]"

    @property
    def config(self) -> str:
        """The path of the config."""
        return str(self.folder / "config.toml")

    def published(self) -> int:
        """How many statuses the instance has."""
        assert self.servers.stdin is not None
        assert self.servers.stdout is not None
        self.servers.stdin.write("count\n")
        self.servers.stdin.flush()
        return int(self.servers.stdout.readline())


@contextmanager
def stage(posts: int, *, sites: int = 1, seconds_a_status: float = 0.0, poll_every: str = "1s") -> Iterator[Stage]:
    """Fresh servers, and a fresh folder; all gone at the end.

    posts: so many on the first of so many sites. seconds_a_status: how long the instance takes for each publish.
    """
    command = [PYTHON, "-m", "benchmarks.stage", str(posts), str(sites), str(seconds_a_status)]
    with (
        TemporaryDirectory() as name,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as servers,
    ):
        assert servers.stdout is not None
        assert servers.stdin is not None
        where = json.loads(servers.stdout.readline())
        here = Stage(**where | {"sites": tuple(where["sites"])}, folder=Path(name), servers=servers)
        tables = [
            SITE.format(name=f"bench{number}", url=url, account="bench", poll_every=poll_every)
            for number, url in enumerate(here.sites)
        ]
        Path(here.config).write_text(CONFIG.format(instance=here.instance) + "".join(tables))
        (here.folder / "bench.token").write_text(here.token)
        (here.folder / "bench.token").chmod(0o600)
        try:
            yield here
        finally:
            servers.stdin.close()  # ends them


def serve(posts: int, sites: int, seconds_a_status: float) -> None:
    """Serve until the standard input ends; say where on the standard output, and at each line how many statuses."""
    with ExitStack() as stack:
        presses = [stack.enter_context(SandboxWordPress()) for _ in range(sites)]
        feeds = stack.enter_context(SandboxServer())
        instance = stack.enter_context(SandboxMastodon(statuses_limit=None, requests_limit=None))
        if seconds_a_status:
            instance.faults.add(match="POST /api/v1/statuses", fault=Delay(seconds_a_status))
        feed = Answer(body=_fill(presses[0], posts).encode(), headers=(("Content-Type", "application/rss+xml"),))
        feeds.route("GET", "/feed", lambda _request: feed)
        where = {"sites": [press.url for press in presses], "feed": f"{feeds.url}/feed", "instance": instance.url}
        print(json.dumps(where | {"token": instance.add_account("bench")}), flush=True)
        for _line in sys.stdin:
            print(len(instance.statuses), flush=True)


def _fill(site: SandboxWordPress, posts: int) -> str:
    """Publish so many posts; the feed of them all."""
    start = datetime.now(UTC) - timedelta(hours=10)
    items = []
    for number in range(posts):
        title, date = f"Post {number}", start + timedelta(seconds=number)
        excerpt = f"What post {number} is about, in a sentence or two that a reader would like to go on from. " * 3
        link = site.link(site.publish(title=title, excerpt=excerpt, tags=["news"], date=date))
        link = link.replace(site.url, "https://bench0.example.com")  # as readers see it, and servers count it
        items.append(_ITEM.format(title=title, link=html.escape(link), date=format_datetime(date), excerpt=excerpt))
    return _RSS.format(site=site.url, items="".join(reversed(items)))


if __name__ == "__main__":
    serve(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
