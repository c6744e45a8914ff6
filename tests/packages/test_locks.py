"""The locks install as they are, whatever has been published since."""

import os
import re
import sys
import venv
from pathlib import Path

import pytest

from tests import commands
from tests.commands import Done
from tests.packages.index import NEWER, Index

pytestmark = pytest.mark.packages

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-build.lock", "requirements-dev.lock")
PATIENCE = 300.0


class Fresh:
    """A new virtual environment with the pip that came with this Python, and an index that offers newer releases."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder / "venv", with_pip=True, symlinks=True)
        (folder / "index").mkdir()
        index = Index(folder=folder / "index")
        self._python = str(folder / "venv/bin/python")
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PIP_")},
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(index.folder),
        }
        self._locks = [index.lock(ROOT / name) for name in LOCKS]

    def install(self, options: str) -> Done:
        """Install all locks as the Makefile does, with these options of `pip install`."""
        files = [word for lock in self._locks for word in ("-r", str(lock))]
        return self._run(self._python, "-m", "pip", "install", *options.split(), "--require-hashes", *files)

    def look(self, *arguments: str) -> Done:
        """Run another pip on it: its own one is among what the lock replaces."""
        return self._run(sys.executable, "-m", "pip", "--python", self._python, *arguments)

    def _run(self, *command: str) -> Done:
        return commands.run(command, patience=PATIENCE, environment=self._environment)


@pytest.fixture
def fresh(tmp_path: Path) -> Fresh:
    """A machine on which nothing was installed yet, next year."""
    return Fresh(tmp_path)


def options_of_makefile() -> str:
    """The options that `make setup` gives to `pip install`."""
    found = re.search(
        r"^INSTALL := \$\(BIN\)/python -m pip install (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE
    )
    assert found is not None
    return found[1]


def test_newer_releases_change_nothing(fresh: Fresh) -> None:
    """Each package is the one of the lock, and none lacks anything: the lock is complete."""
    done = fresh.install(options_of_makefile())
    checked = fresh.look("check")

    assert (0, 0) == (done.code, checked.code), done.err + checked.out
    assert NEWER not in fresh.look("list").out


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="a newer pip than 23.2 comes with this Python")
def test_without_no_deps_they_would(fresh: Fresh) -> None:
    """Pip 23.2 resolves the extras that a dependency asks for anew: this is what the option is there for."""
    done = fresh.install(options_of_makefile().replace("--no-deps", ""))

    assert 0 != done.code
    assert "all requirements must have their versions pinned" in done.err
