"""What a page says of itself: what it is linked to (its `Link` headers and <link> elements), and its language.

WordPress's core tells no language by its REST API; it tells it on every page, as <html lang>.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from html.parser import HTMLParser
from urllib.parse import urljoin

from msgspec import Struct
from msgspec.structs import replace

from bot.wordpress.http import Response

# In bytes: how far into a page its <link> elements are looked for, which stand in its head, and its <html>, which is
# the first element; what stands before that are comments, and PHP's notices.
_HEAD, _BEGINNING = 200_000, 20_000
_HEADER = re.compile(r"<([^<>]*)>([^<]*)")
_PARAMETER = re.compile(r';\s*(\w+)\s*=\s*(?:"([^"]*)"|([^\s;,"]+))')
# WordPress's locales have underscores, and say more than a tag of a language: de_DE_formal. Those of operating systems
# go on with an encoding and a kind: sr_RS.UTF-8@latin.
_TAG = re.compile(r"([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,9})(?:[.@][\w.@-]{1,40})?")


class Link(Struct, frozen=True, kw_only=True):
    """A link of a page: where to (absolute, not checked), as what, of which type, and in which language."""

    target: str
    rel: str
    type: str = ""
    hreflang: str = ""


def links(page: Response) -> tuple[Link, ...]:
    """All links of a page, those of the headers first."""
    found = (*_in_headers(page.headers.get("link", "")), *_read(page.body[:_HEAD]).links)
    return tuple(
        replace(link, target=absolute)
        for link in found
        if link.target and (absolute := _absolute(page.url, link.target))
    )


def page_language(body: bytes) -> str:
    """The language that a page says it is in; '' where it doesn't, or is no page."""
    return language_tag(_read(body[:_BEGINNING]).language)


def is_multilingual(page: Response) -> bool:
    """Whether a page is there in several languages, as it says for search engines (`hreflang`)."""
    if b"hreflang" not in page.body:
        return False  # as most: to read a page takes a while
    languages = {link.hreflang.lower() for link in links(page) if "alternate" in link.rel}
    return len(languages - {"", "x-default"}) > 1


def language_tag(value: object) -> str:
    """A language as a tag with hyphens, such as "en-GB"; '' for what doesn't look like one."""
    found = _TAG.fullmatch(value.strip()) if isinstance(value, str) else None
    return found[1].replace("_", "-") if found else ""


def _in_headers(header: str) -> Iterator[Link]:
    for target, rest in _HEADER.findall(header):
        parameters = {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(rest)}
        yield Link(target=target, rel=parameters.get("rel", ""), type=parameters.get("type", ""))


def _absolute(base: str, target: str) -> str:
    try:
        return urljoin(base, target.strip())
    except ValueError:
        return ""


def _read(beginning: bytes) -> "_Reader":
    reader = _Reader()
    # The parser gives up at a malformed declaration; what it found before that counts.
    with suppress(AssertionError):
        reader.feed(beginning.decode("utf-8", errors="replace"))
    return reader


class _Reader(HTMLParser):
    """Collects <link> elements, and the language of the first <html>.

    It is never closed: what is left half-read at the end is of no interest.
    """

    def __init__(self) -> None:
        super().__init__()
        self.links: list[Link] = []
        self.language: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a <link> with its attributes, and the language of an <html>."""
        named = {name: value or "" for name, value in attrs}
        if tag == "link":
            target, rel, kind, hreflang = (named.get(name, "") for name in ("href", "rel", "type", "hreflang"))
            self.links.append(Link(target=target, rel=rel, type=kind, hreflang=hreflang))
        elif tag == "html" and self.language is None:
            self.language = named.get("lang") or named.get("xml:lang")
