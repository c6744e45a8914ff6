"""Which account this is, which post this is, and which posts their site says the account has shared already."""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from typing import TypeVar
from urllib.parse import urlsplit

from msgspec.structs import replace

from bot.crosspost.context import Context
from bot.domain.models import Carrier, ListedPost, Post, Profile
from bot.domain.policy import Plugin
from bot.domain.selecting.plan import SeenPost
from bot.domain.selecting.share_on_mastodon import Identity, identity, proven
from bot.domain.text.links import same_link
from bot.errors import AccountError, SiteError

# Of so many posts of one look the instance is asked what stands at the address that they carry.
_MOST_ASKED = 10

PostType = TypeVar("PostType", Post, SeenPost)


def identity_of(context: Context, account: str) -> Identity:
    """Who an account is, asked of its instance once a process. Raises AccountError where it can't be had."""
    posting = context.accounts[account]
    if account not in context.remembered.profiles:
        context.remembered.profiles[account] = posting.account.verify()
    return identity(posting.instance, context.remembered.profiles[account])


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


def as_known(context: Context, site: str, posts: Sequence[PostType]) -> tuple[PostType, ...]:
    """The posts, those by the store's id whose link it knows, where its id or theirs was made of a feed (below zero).

    A site that is read by its feed may tell no id of its own. The next look at the REST API gives such a post the
    site's own, and its shares with it.
    """
    known = context.store.ids_by_link(site, [post.link for post in posts])
    ids = [(post, known.get(post.link, post.id)) for post in posts]
    return tuple(replace(post, id=number) if min(number, post.id) < 0 else post for post, number in ids)


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
    shared = proven(
        [_carrier(site, post, account) for post in carrying for account in known],
        accounts=known,
        known=context.store.carriers([post.share_url for post in carrying]),
    )
    asked = [(post, name) for post in carrying for name in known if (post.id, name) in shared][:_MOST_ASKED]
    return shared.difference(_copied(context, site, asked))


def is_shared_elsewhere(context: Context, site: str, post: Post, *, account: str) -> bool:
    """Whether the address that a post carries proves that it is shared on an account. Raises AccountError."""
    if not post.share_url or context.sites[site].policy.plugin is Plugin.IGNORE:
        return False
    who, claim = identity_of(context, account), _carrier(site, post, account)
    proof = proven([claim], accounts={account: who}, known=context.store.carriers([post.share_url]))
    return bool(proof) and not list(_copied(context, site, [(post, account)]))


def _copied(context: Context, site: str, asked: Iterable[tuple[ListedPost | Post, str]]) -> Iterable[tuple[int, str]]:
    """Which of these posts carry the address of another post's status, on which account.

    An account that gives no answer isn't asked again: each question may take as long as its timeout.
    """
    silent: set[str] = set()
    for post, account in asked:
        if account in silent:
            continue
        try:
            if _is_another_posts(context, site, post, account):
                yield post.id, account
        except AccountError:
            silent.add(account)


def _is_another_posts(context: Context, site: str, post: ListedPost | Post, account: str) -> bool:
    """Whether the status at the address that a post carries is that of another post, from which it was copied.

    That other one may never have been seen here: what the status links to, and which post that is, is asked. Where
    either can't be told the address is believed. Raises AccountError where the account gives no answer.
    """
    status_id = post.share_url.rstrip("/").rpartition("/")[2]
    status = context.accounts[account].account.status(status_id)
    if status is None or any(same_link(link, post.link) for link in status.links):
        return False
    host = urlsplit(post.link).netloc
    others = [link for link in status.links if urlsplit(link).netloc == host]
    try:
        found = context.sites[site].site.list_by_link(others) if others else {}
    except SiteError:
        return False
    ids = {listed.id for listed in found.values()}
    return bool(ids) and post.id not in ids


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
