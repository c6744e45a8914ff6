"""The table, for the terminal and for docs/performance.md."""

import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Row, middle

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- the table: written by `make bench` -->", "<!-- the end of the table -->"
HEAD = "| what | howdah | measured in turn with it | ratio | meant |\n|---|---|---|---|---|"
_FIRST = re.compile(r"^\| \(the machine before (\w+)")


def machine_row(name: str, values: tuple[float, ...]) -> Row:
    """The first row of a benchmark's: when it was run, on how busy a machine, and what that took for its arithmetic."""
    what = f"(the machine before {name}, {datetime.now(UTC):%Y-%m-%d}, load {os.getloadavg()[0]:.1f}"
    return Row(what=f"{what}: the same arithmetic, CPU)", unit="ms", values=values)


def line(row: Row) -> str:
    """A row of the table: medians, with the smallest and the largest of several in parentheses."""
    other = f"{row.other}: {row.missing or _with_unit(row.beside, row.unit)}" if row.other else ""
    return f"| {row.what} | {_with_unit(row.values, row.unit)} | {other} | {middle(row.ratios)} | {row.meant} |"


def write(measured: Mapping[str, Sequence[str]], *, order: Sequence[str], page: Path = PAGE) -> None:
    """Put the lines of these benchmarks into the page's table; those of others stay as they are."""
    before, _, rest = page.read_text().partition(BEGIN)
    table, _, after = rest.partition(END)
    sections = _sections(table) | dict(measured)
    lines = [line for name in order for line in sections.get(name, ())]
    page.write_text(f"{before}{BEGIN}\n\n{HEAD}\n" + "\n".join(lines) + f"\n\n{END}{after}")


def _sections(table: str) -> dict[str, list[str]]:
    """The lines of a table by the benchmark that they are of."""
    sections: dict[str, list[str]] = {}
    lines: list[str] = []
    for text in table.splitlines():
        if first := _FIRST.match(text):
            lines = sections[first[1]] = []
        if text.startswith("| "):
            lines.append(text)
    return sections


def _with_unit(values: Sequence[float], unit: str) -> str:
    return f"{middle(values)} {unit}".strip()
