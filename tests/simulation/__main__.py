"""Run the simulator: `python -m tests.simulation --seed 4711`, or `--seeds 0-9999 --jobs 2`."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from tests.simulation.runner import Run, run

_TELL_EVERY = 1000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what is asked for; 1 where a promise was broken."""
    asked = _parser().parse_args(arguments)
    if asked.seed is not None:
        return _one(asked.seed)
    first, _, last = asked.seeds.partition("-")
    return _many(range(int(first), int(last or first) + 1), jobs=asked.jobs)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="run one seed and print all that happened")
    parser.add_argument("--seeds", default="0-99", help="run these, and print only what went wrong (0-99)")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes to run them in")
    return parser


def _one(seed: int) -> int:
    done = run(seed, last=None)
    say("\n".join(done.trace))
    say(f"seed {seed}: {done.events} calls, {done.statuses} statuses; {_verdict(done)}")
    return 1 if done.violations else 0


def _many(seeds: range, *, jobs: int) -> int:
    began, events, statuses, broken = time.perf_counter(), 0, 0, 0
    struck: Counter[str] = Counter()
    with ProcessPoolExecutor(jobs) as pool:
        for number, done in enumerate(pool.map(run, seeds, chunksize=10), 1):
            events += done.events
            statuses += done.statuses
            struck += done.struck
            if done.violations:
                broken += 1
                say(f"seed {done.seed}: {_verdict(done)}", flush=True)
            if number % _TELL_EVERY == 0:
                say(f"… {number} seeds", flush=True)
    seconds = time.perf_counter() - began
    for fault, count in sorted(struck.items()):
        say(f"{count:8d}  {fault}")
    say(f"{len(seeds)} seeds in {seconds:.0f} s ({1000 * seconds * jobs / len(seeds):.0f} ms of a core each):")
    say(f"{events} calls of ports, {statuses} statuses, {sum(struck.values())} faults; {broken} seeds broke a promise")
    return 1 if broken else 0


def _verdict(done: Run) -> str:
    return "; ".join(map(str, done.violations)) or "every promise was kept"


def say(text: str, *, flush: bool = False) -> None:
    """A line for whoever runs this."""
    sys.stdout.write(text + "\n")
    if flush:
        sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
