"""Sites at which nothing is new: looks at them leave no trace in the store but now and then.

A daemon remembers what its last recorded look left out, and looks with that again: an empty answer changes nothing
but the time. The store says meanwhile that the site is due only when the look is to be recorded again, which is also
when another daemon takes over from one that is gone.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct, field
from msgspec.structs import replace

from bot.domain.models import FARTHEST, SiteState

# A site that is polled every two minutes is recorded every five; others so much more often as they are polled.
_RECORD_EVERY = timedelta(minutes=5)
_LOOKS = 5


class Quiet(Struct, frozen=True, kw_only=True):
    """What the last recorded look left: the site's state, and with what to look again.

    next_look_at: when to look; until: when that look is to be recorded.
    """

    state: SiteState
    after: datetime
    exclude: tuple[int, ...]
    next_look_at: datetime
    until: datetime


class QuietSites(Struct, frozen=True):
    """The quiet sites of one process. Several threads may use it, each for another site."""

    _sites: dict[str, Quiet] = field(default_factory=dict)
    _begun: set[str] = field(default_factory=set)

    def take(self, name: str, *, now: datetime) -> Quiet | None:
        """Forget a site, and tell what was remembered of it; None where its next look is to be recorded."""
        quiet = self._sites.pop(name, None)
        return quiet if quiet is not None and now < quiet.until <= now + FARTHEST else None

    def keep(self, name: str, quiet: Quiet) -> None:
        """Remember a site."""
        self._sites[name] = quiet

    def looked(self, name: str, quiet: Quiet, *, next_look_at: datetime) -> None:
        """Remember a site that is as it was."""
        self._sites[name] = replace(quiet, next_look_at=next_look_at)

    def due(self, *, now: datetime) -> tuple[str, ...]:
        """The quiet sites whose next look has come, but for those whose look is to be recorded: the store says when."""
        return tuple(name for name, quiet in list(self._sites.items()) if quiet.next_look_at <= now < quiet.until)

    def heed(self, state: SiteState, *, now: datetime) -> bool:
        """Whether to look at a site, of which the store says this now.

        Not where another process has looked since, so that this one doesn't ask the site beside it. What has changed
        is quiet no more: its next look is recorded.
        """
        quiet = self._sites.get(state.name)
        if quiet is None or state == quiet.state:
            return True
        self._sites.pop(state.name, None)
        due = state.next_look_at
        return due is None or due <= now or due == quiet.state.next_look_at

    def next_look_at(self, name: str) -> datetime | None:
        """When to look at a site again; None where it isn't quiet."""
        quiet = self._sites.get(name)
        return quiet.next_look_at if quiet is not None else None

    def not_begun(self, names: Iterable[str]) -> frozenset[str]:
        """Those of the sites that begin() was never told of: this process has looked at none of them yet."""
        return frozenset(names) - self._begun

    def begin(self, names: Iterable[str]) -> None:
        """Note that this process looks at these sites from now on."""
        self._begun.update(names)


def record_every(poll_every: timedelta) -> timedelta:
    """How long looks that find nothing new may go unrecorded."""
    return max(poll_every, min(_RECORD_EVERY, _LOOKS * poll_every))
