"""What needs a person: nothing stands still in silence."""

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from bot.domain.models import AccountState, SiteState, State
from bot.domain.transitions.forecast import Forecast
from bot.domain.transitions.pauses import REFUSES, TOKENLESS, WALLED
from bot.report.health import Health, Queue
from bot.report.needs import Need, found_needs, unfollowed_words
from tests.makers import DAY, HOUR, MINUTE, NOON, share

SITE = SiteState(name="uk", looked_at=NOON, activated_at=NOON, next_look_at=NOON + MINUTE)


def health(*sites: SiteState, **fields: object) -> Health:
    """How it stands with these sites at noon, and with nothing else unless told."""
    usual: dict[str, object] = {"accounts": (), "budgets": {}, "queues": {}, "counts": {}, "oldest_pending": None}
    every = {site.name: 2 * MINUTE for site in sites}
    return Health(now=NOON, **{**usual, "sites": sites, "poll_every": every, **fields})  # type: ignore[arg-type]


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


def test_a_token_that_nobody_can_read() -> None:
    """Of an account that was never used: nothing is recorded of it yet."""
    said = texts(health(SITE, accounts=(ACCOUNT,), tokenless={"uk": "no such file"}))

    assert [
        "account uk has no token: no such file. `howdah check` says more, `howdah login uk` gets a new token"
    ] == said


def test_edits_that_are_not_seen() -> None:
    """One need for each site, beside whatever else is wrong with it; so is what can't be written to it."""
    needs = found_needs(health(SITE, cannot_follow={"uk": "can't be asked"}, cannot_write={"uk": "can't be told"}))

    assert [
        Need(kind="site", name="uk", text="can't be asked. `howdah check` says more", key="follow:uk"),
        Need(kind="site", name="uk", text="can't be told. `howdah check` says more", key="write:uk"),
    ] == list(needs)


def test_one_site_that_nobody_looks_at() -> None:
    """The daemon works, by a config of before."""
    fresh = SiteState(name="de")

    [said] = texts(health(SITE, fresh))
    assert said.startswith("site de is new, and nobody looks: reload the daemon (SIGHUP), or start `howdah run`, or")


def test_a_new_site_beside_one_that_rests() -> None:
    """A site was looked at before: it is the new one alone that nobody looks at."""
    resting = replace(SITE, rests_until=NOON + DAY)

    [said] = texts(health(resting, SiteState(name="de")))
    assert said.startswith("site de is new, and nobody looks")


def test_a_slow_rhythm_explains_itself() -> None:
    """Who looks once a day is late after three days."""
    late = replace(SITE, next_look_at=NOON - 2 * DAY)

    assert () == health(late, poll_every={"uk": DAY}).overdue
    assert (late,) == health(late, poll_every={"uk": timedelta(hours=12)}).overdue


def test_what_a_person_lets_rest_is_not_late() -> None:
    """It is meant so, whatever was wrong before."""
    resting = replace(SITE, next_look_at=NOON - DAY, rests_until=NOON + DAY, failures=9, error="site uk: 500")
    refused = AccountState(name="uk", pauses=9, pause_reason=REFUSES, rests_until=NOON + DAY)

    assert [] == texts(health(resting, accounts=(refused,)))


def test_a_first_look_that_failed() -> None:
    """At once: nothing is known of the site, and nothing will be shared. The site is named once."""
    failed = SiteState(name="uk", failures=1, error="site uk: no answer", next_look_at=NOON)

    [said] = texts(health(failed))
    assert (
        "site uk: the first look failed, so that nothing is known of it yet: no answer. `howdah check` says more"
        == said
    )


def test_a_site_that_fails_again_and_again() -> None:
    """Two failures may mend themselves, three don't."""
    said = [texts(health(replace(SITE, failures=number, error="no answer"))) for number in (2, 3)]

    assert [[], ["site uk failed 3 times in a row: no answer. `howdah check` says more"]] == said


@pytest.mark.parametrize(
    ("pauses", "reason", "needed"),
    [
        (1, f"{REFUSES} (401): revoked", True),
        (1, f"nothing can be sent now: the instance a.example was not asked, {TOKENLESS}: no file", True),
        (1, f"{WALLED} (403): Attention Required!; the account itself works", True),
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
        assert (site,) == health(site).overdue
        assert () == health(site, working_since=NOON - HOUR).overdue
        assert (site,) == health(site, working_since=NOON - timedelta(hours=2)).overdue


ACCOUNT = AccountState(name="uk")


def waiting(forecast: Forecast | None) -> Health:
    """How it stands where shares wait for so long."""
    return health(SITE, accounts=(ACCOUNT,), queues={"uk": Queue(forecast=forecast, unknown=None)})


def test_a_share_that_is_due_for_long_and_not_sent() -> None:
    """Told with what says why."""
    still = share(next_attempt_at=NOON - 2 * HOUR, created_at=NOON - 3 * HOUR)

    expected = "uk/7 on uk is due for 2 h and isn't sent. `howdah show uk/7` says why"
    assert [expected] == texts(health(SITE, stands_still=still))


def test_a_queue_that_takes_longer_than_a_day() -> None:
    """By the server's windows; not by the rhythm that its owner set, as that of a slow backfill."""
    windows = ("300 statuses in 3 h",)
    by_server = Forecast(waiting=6000, last_at=NOON + 2 * DAY, held_up_by=windows)
    by_owner = Forecast(waiting=60, last_at=NOON + 2 * DAY, held_up_by=("min_interval 1 h", *windows))

    [said] = texts(waiting(by_server))
    assert said.startswith(
        "account uk: 6000 waiting, the last one at about 2026-03-16 12:00 UTC (300 statuses in 3 h). `how"
    )
    assert [] == texts(waiting(by_owner))


def test_a_disk_that_is_nearly_full() -> None:
    """Before nothing can be sent."""
    expected = "the disk of the state store has only 100.0 MB left. Make room: nothing is sent once it is full"

    assert [expected] == texts(health(SITE, free_bytes=100_000_000))
    assert [] == texts(health(SITE, free_bytes=200_000_000))


def test_a_later_status_that_does_not_follow_has_its_number() -> None:
    """A post may have several; the first needs none."""
    first = share(state=State.SHARED, error="edit: refused (422)")

    assert unfollowed_words(first).startswith(f"{first.name} doesn't follow its post: edit: refused (422); ")
    assert unfollowed_words(replace(first, number=2)).startswith(f"{first.name} (no. 2) doesn't follow its post: ")
