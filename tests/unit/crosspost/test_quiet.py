"""Quiet sites: looks that find nothing new leave no trace in the store but now and then."""

from datetime import timedelta

import pytest
from msgspec.structs import force_setattr, replace

from bot.crosspost.collect import LEFT_OUT, collect, due_looks
from bot.crosspost.quiet import QuietSites, record_every
from bot.domain.models import State
from bot.errors import SiteUnavailableError, StoreError
from tests.makers import DAY, HOUR, MINUTE, SECOND
from tests.unit.crosspost.stage import Stage

POLL = 2 * MINUTE


@pytest.fixture
def stage():
    """A daemon that has looked at its site once."""
    stage = Stage()
    force_setattr(stage.context, "quiet", QuietSites())
    stage.first_look()
    stage.site.calls.clear()
    return stage


def is_due(stage) -> bool:
    """Whether the site is due for a look."""
    return due_looks(stage.context) == ("uk",)


def test_nothing_new_is_not_recorded(stage):
    """One question to the site, and the store is as it was; the next look comes when it should."""
    before = stage.store.site("uk")

    assert is_due(stage)
    assert stage.collect() == ()
    assert before == stage.store.site("uk")
    assert ["list_new"] == [call for call, _ in stage.site.calls]
    assert not is_due(stage)
    assert stage.clock.now() + POLL == stage.context.quiet.next_look_at("uk")
    assert stage.context.quiet.next_look_at("de") is None
    stage.pass_time(POLL)
    assert is_due(stage)


def test_it_is_recorded_now_and_then(stage):
    """Every five minutes, where it is polled every two."""
    before = stage.store.site("uk").looked_at
    for _ in range(3):
        stage.collect()
        stage.pass_time(POLL)

    stage.collect()

    assert before is not None
    assert before + 3 * MINUTE < stage.store.site("uk").looked_at


def test_a_new_post_is_shared_at_the_look_that_finds_it(stage):
    """It goes the ordinary way at once; what was found stays left out of the next looks."""
    stage.collect()
    post_id = stage.publish()
    stage.pass_time(POLL)

    stage.collect()

    assert {post_id: State.PENDING} == stage.states()
    stage.site.calls.clear()
    stage.pass_time(POLL)
    stage.collect()
    assert ["list_new"] == [call for call, _ in stage.site.calls]


def test_a_site_that_fails_is_recorded_at_once(stage):
    """And looked at later and later, as ever."""
    stage.site.error = SiteUnavailableError("site uk: answered 429", retry_after=3600)
    stage.collect()

    state = stage.store.site("uk")
    assert (1, stage.clock.now() + HOUR) == (state.failures, state.next_look_at)
    assert 1 == len(stage.site.calls)
    assert not is_due(stage)


def test_an_incomplete_look_is_no_quiet_one(stage):
    """It is recorded with its reason."""
    stage.site.incomplete = "rows are missing"
    stage.collect()
    assert "rows are missing" == stage.store.site("uk").error


def test_what_another_process_did_is_heeded(stage):
    """A person pauses the site, or another daemon looked at it: what was remembered counts no more."""
    stage.store.rest_site("uk", until=stage.clock.now() + HOUR)
    due_looks(stage.context)
    stage.collect()

    assert [] == stage.site.calls
    assert not is_due(stage)


def test_the_store_is_not_asked_at_each_quiet_look(stage, monkeypatch):
    """It has said all of it when the sites came due, in one answer: a thousand of them may be due in a minute."""
    assert is_due(stage)
    monkeypatch.setattr(stage.store, "site", lambda name: pytest.fail(f"asked for {name}"))

    assert () == stage.collect()


def test_a_crowded_window_is_never_quiet(stage):
    """More posts than a look leaves out: what is left out isn't all that was seen."""
    for _ in range(LEFT_OUT):
        stage.publish()
    stage.collect()
    stage.pass_time(POLL)

    assert ("uk",) == stage.store.due_sites(["uk"], now=stage.clock.now())


def test_another_process_takes_over(stage):
    """Not before the time at which the look is recorded again; a process that begins looks at once."""
    stage.collect()
    other = stage.context_of("other")
    force_setattr(other, "quiet", QuietSites())

    assert ("uk",) == due_looks(other)
    assert () == due_looks(other)
    stage.pass_time(record_every(POLL))
    assert ("uk",) == due_looks(other)


@pytest.mark.parametrize("fails", [False, True])
def test_a_shorter_poll_every_holds_at_once(stage, fails):
    """A process that begins doesn't wait for what a longer one left; a site that fails is left alone till then."""
    stage.pass_time(HOUR)
    stage.site_policy = replace(stage.site_policy, poll_every=4 * HOUR)
    collect(stage.context_of("before"), "uk")
    if fails:
        until = stage.clock.now() + 4 * HOUR
        stage.store.look_failed("uk", error="the site doesn't answer", next_look_at=until)
    stage.site_policy = replace(stage.site_policy, poll_every=MINUTE)
    again = stage.context_of("again")
    force_setattr(again, "quiet", QuietSites())

    assert (() if fails else ("uk",)) == due_looks(again)


def test_a_site_that_asked_for_minutes_has_them_whoever_begins(stage):
    """A daemon may be started anew every few seconds; a site that a person lets rest isn't looked at either."""
    stage.site.error = SiteUnavailableError("429", retry_after=240)
    stage.collect()
    again = stage.context_of("again")
    force_setattr(again, "quiet", QuietSites())

    assert () == due_looks(again)
    stage.pass_time(4 * MINUTE)
    assert ("uk",) == due_looks(again)
    stage.site.error = None
    stage.collect()
    stage.store.rest_site("uk", until=stage.clock.now() + DAY)
    force_setattr(again, "quiet", QuietSites())
    assert () == due_looks(again)


@pytest.mark.parametrize("call", ["due_sites", "sites"])
def test_a_store_that_does_not_answer_at_the_start_keeps_no_site_waiting(stage, monkeypatch, call):
    """The next question begins with them, as the first one would have."""
    again = stage.context_of("again")
    force_setattr(again, "quiet", QuietSites())

    def fail(*_args, **_named):
        raise StoreError("locked")

    with monkeypatch.context() as away:
        away.setattr(stage.store, call, fail)
        with pytest.raises(StoreError):
            due_looks(again)

    assert ("uk",) == due_looks(again)
    assert () == due_looks(again)


def test_two_daemons_ask_a_site_no_more_often_than_one(stage):
    """Whoever looked last goes on looking; the other one forgets the site until the store says that it is due."""
    other = stage.context_of("other")
    force_setattr(other, "quiet", QuietSites())

    def asked(*contexts):
        stage.site.calls.clear()
        for _ in range(60):
            stage.pass_time(MINUTE)
            for context in contexts:
                for name in due_looks(context):
                    collect(context, name)
        return len(stage.site.calls)

    alone = asked(stage.context)
    asked(stage.context, other)  # a process that begins looks at once

    assert asked(stage.context, other) <= alone


def test_a_clock_that_was_years_ahead(stage):
    """Once it is right the site is looked at, and when to look next is recorded anew: at once, and no more often."""
    stage.pass_time(3650 * DAY)
    stage.collect()
    stage.pass_time(-3650 * DAY)
    looked: list[str] = []
    for _ in range(3):
        looked.extend(name for name in due_looks(stage.context) if collect(stage.context, name) == ())
        stage.pass_time(SECOND)

    assert ["uk"] == looked


def test_a_process_that_ends_goes_by_the_store():
    """It remembers nothing."""
    stage = Stage()
    stage.first_look()

    assert ("uk",) == due_looks(stage.context)
    stage.collect()
    assert () == due_looks(stage.context)


@pytest.mark.parametrize(
    ("poll", "record"), [(SECOND, 5 * SECOND), (POLL, 5 * MINUTE), (HOUR, HOUR), (timedelta(days=1), 24 * HOUR)]
)
def test_a_site_is_recorded_as_often_as_it_is_polled_but_not_every_time(poll, record):
    """Five looks, five minutes at the most, and never more often than it is looked at."""
    assert record == record_every(poll)
