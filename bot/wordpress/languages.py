"""The language that a site says it writes in, be it of one post or of all: a tag such as "en-GB", or nothing.

WordPress's core tells no language by its REST API; it tells it on every page, as <html lang>.
"""

import re
from contextlib import suppress
from html.parser import HTMLParser

# WordPress's locales have underscores, and say more than a tag of a language: de_DE_formal. Those of operating systems
# go on with an encoding and a kind: sr_RS.UTF-8@latin.
_TAG = re.compile(r"([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8}){0,9})(?:[.@][\w.@-]{1,40})?")
# <html> is the first element; what stands before it are comments, and PHP's notices.
_HEAD = 20_000


def language_tag(value: object) -> str:
    """A language as a tag with hyphens; '' for what doesn't look like one."""
    found = _TAG.fullmatch(value.strip()) if isinstance(value, str) else None
    return found[1].replace("_", "-") if found else ""


def page_language(body: bytes) -> str:
    """The language that a page says it is in; '' where it doesn't, or is no page."""
    reader = _Reader()
    # The parser gives up at a malformed declaration; what it found before that counts.
    with suppress(AssertionError):
        reader.feed(body[:_HEAD].decode("utf-8", errors="replace"))
    return language_tag(reader.language)


class _Reader(HTMLParser):
    """Finds the first <html lang>. It is never closed: what is left half-read at the end is of no interest."""

    def __init__(self) -> None:
        super().__init__()
        self.language: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take the language of an <html>."""
        if tag == "html" and self.language is None:
            said = dict(attrs)
            self.language = said.get("lang") or said.get("xml:lang")
