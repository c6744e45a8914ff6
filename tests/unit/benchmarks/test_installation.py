"""The simulated installation: what its figures stand on."""

from dataclasses import replace

import pytest

from benchmarks.capacity.installation import Installation, Work, of_hundred, seconds_until_sent, simulate

WORK = Work(quiet=(2.0, 0.5), recorded=(8.0, 3.0), status=(10.0, 4.0), tick=(60.0, 20.0))
SMALL = Installation(
    sites=50, accounts=10, machines=2, posts_a_day=100, silent=0, images=0.5, seconds=7200, uncounted=0
)
HOUR = 3600.0


@pytest.mark.parametrize("dies_at", [0.0, HOUR])
def test_every_post_is_seen_and_shared(dies_at):
    """Also where a machine dies amid its work: nothing that is older than ten minutes is left over."""
    result = simulate(replace(SMALL, dies_at=dies_at), WORK)

    assert result.unsent == 0
    assert result.shared


def test_a_post_is_shared_after_a_poll_and_the_time_to_settle():
    """Half a poll and a minute in the middle, a poll and a minute and what the servers take at the most."""
    result = simulate(SMALL, WORK)

    assert 60 + 30 < of_hundred(result.shared, 50) < 60 + 90
    assert max(result.seen) < 120 + 20


def test_too_few_threads_make_looks_late():
    """Ten sites that take minutes to answer, and one thread for them."""
    busy = Installation(sites=10, accounts=1, machines=1, threads=1, answer=20, silent=0, seconds=7200, uncounted=0)

    assert of_hundred(simulate(busy, WORK).late, 50) > 30


@pytest.mark.parametrize(
    ("posts", "pictured", "least", "most"),
    [(30, True, 0, 120), (31, True, 1800, 1900), (300, False, 0, 601), (301, False, 3 * HOUR, 3 * HOUR + 60)],
)
def test_an_account_sends_within_its_windows(posts, pictured, least, most):
    """30 uploads in half an hour, 300 statuses in three hours; the next one waits until a window opens."""
    assert least <= seconds_until_sent(posts, each=2.0, pictured=pictured) <= most
