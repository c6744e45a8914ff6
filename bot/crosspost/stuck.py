"""What has been tried and refused more than a few times, and still waits."""

from collections.abc import Collection, Iterable

from bot.domain.models import Share, State
from bot.domain.transitions.outcome import reads_refused
from bot.ports import Store

# So many reads that came to nothing, one after the other, don't mend themselves.
STUBBORN = 3
# Shares whose histories are read, of an account: to know that there are some is enough.
_MOST = 20


def waits_for_site(store: Store, accounts: Iterable[str]) -> tuple[Share, ...]:
    """The pending shares of these accounts whose posts couldn't be read so many times in a row, oldest first."""
    found: list[Share] = []
    for name in accounts:
        pending = [share for share in reversed(store.shares(account=name, state=State.PENDING)) if share.error]
        found += unreadable(store, pending[:_MOST])
    return tuple(found)


def unreadable(store: Store, shares: Collection[Share]) -> tuple[Share, ...]:
    """Those of these shares that are pending because their posts couldn't be read so many times in a row."""
    return tuple(share for share in shares if share.state is State.PENDING and is_stubborn(store, share))


def is_stubborn(store: Store, share: Share) -> bool:
    """Whether the share's post couldn't be read so many times in a row, up to now."""
    return reads_refused(store.attempts(share)) >= STUBBORN
