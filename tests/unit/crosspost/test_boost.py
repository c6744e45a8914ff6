"""Boosting the status that exists."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.crosspost import share as by_hand
from bot.crosspost.mend import boost
from bot.domain.answers import Barred, Refused, Throttled, Unanswered
from bot.domain.models import Attempt, Share, State
from bot.domain.transitions.change import changed
from bot.errors import AccountBarredError, AccountUnavailableError, RefusedError
from tests.makers import HOUR, MINUTE, NOON
from tests.unit.crosspost.stage import Stage


@pytest.fixture
def stage() -> Stage:
    """A context with one shared post."""
    made = Stage()
    made.first_look()
    made.shared()
    return made


def ask(stage: Stage, post_id: int = 1) -> Share | None:
    """Boost a post's status."""
    return boost(stage.context, "uk", post_id, account="uk")


def test_the_status_is_boosted(stage):
    """Nothing is published; the share stays as it is, and its history tells."""
    before = stage.share(1)
    share = ask(stage)

    assert share is not None
    assert before.url == share.url
    assert [before.status_id] == stage.account.boosts
    assert 1 == len(stage.account.sent)
    assert ("boost", "boosted") == stage.history(1)[-1]


def test_boosted_already(stage):
    """Is fine, and nothing is sent."""
    ask(stage)

    assert ask(stage) is None
    assert 1 == stage.account.calls.count("boost")


def test_the_newest_status_is_boosted(stage):
    """Where there are several of a post."""
    by_hand.request_again(stage.context, "uk", 1, account="uk")
    stage.attend()
    ask(stage)

    assert [stage.share(1).status_id] == stage.account.boosts
    assert 2 == stage.share(1).number


def test_a_post_without_an_id_of_its_own(stage):
    """Is called by its link, not by the id that was made up for it."""
    stage.publish(post_id=-5)
    stage.collect()
    link = stage.share(-5).link

    with pytest.raises(RefusedError, match=f"^{link} on uk isn't shared: .*`howdah share {link}`"):
        ask(stage, -5)


def test_not_shared_yet(stage):
    """There is nothing to boost."""
    stage.publish()
    stage.collect()

    with pytest.raises(RefusedError, match=r"uk/2 on uk isn't shared: .*`howdah share uk/2`"):
        ask(stage, 2)


def test_deleted_on_the_account(stage):
    """Is said."""
    stage.account.remove(stage.share(1).status_id)

    with pytest.raises(RefusedError, match="there is nothing to boost"):
        ask(stage)


def test_a_refusal(stage):
    """Has the instance's words, and stands in the history."""
    stage.account.answer_boost(Refused(code=422, message="not your own private one"))

    with pytest.raises(RefusedError, match="uk/1 on uk wasn't boosted: not your own private one"):
        ask(stage)
    assert ("boost", "refused") == stage.history(1)[-1]


def test_no_answer(stage):
    """Nobody knows; asking again tells."""
    stage.account.answer_boost(Unanswered(message="timed out"), done=True)

    with pytest.raises(RefusedError, match=r"nobody knows whether it was boosted \(timed out\)"):
        ask(stage)
    assert ("boost", "unanswered") == stage.history(1)[-1]
    assert ask(stage) is None


@pytest.mark.parametrize("until", [None, MINUTE])
def test_too_many(stage, until):
    """The account rests where it is told how long: statuses and boosts are counted together."""
    opens = stage.clock.now() + until if until else None
    stage.account.answer_boost(Throttled(message="slowly", until=opens))

    with pytest.raises(RefusedError, match="slowly"):
        ask(stage)
    assert opens == stage.store.account("uk").paused_until


def test_the_window_is_full(stage):
    """Nothing is sent."""
    many = Attempt(at=stage.clock.now(), step="boost", outcome="boosted")
    for _ in range(300):
        stage.store.record_upload(stage.share(1), attempt=many, rate=None)

    with pytest.raises(RefusedError, match="takes no more boosts until"):
        ask(stage)
    assert [] == stage.account.boosts


def test_a_token_that_may_not_read(stage):
    """May boost all the same."""
    stage.account.errors["boosted"] = AccountBarredError("outside the scopes", code=403)

    assert ask(stage) is not None


def test_a_token_that_is_refused(stage):
    """Is an account's error, before anything is sent."""
    stage.account.errors["boosted"] = AccountBarredError("who are you?", code=401)

    with pytest.raises(AccountBarredError):
        ask(stage)


def test_an_instance_out_of_reach(stage):
    """Too."""
    stage.account.errors["boosted"] = AccountUnavailableError("503")

    with pytest.raises(AccountUnavailableError):
        ask(stage)


def test_barred_where_it_is_sent(stage):
    """A refusal like another."""
    stage.account.answer_boost(Barred(code=403, message="not allowed"))

    with pytest.raises(RefusedError, match="wasn't boosted: not allowed"):
        ask(stage)


def test_waits_for_the_lane(stage):
    """Another process gives it back in a moment."""
    now = stage.clock.now()
    stage.store.lease("uk", owner="other", now=now, until=now + timedelta(seconds=2))

    assert ask(stage) is not None
    assert 10 == len(stage.clock.waits)


@pytest.mark.parametrize("stop", [True, False])
def test_does_not_wait_for_ever(stage, stop):
    """Nor where howdah is asked to stop."""
    now = stage.clock.now()
    stage.store.lease("uk", owner="other", now=now, until=now + HOUR)
    stage.clock.stop = stop

    with pytest.raises(RefusedError, match="another process attends to account uk"):
        ask(stage)


def test_the_lane_is_given_back(stage):
    """Whatever came of it."""
    ask(stage)
    now = stage.clock.now()

    assert stage.store.lease("uk", owner="other", now=now, until=now + HOUR)


def test_the_share_is_read_once_the_account_is_ones_own(stage):
    """What another process recorded while boosting waited for the account is what is boosted, and recorded."""
    taking = stage.store.lease

    def meanwhile(account, **fields):
        share = stage.share(1)
        stage.store.lease = taking
        stage.store.apply(
            share,
            changed(replace(share, title="x"), step="edit", outcome="edited", detail="", now=NOON),
            now=stage.clock.now(),
        )
        return taking(account, **fields)

    stage.store.lease = meanwhile
    ask(stage)

    assert ("boost", "boosted") == stage.history(1)[-1]


def test_one_that_another_program_published(stage):
    """Its id is found among the account's own statuses, and kept; one that isn't there, or anywhere, is refused."""
    kept = stage.account.write("By the plugin https://news.example/2/")
    url = stage.account.statuses_since(None).statuses[0].url
    for number, address in ((2, url), (3, "https://social.example/@uk/404"), (4, "")):
        stage.publish()
        stage.collect()
        share = stage.share(number)
        there = replace(share, state=State.SHARED, url=address, next_attempt_at=None)
        stage.store.apply(share, changed(there, step="read", outcome="adopted", detail="", now=NOON), now=NOON)
    ask(stage, 2)

    assert [kept.id] == stage.account.boosts
    assert kept.id == stage.share(2).status_id
    with pytest.raises(RefusedError, match="isn't among the account's own statuses"):
        ask(stage, 3)
    with pytest.raises(RefusedError, match="doesn't know the id of its status"):
        ask(stage, 4)
