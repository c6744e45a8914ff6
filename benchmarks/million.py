"""The same commands on a store with a million shares and on one with a thousand, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil

from benchmarks.filling import fill
from benchmarks.measure import HOWDAH, Row, paired, run
from benchmarks.stage import Stage, stage
from tests.e2e.servers.cache import UnavailableError
from tests.postgres import start

FEW, MANY = 1_000, 1_000_000
POST = "1"
COMMANDS = {
    "list": ["list"],
    "show": ["show", f"bench0/{POST}"],
    "status": ["status"],
    "sync": ["sync"],
    "share": ["share", f"bench0/{POST}", "--again"],
}
_STATE = 'url = "sqlite:///howdah.db"'


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where stores are. address: of one by its name; cpu: what its server has taken so far of the processor."""

    name: str
    address: Callable[[str], str]
    cpu: Callable[[], float]


def rows() -> Iterator[Row]:
    """Each command over itself, in seconds of the processor, the database server's included."""
    with stage(1) as here:
        yield from _at(
            here, _Place(name="SQLite", address=lambda name: f"sqlite:///{here.folder}/{name}.db", cpu=float)
        )
        try:
            with _postgresql(here.folder) as place:
                yield from _at(here, place)
        except UnavailableError as error:
            yield Row(what=f"{MANY:,} shares on PostgreSQL", unit="s", values=(), missing=str(error))


def _at(here: Stage, place: _Place) -> Iterator[Row]:
    few, many = (_filled(here, place, number) for number in (FEW, MANY))
    for name, command in COMMANDS.items():
        values, beside = paired(partial(_cpu, many, command, place), partial(_cpu, few, command, place), pairs=3)
        yield Row(
            what=f"howdah {name}, {MANY:,} shares on {place.name}, CPU",
            unit="s",
            values=values,
            other=f"{FEW:,} shares",
            beside=beside,
            meant="≤ 1.5",
        )
    backup = f"{many}.backup"
    for what in ("backup", "restore"):
        command = [HOWDAH, "--quiet", "--config", many, "db", what, backup, "--force"]
        values = tuple(run(command).wall for _ in range(3))
        yield Row(what=f"howdah db {what}, {MANY:,} shares on {place.name}, wall", unit="s", values=values)


def _filled(here: Stage, place: _Place, number: int) -> str:
    """A config for a store with so many shares, which has looked at the stage's site once."""
    address = place.address(f"shares_{number}")
    config = here.folder / f"{place.name}-{number}.toml"
    config.write_text(Path(here.config).read_text().replace(_STATE, f'url = "{address}"'))
    config.chmod(0o600)
    fill(address, number)
    run([HOWDAH, "--quiet", "--config", str(config), "sync"])
    return str(config)


def _cpu(config: str, command: list[str], place: _Place) -> float:
    before = place.cpu()
    return run([HOWDAH, "--quiet", "--config", config, *command]).cpu + place.cpu() - before


@contextmanager
def _postgresql(folder: Path) -> Iterator[_Place]:
    server = start(folder)
    pid = int((server.data / "postmaster.pid").read_text().split()[0])
    try:
        yield _Place(name="PostgreSQL", address=server.create, cpu=partial(_family_cpu, pid))
    finally:
        server.remove()


def _family_cpu(pid: int) -> float:
    """What a process, those that it has started, and those of them that have ended took of the processor."""
    first = psutil.Process(pid)
    times = [first.cpu_times()]
    ended = times[0].children_user + times[0].children_system
    times += [child.cpu_times() for child in first.children(recursive=True)]
    return float(ended + sum(one.user + one.system for one in times))
