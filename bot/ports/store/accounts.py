"""The state store: accounts and their lanes."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from bot.domain.models import AccountState, Anchor, Attempt, FoundStatus, Limits, Listing, RateLimit, Share


class AccountStore(Protocol):
    """The part about accounts and their lanes; see Store."""

    def account(self, name: str) -> AccountState:
        """What is remembered of an account; an empty AccountState where nothing is."""
        ...

    def accounts(self, names: Collection[str]) -> tuple[AccountState, ...]:
        """What is remembered of each of these accounts, in their order."""
        ...

    def lease(self, account: str, *, owner: str, now: datetime, until: datetime) -> bool:
        """Take or extend the lease on an account's lane; False while another owner's lease runs."""
        ...

    def extend(self, account: str, *, owner: str, now: datetime, until: datetime) -> bool:
        """Extend the lease on a lane; False where another owner had it since this one took it, and maybe gave it back.

        True as well where it ran out and nobody took it: nothing was sent on the account meanwhile.
        """
        ...

    def release(self, account: str, *, owner: str) -> None:
        """Give the lane back. Nothing happens where it belongs to another owner by now."""
        ...

    def owners(self) -> frozenset[str]:
        """Whoever holds a lease that was not given back, on an account or a site, whether it still runs or not.

        And whoever had the token of an account last (remember_token).
        """
        ...

    def give_back(self, owner: str) -> None:
        """Give back every lease of an owner that is gone, which has no token any more either."""
        ...

    def forget_tokens(self, owner: str) -> None:
        """An owner has no token any more: it ends. Where nobody else tells of one, its accounts rest at once."""
        ...

    def due_accounts(self, names: Collection[str], *, sites: Collection[str], now: datetime) -> tuple[str, ...]:
        """Which of these accounts have something to do now, in the order of their names.

        That is: a pending share that is due and whose site is among sites, an unknown share that is due whatever its
        site, or a `sending` share whose sender is gone; and the account neither is paused nor rests, nor is it leased
        by a lease that still runs.
        """
        ...

    def pause(self, account: str, *, until: datetime, reason: str) -> None:
        """Send nothing on an account before then, for a reason that was found while nothing was sent."""
        ...

    def resume(self, account: str) -> None:
        """End a pause: a person mended something. What a person lets rest goes on resting."""
        ...

    def rest_account(self, account: str, *, until: datetime | None) -> None:
        """Let an account rest until then, as a person wants it; None ends it. It isn't among due_accounts meanwhile."""
        ...

    def at_rest(self, site: str, account: str, *, now: datetime) -> bool:
        """Whether a person lets the site or the account rest now."""
        ...

    def remember_limits(self, account: str, limits: Limits, *, now: datetime) -> None:
        """Remember what the instance allows."""
        ...

    def remember_token(self, account: str, mark: str, *, owner: str, now: datetime) -> None:
        """Remember by which token the account is used, and that it is there now; a digest of it, never the token."""
        ...

    def remember_origin(self, account: str, origin: str, *, now: datetime) -> None:
        """Remember that the account's own statuses were read under another origin of the store than before.

        Of what was shared before now the store may not know, but for what the account's listing shows.
        """
        ...

    def remember_latest(self, account: str, anchor: Anchor) -> None:
        """Remember the account's newest own status."""
        ...

    def remember_statuses(self, account: str, listing: Listing) -> None:
        """Remember what was read of the account: its newest status, and those with links that belong to no share.

        And of which visibilities there are statuses in its listing. An empty listing changes nothing.
        """
        ...

    def has_found_statuses(self, account: str) -> bool:
        """Whether any with a link are remembered of this account; else statuses_with() tells of none."""
        ...

    def statuses_with(self, account: str, link: str) -> tuple[FoundStatus, ...]:
        """The remembered statuses that have this link and belong to no share, newest first."""
        ...

    def sent_at(self, account: str, *, since: datetime, newest: int | None = None) -> tuple[datetime, ...]:
        """When statuses were sent on this account after an instant, oldest first; without those surely refused.

        newest: so many of the last ones; None: all.
        """
        ...

    def acted_at(
        self, account: str, steps: Collection[str], *, since: datetime, newest: int | None = None
    ) -> tuple[datetime, ...]:
        """When requests of these kinds (Attempt.step) were made on this account after an instant, oldest first.

        newest: so many of the last ones; None: all.
        """
        ...

    def all_acted_at(
        self, accounts: Collection[str], steps: Collection[str], *, since: datetime
    ) -> Mapping[str, tuple[datetime, ...]]:
        """The same of each of these accounts; those on which nothing was done are left out."""
        ...

    def put_aside(self, account: str, *, now: datetime) -> frozenset[int]:
        """The shares that were put aside (ASIDE) since the account's last status went out, and never before.

        What was refused while others went out has something that isn't liked; what is new to it may have nothing. What
        went out later than now did so under a clock that was ahead, and doesn't count.
        """
        ...

    def record_upload(self, share: Share, *, attempt: Attempt, rate: RateLimit | None) -> None:
        """Record one upload in the share's history, with what the answer said about the account's limits.

        Or another line about an image (step "image": why it was left out), which counts as no upload.
        """
        ...

    def uploaded_at(self, account: str, *, since: datetime) -> tuple[datetime, ...]:
        """When files were uploaded on this account after an instant, oldest first, whatever came of them."""
        ...
