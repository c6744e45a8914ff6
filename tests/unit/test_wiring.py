"""The wiring: concrete objects from a config, closed in the end."""

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import psutil
import pytest
from msgspec.structs import replace

from bot import wiring
from bot.config import Config, load
from bot.domain.answers import NotSent
from bot.domain.models import Status
from bot.domain.transitions.pauses import is_tokenless, rests_because
from bot.errors import ConfigError, StoreError
from bot.mastodon import MastodonAccount
from bot.store.owners import new_owner
from bot.wordpress import WordPressSite
from tests.makers import HOUR, NOON, SECOND

CONFIG = """
[state]
url = "sqlite:///howdah.db"

[sites.uk]
url = "https://news.example/uk"
accounts = ["uk"]
settle = "5s"

[accounts.uk]
instance = "https://social.example"
token_file = "uk.token"
timeout = "2s"
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A config in a folder of its own, with a token."""
    (tmp_path / "config.toml").write_text(CONFIG)
    (tmp_path / "uk.token").write_text("sesame-open\n")
    (tmp_path / "uk.token").chmod(0o600)
    return load(tmp_path / "config.toml")


def tokens(config: Config) -> Callable[[str], str | None]:
    """Every account's own token."""
    return lambda name: config.token(name).reveal()


def test_everything_is_put_together(config):
    """Sites and accounts by their names, with their policies; a store that is there."""
    with wiring.open_context(config, stop=threading.Event(), token_of=tokens(config)) as context:
        assert isinstance(context.sites["uk"].site, WordPressSite)
        assert isinstance(context.accounts["uk"].account, MastodonAccount)
        assert (5 * SECOND, 2 * SECOND) == (
            context.sites["uk"].policy.settle,
            context.accounts["uk"].policy.timeout,
        )
        assert "https://social.example" == context.accounts["uk"].instance
        assert {} == context.store.counts()
        assert 0 <= context.jitter() < 1


def test_garbage_is_looked_for_from_then_on(config):
    """A start looks for none: the daemon, which makes some with every post, would grow without end."""
    gc.disable()
    try:
        with wiring.open_context(config, stop=threading.Event(), token_of=tokens(config)):
            assert gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()


def test_as_many_are_made_ahead_as_there_are_accounts(config):
    """Each thread more would keep memory of its own."""
    go = threading.Event()
    with wiring.open_context(config, stop=threading.Event(), token_of=tokens(config)) as context:
        assert context.executor is not None
        for _ in range(2):
            context.executor.submit(go.wait)
        ahead = {thread.name for thread in threading.enumerate() if thread.name.startswith("ahead")}
        go.set()

    assert {"ahead_0"} == ahead


def test_every_process_has_a_name_of_its_own(config):
    """Two houses never take each other's lease for their own."""
    stop = threading.Event()
    with (
        wiring.open_context(config, stop=stop, token_of=wiring.no_tokens) as one,
        wiring.open_context(config, stop=stop, token_of=wiring.no_tokens) as other,
    ):
        assert one.owner != other.owner


def test_a_missing_token_stops_its_account_alone(config, tmp_path):
    """Everything is opened; the account says that nothing was asked, and why."""
    (tmp_path / "uk.token").unlink()

    with wiring.open_context(config, stop=threading.Event(), token_of=tokens(config)) as context:
        answer = context.accounts["uk"].account.publish(Status(text="Hello"), media_ids=[], key="1")

    assert isinstance(answer.reply, NotSent)
    assert "social.example was not asked, without a token: " in answer.reply.message
    unread = replace(answer.reply, message=f"the account's own statuses can't be read: {answer.reply.message}")
    assert is_tokenless(rests_because(answer.reply))
    assert is_tokenless(rests_because(unread))
    assert "uk.token can't be read (No such file or directory)" in answer.reply.message


def test_an_unchanged_token_is_handed_on_as_it_was(config, tmp_path):
    """Asked for anew where its file was written anew, and after it could not be had."""
    asked = []

    def token_of(name):
        asked.append(name)
        if len(asked) == 3:
            raise ConfigError("not now")
        return config.token(name).reveal()

    with wiring.open_context(config, stop=threading.Event(), token_of=token_of) as context:
        publish = partial(context.accounts["uk"].account.publish, Status(text="Hello"), media_ids=[], key="1")
        counts = []
        for written in (1, 1, 2, 3, 3, 3):
            os.utime(tmp_path / "uk.token", ns=(written, written))
            publish()  # at a host that no name leads to
            counts.append(len(asked))

    assert [1, 1, 2, 3, 4, 4] == counts


def test_a_replaced_token_is_noticed(config, tmp_path):
    """Once it was used: by its time, its file or what it holds; also one that could not be read."""
    file = tmp_path / "uk.token"
    with wiring.open_context(config, stop=threading.Event(), token_of=tokens(config)) as context:
        posting = context.accounts["uk"]
        seen = [posting.token_changed()]
        posting.account.publish(Status(text="Hello"), media_ids=[], key="1")  # a host that no name leads to
        seen.append(posting.token_changed())
        os.utime(file, ns=(1, 1))
        seen.append(posting.token_changed())
        posting.account.publish(Status(text="Hello"), media_ids=[], key="1")
        file.rename(tmp_path / "old.token")
        seen.append(posting.token_changed())

    assert [False, False, True, True] == seen


def test_the_store_is_closed_whatever_happens(config, tmp_path):
    """Also where its user fails: no file stays open."""
    with pytest.raises(ZeroDivisionError), wiring.open_store(config) as store:
        raise ZeroDivisionError(store.counts())

    assert [] == [file for file in psutil.Process().open_files() if file.path.startswith(str(tmp_path))]


def test_a_store_that_can_not_be_opened(config, tmp_path):
    """The store's sentence comes through."""
    (tmp_path / "howdah.db").mkdir()

    context = wiring.open_context(config, stop=threading.Event(), token_of=wiring.no_tokens)
    with pytest.raises(StoreError, match="is a folder"), context:
        pytest.fail("opened a folder")


class TestLeftLeases:
    """What a killed process held."""

    def held_by(self, config: Config, owner: str) -> frozenset[str]:
        """Who still holds something once a context was opened, where an account was held by this owner."""
        with wiring.open_store(config) as store:
            store.lease("uk", owner=owner, now=NOON, until=NOON + HOUR)
        with wiring.open_context(config, stop=threading.Event(), token_of=wiring.no_tokens) as context:
            return context.store.owners()

    def test_of_a_process_that_is_gone(self, config):
        """A restart goes on at once."""
        program = "from bot.store.owners import new_owner; print(new_owner())"
        owner = subprocess.check_output([sys.executable, "-c", program])

        assert frozenset() == self.held_by(config, owner.decode().strip())

    def test_of_a_process_that_runs(self, config):
        """Whoever works goes on working."""
        owner = new_owner()

        assert frozenset([owner]) == self.held_by(config, owner)


class TestStoreClock:
    """The store's clock, and the wish to stop."""

    steady = 0.0

    def clock(self, *readings: datetime | StoreError) -> wiring.StoreClock:
        """A clock by these readings of the store's; a StoreError is raised. The machine's own is self.steady."""
        left = list(readings)

        def read() -> datetime:
            reading = left.pop(0)
            if isinstance(reading, StoreError):
                raise reading
            return reading

        return wiring.StoreClock(threading.Event(), read=read, steady=lambda: self.steady)

    def test_it_goes_on_by_itself(self):
        """Between two readings the machine's steady clock counts."""
        clock = self.clock(NOON)
        self.steady += 59

        assert NOON + 59 * SECOND == clock.now()

    def test_it_is_read_again(self):
        """Once a minute the store's clock counts anew, wherever it went."""
        clock = self.clock(NOON, NOON + 3 * HOUR)
        self.steady += 61

        assert NOON + 3 * HOUR == clock.now()
        self.steady += 1
        assert NOON + 3 * HOUR + SECOND == clock.now()

    def test_a_store_out_of_reach(self):
        """Without the store it goes on as before, and asks again a minute later."""
        clock = self.clock(NOON, StoreError("gone"), NOON)
        self.steady += 61
        assert NOON + 61 * SECOND == clock.now()

        self.steady += 61
        assert NOON == clock.now()

    def test_elapsed(self):
        """The machine's own steady clock never goes back."""
        clock = wiring.StoreClock(threading.Event(), read=lambda: NOON)

        assert clock.elapsed() <= clock.elapsed()

    def test_waiting_ends_when_asked_to_stop(self):
        """No wait outlasts the wish to stop."""
        stop = threading.Event()
        stop.set()
        clock = wiring.StoreClock(stop, read=lambda: NOON)

        assert clock.wait(timedelta(days=1))
        assert clock.stopping()

    def test_a_wait_of_no_time(self):
        """What is due already isn't waited for."""
        clock = self.clock(NOON)

        assert not clock.wait(timedelta(seconds=-5))
        assert not clock.stopping()
