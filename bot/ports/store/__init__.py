"""The state store, in parts by their topics."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from bot.ports.store.accounts import AccountStore
from bot.ports.store.causes import CauseStore
from bot.ports.store.decisions import DecisionStore
from bot.ports.store.followed import FollowStore
from bot.ports.store.notices import NoticeStore
from bot.ports.store.pages import PageStore
from bot.ports.store.shares import ShareStore
from bot.ports.store.sites import SiteStore
from bot.ports.store.write_backs import WriteBackStore

__all__ = ["Store"]


class Store(
    SiteStore,
    AccountStore,
    ShareStore,
    FollowStore,
    WriteBackStore,
    NoticeStore,
    DecisionStore,
    PageStore,
    CauseStore,
    Protocol,
):
    """The state store. May be used by several threads and processes at once.

    Every method is one transaction, durable when it returns, and raises StoreError (and nothing else of the
    database's). Every change of a share is compare-and-set on (share, state, attempts, updated_at): where the row has
    moved on, LeaseLostError. Lists are ordered as said. Instants keep milliseconds.

    Leases run by the clock of the store where several machines share it (PostgreSQL); the caller's now counts only
    where all callers are on one machine.
    """

    def close(self) -> None:
        """Close every connection. Nothing may be called after."""
        ...

    def now(self) -> datetime:
        """The present instant by the clock that everybody who uses this store has in common."""
        ...

    def origin(self) -> str:
        """A name for the database as it stands now.

        Another one where something may have been lost since: its server was started anew, another server took its
        place (fail-over), its file was replaced (a backup that was restored).
        """
        ...

    def try_writing(self) -> None:
        """Write something that changes nothing, down to the disk. StoreError where that can't be."""
        ...

    def flaw(self) -> str:
        """What is wrong with the database itself, as it says; '' where it finds nothing. Reads all of it."""
        ...

    def free_bytes(self) -> int | None:
        """How much room is left on the database's disk; None where that is a server's, or can't be told."""
        ...

    def note_addresses(self, *, sites: Mapping[str, str], accounts: Mapping[str, str], now: datetime) -> None:
        """Note the address of each site and the instance of each account (name → address).

        Where one isn't what was noted before, what was learnt there is forgotten: a site's root; an account's limits,
        rates, latest status and pause. Posts and shares stay: they belong to the name. What was shared from
        another address, or on another instance, isn't followed any more. Of an account that is new, or elsewhere now,
        nothing is known from before now: AccountState.unproven_before.
        """
        ...
