"""In which order and at which pace a backlog goes out, and to which account a post goes."""

import logging
from datetime import time, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from bot.crosspost import share as by_hand
from bot.crosspost.backlog import backlog
from bot.crosspost.resting import take_up
from bot.domain.answers import Refused
from bot.domain.models import Limits, State
from bot.domain.policy import Filters, Order, QuietHours
from bot.domain.selecting.plan import as_seen
from tests.makers import HOUR, MINUTE
from tests.unit.crosspost.stage import Stage

QUIET = QuietHours(start=time(11), end=time(14), zone="UTC")


def with_backlog(number: int, **account: object) -> Stage:
    """A stage on which so many posts wait, the first one an hour old, each a minute younger than the one before."""
    stage = Stage(account=account)
    stage.first_look()
    for post in range(number):
        stage.publish(f"Post {post}", at=stage.clock.now() - HOUR + post * MINUTE)
    stage.collect()
    return stage


def titles(stage: Stage) -> list[str]:
    """Of what was published."""
    return [text.split("\n")[0] for text in stage.account.texts[1:]]


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was logged of backlogs."""
    return [record.getMessage() for record in caplog.records if vars(record).get("event") == "backlog"]


def test_newest_first() -> None:
    """What is news goes out first, what waited longest last."""
    stage = with_backlog(3, order=Order.NEWEST)
    stage.attend()

    assert ["Post 2", "Post 1", "Post 0"] == titles(stage)


def test_what_is_refused_takes_no_place_in_the_rhythm() -> None:
    """No status came of it: the next one needn't wait, neither for min_interval nor for another day."""
    stage = with_backlog(3, min_interval=10 * MINUTE, max_per_day=1)
    stage.account.answer(Refused(code=422, message="no"))
    stage.attend()

    assert ["Post 1"] == titles(stage)
    assert [State.FAILED, State.SHARED, State.PENDING] == [stage.share(number).state for number in (1, 2, 3)]


@pytest.mark.parametrize("rhythm", [{}, {"min_interval": 10 * MINUTE}, {"max_per_day": 1}])
def test_what_was_sent_under_a_wrong_clock(rhythm: dict[str, Any]) -> None:
    """A status of next year holds up none of today."""
    stage = Stage(account=rhythm)
    stage.first_look()
    stage.clock.instant += timedelta(days=365)
    stage.shared("Next year")
    stage.clock.instant -= timedelta(days=365)
    post_id = stage.publish("Today")
    for _ in range(3):
        take_up(stage.context)
        stage.collect()
        stage.attend()
        stage.pass_time(MINUTE)

    assert State.SHARED is stage.share(post_id).state


def test_quiet_hours_that_begin_while_a_status_is_made() -> None:
    """What is ready when they begin waits for their end."""
    stage = with_backlog(1, quiet_hours=QuietHours(start=time(12, 5), end=time(14), zone="UTC"))
    limits = stage.account.limits

    def slow() -> Limits:
        stage.pass_time(10 * MINUTE)
        return limits()

    stage.account.limits = slow  # type: ignore[method-assign]
    stage.attend()

    assert [] == titles(stage)
    waits = stage.share(1).next_attempt_at
    assert waits is not None
    assert time(14) == waits.time()


def test_newest_first_at_a_pace() -> None:
    """What comes up while others wait overtakes them."""
    stage = with_backlog(2, order=Order.NEWEST, min_interval=10 * MINUTE)
    stage.attend()
    stage.pass_time(9 * MINUTE)
    stage.publish("Post 2")
    stage.collect()
    for _ in range(2):
        stage.pass_time(MINUTE)
        stage.attend()

    assert ["Post 1", "Post 2"] == titles(stage)


def test_a_backlog_is_foretold(caplog: pytest.LogCaptureFixture) -> None:
    """Each time the account rests, the log says how long it will take; not where a single post waits."""
    caplog.set_level(logging.INFO, "howdah")
    stage = with_backlog(4, min_interval=10 * MINUTE)
    for _ in range(4):
        stage.attend()
        stage.pass_time(10 * MINUTE)

    assert [
        "backlog: uk: 3 waiting, the last one at about 12:32 UTC (min_interval 10 min)",
        "backlog: uk: 2 waiting, the last one at about 12:32 UTC (min_interval 10 min)",
    ] == told(caplog)


def test_quiet_hours_are_named(caplog: pytest.LogCaptureFixture) -> None:
    """Nothing goes before they are over."""
    caplog.set_level(logging.INFO, "howdah")
    with_backlog(2, quiet_hours=QUIET).attend()

    assert ["backlog: uk: 2 waiting, the last one at about 14:00 UTC (quiet_hours)"] == told(caplog)


def test_a_full_window_is_named(caplog: pytest.LogCaptureFixture) -> None:
    """The instance's limit is as good a reason."""
    caplog.set_level(logging.INFO, "howdah")
    stage = Stage(site={"max_burst": 400})
    stage.first_look()
    for _ in range(302):
        stage.publish()
    stage.collect()
    stage.attend()

    assert 300 == len(titles(stage))
    assert ["backlog: uk: 2 waiting, the last one at about 15:02 UTC (300 statuses in 3 h)"] == told(caplog)


def test_nothing_waits() -> None:
    """Then there is nothing to tell."""
    stage = with_backlog(0)

    assert backlog(stage.store, stage.account_policy, sites=["uk"], now=stage.clock.now()) is None


def test_a_post_for_another_account() -> None:
    """It is skipped with the key that decided; a person may share it there all the same."""
    stage = Stage(site={"only": {"uk": Filters(tags=("uk",))}})
    stage.first_look()
    skipped = stage.shared("Elsewhere", tags=["us"])
    shared = stage.shared("Here", tags=["uk"])
    post = as_seen(stage.site.posts[skipped.post_id])
    now = stage.clock.now()
    stage.store.add_by_hand("uk", post, account="uk", number=2, text="", now=now)
    stage.attend()

    assert (State.SKIPPED, "excluded: has none of the wanted tags (only.uk.tags)") == (skipped.state, skipped.error)
    assert State.SHARED is shared.state
    assert ["Here", "Elsewhere"] == titles(stage)


def test_what_is_released_goes_the_ordinary_way() -> None:
    """A crowd that a person lets go keeps to filters and to the account's rhythm."""
    stage = Stage(site={"max_burst": 1, "filters": Filters(exclude_tags=("ad",))}, account={"min_interval": HOUR})
    stage.first_look()
    for post in range(3):
        stage.publish(f"Post {post}")
    stage.publish("Post 3", tags=("ad",))
    stage.collect()
    for share in reversed(stage.store.shares(state=State.HELD)):
        by_hand.retry(stage.context, share)
    stage.attend()

    assert ["Post 0"] == titles(stage)
    for _ in range(4):
        stage.pass_time(HOUR)
        stage.attend()
    assert (["Post 0", "Post 1", "Post 2"], State.SKIPPED) == (titles(stage), stage.share(4).state)


def test_several_named_posts_are_queued() -> None:
    """They go past filters, one after the other in the account's rhythm; one that is named alone goes at once."""
    stage = Stage(site={"filters": Filters(tags=("news",))}, account={"min_interval": HOUR})
    stage.first_look()
    ids = [stage.publish(f"Post {post}") for post in range(3)]
    for post_id in ids[:2]:
        by_hand.request(stage.context, "uk", post_id, account="uk", wish=by_hand.Wish(queued=True))
    stage.attend()
    by_hand.request(stage.context, "uk", ids[2], account="uk")
    stage.attend()

    assert ["Post 0", "Post 2"] == titles(stage)


def test_not_before_its_time() -> None:
    """A wish may name the earliest instant."""
    stage = Stage()
    stage.first_look()
    post_id = stage.publish("Later")
    wish = by_hand.Wish(queued=True, due=stage.clock.now() + HOUR)
    by_hand.request(stage.context, "uk", post_id, account="uk", wish=wish)
    stage.attend()

    assert [] == titles(stage)
    stage.pass_time(HOUR)
    stage.attend()
    assert ["Later"] == titles(stage)


def test_an_account_that_is_taken_off_its_site() -> None:
    """What waits for it is skipped, with the reason; what a person names is shared all the same."""
    stage = with_backlog(2)
    watched = stage.context.sites["uk"]
    without = replace(watched, policy=replace(watched.policy, accounts=()))
    stage.context = replace(stage.context, sites={"uk": without})
    by_hand.request(stage.context, "uk", 2, account="uk")
    stage.attend()

    assert ["Post 1"] == titles(stage)
    assert "account uk isn't among the accounts of site uk any more" == stage.share(1).error
