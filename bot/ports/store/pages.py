"""The state store: what pages show."""

from datetime import datetime
from typing import Protocol

from bot.domain.models import Day, PageKey, SharePage, State


class PageStore(Protocol):
    """The part about what pages show; see Store."""

    def page(
        self,
        *,
        site: str | None = None,
        account: str | None = None,
        state: State | None = None,
        search: str = "",
        after: PageKey | None = None,
        remembered: bool = True,
        limit: int,
    ) -> SharePage:
        """Shares by these conditions, newest first (by creation, then id), from a key on.

        remembered: with those that the first look at their site only remembered.
        search: in the title or the link, whatever its case, or the post's id. It looks through a bounded number of
        shares at a time, however many there are.
        """
        ...

    def remembered(self, *, site: str | None = None, account: str | None = None) -> int:
        """How many shares the first looks only remembered."""
        ...

    def days(self, *, since: datetime) -> tuple[Day, ...]:
        """What was shared and what failed, by the day (UTC) that it was queued on, oldest first.

        Only what howdah sent itself, or gave up. Days on which there was nothing are missing.
        """
        ...

    def published_at(self, site: str, post_id: int) -> datetime | None:
        """When a post was published; None where that isn't known."""
        ...
