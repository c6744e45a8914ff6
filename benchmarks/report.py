"""The table, for the terminal and for docs/performance.md."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.measure import Row, middle

PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN, END = "<!-- the table: written by `make bench` -->", "<!-- the end of the table -->"
HEAD = "| what | howdah | measured in turn with it | ratio | meant |\n|---|---|---|---|---|"


def line(row: Row) -> str:
    """A row of the table: medians, with the smallest and the largest of several in parentheses."""
    other = f"{row.other}: {row.missing or _with_unit(row.beside, row.unit)}" if row.other else ""
    return f"| {row.what} | {_with_unit(row.values, row.unit)} | {other} | {middle(row.ratios)} | {row.meant} |"


def write(lines: Sequence[str]) -> None:
    """Put the table into the page, in place of the one that is there."""
    text = PAGE.read_text()
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    table = "\n".join((HEAD, *lines))
    PAGE.write_text(f"{before}{BEGIN}\n\n{_circumstances()}\n\n{table}\n\n{END}{after}")


def _circumstances() -> str:
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} with Python {platform.python_version()} on {os.cpu_count()} "
        f"processors ({platform.machine()}, {platform.system()}), load averages {load} at the end."
    )


def _with_unit(values: Sequence[float], unit: str) -> str:
    return f"{middle(values)} {unit}".strip()
