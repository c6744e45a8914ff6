"""One run: a seed's world from its first moment to its quiet end, and what was found wrong with it."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from bot.domain.policy import Source
from tests.simulation import ending
from tests.simulation.author import Author
from tests.simulation.guards import SOUND, Variant
from tests.simulation.instance import Instance
from tests.simulation.invariants import ENDS, Watch
from tests.simulation.ledger import Ledger, fresh_ledger
from tests.simulation.moving_in import Mover, OtherTool
from tests.simulation.notices import Announcer
from tests.simulation.plugin import Plugin
from tests.simulation.processes import Daemon, Member, Person, Town
from tests.simulation.rhythm import Rhythm
from tests.simulation.scenario import EXCLUDED, Ill, Scenario
from tests.simulation.turns import by_turns
from tests.simulation.wordpress import Newspaper
from tests.simulation.world import HOUR, MINUTE, SECOND, Violation, World

# How long after the last fault everything must have come to an end; an account may rest for hours by then.
PATIENCE = 80 * HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run was: its violations, how much happened, which faults struck, and the trace as lines."""

    seed: int
    violations: tuple[Violation, ...]
    events: int
    struck: Counter[str]
    statuses: int
    trace: tuple[str, ...]


def run(seed: int, *, variant: Variant = SOUND, settings: Scenario | None = None, last: int | None = 60) -> Run:
    """Run a seed's world. last: how many lines of the trace to keep of a run that went wrong; None for all, always."""
    settings = settings or variant.world(seed)
    world = World(seed, start=settings.start)
    with _quiet(), _replaced({**by_turns(world), **variant.instead}), fresh_ledger() as ledger:
        drama = Drama(world, settings, ledger, variant)
        try:
            drama.play()
        finally:
            world.end()
        wanted = last is None or bool(world.violations)
        return Run(
            seed=seed,
            violations=tuple(world.violations),
            events=world.events,
            struck=world.struck,
            statuses=sum(len(instance.statuses) for instance in drama.town.instances.values()),
            trace=tuple(world.trace.lines(last=last)) if wanted else (),
        )


class Drama:
    """Who appears when in a world, and what fate does to them."""

    def __init__(self, world: World, settings: Scenario, ledger: Ledger, variant: Variant) -> None:
        self._world = world
        self._settings = settings
        self._jitter = world.random("drama")
        self._names = Counter[str]()
        self._alive: dict[str, Member] = {}
        self._tools: list[OtherTool] = []
        self._closed = False
        self._calm_since = world.start
        watch = Watch(world, ledger)
        watch.lenient_flight = settings.has(Ill.STEPS)
        if not settings.has(Ill.RESTORE):
            watch.rhythm = Rhythm(min_interval=settings.min_interval, max_per_day=settings.max_per_day)
        watch.excluded = EXCLUDED if settings.has(Ill.FILTERS) else ""
        papers = {name: Newspaper(name, world, settings) for name in settings.sites}
        watch.papers.update(papers)
        instances = {name: Instance(name, world, settings, watch) for name in settings.accounts}
        for instance in instances.values():
            variant.instance(instance)
        self.town = Town(world, settings, ledger, watch, papers, instances, variant)

    def play(self) -> None:
        """From the first moment to the end."""
        world, settings = self._world, self._settings
        for paper in self.town.papers.values():
            Author(paper, world, settings, self.town.instances).begin()
            if settings.has(Ill.PLUGIN):
                Plugin(paper, world, self.town.instances[settings.accounts[0]], self.town.watch).begin()
            if settings.has(Ill.NOTICES):
                Announcer(paper, world, settings, watch=self.town.watch, deliver=self._deliver).begin()
        instances = {name: settings.instance_of(name) for name in settings.accounts}
        self.town.ledger.store.note_addresses(sites={}, accounts=instances, now=world.now())
        self.town.ledger.store.note_write_back(
            settings.sites if settings.has(Ill.WRITING) else (), now=self.town.clock()
        )
        if settings.has(Ill.MOVED):
            self._move_in()
        else:
            self._start()
        self._plan()
        world.run(until=settings.duration, done=lambda: False)
        self._calm()
        world.run(until=world.ms + PATIENCE, done=self._done)
        if not world.over:
            self._judge()

    # --- fate

    def _plan(self) -> None:
        world, settings, jitter = self._world, self._settings, self._jitter
        if settings.has(Ill.STEPS):
            for _ in range(jitter.randint(1, 3)):
                world.at(jitter.randint(0, settings.duration), self._step_clock)
        if settings.has(Ill.RESTORE):
            first = jitter.randint(0, settings.duration * 2 // 3)
            world.at(first, self.town.ledger.back_up)
            world.at(jitter.randint(first, settings.duration - MINUTE), self._restore)

    def _step_clock(self) -> None:
        seconds = self._jitter.choice((-3600, -120, -5, 5, 120, 3600))
        self.town.offset += timedelta(seconds=seconds)
        self._world.strike(f"clock set {'forward' if seconds > 0 else 'back'}")
        self._world.trace.note(self._world.ms, "world", f"the clock is set by {seconds} s")
        self._touch()
        self._world.at(self._world.ms + 61 * SECOND, self._touch)

    def _touch(self) -> None:
        self._world.changed = True

    def _restore(self) -> None:
        """Stop everything, put the backup in place, and start again once nothing can be under way any more."""
        world = self._world
        world.strike("backup restored")
        world.trace.note(world.ms, "world", "everything is stopped, and the backup restored")
        self._closed = True
        for member in self._alive.values():
            member.process.kill()
        self._touch()
        self.town.ledger.restore()
        self.town.watch.restored()
        wait = 2 * self._settings.answer_deadline // timedelta(milliseconds=1)
        world.at(world.ms + wait, self._reopen)

    def _reopen(self) -> None:
        self._closed = False
        for name in list(self._alive):
            self._appear(name)

    # --- appearances

    def _move_in(self) -> None:
        """Somebody moves in from another tool; howdah starts afterwards."""
        town = self.town
        is_adopted = self._jitter.random() < 0.5
        self._tools = [
            OtherTool(paper, instance, is_adopted)
            for paper in town.papers.values()
            for instance in town.instances.values()
        ]
        for tool in self._tools:
            tool.share(self._world)
        self._mover(at=SECOND)

    def _start(self) -> None:
        """Howdah starts, and people work with it."""
        now = self._world.ms
        for number in range(1, self._settings.daemons + 1):
            self._daemon(f"d{number}", at=now + self._jitter.randint(0, 3000))
        if self._settings.has(Ill.PEOPLE):
            self._person(at=now + SECOND)

    def _mover(self, *, at: int) -> None:
        self._names["mover"] += 1
        mover = Mover(f"mover.{self._names['mover']}", self.town, on_kill=lambda: self._killed("mover"))
        self._alive["mover"] = mover
        mover.begin(self._tools, at=at, done=self._start)

    def _deliver(self, site: str, headers: Mapping[str, str], body: bytes) -> None:
        """A request reaches one of the daemons, where one runs."""
        alive = [one for one in self._alive.values() if isinstance(one, Daemon) and not one.process.dead]
        if alive and not self._world.over:
            self._jitter.choice(alive).hear(site, headers, body)

    def _daemon(self, name: str, *, at: int) -> None:
        self._names[name] += 1
        full = f"{name}.{self._names[name]}"
        daemon = Daemon(full, self.town, on_kill=lambda: self._killed(name))
        self._alive[name] = daemon
        daemon.begin(at=at)

    def _person(self, *, at: int) -> None:
        self._names["person"] += 1
        person = Person(f"person.{self._names['person']}", self.town, on_kill=lambda: self._killed("person"))
        self._alive["person"] = person
        person.begin(at=at, acts=self._settings.acts or self._jitter.randint(3, 9))

    def _killed(self, name: str) -> None:
        """Fate has ended a process: it comes back after a while."""
        self._alive[name].process.kill()
        self._touch()
        if not self._closed:
            wait = self._jitter.choice((SECOND, 5 * SECOND, 30 * SECOND, 5 * MINUTE))
            self._world.at(self._world.ms + wait, lambda: self._appear(name))

    def _appear(self, name: str) -> None:
        gone = self._alive[name]
        if self._closed or not gone.process.dead:
            return
        if self._settings.one_machine:
            # As wiring does: whose process surely runs no more holds no lease.
            self.town.ledger.store.give_back(gone.process.name)
            self._touch()
        if name == "person":
            self._person(at=self._world.ms)
        elif name == "mover":
            self._mover(at=self._world.ms)
        else:
            self._daemon(name, at=self._world.ms)

    # --- the end

    def _calm(self) -> None:
        world = self._world
        world.calm = True
        world.trace.note(world.ms, "world", "--- calm: no more faults")
        for instance in self.town.instances.values():
            instance.mend()
        for paper in self.town.papers.values():
            paper.mend()
        for name in list(self._alive):
            self._appear(name)
        self._calm_since = world.now()
        self._touch()

    def _open_shares(self) -> int:
        """How many shares are under way still. Where a day allows so many only, the others may wait for theirs."""
        before = self.town.clock() + timedelta(hours=1) if self._settings.max_per_day else None
        under_way = self.town.ledger.open_shares(before=before)
        return sum(not self._may_wait_for_ever(site, post_id) for site, post_id in under_way)

    def _may_wait_for_ever(self, site: str, post_id: int) -> bool:
        """Whether a post is gone from a site that is read by its feed alone: that it isn't there proves nothing."""
        post = self.town.papers[site].posts.get(post_id)
        is_gone = self._settings.numbered and (post is None or post.status != "publish")
        return is_gone and self._settings.source is Source.FEED

    def _done(self) -> bool:
        if self._closed or self._open_shares():
            return False
        looks = self.town.watch.whole_looks
        looked = all(name in looks and looks[name] >= self._calm_since for name in self._settings.sites)
        return looked and not ending.is_behind(self.town)

    def _judge(self) -> None:
        if not self._done():
            self._world.fail(ENDS, f"{self._open_shares()} shares are still under way")
            return
        self.town.watch.at_the_end(self._settings.accounts)
        ending.check(self.town)


@contextmanager
def _replaced(instead: Mapping[str, Any]) -> Iterator[None]:
    """With other functions in howdah."""
    with ExitStack() as stack:
        for name, function in instead.items():
            stack.enter_context(patch(name, function))
        yield


@contextmanager
def _quiet() -> Iterator[None]:
    """Without howdah's log: the trace says more."""
    log = logging.getLogger("howdah")
    before, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = before
