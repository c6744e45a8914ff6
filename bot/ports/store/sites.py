"""The state store: sites and posts."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol

from bot.domain.models import Share, SiteState
from bot.domain.selecting.plan import Plan


class SiteStore(Protocol):
    """The part about sites and posts; see Store."""

    def site(self, name: str) -> SiteState:
        """What is remembered of a site; an empty SiteState where nothing is."""
        ...

    def sites(self, names: Collection[str]) -> tuple[SiteState, ...]:
        """What is remembered of each of these sites, in their order."""
        ...

    def remember_root(self, name: str, root: str) -> None:
        """Remember where the site's REST root is; '' forgets it."""
        ...

    def rest_site(self, site: str, *, until: datetime | None) -> None:
        """Let a site rest until then, as a person wants it; None ends it.

        Meanwhile it isn't due for a look, and none of its pending shares is due; what was shared isn't followed.
        """
        ...

    def seen(self, site: str, ids: Collection[int]) -> frozenset[int]:
        """Which of these post ids a look at this site ever found. Nothing is ever forgotten.

        A post that was only shared by hand wasn't found by a look: it is still new to the next.
        """
        ...

    def ids_by_link(self, site: str, links: Collection[str]) -> Mapping[str, int]:
        """The id of the post at this site that has each of these links, as they are given; others are missing.

        Of several posts with one link, that with the largest id. Links are the same however they are spelt.
        """
        ...

    def newest_seen(self, site: str, *, since: datetime, limit: int) -> tuple[int, ...]:
        """The ids of seen posts published after an instant, newest first, at most so many: what a walk may skip."""
        ...

    def add(self, plan: Plan, *, now: datetime) -> tuple[Share, ...]:
        """Record a look: its posts as seen, its shares, and the cursor, all or nothing.

        Returns the shares that were added, in the plan's order. Posts and shares that are there already are left as
        they are, but for posts that were only shared by hand: they are seen from now on. Before that, the posts and
        shares of plan.renamed get the ids that WordPress has for them, as far as those have no shares.
        plan.activated_at is kept where the site has none yet. An incomplete look (plan.error) counts as a failure, a
        complete one ends the count. Raises LeaseLostError, and changes nothing, where another process moved the cursor
        since plan.expected_looked_at.
        """
        ...

    def look_failed(self, site: str, *, error: str, next_look_at: datetime) -> None:
        """Record that a look came to nothing: failures + 1; the cursor stays."""
        ...

    def end_wait(self, site: str, *, now: datetime) -> None:
        """Let a site be looked at now, where it failed and is left alone for a while: it was found to work again.

        Its shared posts that couldn't be looked at again are due, too.
        """
        ...

    def due_sites(self, names: Collection[str], *, now: datetime) -> tuple[str, ...]:
        """Which of these sites are due for a look: never looked at, or next_look_at ≤ now. Sorted by next_look_at.

        Without those on which a lease runs, whoever's, and those that a person lets rest.
        """
        ...

    def lease_site(self, site: str, *, owner: str, now: datetime, until: datetime) -> bool:
        """Take or extend the lease on looking at a site; False while another owner's lease runs."""
        ...

    def release_site(self, site: str, *, owner: str) -> None:
        """Let others look at the site. Nothing happens where it belongs to another owner by now."""
        ...

    def found_since(self, site: str, *, since: datetime) -> int:
        """How many posts of a site were let through after an instant: found by a look or a notice, and not kept back.

        What was held or skipped, was shared elsewhere, or is a person's own decision doesn't count.
        """
        ...
