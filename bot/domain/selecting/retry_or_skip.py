"""Which shares of a post a person means who wants it tried anew, or dropped."""

from collections.abc import Iterable

from bot.domain.models import Share, State


def to_retry(shares: Iterable[Share]) -> list[Share]:
    """The last share on each account that stands still.

    Where none does, every last one, whatever its state: what can't be tried anew is refused with its reason.
    """
    last = {share.account: share for share in sorted(shares, key=lambda share: share.number)}
    standing = [share for share in last.values() if share.state in (State.FAILED, State.HELD, State.SKIPPED)]
    return standing or list(last.values())


def to_skip(shares: Iterable[Share]) -> list[Share]:
    """The shares that may still be sent, or that need a person; statuses that don't follow their posts among them.

    All of them where each is, so that each is refused with its reason.
    """
    every = list(shares)
    return [share for share in every if share.state is not State.SKIPPED and not _stands_well(share)] or every


def _stands_well(share: Share) -> bool:
    """Whether a share is a status that follows its post, as far as it is to."""
    return share.state is State.SHARED and not share.error
