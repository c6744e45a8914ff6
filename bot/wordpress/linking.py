"""What a page says that it is linked to: its `Link` headers and its <link> elements."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

from bot.wordpress.http import Response

# The elements stand in the head of a page.
_HEAD = 200_000
_HEADER = re.compile(r"<([^<>]*)>([^<]*)")
_PARAMETER = re.compile(r';\s*(\w+)\s*=\s*(?:"([^"]*)"|([^\s;,"]+))')


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a page: where to (absolute, not checked), as what, and of which type."""

    target: str
    rel: str
    type: str = ""


def links(page: Response) -> tuple[Link, ...]:
    """All links of a page, those of the headers first."""
    found = (*_in_headers(page.headers.get("link", "")), *_in_html(page.body))
    return tuple(
        Link(target=absolute, rel=link.rel, type=link.type)
        for link in found
        if link.target and (absolute := _absolute(page.url, link.target))
    )


def _in_headers(header: str) -> Iterator[Link]:
    for target, rest in _HEADER.findall(header):
        parameters = {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(rest)}
        yield Link(target=target, rel=parameters.get("rel", ""), type=parameters.get("type", ""))


def _in_html(body: bytes) -> list[Link]:
    reader = _Reader()
    # The parser gives up at a malformed declaration; what it found before that counts.
    with suppress(AssertionError):
        reader.feed(body[:_HEAD].decode("utf-8", errors="replace"))
    return reader.links


def _absolute(base: str, target: str) -> str:
    try:
        return urljoin(base, target.strip())
    except ValueError:
        return ""


class _Reader(HTMLParser):
    """Collects <link> elements. It is never closed: what is left half-read at the end is of no interest."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[Link] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a <link> with its attributes."""
        if tag != "link":
            return
        named = {name: value or "" for name, value in attrs}
        self.links.append(Link(target=named.get("href", ""), rel=named.get("rel", ""), type=named.get("type", "")))
