"""What themes, plugins and page builders add to an article, as its words tell where the tags around them are gone.

WordPress takes the tags away where it makes an excerpt. Words prove little, so only those go that nobody writes in a
sentence: a label with what is counted behind it, buttons in a row, a plugin's own notice from its beginning to its end.
"""

from collections.abc import Iterable

import regex

from bot.domain.composing.addition_kinds import (
    CONTENTS,
    ENDS,
    LEADING_LABELS,
    LEADING_NETWORKS,
    NOTICES,
    TRAILING,
    Kind,
)
from bot.domain.composing.leaked_code import without_code
from bot.domain.text.patterns import lazily


def without_additions(text: str) -> str:
    """A text (one line) without the words that plugins put into it; '' where there is nothing else."""
    if "<!" in text:
        text = _TAG().sub(" ", _BLOCK_COMMENT().sub(" ", text))
    text = without_code(text)
    if "://" in text:
        text = _EMBED().sub(" ", text)
    text = " ".join(text.split())
    text = _without_leading(text[:_NEAR]) + text[_NEAR:]
    begun = max(0, len(text) - _NEAR)
    for end in ENDS if ":" in text else ():
        found = end.search(text, begun)
        text = text[: found.start()] if found else text
    return _without_trailing(text, begun).strip()


def is_contents(text: str) -> bool:
    """Whether it begins with a table of contents: nobody can tell where that ends."""
    return bool(CONTENTS.match(text, _first_word(text)))


_TAG = lazily(r"</?[a-z][^<>]{0,200}>", regex.IGNORECASE)
# In characters: how far from an end of a text its additions are looked for.
_NEAR = 600
# WordPress sets the hyphens of an escaped comment as dashes.
_BLOCK_COMMENT = lazily(r"<!(?:--|[–—]-?)\s*/?(?:wp|more|nextpage)\b.*?(?:(?:--|-?[–—])>|…|\Z)")

_EMBED_HOSTS = (
    r"(?:www\.|m\.|open\.|player\.|vm\.)?(?:youtube\.com/(?:watch|shorts|live|embed)|youtu\.be/|vimeo\.com/\d"
    r"|(?:twitter|x)\.com/\w+/status|instagram\.com/(?:p|reel)/|tiktok\.com/@?[\w.]+/?|soundcloud\.com/|spotify\.com/"
    r"|facebook\.com/\S+/(?:posts|videos)|flickr\.com/photos|dailymotion\.com/video|ted\.com/talks|bsky\.app/profile"
    r"|reddit\.com/r/\w+/comments|[\w.-]+/@[\w.]+(?:@[\w.-]+)?/\d{6,})"
)
# The address of an embed stands by itself: before the text, behind it, or between two sentences.
_EMBED = lazily(
    rf"(?:\A|(?<=[.!?…:。][\"'”’»)]?\s))https?://{_EMBED_HOSTS}\S*(?=\s*\Z|\s+[\p{{Lu}}\p{{Lo}}\p{{N}}\"'“„«‘¿¡(])"
    r"|\A(?:https?://\S++\s++)++(?=[\p{Lu}\p{N}\"'“„«‘¿¡(])"
)

_LEADING_CALL = regex.compile(r"\ASpread the love\s+(?=\p{Lu})")
_WORD_CHARACTER = regex.compile(r"\w")


def _without_leading(text: str) -> str:
    """The text without what stands before it."""
    while found := _first_of(LEADING_LABELS, text, _starts(text)):
        text = text[found.end() :].lstrip(" |·•–:.-")
    if found := LEADING_NETWORKS.match(text):
        text = text[found.end() :]
    text = _LEADING_CALL.sub("", text)
    while found := _first_of(NOTICES, text, [0]):
        text = text[found.end() :].lstrip()
    return text


def _starts(text: str) -> Iterable[int]:
    """Where something may begin: at the text's first word, or at any of the signs before it."""
    return range(_first_word(text), -1, -1)


def _first_word(text: str) -> int:
    """Where the text's first word begins; its end where it has none."""
    word = _WORD_CHARACTER.search(text)
    return word.start() if word else len(text)


def _first_of(kinds: Iterable[Kind], text: str, starts: Iterable[int]) -> regex.Match[str] | None:
    """The first addition of these kinds that begins at one of these places."""
    found = (kind.match(text, start) for start in starts for kind in kinds)
    return next(filter(None, found), None)


# Where a sentence has ended, so that what follows may be no part of the text.
_SENTENCE_END = regex.compile(r"[.!?…。][\"'”’»)]*\s*|[\"'”’»)]\s*")


def _without_trailing(text: str, begun: int) -> str:
    """The text up to the first sentence behind which nothing but additions stands."""
    ends = (found.end() for found in _SENTENCE_END.finditer(text, begun))
    return next((text[:end] for end in ends if end < len(text) and _is_added(text[end:])), text)


def _is_added(text: str) -> bool:
    """Whether it is nothing but additions."""
    while found := _first_of(TRAILING, text, [0]):
        text = text[found.end() :].lstrip(" .…")
    return not text
