"""Measure and simulate what bounds howdah: `python -m benchmarks.capacity`, or `--write` to put it into the page.

The tables of docs/capacity.md are made here, each between a comment with its name and the next one.
"""

import argparse
import logging
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.capacity import costs
from benchmarks.capacity.costs import Costs
from benchmarks.capacity.installation import Installation, Work, of_hundred, seconds_until_sent, simulate

PAGE = Path("docs/capacity.md")
_INSTALLATIONS = {
    "one machine": Installation(machines=1),
    "two machines": Installation(machines=2),
    "three machines": Installation(),
    "three machines, one of them dies": Installation(dies_at=7200),
    "one machine, sites take 1.2 s to answer": Installation(machines=1, answer=1.2),
    "three machines, sites take 1.2 s to answer": Installation(answer=1.2),
    "one machine, polled every 5 minutes": Installation(machines=1, poll_every=300),
    "one machine, every tenth site silent": Installation(machines=1, silent=0.1),
    "one machine, ten times as many posts": Installation(machines=1, posts_a_day=50),
    "three machines, 20,000 sites": Installation(sites=20_000, accounts=4_000),
    "three machines, 40,000 sites": Installation(sites=40_000, accounts=8_000),
}
_COSTS = ("", "SQLite", "PostgreSQL", "of that in the database's server")
_RESULTS = (
    "",
    "looks a second",
    "a due look waits",
    "seen after",
    "shared after",
    "core of a machine",
    "core of the database",
    "left over",
)


def main() -> int:
    """Measure, simulate, and print the tables or write them into the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.capacity", description=__doc__)
    parser.add_argument("--write", action="store_true", help=f"put the tables into {PAGE}")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)  # what is shared meanwhile is of no interest
    tables = dict(_tables())
    if asked.write:
        PAGE.write_text(_filled(PAGE.read_text(encoding="utf-8"), tables), encoding="utf-8")
    for name, lines in tables.items():
        sys.stdout.write(f"{name}\n\n" + "\n".join(lines) + "\n\n")
    return 0


def _tables() -> Iterator[tuple[str, list[str]]]:
    yield "account", _rows(("posts at once", "without images", "each with an image"), _account_rows())
    postgresql = costs.on_postgresql()
    handshake = costs.of_a_handshake() or 0.0
    if postgresql is None:
        sys.exit("PostgreSQL can't be had here: nothing was measured")
    yield "costs", _rows(_COSTS, _cost_rows(costs.on_sqlite(), postgresql, handshake, costs.of_a_poll()))
    work = Work(
        quiet=_with(postgresql.quiet, handshake),
        recorded=_with(postgresql.recorded, handshake),
        status=_with(postgresql.status, 3 * handshake),  # the site, the upload and the publish
        tick=postgresql.tick,
    )
    yield (
        "installations",
        _rows(_RESULTS, (_installation_row(name, installation, work) for name, installation in _INSTALLATIONS.items())),
    )


def _with(cost: tuple[float, float], more: float) -> tuple[float, float]:
    return cost[0] + more, cost[1]


def _account_rows() -> Iterator[tuple[str, ...]]:
    for posts in (10, 30, 60, 100, 300, 600, 1000):
        taken = [seconds_until_sent(posts, each=2.0, pictured=pictured) for pictured in (False, True)]
        yield (f"{posts:,}", *(_time(seconds) for seconds in taken))


def _cost_rows(sqlite: Costs, postgresql: Costs, handshake: float, poll: float | None) -> Iterator[tuple[str, ...]]:
    for name, field in (
        ("a look that finds nothing new", "quiet"),
        ("such a look when it is recorded, every five minutes", "recorded"),
        ("a status without an image", "status"),
        ("a tick, once a second, with 10,000 sites and 2,000 accounts", "tick"),
    ):
        here, (there, server) = getattr(sqlite, field), getattr(postgresql, field)
        yield name, f"{here[0]:.1f} ms", f"{there + server:.1f} ms", f"{server:.1f} ms"
    yield "the TLS handshake that each of them needs besides", f"{handshake:.1f} ms", f"{handshake:.1f} ms", ""
    if poll is not None:
        yield "what a look costs WordPress (PHP, with its database)", f"{poll:.0f} ms", f"{poll:.0f} ms", ""


def _installation_row(name: str, installation: Installation, work: Work) -> tuple[str, ...]:
    result = simulate(installation, work)
    looks = result.looks / (installation.seconds - installation.uncounted)
    spread = [_spread(values) for values in (result.late, result.seen, result.shared)]
    return (
        name,
        f"{looks:.0f}",
        *spread,
        f"{100 * result.cores:.0f} %",
        f"{100 * result.database:.0f} %",
        str(result.unsent),
    )


def _spread(values: list[float]) -> str:
    """The middle, and what 99 of 100 stay under."""
    return f"{_time(of_hundred(values, 50))} / {_time(of_hundred(values, 99))}"


def _time(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def _rows(named: Iterable[str], rows: Iterable[tuple[str, ...]]) -> list[str]:
    head = list(named)
    return [_row(head), "|" + "---|" * len(head), *(_row(row) for row in rows)]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _filled(page: str, tables: dict[str, list[str]]) -> str:
    for name, lines in tables.items():
        place = re.compile(rf"<!-- {name} -->.*?<!-- end -->", re.DOTALL)
        before, after = place.split(page)
        page = before + "\n".join([f"<!-- {name} -->", "", *lines, "", "<!-- end -->"]) + after
    return page


if __name__ == "__main__":
    sys.exit(main())
