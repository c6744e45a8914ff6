"""What goes on while a soak lasts, step by step: an author writes, and each daemon is stopped, killed or left alone."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from bot.crosspost.context import lease_length
from bot.domain.policy import AccountPolicy
from tests.soak.daemons import TIMEOUT, Daemon
from tests.soak.scenario import Scenario
from tests.soak.world import World

_LEASE = lease_length(AccountPolicy(name="any", timeout=TIMEOUT))
_BACKLOG = 20  # statuses to come on an account, at which the author waits
_BURST = 3  # a burst is at most so many times what one kill allows
_LONGEST_IDLE = 3.0  # seconds that a fate waits for a daemon's next publish


class Actor(Protocol):
    """Somebody who does a bit from time to time. now: monotonic seconds."""

    def step(self, now: float) -> None:
        """Do what is due, and don't wait."""
        ...


class Moment(StrEnum):
    """From when on a fate counts its seconds: the start, the word "running", or the next publish."""

    STARTED = "started"
    RUNNING = "running"
    PUBLISHING = "publishing"


# How often each moment is chosen, and how many seconds may follow it.
_MOMENTS = {Moment.STARTED: (1, 1.0), Moment.RUNNING: (2, 2.0), Moment.PUBLISHING: (7, 1.0)}


class Fate:
    """What befalls one daemon: at a random moment it is killed and started again, or frozen for a while."""

    def __init__(self, daemon: Daemon, world: World, scenario: Scenario, *, rng: random.Random) -> None:
        self.kills = 0
        self.kills_in_flight = 0
        self.freezes = 0
        self.deaths: list[str] = []
        self._daemon = daemon
        self._world = world
        self._freezes = scenario.freezes
        self._rng = rng
        self._thaws_at: float | None = None
        self._choose(0.0)

    def step(self, now: float) -> None:
        """Interrupt it where its time has come; a daemon that ended by itself is noted and started again.

        One that found no store as it began ends, as it should, for its supervisor to start it again.
        """
        if self._thaws_at is not None:
            self._thaw(now)
        elif self._daemon.code is not None:
            if not self._daemon.found_store_silent:
                self.deaths.append(f"{self._daemon.name} ended by itself with exit code {self._daemon.code}")
            self._live(now)
        elif self._is_due(now):
            self._interrupt(now)

    def calm(self) -> None:
        """No more of it: a frozen daemon goes on."""
        if self._thaws_at is not None:
            self._daemon.thaw()

    def _interrupt(self, now: float) -> None:
        freezes = self._rng.random() < self._freezes
        self._note("freeze" if freezes else "kill", now)
        if freezes:
            self.freezes += 1
            self._daemon.freeze()
            self._thaws_at = now + _LEASE.total_seconds() + self._rng.uniform(0.5, 3)
            return
        self.kills += 1
        self.kills_in_flight += self._world.strain.in_flight > 0
        self._daemon.kill()
        self._live(now)

    def _thaw(self, now: float) -> None:
        if self._thaws_at is not None and now >= self._thaws_at:
            self._thaws_at = None
            self._daemon.thaw()
            self._choose(now)

    def _live(self, now: float) -> None:
        self._daemon.start()
        self._choose(now)

    def _choose(self, now: float) -> None:
        """Draw the next moment, and how long after it."""
        [self._moment] = self._rng.choices(list(_MOMENTS), [weight for weight, _ in _MOMENTS.values()])
        self._delay = self._rng.uniform(0, _MOMENTS[self._moment][1])
        self._since = now if self._moment is Moment.STARTED else None
        self._runs_since: float | None = None
        self._arrived = 0

    def _is_due(self, now: float) -> bool:
        if self._since is None:
            self._since = self._reached(now)
        return self._since is not None and now >= self._since + self._delay

    def _reached(self, now: float) -> float | None:
        """When the moment was reached; None before. A daemon without work isn't waited for."""
        if self._runs_since is None:
            if not self._daemon.running:
                return None
            self._runs_since, self._arrived = now, self._world.strain.arrived
        publishing = self._world.strain.arrived > self._arrived or now > self._runs_since + _LONGEST_IDLE
        return now if self._moment is Moment.RUNNING or publishing else None

    def _note(self, what: str, now: float) -> None:
        """Write down what befalls it, for whoever has to understand a failed soak."""
        line = (
            f"{datetime.now(UTC).isoformat()} {what} {self._daemon.name}, {self._delay:.3f} s after {self._moment}, "
            f"{self._world.strain.in_flight} publishes in flight\n"
        )
        with self._daemon.log.with_name("fates.log").open("a") as file:
            file.write(line)


class Author:
    """Writes posts in bursts: as many as the kills so far allow, and as long as not too many wait to be shared."""

    def __init__(self, world: World, scenario: Scenario, *, fates: Sequence[Fate], rng: random.Random) -> None:
        self._world = world
        self._scenario = scenario
        self._fates = fates
        self._rng = rng
        self._next_at = 0.0

    @property
    def left(self) -> int:
        """How many posts are still to be written."""
        return self._scenario.posts - len(self._world.posts)

    @property
    def allowed(self) -> int:
        """How many more posts the kills so far allow; below 0 where there are more already."""
        kills = sum(fate.kills for fate in self._fates)
        return self._scenario.posts_a_kill * (kills + 1) - len(self._world.posts)

    def step(self, now: float) -> None:
        """Write a burst, or wait."""
        busy = self._world.waiting >= _BACKLOG * len(self._world.tokens)
        if now < self._next_at or busy or min(self.allowed, self.left) <= 0:
            return
        burst = self._rng.randint(1, _BURST * self._scenario.posts_a_kill)
        self._world.write(min(burst, self.left), rng=self._rng)
        self._next_at = now + self._rng.uniform(0, 1)
