"""Share by hand: what a person asks for goes the same way as any other, with the next number.

Who names one post means now; who names several means one after the other, in the account's rhythm; what is let go
after it stood still goes the ordinary way, through filters and all.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec import Struct

from bot.crosspost.context import Context
from bot.crosspost.identity import as_known, is_shared_elsewhere
from bot.domain.composing.compose import compose
from bot.domain.models import STANDING_STILL, UNDER_WAY, Asked, Limits, Post, Share, State
from bot.domain.selecting.plan import as_seen, left_the_site
from bot.domain.transitions import mending, outcome
from bot.errors import AccountError, AlreadySharedError, LeaseLostError, RefusedError

_TRIES = 5


class Wish(Struct, frozen=True, kw_only=True):
    """How a person wants a post to be shared.

    text: their own words, '' for the template's. queued: in the account's rhythm, instead of now. due: not before then.
    after: the number of the newest share that they know of, 0 for none: who asks twice for the one after it gets one.
    """

    text: str = ""
    queued: bool = False
    due: datetime | None = None
    after: int | None = None

    @property
    def asked(self) -> Asked:
        """What is kept of it with the share."""
        return Asked.QUEUED if self.queued else Asked.NAMED


_NOW = Wish()


def request(context: Context, site: str, post_id: int, *, account: str, wish: Wish = _NOW) -> Share:
    """Ask for a post to be shared on an account; returns the share as it waits for delivery.

    Where it is shared already: RefusedError with the url. Where it failed, was skipped or is held, that share is
    tried anew; where it is under way already, it is left to it, but comes first. PostGoneError where the site
    says that the post isn't public. RefusedError also where the person's own text doesn't fit.
    """
    post = _read(context, site, post_id)
    _refuse_unfit(context, site, post, account=account, text=wish.text)
    return _decided(lambda: _once(context, site, post, account=account, wish=wish))


def request_again(context: Context, site: str, post_id: int, *, account: str, wish: Wish = _NOW) -> Share:
    """Ask for a new status for a post on an account, whatever there is already; but for what `wish.after` says.

    RefusedError, and nothing is recorded, where the person's own text doesn't fit.
    """
    post = _read(context, site, post_id)
    _refuse_unfit(context, site, post, account=account, text=wish.text)
    return _decided(lambda: _once_more(context, site, post, account=account, wish=wish))


def retry(context: Context, share: Share) -> Share:
    """Let a share go that stands still, the ordinary way. RefusedError where it is shared, under way, or has no way."""
    reason = _no_way(context, share)
    if reason:
        raise RefusedError(f"{share.name} can't be retried: {reason}")
    if share.state is State.SHARED or share.state in UNDER_WAY:
        raise RefusedError(f"{share.name} is {share.state}: there is nothing to retry")
    now = context.clock.now()
    return context.store.apply(share, outcome.retried(share, now=now), now=now)


def skip(context: Context, share: Share) -> Share:
    """Decide that a share is not to be, or that a status is left as it is that doesn't follow its post.

    RefusedError where it is shared otherwise, or being sent.
    """
    now = context.clock.now()
    if share.state is State.SHARED and share.error:
        return context.store.apply(share, mending.left(share, now=now), now=now)
    if share.state in (State.SHARED, State.SENDING):
        raise RefusedError(f"{share.name} is {share.state}: it can't be skipped")
    return context.store.apply(share, outcome.dropped(share, "skipped by hand", now=now), now=now)


def to_retry(shares: Iterable[Share]) -> list[Share]:
    """Which of a post's shares a person means who wants it tried anew: the last on each account that stands still.

    Where none does, every last one, whatever its state: what can't be tried anew is refused with its reason.
    """
    last = {share.account: share for share in sorted(shares, key=lambda share: share.number)}
    standing = [share for share in last.values() if share.state in STANDING_STILL]
    return standing or list(last.values())


def to_skip(shares: Iterable[Share]) -> list[Share]:
    """Which of a post's shares a person means who wants it dropped: those that may still be sent, or need a person.

    Statuses that don't follow their posts are among them. All where there is none such, so that each is refused with
    its reason.
    """
    every = list(shares)
    return [share for share in every if share.state is not State.SKIPPED and not _stands_well(share)] or every


def _read(context: Context, site: str, post_id: int) -> Post:
    """The post as it is now, by its link too where that is known: a site that is read by its feed may give no id."""
    known = context.store.shares(site=site, post_id=post_id)
    post = context.sites[site].site.read(post_id, link=known[0].link if known else "")
    return as_known(context, site, [post])[0]


def _refuse_unfit(context: Context, site: str, post: Post, *, account: str, text: str) -> None:
    """RefusedError where a person's own text can't be the status; where the limits aren't known, the delivery tells."""
    limits = _limits(context, account) if text else None
    if limits is None:
        return
    try:
        compose(post, policy=context.accounts[account].policy, limits=limits, site=site, text_override=text)
    except ValueError as error:
        raise RefusedError(f"{site}/{post.id} on {account}: {error}") from error


def _limits(context: Context, account: str) -> Limits | None:
    """What the instance allows, as it says now, else as remembered."""
    try:
        return context.accounts[account].account.limits()
    except AccountError:
        return context.store.account(account).limits


def _decided(decide: Callable[[], Share]) -> Share:
    """Decide by what is there, and anew where another process has changed it meanwhile."""
    for _ in range(_TRIES):
        try:
            return decide()
        except LeaseLostError:
            continue
    raise RefusedError("other processes keep changing this share: try again in a moment")


def _once(context: Context, site: str, post: Post, *, account: str, wish: Wish) -> Share:
    share = _last(context, site, post, account)
    if share is None:
        if is_shared_elsewhere(context, site, post, account=account):
            _adopt(context, site, post, account=account, wish=wish)
            raise AlreadySharedError(f"{site}/{post.id} is shared already: {post.share_url}")
        return _add(context, site, post, account=account, wish=wish, last=None)
    if share.state is State.SHARED:
        raise AlreadySharedError(f"{share.name} is shared already: {share.url or 'its address is unknown'}")
    if share.state in (State.SENDING, State.UNKNOWN):
        if wish.text:
            raise RefusedError(f"{share.name} is under way with other words: wait until it stands still")
        return share
    now = context.clock.now()
    return context.store.apply(
        share, outcome.wanted(share, asked=wish.asked, text=wish.text, due=wish.due or now, now=now), now=now
    )


def _once_more(context: Context, site: str, post: Post, *, account: str, wish: Wish) -> Share:
    last = _last(context, site, post, account)
    if last is not None and wish.after is not None and last.number > wish.after:
        return last
    return _add(context, site, post, account=account, wish=wish, last=last)


def _add(context: Context, site: str, post: Post, *, account: str, wish: Wish, last: Share | None) -> Share:
    """Add the share after the last one that was decided by. LeaseLostError where another has come meanwhile."""
    return context.store.add_by_hand(
        site,
        as_seen(post),
        account=account,
        number=last.number + 1 if last is not None else 1,
        text=wish.text,
        now=context.clock.now(),
        asked=wish.asked,
        due=wish.due,
    )


def _adopt(context: Context, site: str, post: Post, *, account: str, wish: Wish) -> None:
    """Record that the site says the post was shared: what is refused for it can be seen."""
    share = _add(context, site, post, account=account, wish=wish, last=None)
    now = context.clock.now()
    context.store.apply(share, outcome.adopted(share, post.share_url, now=now), now=now)


def _last(context: Context, site: str, post: Post, account: str) -> Share | None:
    earlier = context.store.shares(site=site, post_id=post.id, account=account)
    return max(earlier, key=lambda share: share.number, default=None)


def _no_way(context: Context, share: Share) -> str:
    """Why nobody would ever deliver this share by the present config; '' where somebody does."""
    if share.site not in context.sites:
        return f"there is no site {share.site!r} in the config any more"
    if share.account not in context.accounts:
        return f"there is no account {share.account!r} in the config any more"
    return left_the_site(share, context.sites[share.site].policy)


def _stands_well(share: Share) -> bool:
    """Whether a share is a status that follows its post, as far as it is to."""
    return share.state is State.SHARED and not share.error
