"""No version of the lock has a known vulnerability."""

import json
import sys
from pathlib import Path

import pytest

from tests import commands

pytestmark = pytest.mark.packages

LOCKS = ("requirements.lock", "requirements-build.lock")
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("lock", LOCKS)
def test_is_known_to_be_sound(lock: str) -> None:
    """Asked of PyPI's advisories. Where they can't be reached this is skipped, and the last lines of the run say so."""
    options = ["--format=json", "--progress-spinner=off", "--disable-pip", "--no-deps", f"--requirement={ROOT / lock}"]
    done = commands.run([sys.executable, "-m", "pip_audit", *options], patience=100)
    if not done.out.startswith("{"):
        pytest.skip(f"the advisories can't be had: {done.err.strip().splitlines()[-1]}")
    told = json.loads(done.out)["dependencies"]

    assert {} == {each["name"]: each["vulns"] for each in told if each.get("vulns")}
