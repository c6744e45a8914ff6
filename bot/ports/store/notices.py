"""The state store: what sites announce."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bot.domain.models import Share
from bot.domain.notices import KeptNotice, Notice
from bot.domain.selecting.plan import Plan, SeenPost


class NoticeStore(Protocol):
    """The part about what sites announce; see Store."""

    def accept_notice(self, site: str, notice: Notice, *, now: datetime) -> bool:
        """Keep a notice until it is done; False, and nothing is changed, where its id is known. Ids last 30 days."""
        ...

    def open_notices(self, sites: Collection[str], *, limit: int) -> tuple[KeptNotice, ...]:
        """The notices of these sites that are not done yet, oldest first."""
        ...

    def end_notice(self, site: str, notice_id: str, *, now: datetime) -> None:
        """A notice is done; its id stays known."""
        ...

    def add_found(self, plan: Plan, *, now: datetime) -> tuple[Share, ...]:
        """Record posts that were found beside the looks, as add() does; the cursor, and when to look next, stay."""
        ...

    def hasten(self, site: str, post_id: int, *, now: datetime) -> None:
        """Let a post's shares that only wait to settle come due now; neither history nor updated_at tells of it."""
        ...

    def share_again(
        self, site: str, notice: Notice, post: SeenPost, *, accounts: Collection[str], now: datetime
    ) -> tuple[Share, ...]:
        """Add a share by hand with the next number on each account on which none is under way, and end the notice.

        All or nothing: an `again` is obeyed once. Nothing is added where the notice is done already.
        """
        ...
