"""HTML as WordPress renders it → one line of plain text; and what a text needs before it goes into a status."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import regex

from bot.domain.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bs4 import BeautifulSoup, Tag


def plain(html: str) -> str:
    """An HTML fragment as one line of text; never raises, whatever the fragment.

    Entities are decoded, and once more where some remain: WordPress stores a title that was escaped before it came
    in as it is. Invisible characters go, but for those that shape letters or emoji. A bare `<` stays.
    """
    return text_of(tree(html)) if "<" in html else clean(decoded(decoded(html)))


def parsable(html: str) -> str:
    """The fragment without what Python's parser stumbles over: comments, declarations, a tag cut off at the end.

    It gives up at a malformed declaration; an open tag every version of it treats in another way, and some take
    minutes over many of them.
    """
    html = _COMMENT().sub("", html)
    end = html.rfind(">") + 1
    return html[:end] + _OPEN_TAG().sub("", html[end:])


def tree(html: str) -> BeautifulSoup:
    """The fragment's tree, its entities left for text_of, so that the parser can't stumble over one."""
    from bs4 import BeautifulSoup  # it takes a while to load: only where there are tags

    html = _BLOCK_TAG().sub(" ", parsable(html))
    # The tag around is what keeps BeautifulSoup from warning about a title that looks like a file or a URL.
    return BeautifulSoup(f"<div>{html.replace('&', '&amp;')}", "html.parser")


def text_of(tag: Tag) -> str:
    """What a tree, or a part of one, says, as one line of plain text. What nobody reads is removed from it."""
    return clean(lines_of(tag))


def lines_of(tag: Tag) -> str:
    """What a tree, or a part of one, says, with control characters and white space as they are in the HTML."""
    remove(tag.find_all(_DROPPED))
    for image in tag.find_all("img", class_=["emoji", "wp-smiley"]):
        image.append(str(image.get("alt", "")))  # in its place it would have to be looked for among its neighbours
    for high in tag.find_all("sup"):
        exponent = high.contents[0] if len(high.contents) == 1 else ""
        # What is no text itself may have thousands of others within.
        if isinstance(exponent, str) and _EXPONENT().fullmatch(exponent) and _ends_in_digit(high.previous_sibling):
            high.string = exponent.translate(_HIGH)
    return decoded(decoded(tag.get_text()))


def _ends_in_digit(before: object) -> bool:
    return isinstance(before, str) and before[-1:] in set("0123456789)")


def is_removed(tag: Tag) -> bool:
    """Whether a tag is no more in its tree: bs4 takes its name away. Its `decomposed` looks through all within it."""
    return not tag.name


def remove(tags: Iterable[Tag]) -> None:
    """Remove parts of a tree."""
    for tag in tags:
        if not is_removed(tag):  # with the one around it; once more would be slow
            tag.decompose()


def decoded(text: str) -> str:
    """The text with its entities as the characters that they mean."""
    if "&" not in text:
        return text
    return _ENTITY().sub(lambda found: unescape(found[0]), text)


def clean(text: str) -> str:
    """A text as one line: no control, bidi-control and invisible characters, every run of white space one space.

    '' where nobody would see anything of it.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = _INVISIBLE().sub("", text)
    if "\u200c" in text or "\u200d" in text:
        text = _JOINER_AT_EDGE().sub("", text)
    return " ".join(text.split()) if _SEEN().search(text) else ""


def unlink(text: str) -> str:
    """The text with its URLs as plain words, without `https://`.

    The first link in a status decides its preview card, and that has to be the post's own, wherever the template
    puts it. Cutting the URLs out would leave holes in sentences.
    """
    if "://" not in text:
        return text
    # What is left may make a scheme anew ("hthttps://tps://"); a space in its place makes none.
    return _SCHEME().sub(" ", _SCHEME().sub("", text))


# --- HTML ---------------------------------------------------------------------------------------------------------

_DROPPED = (
    "script", "style", "iframe", "noscript", "template", "svg", "math", "object", "audio", "video", "canvas", "select",
    "textarea", "title", "del", "s", "strike",
)  # fmt: skip
# The names of the tags that words don't run across, as a part of a pattern.
BLOCKS = "|".join((
    "address", "article", "aside", "blockquote", "br", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p",
    "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
# Where a block begins or ends, words are apart; a space in the HTML says so in linear time, one in the tree doesn't.
_BLOCK_TAG = lazily(rf"(?=</?(?:{BLOCKS})\b)", regex.IGNORECASE)
# With the "<" before it, which would make a declaration of what comes behind it.
_COMMENT = lazily(r"(?<!<)<++(?:!--.*?(?:-->|\Z)|[!?][^>]*+>?)", regex.DOTALL)
_OPEN_TAG = lazily(r"</?[A-Za-z].*\Z", regex.DOTALL)
# At most seven digits: enough for every character, and no number that Python refuses to read.
_ENTITY = lazily(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


# "10<sup>3</sup>" is no 103.
_EXPONENT = lazily(r"[+−–-]?[0-9]{1,3}")
_HIGH = str.maketrans("0123456789+-−–", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")

# --- characters ---------------------------------------------------------------------------------------------------

# Control characters but white space, surrogates, noncharacters; soft hyphen, zero-width space, word joiner, byte order
# mark; the bidi controls that reach over text, which would turn the rest of the status around.
_INVISIBLE = lazily(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u200b\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff0-\uffff\ufdd0-\ufdef\p{Cs}"
    + "".join(rf"\U{plane:04x}fffe\U{plane:04x}ffff" for plane in range(1, 17))
    + "]"
)
# Fillers, blanks, tags and marks of direction take up room, and show nothing.
_SEEN = lazily(r"[^\p{Z}\p{C}\p{DI}\s\u2800\U0001d159]|\p{Co}")
_JOINER_AT_EDGE = lazily(r"(?<!\S)[\u200c\u200d]+|(?<![\u200c\u200d])[\u200c\u200d]++(?!\S)")

_SCHEME = lazily(r"(?:https?|ftps?|sftp|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://", regex.IGNORECASE)
