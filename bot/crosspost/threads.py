"""Threads: how many there are for what, and whose turn it is to have one. howdah mostly waits for others."""

from collections import Counter
from collections.abc import Callable, Iterable

from bot.crosspost.context import Context

# A thread for each site up to here: sites answer slowly.
MOST_SITE_THREADS = 64
# What instances may have beyond a first thread for each. So many that each of up to 200 accounts has its own.
SHARED_THREADS = 400


def site_threads(context: Context) -> int:
    """How many sites are asked at a time."""
    return max(1, min(len(context.sites), MOST_SITE_THREADS))


def account_threads(context: Context) -> int:
    """How many accounts are worked on at a time: always one of each instance, however many others are silent."""
    instances = {posting.instance for posting in context.accounts.values()}
    return max(1, min(len(context.accounts), len(instances) + SHARED_THREADS))


def has_place(held: int, *, beyond: int, shared: int) -> bool:
    """Whether a server that holds so many threads may have one more.

    The first is its own. Of those that all share it holds at most as many as it leaves: of k servers that are silent
    each comes to hold shared / (k + 1), and as many are left to the others.

    Args:
        held: the threads that the server holds.
        beyond: the threads that all servers hold beyond the first of each.
        shared: how many of those there may be.
    """
    return held == 0 or held <= shared - beyond


def by_turns(names: Iterable[str], instance_of: Callable[[str], str]) -> tuple[str, ...]:
    """The accounts in an order in which one instance's keep no other's waiting: a first one of each, then a second."""
    earlier: Counter[str] = Counter()
    turn: dict[str, int] = {}
    for name in names:
        turn[name] = earlier[instance_of(name)]
        earlier[instance_of(name)] += 1
    return tuple(sorted(turn, key=turn.__getitem__))
