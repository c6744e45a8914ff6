"""`python -m benchmarks [NAME …]`: run these benchmarks, or all of them, and print one table.

All of them together also write the table into docs/performance.md.
"""

import compileall
import sys
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path

from benchmarks import report
from benchmarks.measure import Row, machine

NAMES = (
    "passes",
    "commands",
    "composing",
    "poll",
    "memory",
    "million",
    "page",
    "hanging",
    "thousand",
    "growth",
    "several",
)
_CODE = Path(__file__).parents[1] / "bot"


def main(names: Sequence[str]) -> int:
    """Run what was asked for; the exit code."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        sys.stderr.write(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}\n")
        return 2
    # As pip does with what it installs, the peers among it; an editable installation may lack it.
    for folder in (sysconfig.get_path("purelib"), _CODE):
        compileall.compile_dir(folder, quiet=2)
    print(report.HEAD, flush=True)
    lines = []
    for row in _rows(names or NAMES):
        lines.append(report.line(row))
        print(lines[-1], flush=True)
    if not names:
        report.write(lines)
    return 0


def _rows(names: Sequence[str]) -> Iterator[Row]:
    """The rows of each benchmark, and what the machine itself took for the same arithmetic before it."""
    for name in names:
        yield Row(what=f"(the machine itself, before {name}: the same arithmetic, CPU)", unit="ms", values=machine())
        rows: Callable[[], Iterator[Row]] = import_module(f"benchmarks.{name}").rows
        yield from rows()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
