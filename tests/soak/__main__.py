"""`python -m tests.soak`: every scenario at full size, or one of them; exit code 1 where a promise was broken."""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.soak.scenario import SCENARIOS, Scenario
from tests.soak.soak import Report, soak
from tests.soak.table import HEAD, details, row


def main(arguments: Sequence[str]) -> int:
    """Run what was asked for and print a table; the exit code."""
    asked = _parser().parse_args(arguments)
    chosen = [SCENARIOS[name] for name in asked.scenario or SCENARIOS]
    _say(HEAD)
    good = [_run(_changed(scenario, asked), seed=asked.seed) for scenario in chosen]
    return 0 if all(good) else 1


def _run(scenario: Scenario, *, seed: int) -> bool:
    """Run one scenario; its folder is kept where anything went wrong."""
    path = Path(tempfile.mkdtemp(prefix=f"howdah-soak-{scenario.name}-"))
    try:
        report = soak(scenario, path, seed=seed)
    except BaseException:
        _say(f"{scenario.name}: broken off; see {path}")
        raise
    _tell(report, path)
    if report.good:
        shutil.rmtree(path)
    return report.good


def _tell(report: Report, path: Path) -> None:
    _say(row(report))
    for line in details(report):
        _say(f"    {line}")
    if not report.good:
        _say(f"    see {path}")


def _changed(scenario: Scenario, asked: argparse.Namespace) -> Scenario:
    """The scenario as the command line wants it."""
    return replace(scenario, posts=asked.posts or scenario.posts, state=asked.state or scenario.state)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--scenario", action="append", choices=SCENARIOS, help="this one; may be given several times")
    parser.add_argument("--posts", type=int, help="so many posts instead of the scenario's own number")
    parser.add_argument("--state", default="", help="the URL of an empty store, instead of an SQLite file")
    parser.add_argument("--seed", type=int, default=1, help="of everything that is drawn")
    return parser


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
