"""What becomes of recorded posts under three templates on two families of servers; each golden was read by eye.

`python -m tests.golden` writes them anew.
"""

from pathlib import Path

import pytest

from tests.golden.statuses import GOLDENS, RECORDS, cases, golden_of, statuses_of


def named(case: Path) -> str:
    """The name of a recorded post."""
    return str(case.relative_to(RECORDS).with_suffix(""))


@pytest.mark.parametrize("case", cases(), ids=named)
def test_golden(case: Path) -> None:
    """Each recorded post makes the statuses that stand in its golden file."""
    assert golden_of(case).read_text(encoding="utf-8") == statuses_of(case)


def test_all_are_there() -> None:
    """No record without its golden file, and no golden file without its record."""
    assert set(GOLDENS.glob("*/*.txt")) == set(map(golden_of, cases()))
    assert len(cases()) >= 69
