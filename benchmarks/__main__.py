"""`python -m benchmarks [NAME …] [--write]`: run these benchmarks, or all of them, and print one table.

With --write their rows take the place of the old ones in docs/performance.md.
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


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for; the exit code."""
    names = [argument for argument in arguments if argument != "--write"]
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        sys.stderr.write(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}\n")
        return 2
    # As pip does with what it installs, the peers among it; an editable installation may lack it.
    for folder in (sysconfig.get_path("purelib"), _CODE):
        compileall.compile_dir(folder, quiet=2)
    print(report.HEAD, flush=True)
    for name in names or NAMES:
        lines = []
        for row in _rows(name):
            lines.append(report.line(row))
            print(lines[-1], flush=True)
        if "--write" in arguments:
            report.write({name: lines}, order=NAMES)
    return 0


def _rows(name: str) -> Iterator[Row]:
    """The rows of a benchmark, and before them what the machine itself took for the same arithmetic."""
    yield report.machine_row(name, machine())
    rows: Callable[[], Iterator[Row]] = import_module(f"benchmarks.{name}").rows
    yield from rows()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
