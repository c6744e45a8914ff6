"""What waits for its site in vain is found; what merely waits isn't."""

import pytest

from bot.crosspost.stuck import STUBBORN, end_waits, unreadable, waits_for_site
from bot.crosspost.sync import sync
from bot.errors import SiteUnavailableError
from tests.makers import HOUR
from tests.unit.crosspost.stage import Stage


def refused(times: int) -> Stage:
    """A stage on which a post could not be read so many times."""
    stage = Stage()
    stage.first_look()
    stage.publish()
    stage.collect()
    reading = stage.site.read

    def fails(_post_id: int, **_asked: object) -> None:
        raise SiteUnavailableError("site uk: can't be read")

    stage.site.read = fails  # type: ignore[method-assign,assignment] # a fake of ours, changed for this test
    for _ in range(times):
        stage.attend()
        stage.pass_time(HOUR)
    stage.site.read = reading  # type: ignore[method-assign]
    return stage


def test_more_than_a_few_times() -> None:
    """Once that often; the shares of accounts that aren't asked about are left out."""
    few, many = refused(STUBBORN - 1), refused(STUBBORN)

    assert () == waits_for_site(few.store, ["uk"])
    assert (many.share(1),) == waits_for_site(many.store, ["uk"])
    assert () == waits_for_site(many.store, ["de"])


def test_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """In the log, when it comes to that."""
    refused(STUBBORN + 2)

    told = [record for record in caplog.records if vars(record).get("event") == "stands_still"]
    assert ["stands still: uk: uk/1 on uk can't be read: site uk: can't be read"] == [one.getMessage() for one in told]


def test_a_site_that_stands_still(caplog: pytest.LogCaptureFixture) -> None:
    """The third look that failed is told once, too."""
    stage = Stage()
    stage.first_look()

    def fails(**_asked: object) -> None:
        raise SiteUnavailableError("site uk: down")

    stage.site.list_new = fails  # type: ignore[method-assign,assignment] # a fake of ours, changed for this test
    for _ in range(STUBBORN + 2):
        stage.collect()
        stage.pass_time(HOUR)

    told = [record for record in caplog.records if vars(record).get("event") == "stands_still"]
    assert ["stands still: uk: 3 looks failed in a row: site uk: down"] == [one.getMessage() for one in told]


def test_one_that_is_shared_at_last() -> None:
    """It waits no more."""
    stage = refused(STUBBORN)
    stage.attend()

    assert () == unreadable(stage.store, [stage.share(1)])


def test_a_pass_says_so() -> None:
    """It is a problem of the pass, and so of its exit code."""
    stage = refused(STUBBORN - 1)

    def fails(_post_id: int, **_asked: object) -> None:
        raise SiteUnavailableError("site uk: can't be read")

    stage.site.read = fails  # type: ignore[method-assign,assignment] # a fake of ours, changed for this test

    assert ("uk/1 on uk can't be read, again and again: site uk: can't be read",) == sync(
        stage.context, sites=["uk"]
    ).problems


def test_a_site_that_was_found_to_work() -> None:
    """What waited for it is due at once, and goes; what waits for something else stays as it is."""
    stage = refused(STUBBORN)
    stage.publish()
    stage.collect()
    waits, settles = stage.share(1), stage.share(2)
    assert waits.next_attempt_at is not None
    stage.clock.forward(waits.next_attempt_at - stage.clock.now() - HOUR / 2)

    end_waits(stage.store, "uk", now=stage.clock.now())

    assert stage.clock.now() == stage.share(1).next_attempt_at
    assert settles == stage.share(2)
    assert (stage.share(1),) == waits_for_site(stage.store, ["uk"])
    stage.attend()
    assert "shared" == stage.share(1).state
