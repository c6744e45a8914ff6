"""A token that was replaced ends its account's pause."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from bot.crosspost.context import Context, Posting
from bot.crosspost.deliver import attend
from bot.crosspost.identity import identity_of
from bot.crosspost.resting import take_tokens
from bot.crosspost.sync import sync
from bot.domain.answers import Barred, NotSent
from bot.domain.models import State
from bot.errors import AccountBarredError, AccountError
from tests.fakes.account import FakeAccount
from tests.makers import MINUTE
from tests.unit.crosspost.stage import Stage


def paused(reply: Barred | NotSent, *, changed: bool) -> Stage:
    """A stage on which a post waits for a paused account, whose token was replaced or wasn't."""
    stage = Stage()
    stage.first_look()
    posting = replace(stage.context.accounts["uk"], token_changed=lambda: changed)
    stage.context = replace(stage.context, accounts={"uk": posting})
    stage.account.answer(reply)
    stage.publish()
    stage.collect()
    stage.attend()
    assert stage.store.account("uk").paused_until is not None
    return stage


def is_paused(stage: Stage) -> bool:
    """Whether the account rests now."""
    until = stage.store.account("uk").paused_until
    return until is not None and until > stage.clock.now()


def test_a_replaced_token() -> None:
    """The account goes on, and one that was not replaced stays paused."""
    for changed in (True, False):
        stage = paused(Barred(code=401, message="revoked"), changed=changed)
        take_tokens(stage.context)

        assert is_paused(stage) is not changed


def test_an_account_that_works() -> None:
    """Nothing happens to it, whatever its file is like."""
    stage = paused(Barred(code=401, message="revoked"), changed=True)
    stage.store.resume("uk")
    before = stage.store.account("uk")
    take_tokens(stage.context)

    assert before == stage.store.account("uk")


def test_a_pause_that_ran_out() -> None:
    """Its reason was the old token: it is told no more, though nothing was sent since."""
    stage = paused(Barred(code=401, message="revoked"), changed=True)
    stage.pass_time(timedelta(days=1))
    take_tokens(stage.context)

    assert (0, "") == (stage.store.account("uk").pauses, stage.store.account("uk").pause_reason)


def test_a_token_that_was_replaced_between_two_processes() -> None:
    """A pass of cron has used no token yet: the store knows by which one the account was used before."""
    stage = paused(Barred(code=401, message="revoked"), changed=False)
    use = {"mark": "old"}
    posting = replace(stage.context.accounts["uk"], token_mark=lambda: use["mark"])
    stage.context = replace(stage.context, accounts={"uk": posting})
    seen = []
    for mark in ("old", "old", "", "new"):
        use["mark"] = mark
        take_tokens(stage.context)
        seen.append(is_paused(stage))

    assert [True, True, True, False] == seen


def test_a_token_of_another_account() -> None:
    """Who the account is, and what it has, is asked anew: what was known is the old token's."""
    stage = Stage()
    stage.first_look()
    stage.shared()
    identity_of(stage.context, "uk")
    take_tokens(stage.context)
    stage.shared()
    assert (1, 1) == (stage.account.calls.count("verify"), stage.account.calls.count("statuses_since"))

    posting = replace(stage.context.accounts["uk"], token_changed=lambda: True)
    stage.context = replace(stage.context, accounts={"uk": posting})
    take_tokens(stage.context)
    identity_of(stage.context, "uk")
    stage.shared()
    assert (2, 2) == (stage.account.calls.count("verify"), stage.account.calls.count("statuses_since"))


def without_token(stage: Stage, error: str) -> None:
    """The account's token can't be read from now on, or can."""
    posting = replace(stage.context.accounts["uk"], token_error=lambda: error)
    stage.context = replace(stage.context, accounts={"uk": posting})


def test_no_token_to_be_read(caplog: pytest.LogCaptureFixture) -> None:
    """The account rests, though nothing waits for it, and says so once; it goes on once there is a token."""
    stage = Stage()
    stage.first_look()
    without_token(stage, "no such file")
    for _ in range(2):
        take_tokens(stage.context)

    account = stage.store.account("uk")
    assert (1, "nothing can be sent now: without a token: no such file") == (account.pauses, account.pause_reason)
    told = [record.getMessage() for record in caplog.records if vars(record).get("event") == "token_unreadable"]
    assert ["account uk is left alone until its token can be read: no such file"] == told

    without_token(stage, "")
    take_tokens(stage.context)
    assert 0 == stage.store.account("uk").pauses


def test_no_token_for_long() -> None:
    """The account rests for as long: a pause that runs out is renewed."""
    stage = Stage()
    stage.first_look()
    without_token(stage, "no such file")
    stage.publish()
    stage.collect()
    for _ in range(180):
        take_tokens(stage.context)
        assert is_paused(stage)
        stage.pass_time(MINUTE)


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(days=365)])
def test_a_token_that_is_gone(ahead: timedelta) -> None:
    """The account rests as soon as the only process that had it finds none, also one whose clock was wrong."""
    stage = Stage()
    stage.first_look()
    has, _ = with_and_without(stage)
    stage.clock.instant += ahead
    take_tokens(has)
    stage.clock.instant -= ahead
    without_token(stage, "no such file")
    take_tokens(stage.context if not ahead else replace(stage.context, owner="begun since"))

    assert is_paused(stage)


def with_and_without(stage: Stage) -> tuple[Context, Context]:
    """Two processes: one has the account's token, the other one can't read it."""
    own, other = stage.context_of("this"), stage.context_of("other")
    has = replace(own, accounts={"uk": replace(own.accounts["uk"], token_mark=lambda: "mark")})
    lacks = replace(other, accounts={"uk": replace(other.accounts["uk"], token_error=lambda: "no such file")})
    return has, lacks


def test_another_process_has_the_token(caplog: pytest.LogCaptureFixture) -> None:
    """It goes on; the one without leaves the account alone and says so once, however long both run."""
    stage = Stage()
    stage.first_look()
    has, lacks = with_and_without(stage)
    stage.publish()
    stage.collect()
    for minutes in range(45):
        if minutes % 9 == 0:
            take_tokens(has)
        take_tokens(lacks)
        assert not is_paused(stage)
        stage.pass_time(MINUTE)

    assert ((), []) == (attend(lacks, "uk"), stage.links())
    assert [State.SHARED] == [share.state for share in attend(has, "uk")]
    assert ["token_unreadable"] == [vars(record).get("event") for record in caplog.records]


def test_nobody_has_the_token_any_more() -> None:
    """The account rests once the other process hasn't had it for a while, at once where this one had it last.

    It goes on as soon as either has it.
    """
    for minutes, is_last in ((21, False), (0, True)):
        stage = Stage()
        stage.first_look()
        has, lacks = with_and_without(stage)
        take_tokens(has)
        stage.pass_time(minutes * MINUTE)
        take_tokens(replace(lacks, owner=has.owner) if is_last else lacks)

        assert is_paused(stage)

        take_tokens(has)

        assert not is_paused(stage)


def test_a_process_that_had_the_token_has_ended() -> None:
    """It has said so: what is started in its place, without the token, lets the account rest at once."""
    stage = Stage()
    stage.first_look()
    has, lacks = with_and_without(stage)
    take_tokens(has)
    stage.store.forget_tokens(has.owner)
    take_tokens(lacks)

    assert is_paused(stage)


def test_a_pass_without_the_token_that_the_daemon_has() -> None:
    """It says so, and waits for nothing on that account; the daemon isn't kept from it."""
    stage = Stage()
    stage.first_look()
    has, lacks = with_and_without(stage)
    take_tokens(has)
    stage.publish()

    said = ("account uk: nothing can be sent now: without a token: no such file",)
    assert said == sync(lacks, sites=["uk"]).problems
    assert not is_paused(stage)
    assert [State.SHARED] == [share.state for share in attend(has, "uk")]


def test_an_instance_that_speaks_of_tokens() -> None:
    """Its refusal isn't taken for a token that can't be read: the account stays paused."""
    stage = paused(Barred(code=401, message="the instance a.example says: without a token: no"), changed=False)
    take_tokens(stage.context)

    assert is_paused(stage)


def test_what_a_pass_says_without_a_token() -> None:
    """Once, whether or not something waits for the account."""
    stage = Stage()
    stage.first_look()
    without_token(stage, "no such file")
    said = ("account uk: nothing can be sent now: without a token: no such file",)

    assert said == sync(stage.context, sites=["uk"]).problems
    stage.publish()
    assert said == sync(stage.context, sites=["uk"]).problems
    assert State.PENDING is stage.share(1).state


def test_what_the_instance_refused() -> None:
    """It stays paused, however often the same token is looked at."""
    stage = paused(Barred(code=401, message="revoked"), changed=False)
    take_tokens(stage.context)

    assert is_paused(stage)


def beside(stage: Stage, other: Posting) -> None:
    """Let a site's posts go to another account too, and publish one; only that one is attended to."""
    watched = stage.context.sites["uk"]
    watched = replace(watched, policy=replace(watched.policy, accounts=("uk", other.policy.name)))
    accounts = {**stage.context.accounts, other.policy.name: other}
    stage.context = replace(stage.context, sites={"uk": watched}, accounts=accounts)
    stage.publish()
    stage.collect()
    attend(stage.context, other.policy.name)


@pytest.mark.parametrize(
    ("error", "state", "reason"),
    [
        (None, State.PENDING, "account twin is the same account as uk"),
        (AccountBarredError("no scope", code=403), State.SHARED, ""),
    ],
)
def test_two_tokens_of_one_account(error: AccountError | None, state: State, reason: str) -> None:
    """The one that is named later rests and says so; where nobody knows whose they are nothing is held up."""
    stage = Stage()
    stage.first_look()
    if error is not None:
        stage.account.errors["verify"] = error
    one = stage.context.accounts["uk"]
    beside(stage, replace(one, policy=replace(one.policy, name="twin"), met_before=("uk",)))

    assert [state] == [share.state for share in stage.store.shares(account="twin")]
    assert reason in stage.store.account("twin").pause_reason


def test_another_account_of_the_instance() -> None:
    """It gets the post as well."""
    stage = Stage()
    stage.first_look()
    one = stage.context.accounts["uk"]
    account = FakeAccount("de", now=stage.clock.now)
    beside(stage, replace(one, account=account, policy=replace(one.policy, name="de"), met_before=("uk",)))

    assert [State.SHARED] == [share.state for share in stage.store.shares(account="de")]
