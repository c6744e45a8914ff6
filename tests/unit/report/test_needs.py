"""What needs a person: nothing stands still in silence."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.models import AccountState, SiteState, State
from bot.domain.transitions.change import REFUSES, TOKENLESS
from bot.report.health import Health
from bot.report.needs import Need, found_needs, overdue
from tests.makers import DAY, HOUR, MINUTE, NOON, share

SITE = SiteState(name="uk", looked_at=NOON, activated_at=NOON, next_look_at=NOON + MINUTE)


def health(*sites: SiteState, **fields: object) -> Health:
    """How it stands with these sites at noon, and with nothing else unless told."""
    usual: dict[str, object] = {"accounts": (), "budgets": {}, "queues": {}, "counts": {}, "oldest_pending": None}
    every = {site.name: 2 * MINUTE for site in sites}
    return Health(now=NOON, sites=sites, **{**usual, "poll_every": every, **fields})  # type: ignore[arg-type]


def texts(of: Health) -> list[str]:
    """What is said."""
    return [need.text for need in found_needs(of)]


def test_all_is_well() -> None:
    """A site that is looked at in time, or a little late, needs nobody; `howdah sync` may be called by the hour."""
    assert [] == texts(health(SITE))
    assert [] == texts(health(replace(SITE, next_look_at=NOON - HOUR)))


@pytest.mark.parametrize(
    ("due", "said"),
    [(NOON - 3 * HOUR, "a look was due 3 h ago"), (None, "no site was ever looked at")],
)
def test_nobody_works(due: datetime | None, said: str) -> None:
    """Where no site is looked at, that has one cause: no daemon runs, and nobody calls `sync`."""
    late = replace(SITE, next_look_at=due)

    assert [f"nothing is at work: {said}; start `howdah run`, or let cron call `howdah sync`"] == texts(
        health(late, replace(late, name="de"))
    )


def test_one_site_that_nobody_looks_at() -> None:
    """The daemon works, by a config of before."""
    fresh = SiteState(name="de")

    [said] = texts(health(SITE, fresh))
    assert said.startswith("site de is new, and nobody looks: reload the daemon (SIGHUP), or start `howdah run`, or")


def test_a_slow_rhythm_explains_itself() -> None:
    """Who looks once a day is late after three days."""
    late = replace(SITE, next_look_at=NOON - 2 * DAY)

    assert () == overdue(health(late, poll_every={"uk": DAY}))
    assert (late,) == overdue(health(late, poll_every={"uk": timedelta(hours=12)}))


def test_what_a_person_lets_rest_is_not_late() -> None:
    """It is meant so."""
    resting = replace(SITE, next_look_at=NOON - DAY, rests_until=NOON + DAY)

    assert [] == texts(health(resting))


def test_a_first_look_that_failed() -> None:
    """At once: nothing is known of the site, and nothing will be shared. The site is named once."""
    failed = SiteState(name="uk", failures=1, error="site uk: no answer", next_look_at=NOON)

    assert ["site uk: the first look failed, so that nothing is known of it yet: no answer"] == texts(health(failed))


def test_a_site_that_fails_again_and_again() -> None:
    """Two failures may mend themselves, three don't."""
    said = [texts(health(replace(SITE, failures=number, error="no answer"))) for number in (2, 3)]

    assert [[], ["site uk failed 3 times in a row: no answer"]] == said


@pytest.mark.parametrize(
    ("pauses", "reason", "needed"),
    [
        (1, f"{REFUSES} (401): revoked", True),
        (1, f"nothing can be sent now: the instance was not asked, {TOKENLESS}: no file", True),
        (1, "no answer", False),
        (3, "no answer", True),
    ],
)
def test_an_account_that_does_not_mend_itself(pauses: int, reason: str, needed: bool) -> None:
    """A token that is refused or can't be read is told at once, what may pass only when it doesn't."""
    account = AccountState(name="uk", pauses=pauses, pause_reason=reason, paused_until=NOON + HOUR)

    assert needed is bool(texts(health(SITE, accounts=(account,))))


def test_what_waits_for_its_site_in_vain() -> None:
    """The shares of one site together, with what to do."""
    waiting = share(error="site uk: post 7 can't be read")

    assert [
        Need(
            kind="queue",
            name="uk",
            text="uk/7 on uk (and 1 more) can't be read, again and again: site uk: post 7 can't be read; mend it, or "
            "drop it with `howdah skip uk/7`",
            share=waiting,
        )
    ] == list(found_needs(health(SITE, waits_for_site=(waiting, replace(waiting, post_id=8)))))


def test_a_status_that_does_not_follow_its_post() -> None:
    """A refused edit, with what to do."""
    refused = share(state=State.SHARED, error="edit: refused (422): not today")

    expected = (
        "uk/7 on uk doesn't follow its post: edit: refused (422): not today; mend it with `howdah edit` or `howdah "
        "delete`, or leave it so with `howdah skip uk/7`"
    )
    assert [expected] == texts(health(SITE, unfollowed=(refused,)))


def test_a_daemon_that_has_just_begun_is_at_work() -> None:
    """What was due before is due to it since it began: a restart after a long time is no trouble."""
    late = replace(SITE, next_look_at=NOON - DAY)
    new = SiteState(name="uk")
    for site in (late, new):
        assert (site,) == overdue(health(site))
        assert () == overdue(health(site, working_since=NOON - HOUR))
        assert (site,) == overdue(health(site, working_since=NOON - timedelta(hours=2)))
