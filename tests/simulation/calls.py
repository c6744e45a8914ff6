"""A process's calls to its ports: each is a turn, and a point where fate may kill, pause or let down the process."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from bot.domain.models import Limits, MediaFile
from bot.errors import StoreError
from tests.fakes.fitter import FakeFitter
from tests.simulation.scenario import Ill, Scenario
from tests.simulation.world import MINUTE, SECOND, Killed, Process, World

T = TypeVar("T")
# Where order matters most, processes die most.
_HOT = {"begin": 8, "publish": 8, "apply": 6, "add": 6, "lease": 2, "release": 2, "upload": 3, "remade": 8}
_HOT |= {"edit": 8, "delete": 8, "keep_following": 6, "send": 8, "end_write": 6}
_ELSE = "another call"
_KILL, _PAUSE, _STORE = 0.004, 0.004, 0.01
# How many of the pictures have to be made anew.
_ANEW = 0.3


class Caller:
    """Makes the calls of one process. on_kill is told when fate ends it."""

    def __init__(self, process: Process, world: World, settings: Scenario, *, on_kill: Callable[[], None]) -> None:
        self.process = process
        self.world = world
        self._settings = settings
        self._on_kill = on_kill
        self._jitter = world.random(f"fate of {process.name}")

    def call(self, what: str, arguments: tuple[Any, ...], named: Mapping[str, Any], work: Callable[[], T]) -> T:
        """Make a call when its turn comes."""
        world = self.world
        world.sleep(self._jitter.randint(0, 30))
        self._befall(what, "before")
        world.events += 1
        try:
            result = work()
        except Killed:
            raise
        except Exception as error:
            world.trace.call(world.ms, self.process.name, what, arguments=arguments, named=named, result=error)
            raise
        world.trace.call(world.ms, self.process.name, what, arguments=arguments, named=named, result=result)
        self._befall(what, "after")
        return result

    def let_down(self, what: str) -> str:
        """Whether the store fails this call: "before" or "after" its effect, '' where it doesn't."""
        if (
            self.world.calm
            or not self._settings.has(Ill.STORE)
            or self._jitter.random() >= _STORE * self._settings.harshness
        ):
            return ""
        when = self._jitter.choice(("before", "after"))
        self.world.strike(f"store error {when} {what if what in _HOT else _ELSE}")
        return when

    def _befall(self, what: str, when: str) -> None:
        world, settings = self.world, self._settings
        if world.calm:
            return
        method = what.rpartition(".")[2]
        often = settings.harshness * _HOT.get(method, 1)
        if settings.has(Ill.KILLS) and self._jitter.random() < _KILL * often:
            world.strike(f"killed {when} {method if method in _HOT else _ELSE}")
            world.trace.note(world.ms, self.process.name, f"KILLED {when} {what}")
            self._on_kill()
            raise Killed
        if settings.has(Ill.PAUSES) and self._jitter.random() < _PAUSE * often:
            world.strike(f"paused {when} {method if method in _HOT else _ELSE}")
            length = self._jitter.choice((2 * SECOND, 8 * SECOND, 20 * SECOND, 2 * MINUTE))
            world.trace.note(world.ms, self.process.name, f"PAUSED for {length} ms {when} {what}")
            self.process.paused_until = world.ms + length
            world.sleep(0)


class SimulatedStore:
    """The real store, as one process calls it. watch is told of each call that was made, with its result."""

    def __init__(self, store: Any, caller: Caller, *, watch: Callable[[str, tuple[Any, ...], Any], None]) -> None:
        self._store = store
        self._caller = caller
        self._watch = watch

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._store, name)
        if name in _INSTANT:
            return method

        def call(*arguments: Any, **named: Any) -> Any:
            return self._caller.call(f"store.{name}", arguments, named, lambda: self._do(name, arguments, named))

        setattr(self, name, call)
        return call

    def _do(self, name: str, arguments: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
        down = self._caller.let_down(name)
        if down == "before":
            raise StoreError("the state store can't be used: simulated, nothing was done")
        result = getattr(self._store, name)(*arguments, **named)
        if name not in _READS:
            self._caller.world.changed = True
        self._watch(name, arguments, result)
        if down == "after":
            raise StoreError("the state store can't be used: simulated, but it was done")
        return result


_READS = frozenset(
    "account attempts due due_accounts due_sites get has_found_statuses known_status_ids newest_seen seen sending "  # noqa: SIM905
    "sent_at shares site sites statuses_with unknown_due uploaded_at".split()
)
_INSTANT = frozenset({"origin"})


class SimulatedFitter(FakeFitter):
    """The fitter of one process: some pictures have to be made anew, and a process may be killed within."""

    def __init__(self, caller: Caller) -> None:
        super().__init__()
        self._caller = caller
        self._jitter = caller.world.random(f"pictures of {caller.process.name}")

    def whole(self, file: MediaFile, limits: Limits) -> MediaFile | None:
        """The file, mostly."""
        return None if self._jitter.random() < _ANEW else super().whole(file, limits)

    def remade(self, file: MediaFile, limits: Limits) -> MediaFile:
        """A print, unless the process dies of it."""
        make = super().remade
        return self._caller.call("fitter.remade", (len(file.data),), {}, lambda: make(file, limits))
