"""Collecting: what a look changes, and what a failed one doesn't."""

from collections import Counter
from datetime import timedelta

import pytest
from msgspec.structs import force_setattr

from bot.crosspost.collect import LEFT_OUT, LOOK_LEASE, collect
from bot.domain.models import State
from bot.domain.policy import FirstRun
from bot.errors import SiteUnavailableError
from tests.makers import HOUR, MINUTE, NOON, SECOND
from tests.unit.crosspost.stage import Stage


def test_the_first_look_remembers_and_shares_nothing():
    """What was there before is seen and skipped."""
    stage = Stage()
    stage.publish(at=NOON - HOUR)

    added = stage.collect()

    assert [State.SKIPPED] == [share.state for share in added]
    assert NOON == stage.store.site("uk").looked_at
    assert stage.collect() == ()


def test_a_new_post_is_added_once():
    """The second look at the same post adds nothing, though its title changed."""
    stage = Stage()
    stage.first_look()
    post_id = stage.publish("First title")
    stage.collect()
    stage.site.edit(post_id, stage.site.posts[post_id])

    assert stage.collect() == ()
    assert {post_id: State.PENDING} == stage.states()


def test_an_unchanged_look_asks_one_thing():
    """The listing, and nothing else."""
    stage = Stage()
    stage.first_look()
    stage.site.calls.clear()

    stage.collect()

    assert ["list_new"] == [call for call, _ in stage.site.calls]


def test_a_failed_look_moves_nothing_and_waits_longer_each_time():
    """The cursor stays, the error is recorded, the next look comes later and later."""
    stage = Stage()
    stage.first_look()
    before = stage.store.site("uk").looked_at
    stage.site.error = SiteUnavailableError("site uk: 503")
    waits = []
    for _ in range(3):
        assert stage.collect() == ()
        state = stage.store.site("uk")
        waits.append((state.next_look_at or NOON) - stage.clock.now())

    assert [timedelta(minutes=2), timedelta(minutes=4), timedelta(minutes=8)] == waits
    assert (before, "site uk: 503", 3) == (state.looked_at, state.error, state.failures)


def test_a_site_that_asks_to_wait_is_not_asked_sooner():
    """Retry-After is honoured."""
    stage = Stage()
    stage.site.error = SiteUnavailableError("site uk: maintenance", retry_after=600)

    stage.collect()

    assert NOON + 10 * MINUTE == stage.store.site("uk").next_look_at


def test_a_good_look_ends_the_trouble():
    """Error and failures are gone, and what was published meanwhile is found."""
    stage = Stage()
    stage.first_look()
    stage.site.error = SiteUnavailableError("site uk: 503")
    stage.collect()
    post_id = stage.publish()
    stage.pass_time(5 * HOUR)
    stage.site.error = None

    stage.collect()

    state = stage.store.site("uk")
    assert ("", 0, {post_id: State.PENDING}) == (state.error, state.failures, stage.states())


def test_an_incomplete_look_is_used_but_the_window_stays():
    """What was found is shared; the cursor doesn't move, and the site's error says why."""
    stage = Stage()
    stage.first_look()
    before = stage.store.site("uk").looked_at
    post_id = stage.publish()
    stage.site.incomplete = "1 of 2 rows came"

    stage.collect()

    state = stage.store.site("uk")
    assert (before, "1 of 2 rows came") == (state.looked_at, state.error)
    assert {post_id: State.PENDING} == stage.states()


def test_two_processes_that_look_at_once_record_once():
    """The second waits for a while; of two that look, the later one finds the cursor moved and leaves it at that."""
    stage = Stage()
    stage.first_look()
    stage.publish()
    other = stage.context_of("other")
    listing = stage.site.list_new

    class Meanwhile:
        """The site, at which another process looks while this one does."""

        name = "uk"

        def list_new(self, *, after, exclude):
            """List, after the other process has recorded its look."""
            look = listing(after=after, exclude=exclude)
            assert () == collect(other, "uk")
            stage.pass_time(LOOK_LEASE)
            collect(other, "uk")
            return look

    watched = stage.context.sites["uk"]
    force_setattr(watched, "site", Meanwhile())
    force_setattr(other.sites["uk"], "site", stage.site)
    stage.pass_time(MINUTE)

    assert stage.collect() == ()
    assert 1 == len(stage.store.shares())


def test_a_busy_site_is_looked_at_closely_in_between():
    """Its window holds more posts than a request can leave out: only the last hours are asked for, once an hour all."""
    stage = Stage(site={"max_burst": 10_000})
    for number in range(LEFT_OUT):
        stage.publish(at=NOON - 30 * HOUR + number * SECOND)
    stage.collect()
    stage.pass_time(2 * MINUTE)
    new = stage.publish()
    late = stage.publish(at=stage.clock.now() - 20 * HOUR)

    stage.collect()
    state = stage.store.site("uk")
    assert (NOON, "") == (state.looked_at, state.error)
    assert (State.PENDING, ()) == (stage.share(new).state, stage.store.shares(post_id=late))

    stage.pass_time(HOUR)
    stage.collect()
    assert State.PENDING is stage.share(late).state
    assert stage.clock.now() == stage.store.site("uk").looked_at


@pytest.mark.parametrize("posts", [3, 4])
def test_a_crowd_is_held(posts):
    """More posts than max_burst wait for a person."""
    stage = Stage(site={"max_burst": 3})
    stage.first_look()
    for _ in range(posts):
        stage.publish()

    stage.collect()

    assert {State.HELD if posts > 3 else State.PENDING} == set(stage.states().values())


def test_a_crowd_that_comes_in_steps_is_held():
    """max_burst is for each hour, however many looks are made in it; a person's decision starts no new crowd."""
    stage = Stage(site={"max_burst": 5})
    stage.first_look()
    for _ in range(10):
        for _ in range(5):
            stage.publish()
        stage.collect()
        stage.attend()
        stage.pass_time(2 * MINUTE)

    assert {State.SHARED: 5, State.HELD: 45} == Counter(stage.states().values())
    stage.pass_time(HOUR)
    new = stage.publish()
    stage.collect()
    assert State.PENDING is stage.share(new).state


@pytest.mark.parametrize("first_run", [FirstRun.ALL, FirstRun.SKIP])
def test_what_the_first_look_found_makes_no_crowd_of_the_next_post(first_run):
    """It was first_run's to decide on."""
    stage = Stage(site={"max_burst": 2, "first_run": first_run})
    for _ in range(5):
        stage.publish()
    stage.collect()
    stage.pass_time(2 * MINUTE)
    new = stage.publish()
    stage.collect()

    assert State.PENDING is stage.share(new).state


def test_a_post_that_a_feed_told_of_is_no_other_when_the_api_is_back():
    """First known by its link and shared so; then listed with its id: one post, one share."""
    stage = Stage()
    stage.first_look()
    stage.publish(post_id=-5)
    stage.collect()
    stage.attend()
    feed = stage.site.posts.pop(-5)
    stage.site.edit(12, feed)

    assert stage.collect() == ()
    stage.attend()

    assert [(12, State.SHARED)] == [(share.post_id, share.state) for share in stage.store.shares()]
    assert 1 == len(stage.links())
