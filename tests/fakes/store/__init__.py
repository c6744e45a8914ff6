"""A state store in memory that speaks the Store port, in the parts of that port.

It passes the same contract suite as the real one.
"""

from collections.abc import Mapping
from copy import copy
from datetime import UTC, datetime

from msgspec.structs import replace

from bot.domain.models import AccountState
from tests.fakes.store.accounts import Accounts
from tests.fakes.store.causes import Causes
from tests.fakes.store.followed import Following
from tests.fakes.store.memory import one_at_a_time
from tests.fakes.store.notices import Notices
from tests.fakes.store.pages import Pages
from tests.fakes.store.shares import Shares
from tests.fakes.store.sites import Sites
from tests.fakes.store.write_backs import WriteBacks


class FakeStore(Sites, Accounts, Shares, Following, WriteBacks, Notices, Pages, Causes):
    """A Store that forgets everything when it is closed.

    another_origin: what origin() says. room: what free_bytes() says.
    """

    @one_at_a_time
    def close(self) -> None:
        """Forget everything."""
        self.__init__()  # type: ignore[misc] # back to the beginning

    @one_at_a_time
    def copy(self) -> "FakeStore":
        """Another store with the same in it: a backup."""
        other = FakeStore()
        for name, value in vars(self).items():
            if name != "_lock":
                setattr(other, name, copy(value))
        return other

    def now(self) -> datetime:
        """By the machine's clock."""
        return datetime.now(UTC)

    def flaw(self) -> str:
        """None."""
        return ""

    def origin(self) -> str:
        """What a test says."""
        return self.another_origin

    def free_bytes(self) -> int | None:
        """What a test says."""
        return self.room

    def try_writing(self) -> None:
        """There is always room."""

    @one_at_a_time
    def note_addresses(self, *, sites: Mapping[str, str], accounts: Mapping[str, str], now: datetime) -> None:
        """Forget what is about another address."""
        for name, url in sites.items():
            if self._urls.setdefault(name, url) != url:
                self._urls[name] = url
                self._sites[name] = replace(self.site(name), root="")
                self._stop_following(site=name)
        for name, instance in accounts.items():
            known = self._instances.get(name, "")
            if known == instance:
                continue
            self._instances[name] = instance
            rests_until = self.account(name).rests_until
            before = AccountState(name=name, rests_until=rests_until) if known else self.account(name)
            self._accounts[name] = replace(before, origin=self.another_origin, unproven_before=now)
            if known:
                self._stop_following(account=name)
