"""How quickly the command line answers, beside a Python that does nothing."""

from collections.abc import Iterator
from functools import partial

from benchmarks.measure import HOWDAH, PYTHON, Row, paired, run
from benchmarks.stage import stage

POSTS = 100
# What each of them is meant to take at most, in seconds of the processor.
COMMANDS = {"status": "howdah ≤ 0.25 s", "list": "howdah ≤ 0.25 s", "--help": "≤ 5"}


def rows() -> Iterator[Row]:
    """`status`, `list` and `--help` over `python -c pass`, in seconds of the processor."""
    with stage(POSTS) as here:
        run([HOWDAH, "--quiet", "--config", here.config, "sync"])
        for command, meant in COMMANDS.items():
            ours = [HOWDAH, "--quiet", "--config", here.config, command]
            values, beside = paired(partial(_cpu, ours), partial(_cpu, [PYTHON, "-c", "pass"]), pairs=9)
            yield Row(
                what=f"howdah {command}, CPU",
                unit="s",
                values=values,
                other="python -c pass",
                beside=beside,
                meant=meant,
            )


def _cpu(command: list[str]) -> float:
    return run(command).cpu
