"""How it stands with accounts, in figures and in sentences."""

from datetime import time

from bot.domain.models import FOREVER
from bot.domain.policy import QuietHours
from bot.report.health import Health, health_of
from bot.report.needs import stuck
from bot.report.sentences import account_sentences
from tests.contract.stores import changed
from tests.makers import HOUR
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


def test_an_account_that_never_had_a_token() -> None:
    """It isn't ready. Where one was used before, whoever asks may merely not be let read it."""
    stage = Stage()
    found = health(stage, uk="no such file", de="none of the config's")

    assert {"uk": "no such file"} == found.tokenless
    assert ["has no token that can be read"] == list(account_sentences(found.accounts[0], found))

    stage.store.remember_token("uk", "mark")
    assert {} == health(stage, uk="no such file").tokenless
