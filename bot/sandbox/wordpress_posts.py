"""What the sandbox's WordPress holds: posts, terms, authors, media, in the columns that WordPress has."""

import functools
import html
import re
import unicodedata
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypedDict

Named = str | tuple[int, str]
_LONGEST_SLUG = 200
_LETTERS = str.maketrans({"ß": "s", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "AE"})


class PostFields(TypedDict, total=False):
    """What an author may give for a post; all of it may be left out.

    title is text as typed; excerpt and content are text or HTML. tags, categories and author are names, or (id, name).
    image is (bytes, alternative text); caption and focal_point (from the upper left corner, of the sides from 0 to 1)
    are of that image. lang is what Polylang says of the post. share_text and share_cw are what the author wrote in the
    fields of Share on Mastodon. date is aware. path is the permalink below the site, such as "/393174/".
    raw overrides fields of the REST record, and `_embedded` of the embeds. id asks for a certain id.
    """

    id: int
    title: str
    excerpt: str
    content: str
    slug: str
    path: str
    tags: Sequence[Named]
    categories: Sequence[Named]
    author: Named
    image: tuple[bytes, str] | None
    caption: str
    focal_point: tuple[float, float] | None
    featured_media: int
    date: datetime | None
    status: str
    password: str
    sticky: bool
    lang: str
    share_text: str
    share_cw: str
    share_on_mastodon: Mapping[str, str] | None
    raw: Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Post:
    """A row of the posts table. date and modified are the site's local clock, the _gmt ones UTC, none with a zone."""

    id: int
    title: str = ""
    excerpt: str = ""
    content: str = ""
    slug: str = ""
    path: str = ""
    date: str = ""
    date_gmt: str = ""
    modified: str = ""
    modified_gmt: str = ""
    status: str = "publish"
    floating: bool = False
    password: str = ""
    sticky: bool = False
    author: int = 1
    categories: list[int] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)
    featured_media: int = 0
    lang: str = ""
    share_text: str = ""
    share_cw: str = ""
    share_on_mastodon: Mapping[str, str] | None = None
    raw: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A category or a tag."""

    id: int
    name: str
    slug: str
    taxonomy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A user who writes."""

    id: int
    name: str
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """An attachment: its file below wp-content/uploads and its bytes. public is False on a draft's attachment."""

    id: int
    file: str
    data: bytes = field(repr=False)
    mime_type: str
    alt_text: str
    width: int
    height: int
    date: str
    parent: int
    caption: str = ""
    focal_point: tuple[float, float] | None = None
    public: bool = True


def slug_of(name: str) -> str:
    """A slug as WordPress makes it: no accents, lower case, hyphens, other scripts percent-encoded; '' where empty."""
    bare = unicodedata.normalize("NFKD", html.unescape(name).translate(_LETTERS)).lower()
    letters = "".join(character for character in bare if not unicodedata.combining(character))
    words = re.sub(r"[^\w\s.-]", "", letters)
    slug = re.sub(r"[\s.-]+", "-", words).strip("-")
    return re.sub(r"%[0-9a-f]?$", "", urllib.parse.quote(slug).lower()[:_LONGEST_SLUG]).rstrip("-")


@functools.lru_cache(maxsize=8192)
def texturize(text: str) -> str:
    """Text as WordPress renders a title: typographic quotes, dashes and dots as entities, "&" as &#038;.

    Tags and what is an entity already stay as they are.
    """
    pieces = re.split(r"(<[a-zA-Z/!][^>]*>)", text)
    return "".join(piece if piece.startswith("<") and piece.endswith(">") else _curl(piece) for piece in pieces)


@functools.lru_cache(maxsize=8192)
def paragraphs(text: str) -> str:
    """Text as WordPress renders content: a <p> for each paragraph, unless it is HTML already."""
    if not text or "<p" in text:
        return text
    return "".join(f"<p>{texturize(part)}</p>\n" for part in re.split(r"\n\s*\n", text.strip()))


def excerpt_of(post: Post) -> str:
    """The excerpt as it is rendered: the manual one, or the first 55 words of the content and [&hellip;]."""
    if post.excerpt:
        return post.excerpt if post.excerpt.endswith("\n") else paragraphs(post.excerpt)
    words = re.sub(r"<[^>]+>", " ", paragraphs(post.content)).split()
    if not words:
        return ""
    more = " [&hellip;]" if len(words) > 55 else ""
    return f"<p>{' '.join(words[:55])}{more}</p>\n"


def _curl(text: str) -> str:
    text = re.sub(r"&(?!#?\w+;)", "&#038;", text)
    text = text.replace("...", "&#8230;").replace("--", "&#8212;").replace("'", "&#8217;")
    text = re.sub(r'(^|[\s(\[])"', r"\1&#8220;", text)
    return text.replace('"', "&#8221;")
