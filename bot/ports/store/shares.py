"""The state store: delivering shares."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bot.domain.models import Carrier, Share
from bot.domain.policy import Order
from bot.domain.transitions.change import Change, Ended


class ShareStore(Protocol):
    """The part about delivering shares; see Store."""

    def due(
        self, account: str, *, sites: Collection[str], now: datetime, limit: int, order: Order = Order.OLDEST
    ) -> tuple[Share, ...]:
        """The account's next pending shares that are due: at once before all others, then by the post's age.

        Backfilled ones come after all others, the oldest first. Oldest or newest first is by date, then by id; a post
        without a date is older than all others. The shares of one post come in the order of their numbers either way.
        Empty while the account has a `sending` or `unknown` share: at most one publish is in flight, and order holds.
        """
        ...

    def longest_untried(self, account: str, *, sites: Collection[str], now: datetime) -> Share | None:
        """Of all that due() chooses from, one that was never tried, else not for the longest time; None if none is."""
        ...

    def unknown_due(self, account: str, *, now: datetime) -> tuple[Share, ...]:
        """The account's unknown shares whose time to reconcile has come, oldest first."""
        ...

    def sending(self, account: str) -> tuple[Share, ...]:
        """The account's `sending` shares: to whoever holds the lane's lease anew, shares whose sender is gone."""
        ...

    def put_off(self, account: str, *, until: datetime) -> None:
        """Let the account's pending shares that would come due before an instant come due then.

        Those that go at once stay. Neither history nor updated_at tells of it: a share that was read
        before can still be begun.
        """
        ...

    def take_up(self, accounts: Collection[str], *, now: datetime) -> None:
        """Let these accounts' pending and unknown shares that are put off for longer than FARTHEST come due now.

        A clock that was ahead has put them off. Those that a person has queued for a time stay. As with put_off(), a
        share that was read before can still be begun.
        """
        ...

    def begin(
        self, share: Share, *, owner: str, lease_until: datetime, now: datetime, ended: Ended | None = None
    ) -> Share:
        """Turn pending into sending; attempts + 1. Status, link, key, media ids and anchor are the given share's.

        Committed and durable before it returns, so that a byte may leave. Extends the lease. AtRestError where a
        person lets the account or the site rest, LeaseLostError where owner doesn't hold the lane any more. ended: what
        came of the share that was sent before, recorded with it as apply() does it, both or neither.
        """
        ...

    def apply(self, share: Share, change: Change, *, now: datetime) -> Share:
        """Record what was decided about a share.

        That is: the row as change.share has it, its account's pause, recovery, rate and latest status, and the
        attempt. share is the row as it was read: compare-and-set on it.
        """
        ...

    def carriers(self, urls: Collection[str]) -> tuple[Carrier, ...]:
        """The posts of which shares have one of these addresses, in no order."""
        ...

    def same_post(self, share: Share, link: str) -> str:
        """The site by whose name the share's post is shared on its account, or may be; '' for none but its own.

        That is a post with the same id and this link, of another site of the config: both lead to one WordPress. It may
        be shared where it is being sent, or was, and nobody knows what came of that.
        """
        ...

    def known_status_ids(self, account: str, ids: Collection[str]) -> frozenset[str]:
        """Which of these statuses belong to a share already."""
        ...
