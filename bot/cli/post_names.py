"""Which post a person means: a post's URL, SITE/ID, or an ID where there is one site.

A URL may also be that of the status that a post has become, or of the post's page in WordPress' own editor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from bot.cli.session import known_site
from bot.domain.models import post_id_in
from bot.errors import RefusedError, UserError
from bot.report.wording import listed

if TYPE_CHECKING:
    from bot.config import Config
    from bot.crosspost.context import Context
    from bot.domain.models import Share
    from bot.ports import Store


class PostName(Struct, frozen=True):
    """A post by its site and its id there."""

    site: str
    post_id: int

    def __str__(self) -> str:
        return f"{self.site}/{self.post_id}"


def known_post(text: str, *, config: Config, store: Store) -> PostName:
    """The post that is meant, by what the store knows; nobody is asked.

    UserError where the text can't be a post's name, RefusedError where a URL was never seen.
    """
    link = _link(text, config)
    if not link:
        return _left_over(text, config, store) or _named(text, config)
    found = _edited(link, config) or _known(link, store) or _short(link, config)
    if found is None:
        raise RefusedError(f"{link}: howdah has never seen this post. Is it the post's own address?")
    return found


def shares_of(post: PostName, store: Store) -> tuple[Share, ...]:
    """The shares of a post, newest first; RefusedError where it has none."""
    shares = store.shares(site=post.site, post_id=post.post_id)
    if not shares:
        raise RefusedError(f"{post}: howdah has no share of this post. `howdah share {post}` shares it.")
    return shares


def find_post(text: str, *, config: Config, context: Context) -> PostName:
    """The post that is meant; its site is asked for a URL that was never seen.

    UserError where the text can't be a post's name or belongs to no site, RefusedError where the site doesn't know
    the address, SiteError where it can't be asked.
    """
    link = _link(text, config)
    if not link:
        return _named(text, config)
    found = _edited(link, config) or _known(link, context.store)
    if found is not None and found.site in config.sites:
        return found
    return _ask(link, config, context)


def _edited(link: str, config: Config) -> PostName | None:
    """The post whose page in WordPress' editor this is; None where it is none of a site of the config."""
    from urllib.parse import parse_qs, urlsplit

    parts = urlsplit(link)
    address, editor, _ = link.partition("/wp-admin/post.php")
    post_id = post_id_in(parse_qs(parts.query).get("post", [""])[0])
    if not editor or post_id is None:
        return None
    return PostName(_site_of(address, config), post_id)


def _short(link: str, config: Config) -> PostName | None:
    """The post whose short link this is, "…/?p=ID"; None where it is none of a site of the config."""
    from urllib.parse import parse_qs, urlsplit

    post_id = post_id_in(parse_qs(urlsplit(link).query).get("p", [""])[0])
    return PostName(_site_of(link, config), post_id) if post_id and _sites_of(link, config) else None


def _known(link: str, store: Store) -> PostName | None:
    """The recorded post that has this link, or whose status does."""
    found = store.find_post(None, link) or store.find_status(link)
    return PostName(*found) if found is not None else None


def _ask(link: str, config: Config, context: Context) -> PostName:
    name = _site_of(link, config)
    post_id = context.sites[name].site.find_post(link)
    if post_id is None:
        raise RefusedError(f"{link}: site {name} knows no public post with this address.")
    return PostName(name, post_id)


def _left_over(text: str, config: Config, store: Store) -> PostName | None:
    """The post of a site that the config has no more, by SITE/ID, where the store has shares of it; else None."""
    site, _, number = text.rpartition("/")
    post_id = post_id_in(number)
    if not site or site in config.sites or post_id is None:
        return None
    return PostName(site, post_id) if store.shares(site=site, post_id=post_id) else None


def _named(text: str, config: Config) -> PostName:
    """A post from SITE/ID or ID."""
    site, slash, number = text.rpartition("/")
    post_id = post_id_in(number)
    if post_id is None:
        raise UserError(f"{text!r} is no post. Give its URL, SITE/ID, or its ID where there is one site.")
    if slash:
        return PostName(known_site(config, site), post_id)
    if len(config.sites) != 1:
        names = sorted(config.sites)
        raise UserError(
            f"{text} could be on any of the sites {listed(names)}. Say which: {names[0]}/{text}, for example."
        )
    return PostName(next(iter(config.sites)), post_id)


def _link(text: str, config: Config) -> str:
    """The text as a URL; '' where it is none. The scheme may be left out where a site's address follows."""
    if "://" in text:
        return text
    site, _, _ = text.partition("/")
    if site in config.sites or "." not in site:
        return ""
    return f"https://{text}" if _sites_of(f"https://{text}", config) else ""


def _site_of(link: str, config: Config) -> str:
    """The site whose address is the longest beginning of the link."""
    names = _sites_of(link, config)
    if not names:
        addresses = listed(f"{name} ({config.sites[name].url})" for name in sorted(config.sites))
        raise UserError(f"{link} belongs to no site of the config, which has {addresses}.")
    return max(names, key=lambda name: _closeness(link, config.sites[name].url))


def _closeness(link: str, address: str) -> tuple[bool, int]:
    """How well a link fits a site's address: by its parameters (`?lang=fr`), then by how much of it is the same."""
    _, _, parameters = address.partition("?")
    return parameters in link, len(address)


def _sites_of(link: str, config: Config) -> list[str]:
    """The sites whose address the link lies under."""
    from bot.domain.text.links import lies_under

    return [
        name
        for name, site in config.sites.items()
        if any(lies_under(link, root) for root in (site.url, site.link_host))
    ]
