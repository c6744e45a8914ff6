"""How it stands with accounts, in figures and in sentences."""

from datetime import datetime, time

import pytest
from msgspec.structs import replace

from bot.domain.models import FOREVER
from bot.domain.policy import QuietHours
from bot.report.health import Health, health_of
from bot.report.needs import stuck
from bot.report.sentences import account_sentences
from tests.contract.stores import add, changed
from tests.makers import DAY, HOUR, MINUTE, NOON
from tests.unit.crosspost.stage import Stage
from tests.unit.report.configured import Configured


def health(stage: Stage, **unreadable: str) -> Health:
    """How it stands now. unreadable: accounts, with why their tokens can't be read."""
    return health_of(Configured(stage), stage.store, now=stage.clock.now(), unreadable=unreadable)


def sentences(stage: Stage) -> list[str]:
    """What is said of the account."""
    found = health(stage)
    return list(account_sentences(found.accounts[0], found))


def test_edits_and_boosts_are_spent_too() -> None:
    """The instance counts them in the same window as statuses; what is read, decided or uploaded costs nothing."""
    stage = Stage()
    stage.first_look()
    share = stage.shared()
    now = stage.clock.now()
    for step in ("edit", "boost", "delete", "upload", "read"):
        share = stage.store.apply(share, changed(share, step=step, at=now), now=now)

    assert 300 - 3 == health(stage).budgets["uk"].left
    stage.clock.forward(3 * HOUR)
    assert 300 == health(stage).budgets["uk"].left


def test_quiet_hours() -> None:
    """What waits for their end is said, with when that is; where nothing waits they are nobody's concern."""
    stage = Stage(account={"quiet_hours": QuietHours(start=time(11), end=time(14), zone="UTC")})
    stage.first_look()

    assert ["ready, 300 statuses left"] == sentences(stage)

    stage.publish()
    stage.collect()

    assert ["ready, 300 statuses left", "1 post waiting for quiet_hours to end, 14:00 UTC"] == sentences(stage)


def test_what_waits_under_a_name_that_the_config_has_no_more() -> None:
    """Of a site or of an account: nobody sends it, and that is told at once; what is done is nobody's concern."""
    stage = Stage()
    stage.first_look()
    stage.shared()
    stage.publish()
    stage.collect()
    renamed = Configured(stage)
    said = []
    for site, account in (("uk", "uk"), ("uk", "herald"), ("gazette", "herald")):
        renamed.sites, renamed.accounts = (site,), (account,)
        found = health_of(renamed, stage.store, now=stage.clock.now())
        said.append([need.text.partition(" any more")[0] for need in stuck(found)])

    waits = "1 share of site uk waits on account uk, and the config has no"
    assert [[], [f"{waits} account uk"], [f"{waits} site uk"]] == said


def test_what_waits_for_a_site_that_rests_without_end() -> None:
    """It is counted, and nobody can tell when it goes; it is no trouble either, since a person wanted it so."""
    stage = Stage()
    stage.first_look()
    stage.publish()
    stage.publish()
    stage.collect()
    stage.store.rest_site("uk", until=FOREVER)
    stage.clock.forward(3 * HOUR)
    queue = health(stage).queues["uk"]

    assert (2, None) == (queue.waiting, queue.forecast)
    assert ["ready, 300 statuses left", "2 posts waiting for sites that are paused"] == sentences(stage)
    assert [] == list(stuck(health(stage)))


@pytest.fixture
def stage() -> Stage:
    """A stage on which a share is due for two hours, and the site was looked at just now."""
    stage = Stage()
    stage.first_look()
    stage.publish()
    stage.collect()
    stage.pass_time(2 * HOUR)
    stage.collect()
    return stage


def still(stage: Stage, *, working_since: datetime | None = None) -> int | None:
    """The post whose share stands still."""
    found = health_of(Configured(stage), stage.store, now=stage.clock.now(), working_since=working_since)
    return None if found.stands_still is None else found.stands_still.post_id


def test_a_share_that_stands_still(stage: Stage) -> None:
    """It is due for an hour or more, and was to whoever works since then."""
    now = stage.clock.now()

    assert 1 == still(stage)
    assert (None, 1) == (still(stage, working_since=now - 59 * MINUTE), still(stage, working_since=now - HOUR))


def test_what_rests_hides_nothing_that_stands_still(stage: Stage) -> None:
    """What waits for longer, on a site that the config has no more."""
    add(stage.store, 9, site="old", now=NOON - DAY)

    assert 1 == still(stage)


@pytest.mark.parametrize("method", ["rest_site", "rest_account", "pause"])
def test_a_share_that_something_holds_up(stage: Stage, method: str) -> None:
    """Its site or its account rests."""
    reason = {"reason": "401"} if method == "pause" else {}
    getattr(stage.store, method)("uk", until=stage.clock.now() + HOUR, **reason)

    assert still(stage) is None


def test_a_share_whose_account_has_a_rhythm(stage: Stage) -> None:
    """It waits for its turn, as its owner wants it."""
    stage.account_policy = replace(
        stage.account_policy, quiet_hours=QuietHours(start=time(11), end=time(18), zone="UTC")
    )

    assert still(stage) is None


def test_a_share_that_nobody_works_on(stage: Stage) -> None:
    """That nobody looks at its site is told: then it is no wonder."""
    stage.pass_time(2 * HOUR)

    assert still(stage) is None


def test_an_account_that_never_had_a_token() -> None:
    """It isn't ready. Where one was used before, whoever asks may merely not be let read it."""
    stage = Stage()
    found = health(stage, uk="no such file", de="none of the config's")

    assert {"uk": "no such file"} == found.tokenless
    assert ["has no token that can be read"] == list(account_sentences(found.accounts[0], found))

    stage.store.remember_token("uk", "mark", owner="this", now=NOON)
    assert {} == health(stage, uk="no such file").tokenless
