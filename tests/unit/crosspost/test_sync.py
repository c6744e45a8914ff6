"""One pass: what it waits for, what it says was left undone."""

from datetime import timedelta

from msgspec.structs import replace

from bot.crosspost.sync import sync
from bot.domain.answers import Barred, Refused, Unanswered
from bot.domain.models import ShareField, State
from bot.domain.policy import FirstRun, OnEdit
from bot.errors import SiteUnavailableError
from tests.makers import DAY, HOUR, MINUTE, SECOND
from tests.unit.crosspost.stage import Stage


def staged(**site) -> Stage:
    """A context whose first look is done."""
    stage = Stage(site=site)
    stage.first_look()
    return stage


def test_a_pass_collects_and_delivers():
    """What is new is shared, and told."""
    stage = staged()
    stage.publish()

    done = sync(stage.context, sites=["uk"])

    assert ([State.SHARED], ()) == ([share.state for share in done.shares], done.problems)


def test_a_pass_tells_the_site():
    """A site that is written to has the url at the pass's end."""
    stage = staged(write_back=True)
    stage.site.announced |= {"howdah/v1"}
    stage.store.note_write_back(["uk"], now=stage.clock.now())
    post_id = stage.publish()

    [share] = sync(stage.context, sites=["uk"]).shares

    assert ("write_field", (post_id, ShareField(url=share.url))) in stage.site.calls


def test_a_clock_that_was_years_ahead():
    """Every certificate had expired, and each next try was put off to then: once the clock is right all of it goes."""
    stage = staged()
    stage.publish()
    stage.collect()
    stage.pass_time(3650 * DAY)
    stage.site.error = SiteUnavailableError("its certificate has expired")
    assert sync(stage.context, sites=["uk"]).problems
    stage.pass_time(-3650 * DAY)
    stage.site.error = None

    assert [State.SHARED] == [share.state for share in sync(stage.context, sites=["uk"]).shares]


def test_settling_is_waited_for():
    """What comes due within settle belongs to this pass."""
    stage = staged(settle=MINUTE)
    stage.publish()

    done = sync(stage.context, sites=["uk"])

    assert [State.SHARED] == [share.state for share in done.shares]
    assert MINUTE == sum(stage.clock.waits, timedelta(0))


def test_no_wait_leaves_it_to_the_next_pass():
    """What settles is no problem, only later."""
    stage = staged(settle=MINUTE)
    stage.publish()

    done = sync(stage.context, sites=["uk"], wait=timedelta(0))

    assert ([State.PENDING], ()) == ([share.state for share in done.shares], done.problems)
    assert [] == stage.clock.waits


def test_nothing_new_touches_nothing():
    """One request to the site, none to the instance."""
    stage = staged(settle=MINUTE)
    stage.site.calls.clear()
    stage.account.calls.clear()

    done = sync(stage.context, sites=["uk"])

    assert ((), ()) == (done.shares, done.problems)
    assert (["list_new"], []) == ([call for call, _ in stage.site.calls], stage.account.calls)
    assert [] == stage.clock.waits


def test_what_was_left_undone_is_told():
    """A failed share, a site that can't be read, an account that rests: a sentence each."""
    stage = staged(first_run=FirstRun.SKIP)
    stage.account.answer(Refused(code=422, message="no"))
    stage.publish()

    assert ("uk/1 on uk is failed: refused (422): no",) == sync(stage.context, sites=["uk"]).problems

    stage.site.error = SiteUnavailableError("site uk: 503")
    assert ("site uk: 503",) == sync(stage.context, sites=["uk"]).problems
    stage.site.error = None

    stage.account.answer(Barred(code=401, message="revoked"))
    stage.publish()
    stage.pass_time(HOUR)
    expected = ("account uk: the instance refuses the account (401): revoked",)
    assert expected == sync(stage.context, sites=["uk"]).problems
    assert expected == sync(stage.context, sites=["uk"]).problems


def test_what_a_person_lets_rest_is_no_problem():
    """Whatever was wrong with it before."""
    stage = staged()
    stage.publish()
    stage.account.answer(Barred(code=401, message="revoked"))
    sync(stage.context, sites=["uk"])
    stage.store.look_failed("uk", error="site uk: down", next_look_at=stage.clock.now())
    stage.store.rest_site("uk", until=stage.clock.now() + HOUR)
    stage.store.rest_account("uk", until=stage.clock.now() + HOUR)

    done = sync(stage.context, sites=["uk"])
    assert ((), ("uk",)) == (done.problems, done.resting)


def test_a_crowd_that_is_held_is_told_in_one_sentence():
    """Not in one for each post."""
    stage = Stage(site={"max_burst": 2})
    stage.first_look()
    for _ in range(5):
        stage.publish()
    [problem] = sync(stage.context, sites=["uk"]).problems

    assert problem.startswith("5 posts of uk on uk are held: 5 new posts in a short time")


def test_an_unknown_share_is_told_and_not_waited_for_beyond_settle():
    """Finding out takes longer than a pass waits; the next one goes on."""
    stage = staged(settle=SECOND)
    stage.account.answer(Unanswered(message="timed out"), done=True)
    stage.publish()

    done = sync(stage.context, sites=["uk"])
    assert [State.UNKNOWN] == [share.state for share in done.shares]
    assert 1 == len(done.problems)
    stage.pass_time(HOUR)

    assert [State.SHARED] == [share.state for share in sync(stage.context, sites=["uk"]).shares]


def test_an_account_that_another_process_attends_to_is_told_and_not_waited_for():
    """What another process delivers isn't this pass's to wait for; that it was left is said."""
    stage = staged()
    stage.publish()
    stage.store.lease("uk", owner="other", now=stage.clock.now(), until=stage.clock.now() + HOUR)

    done = sync(stage.context, sites=["uk"])

    assert [State.PENDING] == [share.state for share in done.shares]
    assert ("account uk: shares that are due wait for another process that has the account in hand",) == done.problems


def test_stopping_ends_a_pass():
    """A pass that is asked to stop while waiting ends; nothing is lost."""
    stage = staged(settle=MINUTE)
    stage.publish()
    stage.clock.stop = True

    assert [State.PENDING] == [share.state for share in sync(stage.context, sites=["uk"]).shares]


def test_what_was_shared_before_is_followed():
    """An edit belongs to the pass; one that is refused is a problem, told once."""
    stage = Stage(account={"on_edit": OnEdit.EDIT})
    stage.first_look()
    stage.shared("Old")
    stage.pass_time(HOUR)
    stage.site.edit(1, replace(stage.site.posts[1], title="New", modified_at=stage.clock.now()))
    stage.account.answer_edit(Refused(code=422, message="not today"))

    first, second = (sync(stage.context, sites=["uk"]) for _ in range(2))

    assert [1] == [share.post_id for share in first.shares]
    assert ("uk/1 on uk doesn't follow its post: edit: refused (422): not today",) == first.problems
    assert ((), ()) == (second.shares, second.problems)
