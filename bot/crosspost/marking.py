"""Mark posts as shared that another program, or a person, has shared: what adopting and importing have in common."""

from collections.abc import Collection, Mapping, Sequence

from bot.crosspost.context import Context
from bot.crosspost.known_ids import as_known
from bot.domain.models import Share, State
from bot.domain.selecting.plan import Mark, SeenPost, as_seen
from bot.domain.transitions import outcome
from bot.errors import LeaseLostError

# Of a share in one of these states nobody has published anything, as far as howdah knows.
_OPEN = (State.PENDING, State.HELD, State.FAILED, State.SKIPPED)


def posts_at(context: Context, site: str, links: Collection[str]) -> Mapping[str, SeenPost]:
    """The posts that have these links, by link; a link that the site doesn't know is missing. Raises SiteError."""
    if not links:
        return {}
    listed = context.sites[site].site.list_by_link(links)
    return dict(zip(listed, as_known(context, site, list(map(as_seen, listed.values()))), strict=True))


def mark(context: Context, site: str, marks: Sequence[Mark], *, account: str, note: str) -> int:
    """Mark posts as shared on an account; returns how many weren't yet.

    A share that waits, failed, was skipped or is held becomes shared; one that is under way is left to what becomes
    of it. A post that is marked already gets the url that was missing. note: what the history says.
    """
    now = context.clock.now()
    added = context.store.add_shared(site, account, marks, note=note, now=now)
    changed = [one for one in marks if one.post.id not in added]
    return len(added) + sum(_change(context, site, one, account=account, note=note) for one in changed)


def _change(context: Context, site: str, one: Mark, *, account: str, note: str) -> bool:
    """Whether a share that was there before is marked now, and wasn't before."""
    shares = context.store.shares(site=site, post_id=one.post.id, account=account)
    share = min(shares, key=lambda share: share.number, default=None)
    if share is None or not _takes(share, one):
        return False
    now = context.clock.now()
    try:
        change = outcome.marked(share, url=one.url, status_id=one.status_id, note=note, now=now)
        context.store.apply(share, change, now=now)
    except LeaseLostError:
        return False  # another process has just sent it, or decided about it
    return share.state is not State.SHARED


def _takes(share: Share, one: Mark) -> bool:
    """Whether a share is to be changed: it isn't shared yet, or nobody knew where."""
    return share.state in _OPEN or (share.state is State.SHARED and not share.status_id and bool(one.status_id))
