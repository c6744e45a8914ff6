"""The bill of materials: what comes with howdah, in a format that tools read."""

import json
import re
from pathlib import Path

import pytest

from tests import commands

pytestmark = [pytest.mark.packages, pytest.mark.timeout(600)]

ROOT = Path(__file__).parents[2]
PATIENCE = 500.0
# A line of the lock without a marker: what every machine gets.
_EVERYWHERE = re.compile(r"(?m)^([\w.-]+)==(\S+) \\$")


def test_it_has_what_the_lock_has() -> None:
    """Each package by its name and version, with a licence; and nothing that only builds or tests."""
    done = commands.run(["make", "sbom"], patience=PATIENCE, cwd=ROOT)
    assert 0 == done.code, done.err
    bill = json.loads((ROOT / "dist/howdah.cdx.json").read_text())
    listed = {(canonical(one["name"]), one["version"]) for one in bill["components"]}
    locked = (ROOT / "requirements.lock").read_text()

    assert "CycloneDX" == bill["bomFormat"]
    assert "howdah" == bill["metadata"]["component"]["name"]
    assert set(_EVERYWHERE.findall(locked)) <= listed
    assert listed <= set(re.findall(r"(?m)^([\w.-]+)==([^\s;]+)", locked))
    assert [] == [one["name"] for one in bill["components"] if not one.get("licenses")]


def canonical(name: str) -> str:
    """A package's name as the lock has it."""
    return re.sub(r"[-_.]+", "-", name).lower()
