"""What is built of this folder, and installed elsewhere."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import venv
from pathlib import Path

import pytest

from tests import commands

pytestmark = [pytest.mark.packages, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
PATIENCE = 500.0


def build(folder: Path, *, time: int) -> dict[str, str]:
    """Build wheel and sdist from a copy of what is under version control: the hash of each, by its name.

    time: when each file of the copy was changed last, in seconds since 1970.
    """
    for name in subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.split(
        b"\0"
    ):
        if name and (ROOT / name.decode()).is_file():
            copy = folder / "source" / name.decode()
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name.decode(), copy)
            os.utime(copy, (time, time))
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder / "built")]
    done = commands.run(command, patience=PATIENCE, cwd=folder / "source")
    assert 0 == done.code, done.err
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (folder / "built").iterdir()}


def test_twice_the_same(tmp_path: Path) -> None:
    """Whoever builds it anew elsewhere and at another time can compare."""
    first, second = build(tmp_path / "a", time=1_000_000_000), build(tmp_path / "b", time=1_500_000_000)

    assert first == second
    assert [".gz", ".whl"] == sorted(Path(name).suffix for name in first)


def test_the_sdist_has_what_the_repository_has(tmp_path: Path) -> None:
    """Whoever packages it runs the tests, and `make`, from there; only what is for its developers is left out."""
    build(tmp_path, time=1_000_000_000)
    [sdist] = (tmp_path / "built").glob("*.gz")
    with tarfile.open(sdist) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    source = tmp_path / "source"
    tracked = {str(path.relative_to(source)) for path in source.rglob("*") if path.is_file()}

    assert {".ci/run", ".pre-commit-config.yaml"} == tracked - packed
    assert {"PKG-INFO"} == packed - tracked


@pytest.mark.parametrize(("suffix", "extras"), [(".whl", ""), (".gz", "[alerts,postgres,web]")], ids=["wheel", "sdist"])
def test_installs_into_a_clean_folder(tmp_path: Path, suffix: str, extras: str) -> None:
    """With pip alone, by the versions of the lock: what was built has all that it needs, and the demo runs."""
    build(tmp_path, time=1_000_000_000)
    [built] = [path for path in (tmp_path / "built").iterdir() if path.suffix == suffix]
    venv.create(tmp_path / "venv", with_pip=True, symlinks=True)
    bin_folder = tmp_path / "venv/bin"
    constraints = tmp_path / "constraints.txt"
    constraints.write_text(re.sub(r" \\\n    --hash=.*", "", (ROOT / "requirements.lock").read_text()))
    install = [str(bin_folder / "pip"), "install", "--quiet", "--constraint", str(constraints), f"{built}{extras}"]
    installed = commands.run(install, patience=PATIENCE)
    assert 0 == installed.code, installed.err
    demo = commands.run([str(bin_folder / "howdah"), "demo", "--once"], patience=PATIENCE, cwd=tmp_path)

    assert 0 == demo.code, demo.err
    assert "shared" in demo.out
