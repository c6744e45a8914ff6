"""Sharing by hand, retrying, skipping."""

import pytest
from msgspec.structs import force_setattr, replace

from bot.crosspost import share as by_hand
from bot.domain.answers import Refused, Unanswered
from bot.domain.models import Share, State
from bot.errors import AccountUnavailableError, LeaseLostError, PostGoneError, RefusedError
from tests.contract.stores import changed
from tests.makers import HOUR, MINUTE, NOON
from tests.unit.crosspost.stage import Stage


def ask(stage: Stage, post_id: int, **fields):
    """Ask for a post to be shared."""
    return by_hand.request(stage.context, "uk", post_id, account="uk", **fields)


def test_an_unseen_post_is_shared(stage):
    """A post from long ago takes the same road, without settling."""
    post_id = stage.publish(at=stage.clock.now() - 9000 * HOUR)
    ask(stage, post_id)
    stage.attend()

    assert (State.SHARED, 1) == (stage.share(post_id).state, len(stage.links()))
    stage.collect()
    assert 1 == len(stage.store.shares())


def test_a_shared_post_is_refused_with_its_url(stage):
    """No second status by accident."""
    share = stage.shared()

    with pytest.raises(RefusedError, match=rf"uk/1 on uk is shared already: {share.url}$"):
        ask(stage, 1)


def test_a_post_that_another_program_shared_is_refused_without_a_url(stage):
    """Its memory, which was imported, has none."""
    stage.publish()
    stage.collect()
    share = stage.share(1)
    stage.store.apply(share, changed(share, state=State.SHARED, url="", next_attempt_at=None), now=NOON)

    with pytest.raises(RefusedError, match=r"uk/1 on uk is shared already: its address is unknown$"):
        ask(stage, 1)


def test_a_post_that_the_plugin_shared_is_refused_with_its_url(stage):
    """Also where howdah never saw it."""
    post_id = stage.publish(share_url="https://social.example/@uk/9")

    with pytest.raises(RefusedError, match=r"uk/1 is shared already: https://social\.example/@uk/9"):
        ask(stage, post_id)


def test_again_is_a_new_status(stage):
    """A person asks for a second one: number 2, another key."""
    stage.shared()
    stage.pass_time(MINUTE)
    again = by_hand.request_again(stage.context, "uk", 1, account="uk", wish=by_hand.Wish(text="Once more"))
    stage.attend()

    assert 2 == again.number
    assert "Once more\n\nhttps://news.example/1/" == stage.account.texts[-1]
    assert 2 == len({sent.key for sent in stage.account.sent})


def test_again_is_asked_for_twice(stage):
    """By two presses of one button: what each means is the share after the one that is known."""
    stage.shared()
    wish = by_hand.Wish(after=1)
    first, second = (by_hand.request_again(stage.context, "uk", 1, account="uk", wish=wish) for _ in range(2))

    assert 2 == first.number
    assert first == second
    assert 3 == by_hand.request_again(stage.context, "uk", 1, account="uk", wish=by_hand.Wish(after=2)).number


def test_again_for_a_post_that_the_plugin_shared(stage):
    """The first share is adopted; a second one is posted."""
    stage.shared(share_url="https://social.example/@uk/9")
    by_hand.request_again(stage.context, "uk", 1, account="uk")
    stage.attend()

    assert 1 == len(stage.links())


def test_a_skipped_post_is_tried_anew(stage):
    """What was there before the first look can be shared by hand, filters or not."""
    stage = Stage()
    post_id = stage.publish()
    stage.collect()
    asked = ask(stage, post_id)
    stage.attend()

    assert 1 == asked.number
    assert State.SHARED is stage.share(post_id).state


def test_what_waits_already_comes_first(stage):
    """A pending share isn't doubled, only hurried."""
    stage.publish(at=stage.clock.now() - HOUR)
    post_id = stage.publish()
    stage.collect()
    ask(stage, post_id, wish=by_hand.Wish(text="In my words"))
    stage.attend()

    assert ["https://news.example/2/", "https://news.example/1/"] == stage.links()
    assert stage.account.texts[1].startswith("In my words")


def test_what_is_under_way_is_left_to_it(stage):
    """An unknown share is being looked for: asking again changes nothing."""
    stage.account.answer(Unanswered(message="timed out"))
    stage.shared()

    assert State.UNKNOWN is ask(stage, 1).state
    assert 1 == len(stage.store.shares())


def test_other_words_for_what_is_under_way_are_refused(stage):
    """They can't be had any more, and that is said."""
    stage.account.answer(Unanswered(message="timed out"))
    stage.shared()

    with pytest.raises(RefusedError, match="under way with other words"):
        ask(stage, 1, wish=by_hand.Wish(text="New words"))


def test_two_people_at_once_share_once(stage):
    """The second finds what the first has added, and takes that up."""
    post_id = stage.publish()
    adding = stage.store.add_by_hand
    seen: list[Share] = []

    def meanwhile(*args, **kwargs):
        if not seen:
            seen.append(adding(*args, **kwargs))
        return adding(*args, **kwargs)

    stage.store.add_by_hand = meanwhile
    ask(stage, post_id)
    stage.attend()

    assert 1 == len(stage.store.shares())
    assert 1 == len(stage.links())


@pytest.mark.parametrize("earlier", [0, 1])
def test_what_another_adds_after_the_decision_counts(stage, monkeypatch, earlier):
    """It came after this one was decided and before it was added: both mean the same share, and it is sent once."""
    if earlier:
        stage.shared()
    post_id = 1 if earlier else stage.publish()
    wish = by_hand.Wish(after=earlier)
    request_it = by_hand.request_again if earlier else by_hand.request
    reading, others = stage.store.shares, list[Share]()

    def meanwhile(**asked):
        found = reading(**asked)
        if "account" in asked and not others:
            monkeypatch.setattr(stage.store, "shares", reading)
            others.append(request_it(stage.context_of("other"), "uk", post_id, account="uk", wish=wish))
        return found

    monkeypatch.setattr(stage.store, "shares", meanwhile)
    mine = request_it(stage.context, "uk", post_id, account="uk", wish=wish)
    stage.attend()

    assert others[-1].number == mine.number == earlier + 1
    assert earlier + 1 == len(stage.links())


def test_a_share_that_never_stands_still_is_refused(stage):
    """Nobody waits for ever for other processes."""

    def busy(*args, **kwargs):
        raise LeaseLostError("somebody else")

    stage.store.add_by_hand = busy

    with pytest.raises(RefusedError, match="try again in a moment"):
        ask(stage, stage.publish())


def test_a_post_shared_by_hand_is_still_new_to_the_other_account():
    """Sharing on one account before the site was looked at loses nothing for the other."""
    stage = Stage()
    stage.first_look()
    force_setattr(stage.context.sites["uk"], "policy", replace(stage.site_policy, accounts=("uk", "eu")))
    post_id = stage.publish()
    ask(stage, post_id)
    stage.collect()

    assert {"uk", "eu"} == {share.account for share in stage.store.shares(post_id=post_id)}
    assert 2 == len(stage.store.shares())


def test_a_post_that_isnt_public_is_refused(stage):
    """The site's word counts."""
    post_id = stage.publish()
    stage.site.trash(post_id)

    with pytest.raises(PostGoneError):
        ask(stage, post_id)


def test_retry_of_a_failed_share(stage):
    """After mending the cause it goes out."""
    stage.account.answer(Refused(code=422, message="no"))
    share = stage.shared()
    by_hand.retry(stage.context, share)
    stage.attend()

    assert State.SHARED is stage.share(1).state


@pytest.mark.parametrize("state", ["shared", "pending"])
def test_nothing_to_retry(stage, state):
    """A shared or waiting share stays as it is."""
    if state == "shared":
        share = stage.shared()
    else:
        stage.publish()
        stage.collect()
        share = stage.share(1)

    with pytest.raises(RefusedError, match=f"uk/1 on uk is {state}: there is nothing to retry"):
        by_hand.retry(stage.context, share)


def test_retry_on_an_account_that_left_the_site(stage):
    """It would only be queued to be skipped."""
    stage.account.answer(Refused(code=422, message="no"))
    share = stage.shared()
    force_setattr(stage.context.sites["uk"], "policy", replace(stage.site_policy, accounts=("eu",)))

    with pytest.raises(RefusedError, match="can't be retried: account uk isn't among the accounts of site uk any more"):
        by_hand.retry(stage.context, share)


def test_skip(stage):
    """A person decides that it is not to be."""
    stage.publish()
    stage.collect()
    by_hand.skip(stage.context, stage.share(1))
    stage.attend()

    share = stage.share(1)
    assert (State.SKIPPED, "skipped by hand", []) == (share.state, share.error, stage.links())


def test_a_shared_post_can_not_be_skipped(stage):
    """It is out."""
    with pytest.raises(RefusedError, match="it can't be skipped"):
        by_hand.skip(stage.context, stage.shared())


def test_a_status_that_does_not_follow_is_left(stage):
    """A person decides that it stays as it is: nothing is told of it any more."""
    share = stage.store.apply(stage.shared(), changed(stage.share(1), error="edit: refused (422)"), now=NOON)
    left = by_hand.skip(stage.context, share)

    assert (State.SHARED, "", ()) == (left.state, left.error, stage.store.unfollowed(limit=1))
    last = stage.store.attempts(left)[-1]
    assert ("decide", "left", "by hand: edit: refused (422)") == (last.step, last.outcome, last.detail)


@pytest.mark.parametrize(("gone", "what"), [("sites", "site"), ("accounts", "account")])
def test_a_retry_that_nobody_would_deliver(stage, gone, what):
    """A share of a site or an account that isn't in the config any more can't be retried."""
    stage.account.answer(Refused(code=422, message="no"))
    share = stage.shared()
    context = replace(stage.context, **{gone: {}})

    with pytest.raises(RefusedError, match=f"can't be retried: there is no {what} 'uk' in the config any more"):
        by_hand.retry(context, share)


@pytest.mark.parametrize("request_it", [by_hand.request, by_hand.request_again])
def test_a_text_that_does_not_fit_is_refused(stage, request_it):
    """Before anything is recorded: by the limits as they are now, or as remembered."""
    post_id = stage.publish()
    wish = by_hand.Wish(text="word " * 200)

    with pytest.raises(RefusedError, match=r"uk/1 on uk: your text is too long: \d+ of 500 characters"):
        request_it(stage.context, "uk", post_id, account="uk", wish=wish)
    assert () == stage.store.shares()


def test_limits_that_can_not_be_had(stage, monkeypatch):
    """The delivery tells, then: a person's wish isn't refused for a guess."""

    def fails():
        raise AccountUnavailableError("no answer")

    monkeypatch.setattr(stage.account, "limits", fails)

    assert State.PENDING is ask(stage, stage.publish(), wish=by_hand.Wish(text="word " * 200)).state
