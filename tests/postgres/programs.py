"""The server's programs: Debian's package, unpacked into the cache and cut down to what a server needs.

The package's own loader and libraries run it, so that it doesn't matter which Linux this is.
"""

import os
import shutil
import subprocess
from pathlib import Path

from tests.e2e.servers import cache, debian
from tests.e2e.servers.cache import UnavailableError

VARIABLE = "HOWDAH_TEST_POSTGRESQL"
SUITE = "trixie"
NAME = f"postgresql-{SUITE}"
PROGRAMS = ("initdb", "postgres")
PACKAGE = "postgresql"  # depends on the version that the suite has

# Where it stands in the package's tree, seen from it: initdb and postgres look for each other, and for their files.
WRAPPER = """#!/bin/sh
here=${{0%/*}}
libraries=$here/../../../../../libraries
exec "$libraries/{loader}" --argv0 "$0" --library-path "$libraries" "$here/../programs/{program}" "$@"
"""


def fetch() -> Path:
    """The root of the cached tree; where it isn't there it is fetched, which takes a quarter of a minute."""
    return cache.provide(NAME, _build)


def given() -> Path | None:
    """The folder of programs that the environment names, if it does."""
    named = os.environ.get(VARIABLE)
    if not named:
        return None
    folder = Path(named)
    if not all((folder / program).is_file() for program in PROGRAMS):
        raise UnavailableError(f"{VARIABLE} has to name the folder of initdb and postgres, which {folder} is not")
    return folder


def folder_in(root: Path) -> Path:
    """Where the programs are in a fetched tree, or in a copy of it."""
    return next((root / "usr/lib/postgresql").glob("*/bin"))


def _build(root: Path) -> None:
    whole = root / "whole"
    whole.mkdir()
    debian.unpack(SUITE, whole, complete=[PACKAGE])
    home = folder_in(whole).parent.relative_to(whole)
    files = Path("usr/share/postgresql") / home.name
    shutil.copytree(whole / home / "lib", root / home / "lib", ignore=shutil.ignore_patterns("bitcode", "llvmjit*"))
    shutil.copytree(whole / files, root / files, ignore=shutil.ignore_patterns("man", "contrib"))
    for folder in (root / home / "programs", root / home / "bin", root / "libraries"):
        folder.mkdir(parents=True)
    for program in PROGRAMS:
        _take(program, whole, root, home)
    shutil.rmtree(whole)


def _take(program: str, whole: Path, root: Path, home: Path) -> None:
    """Copy one program with the libraries that it is linked to, and write what runs it."""
    loader, *rest = debian.command(whole, str(home / "bin" / program))
    listed = subprocess.run([loader, "--list", *rest], capture_output=True, text=True, check=True).stdout
    found = {word for word in listed.split() if word.startswith(str(whole))}
    for library in {*found, loader}:
        shutil.copy(library, root / "libraries" / Path(library).name)
    shutil.copy(whole / home / "bin" / program, root / home / "programs" / program)
    wrapper = root / home / "bin" / program
    wrapper.write_text(WRAPPER.format(loader=Path(loader).name, program=program))
    wrapper.chmod(0o755)
