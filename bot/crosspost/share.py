"""Share by hand: what a person asks for takes the same road, with the next number."""

from bot.crosspost.house import House, Watched
from bot.domain import outcome
from bot.domain.models import Post, Share, State
from bot.domain.text import plain
from bot.errors import RefusedError

_IN_MOTION = (State.PENDING, State.SENDING, State.UNKNOWN)


def request(house: House, site: str, post_id: int, *, account: str, text: str = "") -> Share:
    """Ask for a post to be shared on an account, now; returns the share as it waits for delivery.

    Where it is shared already: RefusedError with the url. Where it failed, was skipped or is held, that share is
    tried anew; where it is under way already, it is left to it, but comes first. PostGoneError where the site
    says that the post isn't public.
    """
    post = _read(house, house.sites[site], post_id)
    return _once(house, site, post, account=account, text=text)


def request_again(house: House, site: str, post_id: int, *, account: str, text: str = "") -> Share:
    """Ask for a new status for a post on an account, whatever there is already."""
    post = _read(house, house.sites[site], post_id)
    return _add(house, site, post, account=account, text=text)


def retry(house: House, share: Share) -> Share:
    """Try a share anew that stands still. RefusedError where it is shared or under way."""
    if share.state is State.SHARED or share.state in _IN_MOTION:
        raise RefusedError(f"{_name(share)} is {share.state}: there is nothing to retry")
    now = house.clock.now()
    return house.store.apply(share, outcome.retried(share, now=now), now=now)


def skip(house: House, share: Share) -> Share:
    """Decide that a share is not to be. RefusedError where it is shared or being sent."""
    if share.state in (State.SHARED, State.SENDING):
        raise RefusedError(f"{_name(share)} is {share.state}: it can't be skipped")
    now = house.clock.now()
    return house.store.apply(share, outcome.dropped(share, "skipped by hand", now=now), now=now)


def _read(house: House, watched: Watched, post_id: int) -> Post:
    root = house.store.site(watched.policy.name).root or watched.site.find_root()
    return watched.site.read(root, post_id)


def _once(house: House, site: str, post: Post, *, account: str, text: str) -> Share:
    earlier = house.store.shares(site=site, post_id=post.id, account=account)
    if not earlier:
        if post.share_url:
            raise RefusedError(f"{site}/{post.id} is shared already: {post.share_url} (--again for a new status)")
        return _add(house, site, post, account=account, text=text)
    share = max(earlier, key=lambda share: share.number)
    if share.state is State.SHARED:
        raise RefusedError(f"{_name(share)} is shared already: {share.url} (--again for a new status)")
    if share.state in (State.SENDING, State.UNKNOWN):
        return share
    now = house.clock.now()
    change = outcome.wanted(share, text=text, now=now)
    return house.store.apply(share, change, now=now)


def _add(house: House, site: str, post: Post, *, account: str, text: str) -> Share:
    return house.store.add_by_hand(
        site, post, title=plain(post.title), account=account, text=text, now=house.clock.now()
    )


def _name(share: Share) -> str:
    return f"{share.site}/{share.post_id} on {share.account}"
