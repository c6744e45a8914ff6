"""Run every benchmark and print a table: `make bench`."""

from benchmarks import composing, drain, memory, page, startup
from benchmarks.measure import Figure


def main() -> None:
    """Print each figure beside what it is meant to stay under."""
    print(f"{'figure':<58} {'median':>9} {'min':>9} {'max':>9}   meant")
    for benchmark in (startup.figures, memory.figures, composing.figures, drain.figures, page.figures):
        for figure in benchmark():
            print(_line(figure), flush=True)


def _line(figure: Figure) -> str:
    return f"{figure.name:<58} {figure.median:>9.2f} {figure.low:>9.2f} {figure.high:>9.2f}   {figure.meant}"


if __name__ == "__main__":
    main()
