"""Whoever packages howdah must know what comes with it: each dependency's licence is one that we agreed to."""

import re
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest

pytestmark = pytest.mark.packages

LOCK = Path(__file__).parents[2] / "requirements.lock"

# By their SPDX names, and by what older packages write in their place. LGPL: psycopg, which is an extra; MPL: certifi.
ALLOWED = {
    *("Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CNRI-Python", "ISC", "LGPL-3.0-only", "MIT", "MIT-0", "MIT-CMU"),
    *("MPL-2.0", "PSF-2.0"),
    *("Apache Software License", "BSD License", "MIT License", "Mozilla Public License 2.0 (MPL 2.0)"),
}


def locked() -> list[str]:
    """What howdah is installed with, its extras among it."""
    return sorted(set(re.findall(r"(?m)^([\w.-]+)==", LOCK.read_text())))


def licences_of(package: Distribution) -> set[str]:
    """Each licence that its metadata names: the expression, else the classifiers, else the free text."""
    told = package.metadata.get_all
    classifiers = [line.rpartition(" :: ")[2] for line in told("Classifier") or () if line.startswith("License")]
    named = told("License-Expression") or classifiers or told("License") or ["none"]
    return set(re.split(r" AND | OR ", " AND ".join(named)))


@pytest.mark.parametrize("name", locked())
def test_is_allowed(name: str) -> None:
    """A new one is read by a person first, and added to the list."""
    assert set() == licences_of(distribution(name)) - ALLOWED
