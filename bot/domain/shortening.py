"""Shortening that reads well: at a sentence's end where one is near, else at a word's."""

from bisect import bisect_left
from collections.abc import Callable, Iterator
from itertools import islice

import regex

ELLIPSIS = "…"


def shorten(text: str, fits: Callable[[str], bool]) -> str:
    """The text where it fits, else the longest beginning of it that fits; '' where none does.

    Ends with the last whole sentence where that is not much shorter; else at a word's end, or between characters in
    scripts that know no spaces, with one "…" behind. Where the first word is too long already, after any of its
    characters, but never inside a grapheme cluster, a URL or a hashtag. fits must hold for what is shorter than
    something that fits, nearly always.
    """
    if fits(text):
        return text
    cut = _longest(text, _word_ends(text), fits)
    return _sentences(text, len(cut), fits) or cut or _longest(text, _cluster_ends(text), fits)


def without_loose_end(text: str) -> str:
    """The text without what looks torn off before an ellipsis: spaces, dashes, opening quotes and the like."""
    return _LOOSE_END.sub("", text)


# --- sentences ----------------------------------------------------------------------------------------------------

# A last sentence that leaves out more than this part of what there is room for isn't near.
_NEAR = 2 / 3
_CLOSING = r"[\"'”’»)\]]*"
_SENTENCE_END = regex.compile(
    rf"(?<![.!?…])(?:\.|[!?]+|…){_CLOSING}(?=\s+[\"'“„«‹¿¡(\[]*[\p{{Lu}}\p{{Lt}}\p{{Lo}}\p{{N}}])|[。！？।؟]{_CLOSING}"
)
_LAST_WORD = regex.compile(r"(?r)[\p{L}\p{M}\p{N}.]+\Z")
_ABBREVIATIONS = frozenset(
    {
        "mrs", "prof", "vs", "etc", "inc", "ltd", "corp", "dept", "gov", "gen", "sen", "rep", "capt", "col", "sgt",
        "approx", "est", "fig", "vol", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov",
        "dec", "bzw", "usw", "evtl", "sog", "ggf", "max", "min", "str", "tel", "abb", "bspw", "inkl", "exkl", "mio",
        "mrd", "env", "art", "cap", "sra", "sig", "ing",
    }
)  # fmt: skip


# So much behind the end is looked at to tell whether another sentence begins there.
_AHEAD = 20


def _sentences(text: str, end: int, fits: Callable[[str], bool]) -> str:
    """The whole sentences of a text's beginning, '' where the last of them ends far before this position."""
    found = _SENTENCE_END.finditer(text, int(end * _NEAR), end + _AHEAD)
    ends = [one.end() for one in found if one.start() < end and _ends_sentence(text, one)]
    return next((text[:last] for last in reversed(ends) if fits(text[:last])), "")


def _ends_sentence(text: str, found: regex.Match[str]) -> bool:
    """Whether a full stop ends a sentence rather than an abbreviation, an initial or an ordinal."""
    if not found[0].startswith("."):
        return True
    word = _LAST_WORD.search(text, max(0, found.start() - 40), found.start())
    if word is None or "." in word[0]:
        return word is None
    return len(word[0]) > (3 if word[0].isdigit() else 2) and word[0].casefold() not in _ABBREVIATIONS


# --- words and characters -----------------------------------------------------------------------------------------

# What is never cut in two.
_WHOLE = regex.compile(r"[a-z][a-z0-9+.-]{0,20}://\S+|[#＃][\p{L}\p{M}\p{N}_]+", regex.IGNORECASE)
_CLUSTER = regex.compile(r"\X")
_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
# What looks torn off before an ellipsis.
_LOOSE = r".,;:…、。，；：(\[{„“‘«‹「『–—-"
_LOOSE_END = regex.compile(rf"(?r)[\s{_LOOSE}]+\Z")
_ALL_LOOSE = regex.compile(rf"[\s{_LOOSE}]+")
_AT_WORD_END = regex.compile(rf"(?<={_UNSPACED}\p{{M}}*)|[{_LOOSE}]*(?:\s|{_UNSPACED})")


def _longest(text: str, ends: Iterator[int], fits: Callable[[str], bool]) -> str:
    """The longest of these beginnings that fits; reads no further into a long text than it has to."""
    reached: list[int] = []
    while further := list(islice(ends, max(1, len(reached)))):
        reached += further
        if not fits(text[: reached[-1]] + ELLIPSIS):
            break
    best = bisect_left(reached, True, key=lambda end: not fits(text[:end] + ELLIPSIS))
    return text[: reached[best - 1]] + ELLIPSIS if best else ""


def _word_ends(text: str) -> Iterator[int]:
    return (end for end in _cluster_ends(text) if _AT_WORD_END.match(text, end))


def _cluster_ends(text: str) -> Iterator[int]:
    """Where the text may be cut: behind each cluster that isn't loose, outside of what is never cut in two."""
    wholes = _WHOLE.finditer(text)
    whole = next(wholes, None)
    for cluster in _CLUSTER.finditer(text):
        end = cluster.end()
        while whole and whole.end() < end:
            whole = next(wholes, None)
        if not _ALL_LOOSE.fullmatch(cluster[0]) and not (whole and whole.start() < end):
            yield end
