"""The world around the daemons: sites on which posts appear in bursts, and an instance that answers badly."""

import json
import random
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.sandbox.faults import Exchange, LoseAnswer
from bot.sandbox.mastodon import SandboxMastodon
from bot.sandbox.messages import Answer
from bot.sandbox.wordpress import SandboxWordPress
from tests.sandbox.faults import Headers, Sometimes
from tests.soak.scenario import Scenario
from tests.soak.verdict import Published

LOST = 0.1  # one answer in ten, of either server
CUT = 0.025  # a publish that never arrives at all
SLOWEST = 0.25  # seconds that a publish takes before it is done, and again before it is answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """A publish as the instance saw it: when, under which key, what came of it ("answered", "lost" or "cut")."""

    arrived: str
    done: str
    key: str
    text: str
    fate: str


class Strain:
    """The fault of every publish: it takes its time, may never be done, and its answer may be lost.

    Answers say that plenty is left, and for longer than a soak takes: howdah's own count of 300 statuses in three
    hours would end it.
    """

    def __init__(self, rng: random.Random) -> None:
        self.publishes: list[Publish] = []
        self.arrived = 0
        self.in_flight = 0
        self.slowest = timedelta(0)
        self._rng = rng
        self._lock = threading.Lock()
        reset = datetime.now(UTC) + timedelta(hours=12)
        self._plenty = Headers(
            set={
                "X-RateLimit-Limit": "1000000",
                "X-RateLimit-Remaining": "900000",
                "X-RateLimit-Reset": f"{reset:%Y-%m-%dT%H:%M:%S.%f}Z",
            }
        )

    def apply(self, exchange: Exchange, /) -> Answer | None:
        """Wait, work, wait, answer; or not."""
        arrived = datetime.now(UTC)
        with self._lock:
            before, after = (self._rng.uniform(0, SLOWEST) ** 2 / SLOWEST for _ in range(2))
            fate = self._rng.choices(("lost", "cut", "answered"), (LOST, CUT, 1 - LOST - CUT))[0]
            self.arrived += 1
            self.in_flight += 1
        exchange.stopping.wait(before)
        answer = self._plenty.apply(exchange) if fate != "cut" else None
        done = datetime.now(UTC)
        exchange.stopping.wait(after)
        with self._lock:
            self.in_flight -= 1
            self.slowest = max(self.slowest, done - arrived)
            self.publishes.append(_publish(exchange, arrived=arrived, done=done, fate=fate))
        return answer if fate == "answered" else None

    @property
    def lost(self) -> int:
        """How many publishes were done without an answer."""
        return sum(publish.fate == "lost" for publish in self.publishes)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The servers while they serve.

    accounts: site → the accounts that its posts are shared on. tokens: account → token. posts: SITE/ID → link, in
    the order in which they were written.
    """

    sites: dict[str, SandboxWordPress]
    instance: SandboxMastodon
    strain: Strain
    accounts: dict[str, tuple[str, ...]]
    tokens: dict[str, str]
    posts: dict[str, str]

    def worsen(self, *, seed: int) -> None:
        """From now on each server loses answers, and publishes are under strain."""
        for name, server in {**self.sites, "instance": self.instance}.items():
            rng = random.Random(f"{name} {seed}")
            server.faults.add(match="GET *", fault=Sometimes(LoseAnswer(), LOST, rng))
        self.instance.faults.add(match="POST /api/v1/statuses", fault=self.strain)

    def mend(self) -> None:
        """From now on all is well."""
        for server in (*self.sites.values(), self.instance):
            server.faults.clear()

    def write(self, posts: int, *, rng: random.Random) -> None:
        """Publish so many posts at once, each on some site."""
        for _ in range(posts):
            name, site = rng.choice(list(self.sites.items()))
            number = len(self.posts) + 1
            post_id = site.publish(title=f"Post {number}", excerpt=f"What post {number} tells.", tags=["news"])
            self.posts[f"{name}/{post_id}"] = site.link(post_id)

    @property
    def wanted(self) -> dict[tuple[str, str], str]:
        """(post, account) → the post's link: everything that is to be shared."""
        return {
            (post, account): link
            for post, link in self.posts.items()
            for account in self.accounts[post.partition("/")[0]]
        }

    @property
    def waiting(self) -> int:
        """How many statuses there are to come yet, if none is there twice."""
        wanted = sum(len(self.accounts[post.partition("/")[0]]) for post in self.posts)
        return wanted - len(self.instance.statuses)

    def statuses(self) -> list[Published]:
        """What is on the instance."""
        with self.instance.lock:
            return [
                Published(
                    account=status.account.username,
                    text=status.text,
                    url=f"{self.instance.url}/@{status.account.username}/{status.id}",
                )
                for status in self.instance.statuses
            ]

    def write_journal(self, file: Path) -> None:
        """Write down every publish that arrived, a JSON object a line."""
        file.write_text("".join(f"{json.dumps(asdict(publish))}\n" for publish in self.strain.publishes))


@contextmanager
def world_of(scenario: Scenario, *, seed: int) -> Iterator[World]:
    """Empty sites, and an instance with the scenario's accounts; all is well with them yet."""
    instance = SandboxMastodon(idempotency=scenario.idempotency, statuses_limit=None, requests_limit=None, linked="all")
    sites = {f"site{number}": SandboxWordPress() for number in range(1, scenario.sites + 1)}
    accounts = {name: tuple(f"{name}-{one}" for one in range(1, scenario.accounts + 1)) for name in sites}
    with ExitStack() as stack:
        for server in (*sites.values(), instance):
            stack.enter_context(server)
        yield World(
            sites=sites,
            instance=instance,
            strain=Strain(random.Random(f"publishes {seed}")),
            accounts=accounts,
            tokens={account: instance.add_account(account) for several in accounts.values() for account in several},
            posts={},
        )


def _publish(exchange: Exchange, *, arrived: datetime, done: datetime, fate: str) -> Publish:
    request = exchange.request
    return Publish(
        arrived=arrived.isoformat(),
        done=done.isoformat(),
        key=request.header("idempotency-key"),
        text=request.value("status") or "",
        fate=fate,
    )
