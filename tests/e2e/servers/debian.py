"""Debian packages of any suite, unpacked into a folder and run from there with that suite's own loader.

Needs apt-get and dpkg-deb but no root: apt works in a folder of its own, as if nothing were installed, so
that what it fetches is complete. The mirror is the one that the machine's own apt uses.
"""

import os
import platform
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.e2e.servers.cache import UnavailableError

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")


def unpack(suite: str, into: Path, *, complete: Sequence[str] = (), alone: Sequence[str] = ()) -> None:
    """Unpack packages of a suite: `complete` ones with all that they depend on, `alone` ones alone."""
    _require_apt()
    work = into / "apt"
    apt = _Apt.prepare(work, suite=suite, mirror=_mirror())
    apt.run("update")
    if complete:
        apt.run("install", "--yes", "--no-install-recommends", "--download-only", *complete)
    if alone:
        apt.run("download", *alone)
    for package in [*(work / "cache/archives").glob("*.deb"), *work.glob("*.deb")]:
        _call("dpkg-deb", "-x", str(package), str(into))
    shutil.rmtree(work)
    _lead_links_home(into)


def command(root: Path, program: str) -> list[str]:
    """The command that runs a program of an unpacked suite, with the loader and libraries of that suite."""
    # Suites before trixie have the loader and the C library in /lib, the rest in /usr/lib.
    libraries = [folder for place in ("lib", "usr/lib") for folder in sorted((root / place).glob("*-linux-gnu*"))]
    loader = next(found for folder in libraries for found in folder.glob("ld-linux*.so.*"))
    return [str(loader), "--library-path", ":".join(map(str, libraries)), str(root / program)]


@dataclass(frozen=True)
class _Apt:
    """apt-get with lists, cache and sources of its own, and an empty list of installed packages."""

    work: Path
    options: tuple[str, ...]

    @classmethod
    def prepare(cls, work: Path, *, suite: str, mirror: str) -> "_Apt":
        for part in ("lists/partial", "cache/archives/partial", "parts"):
            (work / part).mkdir(parents=True)
        (work / "status").touch()
        (work / "sources.list").write_text(f"deb [signed-by={KEYRING}] {mirror} {suite} main\n")
        settings = {
            "Dir::Etc::sourcelist": work / "sources.list",
            "Dir::Etc::sourceparts": work / "parts",
            "Dir::Etc::preferences": work / "no-preferences",
            "Dir::Etc::preferencesparts": work / "parts",
            "Dir::State::lists": work / "lists",
            "Dir::State::status": work / "status",
            "Dir::State::extended_states": work / "extended_states",
            "Dir::Cache": work / "cache",
            "Dir::Log": work,
            "APT::Sandbox::User": "root",
            "APT::Update::Error-Mode": "any",
            "Acquire::Languages": "none",
            "Acquire::Retries": "3",
            "Debug::NoLocking": "1",
        }
        return cls(work, tuple(f"--option={key}={value}" for key, value in settings.items()))

    def run(self, *arguments: str) -> None:
        _call("apt-get", "--quiet=2", *self.options, *arguments, cwd=self.work)


def _require_apt() -> None:
    if platform.system() != "Linux" or not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise UnavailableError("apt-get is not here: this needs Debian")
    if not KEYRING.is_file():
        raise UnavailableError("Debian's archive keys are not here (package debian-archive-keyring)")


def _mirror() -> str:
    """The Debian mirror in the machine's own apt sources."""
    targets = _call("apt-get", "indextargets", "--no-release-info", "--format", "$(REPO_URI)", "Created-By: Packages")
    mirrors = sorted(uri for uri in set(targets.split()) if uri.rstrip("/").endswith("/debian"))
    if not mirrors:
        raise UnavailableError("apt knows no Debian mirror")
    return mirrors[0]


def _call(*command: str, cwd: Path | None = None) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise UnavailableError(f"{command[0]} failed: {said[-1] if said else f'exit {done.returncode}'}")
    return done.stdout


def _lead_links_home(root: Path) -> None:
    """Make absolute links relative, so that they stay inside; drop those whose target was not unpacked."""
    links = [path for path in root.rglob("*") if path.is_symlink()]
    for link in links:
        target = link.readlink()
        if target.is_absolute():
            link.unlink()
            link.symlink_to(os.path.relpath(root / target.relative_to("/"), link.parent))
    for link in links:
        if not link.exists():
            link.unlink()
