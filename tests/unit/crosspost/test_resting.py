"""A person lets a site or an account rest."""

import pytest

from bot.crosspost.collect import collect
from bot.crosspost.deliver import attend
from bot.crosspost.resting import pause_account, pause_site, resume_account, resume_site
from bot.crosspost.sync import sync
from bot.domain.models import FOREVER, State
from bot.errors import RefusedError
from tests.makers import HOUR, MINUTE
from tests.unit.crosspost.stage import Stage


def pause(stage: Stage, what: str, *, length=None) -> None:
    """Let it rest, so long or until it is resumed."""
    now = stage.clock.now()
    rest = pause_site if what == "site" else pause_account
    rest(stage.store, "uk", until=now + length if length else None, now=now)


def resume(stage: Stage, what: str) -> None:
    """Let it go on."""
    (resume_site if what == "site" else resume_account)(stage.store, "uk")


@pytest.mark.parametrize("what", ["site", "account"])
def test_nothing_goes_out_and_nothing_is_lost(stage, what):
    """What was found before and what comes up meanwhile is shared once the rest is over, each once."""
    first = stage.publish("First")
    stage.collect()
    pause(stage, what)
    second = stage.publish("Second")
    sync(stage.context, sites=["uk"])

    assert [] == stage.links()

    resume(stage, what)
    stage.pass_time(2 * MINUTE)
    sync(stage.context, sites=["uk"])

    assert [State.SHARED, State.SHARED] == [stage.share(first).state, stage.share(second).state]
    assert 2 == len(stage.links())


def test_a_site_that_rests_is_not_asked(stage):
    """It is not due for a look, and one that was begun asks nothing."""
    pause(stage, "site", length=HOUR)
    before = len(stage.site.calls)

    assert () == stage.store.due_sites(["uk"], now=stage.clock.now())
    assert () == collect(stage.context, "uk")
    assert ("uk",) == sync(stage.context, sites=["uk"]).resting
    assert before == len(stage.site.calls)

    stage.pass_time(HOUR)

    assert ("uk",) == stage.store.due_sites(["uk"], now=stage.clock.now())


@pytest.mark.parametrize("what", ["site", "account"])
def test_it_rests_in_the_middle_of_a_batch(stage, what):
    """At most the share in hand is finished."""
    for title in ("First", "Second", "Third"):
        stage.publish(title)
    stage.collect()
    publish = stage.account.publish

    def publish_and_pause(*arguments, **options):
        pause(stage, what)
        return publish(*arguments, **options)

    stage.account.publish = publish_and_pause
    attend(stage.context, "uk")

    assert 1 == len(stage.links())


def test_an_accounts_own_trouble_ends_no_rest(stage):
    """Nor does a person who asks for something else, or a daemon that starts anew: only `resume` does."""
    pause(stage, "account")
    stage.store.resume("uk")

    assert FOREVER == stage.store.account("uk").rests_until

    resume(stage, "account")

    assert stage.store.account("uk").rests_until is None


def test_a_time_that_is_over(stage):
    """Is refused."""
    now = stage.clock.now()

    with pytest.raises(RefusedError, match="is over already"):
        pause_account(stage.store, "uk", until=now, now=now)
    assert stage.store.account("uk").rests_until is None
