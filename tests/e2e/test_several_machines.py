"""Several daemons on one PostgreSQL, as on several machines."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.postgres import fresh_database
from tests.soak.scenario import SCENARIOS
from tests.soak.soak import soak
from tests.soak.verdict import Verdict

pytestmark = pytest.mark.e2e


@pytest.mark.timeout(1200)
def test_three_daemons_share_the_work(tmp_path: Path) -> None:
    """Twenty accounts and 250 posts; daemons are killed, or stopped past their lease, on an instance without keys.

    Every post is there once, and whoever was stopped sends nothing when it wakes up.
    """
    report = soak(replace(SCENARIOS["cluster"], posts=250, state=fresh_database()), tmp_path, seed=1)

    assert (Verdict(), ()) == (report.verdict, report.troubles)
    assert (20, 250) == (report.accounts, report.posts)
    assert report.kills >= 20
    assert report.freezes >= 2
