"""What waits for its site in vain is found; what merely waits isn't."""

from collections.abc import Collection

import pytest
from msgspec.structs import replace

from bot.crosspost.follow import follow
from bot.crosspost.stuck import cannot_follow, end_waits, unreadable, waits_for_site
from bot.crosspost.sync import sync
from bot.domain.models import TOLD_AFTER, Share
from bot.domain.policy import OnEdit
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
    stage.site.errors["read_without_text"] = SiteUnavailableError("site uk: can't be read")
    for _ in range(times):
        stage.attend()
        stage.pass_time(HOUR)
    stage.site.read = reading  # type: ignore[method-assign]
    stage.site.errors.clear()
    return stage


def waiting(stage: Stage, *, account: str = "uk") -> tuple[Share, ...]:
    """What waits for its site in vain."""
    store = stage.store
    return waits_for_site(store, store.accounts([account]), sites=store.sites(["uk"]), now=stage.clock.now())


def test_more_than_a_few_times() -> None:
    """Once that often; the shares of accounts that aren't asked about are left out."""
    few, many = refused(TOLD_AFTER - 1), refused(TOLD_AFTER)

    assert () == waiting(few)
    assert (many.share(1),) == waiting(many)
    assert () == waiting(many, account="de")


def test_what_a_person_lets_rest_is_no_trouble() -> None:
    """Neither a site nor an account: nothing is tried there until the rest is over; a pass says nothing of it."""
    stage = refused(TOLD_AFTER)

    stage.store.rest_site("uk", until=stage.clock.now() + HOUR)
    assert () == waiting(stage)
    assert () == sync(stage.context, sites=["uk"]).problems
    stage.store.rest_site("uk", until=None)
    stage.store.rest_account("uk", until=stage.clock.now() + HOUR)
    assert () == waiting(stage)

    stage.pass_time(HOUR)
    assert (stage.share(1),) == waiting(stage)


def test_told_once(caplog: pytest.LogCaptureFixture) -> None:
    """In the log, when it comes to that."""
    refused(TOLD_AFTER + 2)

    told = [record for record in caplog.records if vars(record).get("event") == "stands_still"]
    assert ["stands still: uk: uk/1 on uk can't be read: site uk: can't be read"] == [one.getMessage() for one in told]


def test_a_site_that_stands_still(caplog: pytest.LogCaptureFixture) -> None:
    """The third look that failed is told once, too."""
    stage = Stage()
    stage.first_look()

    def fails(**_asked: object) -> None:
        raise SiteUnavailableError("site uk: down")

    stage.site.list_new = fails  # type: ignore[method-assign,assignment] # a fake of ours, changed for this test
    for _ in range(TOLD_AFTER + 2):
        stage.collect()
        stage.pass_time(HOUR)

    told = [record for record in caplog.records if vars(record).get("event") == "stands_still"]
    assert ["stands still: uk: 3 looks failed in a row: site uk: down"] == [one.getMessage() for one in told]


def test_one_that_is_shared_at_last() -> None:
    """It waits no more."""
    stage = refused(TOLD_AFTER)
    stage.attend()

    assert () == unreadable(stage.store, [stage.share(1)])


def test_a_pass_says_so() -> None:
    """It is a problem of the pass, and so of its exit code."""
    stage = refused(TOLD_AFTER - 1)

    def fails(_post_id: int, **_asked: object) -> None:
        raise SiteUnavailableError("site uk: can't be read")

    stage.site.read = fails  # type: ignore[method-assign,assignment] # a fake of ours, changed for this test

    for _ in range(2):  # the next pass comes before it is tried again, and says so, too
        assert ("uk/1 on uk can't be read, again and again: site uk: can't be read",) == sync(
            stage.context, sites=["uk"]
        ).problems


def edits_refused(times: int) -> Stage:
    """A stage on which two shared posts could not be looked at again so many times, while looks find new ones."""
    stage = Stage(account={"on_edit": OnEdit.EDIT})
    stage.first_look()
    stage.shared()
    stage.shared()

    def fails(_post_ids: Collection[int]) -> None:
        raise SiteUnavailableError("site uk: answered 403")

    stage.site.list_by_id = fails  # type: ignore[method-assign,assignment] # a fake of ours, changed for this test
    for _ in range(times):
        stage.pass_time(2 * HOUR)
        stage.collect()
        follow(stage.context, "uk")
    return stage


def test_edits_that_are_not_seen(caplog: pytest.LogCaptureFixture) -> None:
    """More than a few times: it is one problem of the pass, whatever the number of posts, and one line of the log."""
    stage = edits_refused(TOLD_AFTER - 1)
    stage.pass_time(2 * HOUR)
    done = sync(stage.context, sites=["uk"])

    said = "site uk: the status of uk/1 on uk (and 1 more) can't follow its post, 3 tries in a row failed: answered 403"
    assert (said,) == done.problems
    stage.pass_time(2 * HOUR)
    assert 1 == len(sync(stage.context, sites=["uk"]).problems)
    told = [record for record in caplog.records if vars(record).get("event") == "stands_still"]
    assert 1 == len(told)


def cannot(stage: Stage, **policy: OnEdit) -> dict[str, str]:
    """The sites that don't let statuses follow."""
    policies = [replace(posting.policy, **policy) for posting in stage.context.accounts.values()]
    return cannot_follow(stage.store, policies, sites=["uk"], now=stage.clock.now())


def test_edits_that_are_not_seen_for_another_reason() -> None:
    """A site that fails, or that a person lets rest, is told as that; what isn't wanted is no trouble.

    Neither is what waits for an account that a person lets rest.
    """
    stage = edits_refused(TOLD_AFTER)
    assert ["uk"] == list(cannot(stage))
    assert {} == cannot(stage, on_edit=OnEdit.IGNORE)

    stage.store.rest_site("uk", until=stage.clock.now() + HOUR)
    assert {} == cannot(stage)
    stage.store.rest_site("uk", until=None)
    stage.store.rest_account("uk", until=stage.clock.now() + HOUR)
    assert {} == cannot(stage)
    stage.pass_time(HOUR)
    assert ["uk"] == list(cannot(stage))
    stage.store.look_failed("uk", error="site uk: down", next_look_at=stage.clock.now())
    assert {} == cannot(stage)


def test_a_site_that_was_found_to_work() -> None:
    """What waited for it is due at once, and goes; what waits for something else stays as it is."""
    stage = refused(TOLD_AFTER)
    stage.publish()
    stage.collect()
    waits, settles = stage.share(1), stage.share(2)
    assert waits.next_attempt_at is not None
    stage.clock.forward(waits.next_attempt_at - stage.clock.now() - HOUR / 2)

    end_waits(stage.store, "uk", now=stage.clock.now())

    assert stage.clock.now() == stage.share(1).next_attempt_at
    assert settles == stage.share(2)
    assert (stage.share(1),) == waiting(stage)
    stage.attend()
    assert "shared" == stage.share(1).state
