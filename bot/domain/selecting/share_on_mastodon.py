"""Living beside the plugin Share on Mastodon: its author's box, the time that it may take, the field that it keeps.

The field's address may be another account's or another instance's; plugins that duplicate posts copy it along with
everything else.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from bot.domain.models import STANDING_STILL, Carrier, Post, Profile, Share, ShareField, State
from bot.domain.policy import Plugin, SitePolicy

# The namespaces in which the plugins, howdah's own companion and Share on Mastodon, announce themselves (REST index).
COMPANION, SHARE_ON_MASTODON = "howdah/v1", "share-on-mastodon/v1"
# While a post is being saved the plugin uploads up to four images and publishes, each within 15 seconds.
PLUGIN_TIME = timedelta(seconds=90)
# The plugin's box reads "0" on every older post, whatever its author chose.
_BOX_LASTS = timedelta(minutes=30)
_UNTICKED = "0"
# Where servers name the author in a status' address: Mastodon and many others (some below a path: /web/@uk/1), its
# older form, Pixelfed, snac; and by their id, as Mastodon's newest form does.
_NAMES = re.compile(r"/@(?P<at>[^/]+)|/users/(?P<user>[^/]+)|\A/p/(?P<pixel>[^/]+)/|\A/(?P<snac>[^/]+)/p/")
_ID = re.compile(r"\A/ap/users/(?P<id>[^/]+)")
_PROFILE = re.compile(r"(?:/web)?/(?:@|users/)[^/]+/*")
_SCHEMES = frozenset({"https", "http"})
# WordPress shows an error in a list of posts: what is longer is cut.
_LONGEST_ERROR = 300
_EVER = datetime(1970, 1, 2, tzinfo=UTC)


def refused_by_box(policy: SitePolicy, post: Post, *, now: datetime) -> str:
    """Why a new post isn't shared by its author's own choice; '' where it may be."""
    fresh = post.published_at is not None and now - post.published_at < _BOX_LASTS
    if policy.plugin is Plugin.IGNORE or post.share_box != _UNTICKED or not fresh:
        return ""
    return "its author left the box of Share on Mastodon unticked"


def may_be_under_way(policy: SitePolicy, post: Post) -> bool:
    """Whether the plugin may be publishing this post, or have published it without hearing so."""
    return policy.plugin is not Plugin.IGNORE and post.share_field and not post.share_url


def lacks_companion(policy: SitePolicy, namespaces: Collection[str]) -> bool:
    """Whether a site is to be written to that nothing can be written to."""
    return policy.write_back and COMPANION not in namespaces


def shares_beside(policy: SitePolicy, namespaces: Collection[str]) -> bool:
    """Whether Share on Mastodon runs there, and nobody has decided yet how to live beside it."""
    return SHARE_ON_MASTODON in namespaces and policy.plugin is Plugin.ADOPT


class Identity(Struct, frozen=True, kw_only=True):
    """Who an account is: the hosts of its instance (where its API is, and where its pages are), its name and its id.

    username is '' where it isn't known: then any address on its hosts may be its own.
    """

    hosts: frozenset[str]
    username: str
    id: str


def identity(instance: str, profile: Profile) -> Identity:
    """Who an account is, by its instance's address in the config and by what the instance says of it."""
    username, _, domain = profile.acct.partition("@")
    hosts = frozenset({_host(instance), _host(profile.url), _host(f"//{domain}")}) - {""}
    return Identity(hosts=hosts, username=username, id=profile.id)


def is_own(url: str, account: Identity) -> bool:
    """Whether an address is one on the account's own instance, and names this account or none.

    The instance's own address, without a path, is no status', nor is an account's.
    """
    if _host(url) not in account.hosts or urlsplit(url).scheme not in _SCHEMES:
        return False
    path = unquote(urlsplit(url).path)
    if path.strip("/").lower() in {"", account.username.lower()} or _PROFILE.fullmatch(path):
        return False
    if not account.username:
        return True
    if numbered := _ID.match(path):
        return numbered["id"] == account.id
    found = _NAMES.search(path)
    username, _, domain = (next(filter(None, found.groups()), "") if found else "").partition("@")
    is_named = username.lower() == account.username.lower() and _host(f"//{domain}") in {"", *account.hosts}
    return is_named or not username


def proven(
    claims: Iterable[Carrier], *, accounts: Mapping[str, Identity], known: Collection[Carrier]
) -> frozenset[tuple[int, str]]:
    """Which (post, account) are shared already, of those that carry an address: (post id, account).

    claims: posts of one site that carry one, on each account that they might be shared on. known: posts that are known
    to carry one of these addresses; only the oldest has it by right.
    """
    every = tuple(claims)
    return frozenset(
        (claim.post_id, claim.account)
        for claim in every
        if claim.account in accounts and is_own(claim.url, accounts[claim.account])
        if not any(_is_older(other, claim) for other in (*every, *known))
    )


def _is_older(other: Carrier, claim: Carrier) -> bool:
    """Whether another post had the same address before."""
    same = (other.url, other.account) == (claim.url, claim.account)
    return same and (other.site, other.post_id) != (claim.site, claim.post_id) and _age(other) < _age(claim)


def _age(carrier: Carrier) -> tuple[datetime, int]:
    return carrier.published_at or _EVER, carrier.post_id


def _host(url: str) -> str:
    """An address' host, in punycode, and its port where that isn't the scheme's; '' where it has none to be read."""
    try:
        parts = urlsplit(url)
        name = (parts.hostname or "").rstrip(".").encode("idna").decode()
        return name if parts.port in {None, 80, 443} else f"{name}:{parts.port}"
    except ValueError:
        return ""


# --- what WordPress is told of a post: it has one field, however many accounts the post is shared on ------------------


def share_field(shares: Collection[Share], accounts: Sequence[str]) -> ShareField:
    """The field of a post with these shares: the newest url of the first account that has one.

    accounts: the site's, in the config's order. An error, the first account's newest, only where none has a url; where
    nothing came of any of them yet, the field is empty.
    """
    newest = sorted(shares, key=lambda share: share.number, reverse=True)
    by_account = [share for account in accounts for share in newest if share.account == account]
    url = next((share.url for share in by_account if share.state is State.SHARED and share.url), "")
    error = "" if url else next(_errors(by_account), "")
    return ShareField(url=url, error=error)


def _errors(shares: Collection[Share]) -> Iterator[str]:
    for share in shares:
        if share.state in STANDING_STILL and share.error:
            line = " ".join(share.error.split())
            yield line if len(line) <= _LONGEST_ERROR else line[: _LONGEST_ERROR - 1].rstrip() + "…"
