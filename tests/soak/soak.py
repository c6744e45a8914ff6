"""One soak: torment, then calm, then the verdict."""

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import TimeoutExpired

from bot.crosspost.collect import LOOK_LEASE
from tests.soak.daemons import Daemon, Folder, daemons_of
from tests.soak.hand import Hand, hands_of
from tests.soak.scenario import Scenario
from tests.soak.torment import Actor, Author, Fate
from tests.soak.verdict import Verdict, judge
from tests.soak.world import World, world_of

_STEP = 0.01  # seconds between two steps of everybody
_NO_PROGRESS = 120.0  # seconds without a new status, after which the torment is given up
_FEW = 5  # statuses still to come on an account, at which the torment ends
_CALM = 300.0  # seconds in which everything must come to rest
# Seconds without a change, after which nothing more is to come. A daemon that was killed as it looked at a site keeps
# the site's lease: its last posts appear only when that is over.
_REST = LOOK_LEASE.total_seconds() + 15.0
_MOVING = ("pending", "sending", "unknown")
_ASKED_AT_LAST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a soak came to. troubles: what went wrong beside the verdict, a sentence each."""

    scenario: Scenario
    accounts: int
    posts: int
    kills: int
    kills_in_flight: int
    freezes: int
    answers_lost: int
    by_hand: Counter[str]
    slowest_publish: float
    seconds: float
    verdict: Verdict
    troubles: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether nothing is twice, lost, unfinished or astray, and howdah ran into no trouble."""
        return self.verdict.good and not self.troubles


def soak(scenario: Scenario, path: Path, *, seed: int) -> Report:
    """Run a scenario in an empty folder, which is left behind. Whatever else it starts is gone at its end.

    Call it in the main thread: the processes die with the thread that started them.
    """
    with world_of(scenario, seed=seed) as world:
        folder = Folder(path, world, state=scenario.state)
        folder.must("sync")  # the first look only remembers what is there: nothing
        world.worsen(seed=seed)
        with (
            daemons_of(folder, scenario.daemons) as daemons,
            hands_of(folder, world, number=scenario.hands, seed=seed) as hands,
        ):
            try:
                return _soak(scenario, world, folder, daemons=daemons, hands=hands, seed=seed)
            finally:
                world.write_journal(path / "publishes.jsonl")


def _soak(
    scenario: Scenario,
    world: World,
    folder: Folder,
    *,
    daemons: Sequence[Daemon],
    hands: Sequence[Hand],
    seed: int,
) -> Report:
    began = time.monotonic()
    fates = [Fate(daemon, world, scenario, rng=random.Random(f"{daemon.name} {seed}")) for daemon in daemons]
    author = Author(world, scenario, fates=fates, rng=random.Random(f"author {seed}"))
    troubles = [*_torment(world, author, [*fates, *hands])]
    for fate in fates:
        fate.calm()
    for hand in hands:
        hand.finish()
    troubles += _calm(world, folder)
    seconds = time.monotonic() - began
    world.mend()
    if hands:
        troubles += _ask_at_last(folder, rng=random.Random(f"at last {seed}"))
    troubles += _stop(daemons)
    return Report(
        scenario=scenario,
        accounts=len(world.tokens),
        posts=len(world.posts),
        kills=sum(fate.kills for fate in fates),
        kills_in_flight=sum(fate.kills_in_flight for fate in fates),
        freezes=sum(fate.freezes for fate in fates),
        answers_lost=world.strain.lost,
        by_hand=sum((hand.outcomes for hand in hands), Counter()),
        slowest_publish=world.strain.slowest.total_seconds(),
        seconds=seconds,
        verdict=judge(world.wanted, statuses=world.statuses(), rows=folder.rows()),
        troubles=(*troubles, *_troubles_of(fates, hands), *_tracebacks(folder)),
    )


def _torment(world: World, author: Author, others: Sequence[Actor]) -> Iterator[str]:
    """Let everybody have their way until all is written, nearly all shared and enough killed, or nothing moves."""
    waiting, moved_at = 0, time.monotonic()
    while author.left or author.allowed <= 0 or world.waiting > _FEW * len(world.tokens):
        now = time.monotonic()
        for actor in (author, *others):
            actor.step(now)
        if world.waiting != waiting:
            waiting, moved_at = world.waiting, now
        if now > moved_at + _NO_PROGRESS:
            yield f"under torment nothing moved for {_NO_PROGRESS:.0f} s; {author.left} posts were not written"
            return
        time.sleep(_STEP)


def _calm(world: World, folder: Folder) -> Iterator[str]:
    """Wait until no share is under way and no post is without one, or nothing is to come any more."""
    counts, moved_at = folder.counts(), time.monotonic()
    deadline = moved_at + _CALM
    while (now := time.monotonic()) < deadline:
        moving = any(counts.get(state) for state in _MOVING)
        all_known = sum(counts.values()) >= len(world.wanted)
        if not moving and (all_known or now > moved_at + _REST):
            return
        time.sleep(0.5)
        before, counts = counts, folder.counts()
        if counts != before:
            moved_at = now
    yield f"not at rest after {_CALM:.0f} s: {counts}"


def _ask_at_last(folder: Folder, *, rng: random.Random) -> Iterator[str]:
    """Ask by hand for some of the posts that are shared: each is to be refused."""
    shared = [row.post for row in folder.rows() if row.state == "shared"]
    posts = rng.sample(shared, min(_ASKED_AT_LAST, len(shared)))
    done = folder.run("share", *posts)
    if done.code != 1 or done.err.count("is shared already") != len(posts):
        yield f"not each of the shared posts {posts} was refused: exit code {done.code}: {done.err}"


def _stop(daemons: Sequence[Daemon]) -> Iterator[str]:
    for daemon in daemons:
        try:
            code = daemon.stop()
        except TimeoutExpired:
            yield f"{daemon.name} did not stop when asked to"
        else:
            if code != 0:
                yield f"{daemon.name} stopped with exit code {code}"


def _troubles_of(fates: Sequence[Fate], hands: Sequence[Hand]) -> Iterator[str]:
    for fate in fates:
        yield from fate.deaths
    for hand in hands:
        yield from hand.troubles


def _tracebacks(folder: Folder) -> Iterator[str]:
    for log in sorted(folder.path.glob("*.log")):
        number = log.read_text(errors="replace").count("Traceback")
        if number:
            yield f"{number} tracebacks in {log.name}"
