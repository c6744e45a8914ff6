"""How quickly the command line answers."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import PYTHON, Figure, ratios, wall


def figures() -> Iterator[Figure]:
    """`howdah --help` over `python -c pass`."""
    howdah = str(Path(PYTHON).parent / "howdah")
    yield ratios(
        "howdah --help / python -c pass (wall)",
        lambda: wall([howdah, "--help"], runs=5),
        lambda: wall([PYTHON, "-c", "pass"], runs=5),
        pairs=7,
        meant="≤ 5",
    )
