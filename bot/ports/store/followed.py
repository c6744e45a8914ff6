"""The state store: following what was shared."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from bot.domain.models import Followed, Share


class FollowStore(Protocol):
    """The part about following what was shared; see Store."""

    def to_follow(
        self, account: str, *, sites: Collection[str], since: datetime, now: datetime, limit: int
    ) -> tuple[tuple[Share, Followed], ...]:
        """The account's shared shares whose posts are due for a look, those that wait longest first.

        Only of posts of these sites that were published after an instant (shared after it, where the date isn't
        known), and with a status that howdah made and knows by its id. One that was never looked at is due; its
        Followed is empty. So is one that is put off for longer than LONGEST_PUT_OFF, by a clock that was ahead.
        """
        ...

    def accounts_to_follow(self, accounts: Collection[str], *, since: datetime, now: datetime) -> frozenset[str]:
        """Which of these accounts have shared shares that are due for a look, by whatever site and status they have.

        Those of which to_follow() tells anything, since the same instant, are among them.
        """
        ...

    def failing_to_follow(
        self, accounts: Collection[str], *, sites: Collection[str], since: datetime, least: int
    ) -> tuple[tuple[Share, Followed], ...]:
        """Some of those that to_follow() tells of one day, of which so many looks, or edits, in a row failed."""
        ...

    def followed(self, share_id: int) -> Followed | None:
        """How it stands with following a share; None for one that was never looked at.

        Forgotten once a share whose status was deleted is shared anew: the new status follows its post from the start.
        """
        ...

    def keep_following(self, followed: Collection[Followed]) -> None:
        """Remember how it stands with these shares."""
        ...

    def gone(self, account: str, site: str, *, since: datetime) -> int:
        """How many of a site's posts on the account are gone and still followed, or were gone since an instant."""
        ...
