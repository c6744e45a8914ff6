"""The state store: what people ask and decide, and what stands still until they do."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bot.domain.models import Asked, Attempt, ReadBack, Share, State
from bot.domain.selecting.plan import Mark, SeenPost


class DecisionStore(Protocol):
    """The part about what people ask and decide; see Store."""

    def shares(
        self,
        *,
        site: str | None = None,
        account: str | None = None,
        state: State | None = None,
        post_id: int | None = None,
        limit: int | None = None,
    ) -> tuple[Share, ...]:
        """Shares by these conditions, newest first (by creation, then id)."""
        ...

    def get(self, share_ids: Collection[int]) -> tuple[Share, ...]:
        """These shares, in order of their id."""
        ...

    def attempts(self, share: Share) -> tuple[Attempt, ...]:
        """A share's history, oldest first."""
        ...

    def find_post(self, site: str | None, link: str) -> tuple[str, int] | None:
        """(site, post id) of the recorded post with this link, a trailing slash or scheme aside; None where unknown."""
        ...

    def find_status(self, url: str) -> tuple[str, int] | None:
        """(site, post id) of the post whose status has this url, a trailing slash or scheme aside; None if unknown.

        So has one with another path on the same host that ends with the status' id.
        """
        ...

    def add_by_hand(
        self,
        site: str,
        post: SeenPost,
        *,
        account: str,
        number: int,
        text: str,
        now: datetime,
        asked: Asked = Asked.NAMED,
        due: datetime | None = None,
    ) -> Share:
        """Add a pending share with exactly this number, asked for so, due then (now, without one); records the post.

        LeaseLostError, and nothing is changed, where the post has a share with this or a higher number on the account
        already: whoever asked has decided by what is no longer so.
        """
        ...

    def add_shared(
        self, site: str, account: str, marks: Collection[Mark], *, note: str, now: datetime
    ) -> frozenset[int]:
        """Record posts as shared on an account by other means, all or nothing; returns the ids of those added.

        Those that have a share there are left as they are. The posts aren't seen by it: a look still finds them, for
        other accounts. note: what the history says of each.
        """
        ...

    def read_back(self, site: str, account: str) -> ReadBack | None:
        """How far the account's statuses were read back for the site's posts; None where nothing is left to be read."""
        ...

    def keep_read_back(self, site: str, account: str, reached: ReadBack | None) -> None:
        """Remember how far they were read back; None where they were read to the first."""
        ...

    def unshared(self, site: str, account: str, ids: Collection[int]) -> frozenset[int]:
        """Which of these posts have no share on the account, but for one that a look has skipped: nobody decided."""
        ...

    def add_backfill(self, site: str, account: str, found: Collection[SeenPost], *, now: datetime) -> int:
        """Queue those of these posts that are unshared, due now, behind all that is new; returns how many that were.

        All or nothing. Those that have a share already, or that anybody has decided about, are left as they are.
        """
        ...

    def counts(self) -> dict[tuple[str, str, State], int]:
        """How many shares there are by (site, account, state); only what is not 0."""
        ...

    def next_due_at(self, *, sites: Collection[str], accounts: Collection[str]) -> datetime | None:
        """When the next share of these accounts comes due, pauses counted in; None where there is none.

        Pending ones of these sites, unknown ones of any site.
        """
        ...

    def pending_at(self, account: str, *, sites: Collection[str], now: datetime) -> tuple[datetime, ...]:
        """When each of the account's pending shares of these sites comes due by itself, soonest first; now if it is."""
        ...

    def oldest_pending(self) -> Share | None:
        """The pending share that has waited longest; None where there is none."""
        ...

    def longest_due(self, accounts: Collection[str], *, sites: Collection[str], before: datetime) -> Share | None:
        """Of these accounts' pending shares for these sites the one that is due longest, since before then at least."""
        ...

    def unfollowed(self, *, limit: int) -> tuple[Share, ...]:
        """The shares whose statuses don't follow their posts (error says why), at most so many, oldest first."""
        ...

    def erring(self, accounts: Collection[str], *, sites: Collection[str], limit: int) -> tuple[Share, ...]:
        """The pending shares on these accounts whose posts couldn't be read from these sites when last tried.

        At most so many, oldest first.
        """
        ...
