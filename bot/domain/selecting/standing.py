"""Which shares of a post a person means who wants it tried anew, or dropped."""

from collections.abc import Iterable

from bot.domain.models import Share, State


def stuck(shares: Iterable[Share]) -> list[Share]:
    """The last share on each account that stands still.

    Where none does, every last one, whatever its state: what can't be tried anew is refused with its reason.
    """
    last = {share.account: share for share in sorted(shares, key=lambda share: share.number)}
    standing = [share for share in last.values() if share.state in (State.FAILED, State.HELD, State.SKIPPED)]
    return standing or list(last.values())


def unsettled(shares: Iterable[Share]) -> list[Share]:
    """The shares that aren't settled; all of them where each is, so that each is refused with its reason."""
    every = list(shares)
    return [share for share in every if share.state not in (State.SHARED, State.SKIPPED)] or every
