"""Who an account is, and which posts its site says it has shared already."""

from collections.abc import Collection, Iterable
from contextlib import suppress

from bot.crosspost.context import Context
from bot.domain.models import Carrier, ListedPost, Post, Profile
from bot.domain.policy import Plugin
from bot.domain.selecting.beside import Identity, identity, proven
from bot.errors import AccountError


def identity_of(context: Context, account: str) -> Identity:
    """Who an account is, asked of its instance once a process. Raises AccountError where it can't be had."""
    posting = context.accounts[account]
    if account not in context.profiles:
        context.profiles[account] = posting.account.verify()
    return identity(posting.instance, context.profiles[account])


def twin_of(context: Context, account: str) -> str:
    """The account that is this very one under an earlier name, and gets the same posts; '' where there is none.

    Where either can't say who it is nothing is known, and nothing is held up for it.
    """
    for other in context.accounts[account].met_before:
        with suppress(AccountError):
            if identity_of(context, other) == identity_of(context, account):
                return other
    return ""


def identity_as_far_as_known(context: Context, account: str) -> Identity:
    """Who an account is; by its instance's address alone where it can't say so now."""
    try:
        return identity_of(context, account)
    except AccountError:
        return identity(context.accounts[account].instance, Profile(id="", acct=""))


def shared_elsewhere(
    context: Context, site: str, posts: Collection[ListedPost], *, accounts: Collection[str]
) -> frozenset[tuple[int, str]]:
    """Which of a site's posts are shared already on which accounts, by the address that they carry: (id, account).

    An account that can't say who it is counts for nothing here: before it sends anything it is asked again.
    """
    carrying = [post for post in posts if post.share_url]
    if not carrying or context.sites[site].policy.plugin is Plugin.IGNORE:
        return frozenset()
    known = dict(_known(context, accounts))
    return proven(
        [_carrier(site, post, account) for post in carrying for account in known],
        accounts=known,
        known=context.store.carriers([post.share_url for post in carrying]),
    )


def is_shared_elsewhere(context: Context, site: str, post: Post, *, account: str) -> bool:
    """Whether the address that a post carries proves that it is shared on an account. Raises AccountError."""
    if not post.share_url or context.sites[site].policy.plugin is Plugin.IGNORE:
        return False
    who, claim = identity_of(context, account), _carrier(site, post, account)
    return bool(proven([claim], accounts={account: who}, known=context.store.carriers([post.share_url])))


def _known(context: Context, accounts: Iterable[str]) -> Iterable[tuple[str, Identity]]:
    for account in accounts:
        if account not in context.accounts:
            continue
        try:
            yield account, identity_of(context, account)
        except AccountError:
            continue


def _carrier(site: str, post: ListedPost | Post, account: str) -> Carrier:
    return Carrier(site=site, post_id=post.id, account=account, url=post.share_url, published_at=post.published_at)
