"""People who share by hand while the daemons are killed: `howdah share`, now and then killed as well."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from tests.soak.daemons import Folder, Running
from tests.soak.world import World

_LONGEST_PAUSE = 4.0  # seconds between two posts


class Hand:
    """A person who runs `howdah share` for one random post after the other; now and then it is killed.

    outcomes counts "shared", "refused" (it is shared already), "undone" (anything else with exit code 1) and "killed".
    """

    def __init__(self, name: str, folder: Folder, world: World, *, rng: random.Random) -> None:
        self.outcomes: Counter[str] = Counter()
        self.troubles: list[str] = []
        self._name = name
        self._folder = folder
        self._world = world
        self._rng = rng
        self._process: Running | None = None
        self._begins_at = 0.0
        self._killed_at = 0.0

    def step(self, now: float) -> None:
        """Begin to share, look whether it is done, or kill it."""
        if self._process is None:
            self._begin(now)
        elif self._process.code is not None:
            self._end(self._process)
            self._begins_at = now + self._rng.uniform(0, _LONGEST_PAUSE)
        elif now >= self._killed_at:
            self._process.kill()
            self._process = None
            self.outcomes["killed"] += 1

    def finish(self) -> None:
        """Let what runs come to its end."""
        if self._process is not None:
            self._process.wait()
            self._end(self._process)

    def close(self) -> None:
        """Kill what still runs."""
        if self._process is not None:
            self._process.kill()

    def _begin(self, now: float) -> None:
        if now < self._begins_at or not self._world.posts:
            return
        newest_first = list(reversed(self._world.posts))
        post = self._rng.choice(newest_first[: self._rng.choice((5, 50, len(newest_first)))])
        self._killed_at = now + self._rng.choice((self._rng.uniform(0, 3), 60.0, 60.0))
        log = self._folder.path / f"{self._name}-{self.outcomes.total()}.log"
        self._process = self._folder.start("share", post, log=log)

    def _end(self, process: Running) -> None:
        self._process = None
        outcome = _outcome(process)
        self.outcomes[outcome] += 1
        if outcome == "wrong":
            self.troubles.append(f"howdah share: exit code {process.code}: {process.log[-500:]}")


def _outcome(process: Running) -> str:
    if process.code == 0:
        return "shared"
    if process.code != 1 or "Traceback" in process.log:
        return "wrong"
    return "refused" if "is shared already" in process.log else "undone"


@contextmanager
def hands_of(folder: Folder, world: World, *, number: int, seed: int) -> Iterator[list[Hand]]:
    """So many people; nothing that they started outlives the block."""
    hands = [Hand(f"hand{one}", folder, world, rng=random.Random(f"hand{one} {seed}")) for one in range(1, number + 1)]
    try:
        yield hands
    finally:
        for hand in hands:
            hand.close()
