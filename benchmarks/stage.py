"""The stage for a benchmark: a sandbox WordPress, its feed and a sandbox Mastodon in a process of their own."""

import html
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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
"""
ACCOUNT = """
[accounts.{name}]
instance = "{instance}"
token_file = "{name}.token"
allow_private = true
"""
SITE = """
[sites.{name}]
url = "{url}"
accounts = {accounts}
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

    feed: the address of an RSS feed with all posts of the first site. tokens: those of the accounts, the first of which
    is called bench. servers: the process that they run in.
    """

    sites: list[str]
    feed: str
    instance: str
    tokens: list[str]
    folder: Path
    servers: "subprocess.Popen[str]"

    @property
    def config(self) -> str:
        """The path of the config."""
        return str(self.folder / "config.toml")

    @property
    def token(self) -> str:
        """The first account's token."""
        return self.tokens[0]

    def published(self) -> int:
        """How many statuses the instance has."""
        return int(self._ask("count"))

    def post(self) -> None:
        """Publish one more post on the first site."""
        self._ask("post")

    def gap(self) -> float:
        """The longest time, in seconds, that any site wasn't asked, since this was asked last."""
        return float(self._ask("gap"))

    def add(self, tables: str) -> None:
        """Add tables to the config."""
        with Path(self.config).open("a") as config:
            config.write(tables)

    def secret(self, name: str, text: str) -> None:
        """Write a file that only its owner can read."""
        (self.folder / name).touch(mode=0o600)
        (self.folder / name).write_text(text)

    def _ask(self, what: str) -> str:
        assert self.servers.stdin is not None
        assert self.servers.stdout is not None
        self.servers.stdin.write(f"{what}\n")
        self.servers.stdin.flush()
        return self.servers.stdout.readline()


@contextmanager
def stage(
    posts: int, *, sites: int = 1, accounts: int = 1, seconds_a_status: float = 0.0, poll_every: str = "1s"
) -> Iterator[Stage]:
    """Fresh servers, and a fresh folder; all gone at the end.

    posts: so many on the first of so many sites. A single site is shared on all accounts, each of several on one.
    seconds_a_status: how long the instance takes for each publish.
    """
    command = [PYTHON, "-m", "benchmarks.stage", str(posts), str(sites), str(accounts), str(seconds_a_status)]
    with (
        TemporaryDirectory() as name,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as servers,
    ):
        assert servers.stdout is not None
        assert servers.stdin is not None
        where: dict[str, Any] = json.loads(servers.stdout.readline())
        here = Stage(**where, folder=Path(name), servers=servers)
        Path(here.config).write_text("".join((CONFIG, *_tables(here, poll_every))))
        for account, token in zip(_names(here), here.tokens, strict=True):
            here.secret(f"{account}.token", token)
        try:
            yield here
        finally:
            servers.stdin.close()  # ends them


def _names(here: Stage) -> list[str]:
    return ["bench", *(f"bench{number}" for number in range(1, len(here.tokens)))]


def _tables(here: Stage, poll_every: str) -> Iterator[str]:
    names = _names(here)
    for name in names:
        yield ACCOUNT.format(name=name, instance=here.instance)
    for number, url in enumerate(here.sites):
        accounts = names if len(here.sites) == 1 else [names[number % len(names)]]
        yield SITE.format(name=f"bench{number}", url=url, accounts=json.dumps(accounts), poll_every=poll_every)


# --- the servers --------------------------------------------------------------------------------------------------


class _Gaps:
    """How long sites weren't asked."""

    def __init__(self) -> None:
        self._last: dict[int, float] = {}
        self._longest = 0.0

    def note(self, site: int) -> None:
        """A site is asked."""
        now = time.monotonic()
        self._longest = max(self._longest, now - self._last.get(site, now))
        self._last[site] = now

    def take(self) -> float:
        """The longest gap; begins anew."""
        now = time.monotonic()
        longest = max(self._longest, *(now - last for last in self._last.values()), 0.0)
        self._longest, self._last = 0.0, {}
        return longest


def serve(posts: int, sites: int, accounts: int, seconds_a_status: float) -> None:
    """Serve until the standard input ends; say where on the standard output, and answer a line for each line."""
    gaps = _Gaps()
    with ExitStack() as stack:
        presses = [stack.enter_context(_press(number, gaps)) for number in range(sites)]
        feeds = stack.enter_context(SandboxServer())
        # As one that allows more says so: without a word howdah keeps to 300 in three hours.
        instance = stack.enter_context(SandboxMastodon(statuses_limit=1_000_000, requests_limit=None))
        if seconds_a_status:
            instance.faults.add(match="POST /api/v1/statuses", fault=Delay(seconds_a_status))
        feed = Answer(body=_fill(presses[0], posts).encode(), headers=(("Content-Type", "application/rss+xml"),))
        feeds.route("GET", "/feed", lambda _request: feed)
        where = {"sites": [press.url for press in presses], "feed": f"{feeds.url}/feed", "instance": instance.url}
        tokens = [instance.add_account(f"bench{number}") for number in range(accounts)]
        print(json.dumps(where | {"tokens": tokens}), flush=True)
        answers: dict[str, Callable[[], object]] = {
            "count": lambda: len(instance.statuses),
            "post": lambda: presses[0].publish(title="One more post", excerpt="What it is about."),
            "gap": gaps.take,
        }
        for line in sys.stdin:
            print(answers[line.strip()](), flush=True)


def _press(number: int, gaps: _Gaps) -> SandboxWordPress:
    press = SandboxWordPress()
    press.on_request = lambda _request: gaps.note(number)
    return press


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
    serve(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
