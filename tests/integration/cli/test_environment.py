"""Where howdah runs: with little around it."""

import os
import subprocess

import pytest

from tests.integration.cli.conftest import PATIENCE, Howdah


def bare(howdah: Howdah, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """A command with nothing in its environment but the search path, and no terminal."""
    return subprocess.run(
        howdah.command(*arguments),
        env={"PATH": os.environ["PATH"], **environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


@pytest.mark.parametrize(
    "environ",
    [{}, {"LANG": "C", "LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}],
    ids=["no HOME", "LANG=C", "ascii"],
)
def test_with_little_around_it(howdah: Howdah, environ: dict[str, str]) -> None:
    """No home, no language, no terminal: it works, and says what it can say in the letters that there are."""
    done = bare(howdah, "check", **environ)

    assert (0, "") == (done.returncode, done.stderr)
    assert "500 characters" in done.stdout
    assert "\x1b" not in done.stdout


def test_a_reader_that_has_gone(howdah: Howdah) -> None:
    """A closed pipe ends it without a word: whoever reads has seen enough."""
    howdah.run("sync")
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        howdah.command("list", "--all"), stdout=writer, stderr=subprocess.PIPE, text=True, check=False, timeout=PATIENCE
    )
    os.close(writer)

    assert "" == done.stderr
