"""From a site's public feed, RSS or Atom, to our values: what any reader of feeds is shown, and no more.

A feed tells neither the type nor the status of a post, and nothing of its edits. Its ids are in guids of the form
`https://site.example/?p=ID`, whose scheme may change. Where a guid is something else, a post has no id that WordPress
would know: it gets one of ours, below zero, made of its guid or its link, so that it is the same at every look.
"""

import hashlib
import io
import re
from calendar import timegm
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from msgspec import Struct

from bot.domain.models import Image, ImageSize, Post, SiteInfo, Term
from bot.domain.text import storable
from bot.domain.text.links import normalise
from bot.wordpress.page_head import language_tag
from bot.wordpress.parse import shows_only_notice
from bot.wordpress.payload import UnreadableError
from bot.wordpress.routes import same_home, split

_ID = re.compile(r"[1-9][0-9]{0,17}")
# A feed has 10 posts as WordPress makes it; what is longer than that many times over isn't read to its end.
_MOST_POSTS = 500
_LONGEST = {"title": 2_000, "excerpt": 20_000, "content": 200_000, "name": 250, "address": 2_000}
_MOST_TERMS = 100
# What WordPress puts into the place of a text that has a password.
_PASSWORD_FORM = re.compile(r"post-password-form|action=postpass")
_LAST_PARAGRAPH = re.compile(r"<p>(?:(?!<p>).)*</p>\s*\Z", re.DOTALL | re.IGNORECASE)
_HREF = re.compile(r"href=[\"']([^\"']+)[\"']", re.IGNORECASE)


class Feed(Struct, frozen=True, kw_only=True):
    """A feed: what it says of its site, and its posts as they come, the newest first mostly."""

    info: SiteInfo
    posts: tuple[Post, ...]


def read_feed(body: bytes, *, url: str, home: str) -> Feed:
    """A feed from its bytes; UnreadableError where it is none. url: its own address; home: the site's."""
    import feedparser  # 60 ms: only where a feed is read

    # Some themes and plugins put blank lines and byte-order marks in front of it.
    trimmed = body.lstrip(b" \t\r\n\xef\xbb\xbf")
    try:
        # Its own cleaning of HTML takes hours over some, and isn't needed: nothing is shown before it is plain text.
        found = feedparser.parse(
            io.BytesIO(trimmed),
            response_headers={"content-location": url},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except Exception as error:  # feedparser raises what its parsers raise
        raise UnreadableError("answered with something that is no feed") from error
    if not found.get("version"):
        raise UnreadableError("answered with something that is no feed")
    channel = found.feed
    title, language = _text(channel.get("title"), "name"), language_tag(channel.get("language"))
    site = _text(channel.get("link"), "address")
    read = (_post(entry, home=home, site=site) for entry in found.entries[:_MOST_POSTS])
    posts = {post.id: post for post in read if post is not None}
    # An item that comes again under another guid is the same post; WordPress's own id tells most.
    once = {
        (normalise(post.link), post.published_at): post for post in sorted(posts.values(), key=lambda post: post.id)
    }
    kept = {post.id for post in once.values()}
    shown = tuple(post for post in posts.values() if post.id in kept)
    return Feed(info=SiteInfo(title=title, language=language), posts=shown)


def own_id(key: str) -> int:
    """An id below zero for a post that has none, of what tells it from others: its guid, or its link."""
    digest = hashlib.sha256(normalise(key).encode()).digest()
    return -(int.from_bytes(digest[:8]) >> 1) - 1


def _post(entry: Mapping[str, Any], *, home: str, site: str) -> Post | None:
    """A post from an entry; None where it has no link, since nothing could be shared of it.

    FeedBurner keeps the post's own address beside its own; where there is none at all, the guid leads to the post.
    """
    guid = _text(entry.get("id"), "address")
    link = next(filter(None, (_address(entry.get(name)) for name in ("feedburner_origlink", "link", "id"))), "")
    if not link:
        return None
    content = _text(next((part.get("value") for part in _parts(entry.get("content"))), ""), "content")
    excerpt = _text(entry.get("summary"), "excerpt")
    content, excerpt = (_without_footer(text, link=link, site=site or home) for text in (content, excerpt))
    excerpt = "" if excerpt == content else excerpt
    protected = bool(_PASSWORD_FORM.search(content) or _PASSWORD_FORM.search(excerpt))
    terms = tuple(islice(_terms(entry), _MOST_TERMS))
    authors = tuple(
        Term(name=name) for part in _parts(entry.get("authors")) if (name := _text(part.get("name"), "name"))
    )
    return Post(
        id=_wordpress_id(guid, home=home, site=site) or own_id(guid or link),
        link=link,
        title=_text(entry.get("title"), "title"),
        excerpt="" if protected else excerpt,
        content="" if protected else content,
        protected=protected,
        members_only=shows_only_notice(content, excerpt),
        published_at=_instant(entry, "published_parsed") or _instant(entry, "updated_parsed"),
        modified_at=None,  # a feed's word for edits is another than the API's, or none
        author=authors[0].name if authors else "",
        author_slug="",
        coauthors=authors if len(authors) > 1 else (),
        categories=terms,
        tags=terms,
        image=_image(entry, base=link),
    )


def _wordpress_id(guid: str, *, home: str, site: str) -> int | None:
    """The id that WordPress gives the post in its guid; None where it is none, or another site's."""
    try:
        asked = parse_qs(urlsplit(guid.replace("&#038;", "&").replace("&amp;", "&")).query).get("p", [""])[0]
    except ValueError:
        return None
    own = same_home(guid, home) or (bool(site) and same_home(guid, site))
    return int(asked) if own and _ID.fullmatch(asked) else None


def _instant(entry: Mapping[str, Any], key: str) -> datetime | None:
    """An instant from what feedparser makes of a date: in UTC."""
    # Its get() takes one date for another that is missing.
    parsed = entry[key] if key in list(entry) else None
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _terms(entry: Mapping[str, Any]) -> Iterator[Term]:
    """Categories and tags; a feed doesn't tell the one from the other."""
    names = (_text(part.get("term"), "name").strip() for part in _parts(entry.get("tags")))
    for name in dict.fromkeys(filter(None, names)):
        yield Term(name=name, slug=name.lower().replace(" ", "-"))


def _image(entry: Mapping[str, Any], *, base: str) -> Image | None:
    """The image that an entry carries with it: as an enclosure, or as a plugin's media element. base: its link.

    WordPress.com puts the author's avatar before it.
    """
    from bot.domain.composing.content_images import is_named_as_image, is_ornament  # reads HTML: only with a feed

    for part in (*_parts(entry.get("media_content")), *_parts(entry.get("links"))):
        kind = _text(part.get("type"), "name")
        url = _address(part.get("url") or (part.get("href") if part.get("rel") == "enclosure" else ""), base=base)
        is_image = kind.startswith("image/") or part.get("medium") == "image" or (not kind and is_named_as_image(url))
        if url and is_image and not is_ornament(url):
            return Image(sizes=(ImageSize(url=url, mime_type=kind),))
    thumbnail = next(iter(_parts(entry.get("media_thumbnail"))), {})
    url = _address(thumbnail.get("url"), base=base)
    return Image(sizes=(ImageSize(url=url),)) if url else None


def _without_footer(html: str, *, link: str, site: str) -> str:
    """A text without the "appeared first on" that plugins put below it in feeds, in whatever language."""
    last = _LAST_PARAGRAPH.search(html)
    if last is None:
        return html
    links = {normalise(href) for href in _HREF.findall(last[0])}
    return html[: last.start()].rstrip() if {normalise(link), normalise(site)} <= links else html


def _parts(value: object) -> list[Mapping[str, Any]]:
    return [part for part in value if isinstance(part, Mapping)] if isinstance(value, list) else []


def _text(value: object, kind: str) -> str:
    """A text that can be stored and sent, no longer than its kind."""
    if not isinstance(value, str):
        return ""
    return storable(value)[: _LONGEST[kind]]


def _address(value: object, *, base: str = "") -> str:
    """An absolute web address, a relative one as it is meant at base; '' for anything else."""
    text = _text(value, "address").strip()
    if base and text:
        with suppress(ValueError):
            text = urljoin(base, text)
    return text if split(text) is not None else ""
