"""What a person does at once with a status that exists: which one that is, and the account's lane meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

from bot.crosspost.context import Context, lease_length
from bot.crosspost.lane import Lane
from bot.domain.models import Share, State
from bot.errors import RefusedError

# Between two looks whether another process has given the account back.
_RETRY_EVERY = timedelta(milliseconds=200)


def newest_shared(context: Context, site: str, post_id: int, *, account: str, to: str) -> Share:
    """The post's newest share that is on the account, with its status' id; to: what is to be done with it.

    RefusedError where there is none that howdah knows the id of.
    """
    share = newest_anyhow(context, site, post_id, account=account, to=to)
    if not share.status_id:
        raise _without_id(share, to=to)
    return share


def _without_id(share: Share, *, to: str) -> RefusedError:
    """Another program shared it, and perhaps told no url either."""
    return RefusedError(
        f"{share.name} was shared by another program: howdah doesn't know the id of {share.url or 'its status'}. "
        f"{to.capitalize()} it there, or let `howdah adopt {share.site}` find it first"
    )


def newest_anyhow(context: Context, site: str, post_id: int, *, account: str, to: str) -> Share:
    """The same, whoever shared it, and perhaps without its status' id. RefusedError where there is none."""
    shares = context.store.shares(site=site, post_id=post_id, account=account, state=State.SHARED)
    share = max(shares, key=lambda share: share.number, default=None)
    if share is None:
        name = _post_name(context, site, post_id)
        raise RefusedError(
            f"{name} on {account} isn't shared: there is no status to {to}. `howdah share {name}` shares it"
        )
    return share


def _post_name(context: Context, site: str, post_id: int) -> str:
    """What the post is called, by any share of it: its own id may be one that howdah made up."""
    shares = context.store.shares(site=site, post_id=post_id, limit=1)
    return next((share.post_name for share in shares), f"{site}/{post_id}")


def with_status_id(lane: Lane, share: Share, *, to: str) -> Share:
    """The share with its status' id: where another program published it, as the account's own listing has it.

    to: what is to be done with it. RefusedError where nobody knows its url, or the status isn't listed, AccountError
    where that can't be read.
    """
    if share.status_id:
        return share
    if not share.url:
        raise _without_id(share, to=to)
    listing = lane.posting.account.statuses_since(None)
    found = next((status.id for status in listing.statuses if status.url == share.url), "")
    if not found:
        raise RefusedError(f"{share.name}: {share.url} isn't among the account's own statuses")
    return replace(share, status_id=found)


@contextmanager
def lane_of(context: Context, account: str, *, patience: timedelta | None = None) -> Iterator[Lane]:
    """The account's lane, taken for as long as it lasts; RefusedError where another process doesn't give it back.

    patience: how long to wait for that; as long as a lease may last where it isn't said.
    """
    lane = Lane(context, context.accounts[account])
    _take(lane, patience if patience is not None else lease_length(lane.policy))
    try:
        lane.state = context.store.account(account)
        lane.pace.count_spent(now=context.clock.now())
        yield lane
    finally:
        lane.release()


def _take(lane: Lane, patience: timedelta) -> None:
    """Take the lane, waiting so long at the most."""
    clock = lane.context.clock
    begun = clock.elapsed()
    while not lane.lease():
        if clock.elapsed() - begun > patience or clock.wait(_RETRY_EVERY):
            raise RefusedError(f"another process attends to account {lane.name}: try again in a moment")
