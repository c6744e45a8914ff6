"""How an article begins: which of its paragraphs say something, and as many of them as are wanted.

Most articles begin with plain paragraphs. Those are read one by one, as far as they are wanted, without a tree of all
that comes behind them. An excerpt is compared with them here, too.
"""

from collections.abc import Iterator

import regex

from bot.domain.composing.added_words import without_additions
from bot.domain.composing.additions import is_added
from bot.domain.text.html import clean, decoded
from bot.domain.text.patterns import lazily

WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
URL = regex.compile(r"[a-z]+://\S+", regex.IGNORECASE)
# Searched from the end of the text (?r), which may be long.
SENTENCE_END = lazily(r"(?r)[.!?…。！？।؟][\"'”’»)\]]*\Z|\A\Z")
_PUNCTUATION_END = regex.compile(r"(?r)\p{P}\Z")
_SCRAP_LENGTH, _BYLINE_LENGTH, _BYLINE_SPACES = 25, 40, (1, 2)


def is_scrap(words: str) -> bool:
    """Whether it looks like a byline, a date or a button: short, and no sentence."""
    is_byline = len(words) < _BYLINE_LENGTH and words.count(" ") in _BYLINE_SPACES
    return (len(words) < _SCRAP_LENGTH or is_byline) and not SENTENCE_END().search(words)


def joined(paragraphs: Iterator[str], least: int) -> str:
    """As many paragraphs as have so many characters together, where there are any; one without a stop is set off."""
    text = ""
    for words in filter(None, map(without_additions, paragraphs)):
        between = " " if _PUNCTUATION_END.search(text) else " – "
        text = f"{text}{between}{words}" if text else words
        if len(text) >= least:
            break
    return text


def adds_nothing(text: str, words: str) -> bool:
    """Whether a text has no other words than an excerpt, which may have run them together."""
    said = "".join(words.split())
    return all(word in said for word in text.split() if WORD.search(word))


def spaced_as(words: str, text: str) -> str:
    """The words with the spaces that they have in a text; as they are where they don't stand in it."""
    said = "".join(words.split())
    at = "".join(text.split()).find(said)
    places = [place for place, character in enumerate(text) if not character.isspace()]
    return text[places[at] : places[at + len(said) - 1] + 1] if said and at >= 0 else words


# --- plain paragraphs ---------------------------------------------------------------------------------------------

# Comments, and what is no paragraph whatever stands in it, where it has no tag of its own kind within.
_BETWEEN = lazily(
    r"(?:\s|<!--(?:[^-<>]|-(?!->))*+-->"
    r"|<(?P<tag>figure|h[1-6])\b[^<>]*+>(?:[^<]|<(?!/?(?P=tag)\b|!|script|style))*+</(?P=tag)>)*+",
    regex.IGNORECASE,
)
_INLINE = (
    r"</?(?:b|i|em|strong|u|cite|mark|small|abbr|time|ins)>"
    r"|<a(?:\s+(?:href|target|rel)=\"[^\"<>#]*+\")*+>|</a>"
)
_PARAGRAPH = lazily(
    rf"<p(?:\s+class=\"(?P<classes>[^\"<>]*+)\")?>(?P<text>(?:[^<\[\x1c-\x1f\n]|\n(?!\s*\n)|{_INLINE})*+)</p>"
)
_TAG = regex.compile(r"<[^<>]*+>")
# So much is read in this way at most.
_MOST_PLAIN = 30_000


def plain_opening(html: str, least: int) -> str:
    """The beginning of an article, where plain paragraphs have so many characters; '' where only a tree tells."""
    text = joined(_plain_paragraphs(html), least)
    return text if len(text) >= least else ""


def _plain_paragraphs(html: str) -> Iterator[str]:
    """The plain paragraphs that the HTML begins with, without those that say nothing."""
    place = 0
    while (begun := _behind(html, place)) < _MOST_PLAIN:
        found = _PARAGRAPH().match(html, begun)
        if found is None:
            return
        place = found.end()
        words = clean(decoded(decoded(_TAG.sub("", found["text"]))))
        says = WORD.search(words) and not URL.fullmatch(words) and not is_scrap(words)
        if says and not is_added(found["classes"] or ""):
            yield words


def _behind(html: str, place: int) -> int:
    """Behind what stands between paragraphs and is none."""
    between = _BETWEEN().match(html, place)
    return between.end() if between else place
