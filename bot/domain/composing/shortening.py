"""Shortening that reads well: at a sentence's end where one is near, else at a word's."""

from bisect import bisect_left
from collections.abc import Callable, Iterator

import regex

from bot.domain.text.patterns import lazily

ELLIPSIS = "…"


def shorten(text: str, fits: Callable[[str], bool]) -> str:
    """The text where it fits, else the longest beginning of it that fits; '' where none does.

    Ends with the last whole sentence where that is not much shorter; else at a word's end, or between characters in
    scripts that know no spaces, with one "…" behind. Where the first word is too long already, after any of its
    characters, but never inside a grapheme cluster, a URL, a mention or a hashtag. fits must hold for what is shorter
    than something that fits, nearly always.
    """
    if fits(text):
        return text
    most = _most(text, fits)
    cut = _cut(text, _last_word_end(text, most, fits))
    return _sentences(text, len(cut), fits) or cut or _cut(text, next(_cluster_ends(text, 0, most), 0))


def without_loose_end(text: str) -> str:
    """The text without what looks torn off before an ellipsis: spaces, dashes, opening quotes and the like."""
    return _LOOSE_END().sub("", text)


# --- sentences ----------------------------------------------------------------------------------------------------

# A last sentence that leaves out more than this part of what there is room for isn't near.
_NEAR = 2 / 3
# So much behind the end is looked at to tell whether another sentence begins there.
_AHEAD = 20
_CLOSING = r"[\"'“”’»›)\]」』）】]*+"
_BEGINNING = r"\s+[\"'“„”‘‚«»‹›¿¡(\[]*+[\p{Lu}\p{Lt}\p{Lo}\p{N}\p{So}#@]"
# In scripts with marks of their own these say enough; but one that a mark joins is inside of a cluster.
_SENTENCE_END = lazily(
    rf"(?<![.!?…])[.!?…]++{_CLOSING}(?={_BEGINNING})"
    rf"|[。！？｡।॥؟۔։።။]{_CLOSING}(?![\p{{GCB=Extend}}\p{{GCB=SpacingMark}}\p{{GCB=ZWJ}}])"
)
_LONGEST_WORD = 40
_LAST_WORD = lazily(r"(?r)[\p{L}\p{M}\p{N}.]+\Z")
_NEXT_NUMBER = regex.compile(r"\W*\p{N}")
_ROMAN_NUMBER = regex.compile(r"[IVXLC]+")
_UNCASED = regex.compile(r".*\p{Lo}", regex.DOTALL)
# So many letters make a word that ends a sentence, where it isn't one of the abbreviations.
_WORD_LENGTH = 3
_SHORT_WORDS = frozenset(
    {
        "ab", "am", "an", "be", "by", "da", "do", "du", "er", "es", "go", "he", "if", "in", "is", "it", "ja", "là",
        "me", "my", "no", "of", "on", "or", "so", "to", "tu", "um", "up", "us", "we", "wo", "zu", "ça", "já", "sí",
    }
)  # fmt: skip
_ABBREVIATIONS = frozenset(
    {
        "abb", "abs", "adj", "adm", "anm", "approx", "apr", "art", "aufl", "aug", "ausg", "ave", "avv", "betr", "bldg",
        "blvd", "bspw", "bzgl", "bzw", "cap", "capt", "cmdr", "col", "corp", "dec", "dept", "dez", "dipl", "dott",
        "ebd", "ecc", "ehem", "env", "est", "etc", "evtl", "evt", "exkl", "feb", "fig", "geb", "gegr", "gen", "gest",
        "ggf", "ggfs", "gov", "hon", "hosp", "hrsg", "inc", "incl", "ing", "inkl", "insb", "jan", "jun", "jul", "kap",
        "lat", "ltd", "mag", "maj", "mar", "max", "min", "mio", "mlle", "mme", "mrd", "mrs", "msgr", "nov", "nos",
        "núm", "okt", "oct", "orig", "phil", "prof", "red", "rep", "rev", "sen", "sep", "sept", "sig", "sog", "sra",
        "srta", "sta", "std", "str", "tel", "univ", "usf", "usw", "vgl", "vol", "vols", "zzgl", "zit",
        "гг", "обл", "пер", "просп", "рис", "руб", "стр", "тел", "тыс",
    }
)  # fmt: skip


def _sentences(text: str, end: int, fits: Callable[[str], bool]) -> str:
    """The whole sentences of a text's beginning, '' where the last of them ends far before this position."""
    near, ahead = int(end * _NEAR), end + _AHEAD
    found = [one for one in _SENTENCE_END().finditer(text, near, ahead) if one.start() < end]
    ends = [one.end() for one in found if _ends_sentence(text, one) and not _is_inside(text, one.end())]
    return next((text[:last] for last in reversed(ends) if fits(text[:last])), "")


def _ends_sentence(text: str, found: regex.Match[str]) -> bool:
    """Whether a full stop ends a sentence rather than an abbreviation, an initial or an ordinal."""
    if found[0].rstrip("\"'“”’»›)]」』）】") != ".":
        return True
    if _NEXT_NUMBER.match(text, found.end()):
        return False
    last = _LAST_WORD().search(text, max(0, found.start() - _LONGEST_WORD), found.start())
    return last is None or _is_word(last[0])


def _is_word(last: str) -> bool:
    """Whether what stands before a full stop is a word, as far as one can tell; a year is one."""
    if "." in last or _ROMAN_NUMBER.fullmatch(last):
        return False
    if last.isdecimal():
        return len(last) > _WORD_LENGTH
    if _UNCASED.match(last):
        return len(last) > 1
    return last.casefold() in _SHORT_WORDS or (len(last) >= _WORD_LENGTH and last.casefold() not in _ABBREVIATIONS)


# --- words and characters -----------------------------------------------------------------------------------------

# What is never cut in two.
_WHOLE = lazily(
    r"[a-z][a-z0-9+.-]{0,20}://\S+"
    r"|[#＃][\p{L}\p{M}\p{N}\p{Pc}\u200c\u200d·・]+"
    r"|@[a-z0-9_]+(?:[.@-]+[a-z0-9_]+)*+",
    regex.IGNORECASE,
)
_WHOLE_SIGNS = ("://", "#", "＃", "@")  # each of them has one
_URL_AT = lazily(r"[a-z][a-z0-9+.-]{0,20}://\S+", regex.IGNORECASE)
_CLUSTER = regex.compile(r"\X")
_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
# What looks torn off before an ellipsis. Behind a word or its stop the same quotation marks close in other languages.
_SIGNS, _QUOTES = r".,;:…、。，；：(\[{„「『–—-", "“‘«‹"
_LOOSE = rf"(?:[\s{_SIGNS}]|(?<![\p{{L}}\p{{M}}\p{{N}}.!?…,;)\]])[{_QUOTES}])"
_LOOSE_END = lazily(rf"(?r){_LOOSE}+\Z")
_ALL_LOOSE = lazily(rf"{_LOOSE}+")
_AT_WORD_END = lazily(rf"(?<={_UNSPACED}\p{{M}}*)|[{_SIGNS}{_QUOTES}]*(?:\s|{_UNSPACED})")


# Beginnings are tried from this length on, each twice as long.
_FIRST_LENGTH = 256
# So far before the end of what fits the last word's end is looked for, before it is looked for everywhere.
_WINDOW = 40
# How far behind that it is looked whether something goes on that is never cut in two.
_AHEAD_OF_WHOLES = 200
# Behind what fits a URL may end, with which more fits than with a part of it: it may count less than it has letters.
_URL_ENDS = 3


def _cut(text: str, end: int) -> str:
    return text[:end] + ELLIPSIS if end else ""


def _most(text: str, fits: Callable[[str], bool]) -> int:
    """How many characters of the text fit with an ellipsis behind; reads no further into a long text than it has to."""
    length = _FIRST_LENGTH
    while length < len(text) and fits(text[:length] + ELLIPSIS):
        length *= 2
    ends = range(min(length, len(text)) + 1)
    return max(0, bisect_left(ends, True, key=lambda end: not fits(text[:end] + ELLIPSIS)) - 1)


def _last_word_end(text: str, most: int, fits: Callable[[str], bool]) -> int:
    """The last place within what fits where a word ends; 0 where none does."""
    begun = text.rfind(" ", 0, max(0, most - _WINDOW)) + 1
    last = next(_word_ends(text, begun, most), 0) or (next(_word_ends(text, 0, most), 0) if begun else 0)
    url = _URL_AT().search(text, text.rfind(" ", 0, most) + 1, most + 1) if "://" in text[: most + 1] else None
    if url is None:
        return last
    behind = [end for end in _word_ends(text, begun, min(len(text), url.end() + _AHEAD_OF_WHOLES)) if end > most]
    return next((end for end in behind[-_URL_ENDS:] if fits(_cut(text, end))), last)


def _word_ends(text: str, begun: int, last: int) -> Iterator[int]:
    """Where the text may be cut behind a word, the last place first. begun: where a word or the text begins."""
    return (end for end in _cluster_ends(text, begun, last) if _AT_WORD_END().match(text, end))


def _cluster_ends(text: str, begun: int, last: int) -> Iterator[int]:
    """Where the text may be cut, the last place first: behind each cluster that isn't loose, and not within a whole."""
    wholes = _wholes(text, begun, min(len(text), last + 1 + _AHEAD_OF_WHOLES))
    for start, end in reversed([cluster.span() for cluster in _CLUSTER.finditer(text, begun, last + 1)]):
        is_loose = _ALL_LOOSE().fullmatch(text, start, end)
        if end <= last and not is_loose and not any(_is_torn(whole, end) for whole in wholes):
            yield end


def _wholes(text: str, begun: int, end: int) -> list[regex.Match[str]]:
    """What is never cut in two."""
    part = text[begun:end]
    return list(_WHOLE().finditer(text, begun, end)) if any(sign in part for sign in _WHOLE_SIGNS) else []


def _is_torn(whole: regex.Match[str], end: int) -> bool:
    """Whether an ellipsis here would stand inside of it, or become a part of it, as it would of a URL."""
    return whole.start() < end < whole.end() or (end == whole.end() and "://" in whole[0])


def _is_inside(text: str, end: int) -> bool:
    """Whether a sentence would end inside of what is never cut in two."""
    begun = text.rfind(" ", 0, end) + 1
    return any(whole.start() < end < whole.end() for whole in _WHOLE().finditer(text, begun, end + 1))
