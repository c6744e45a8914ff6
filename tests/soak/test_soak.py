"""The soak itself, small: so that it still works when it is needed."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tests.soak.scenario import SCENARIOS
from tests.soak.soak import Report, soak
from tests.soak.table import HEAD, details, row
from tests.soak.verdict import Verdict


@pytest.mark.e2e
class TestSmall:
    """A daemon and a person, a few posts and kills."""

    def test_nothing_twice_nothing_lost(self, tmp_path: Path) -> None:
        """Every post is on the instance once, though daemons died; what was started is gone."""
        before = psutil.Process().children(recursive=True)
        report = soak(replace(SCENARIOS["by-hand"], daemons=1, sites=2, posts=20, posts_a_kill=6), tmp_path, seed=1)

        assert (Verdict(), ()) == (report.verdict, report.troubles)
        assert 20 == report.posts
        assert report.kills >= 3
        assert report.by_hand.total() >= 1
        assert before == psutil.Process().children(recursive=True)


class TestTable:
    """What a person sees."""

    REPORT = Report(
        scenario=SCENARIOS["two"],
        accounts=4,
        posts=1000,
        kills=212,
        kills_in_flight=70,
        freezes=0,
        answers_lost=101,
        by_hand=Counter(),
        slowest_publish=0.25,
        seconds=420.4,
        verdict=Verdict(),
        troubles=(),
    )

    def test_a_good_one(self) -> None:
        """One row of figures, and how quick the instance was."""
        assert "two 2 4 4 1000 212 70 0 101 420 0 0 0 0 0" == " ".join(row(self.REPORT).split())
        assert len(HEAD) == len(row(self.REPORT))
        assert ["the instance took at most 0.25 s to do a publish"] == list(details(self.REPORT))

    def test_a_bad_one(self) -> None:
        """Each trouble and each broken promise has its line; of very many the first ones."""
        verdict = Verdict(twice=("uk/1 on herald: …",), lost=tuple(f"uk/{number}" for number in range(12)))
        report = replace(self.REPORT, by_hand=Counter(shared=2, killed=1), verdict=verdict, troubles=("a traceback",))
        said = list(details(report))

        assert not report.good
        assert ["share by hand: 1 killed, 2 shared", "a traceback", "twice: uk/1 on herald: …"] == [
            said[0],
            said[2],
            said[3],
        ]
        assert ["lost: uk/9", "lost: and 2 more"] == said[-2:]
