"""Hashtags from a post's tags and categories, valid on the strictest server.

Those are letters, marks, digits and `_` with at least one letter: GoToSocial rejects a whole hashtag that has any
other character in it, Mastodon cuts it there.
"""

from collections.abc import Iterator
from unicodedata import normalize

import regex

from bot.domain.models import Post, Term
from bot.domain.policy import HashtagPolicy
from bot.domain.text import plain


def hashtags(post: Post, policy: HashtagPolicy) -> tuple[str, ...]:
    """The hashtags of a post with their `#`: the fixed ones first, no two alike, at most policy.max."""
    found: dict[str, str] = {}
    for hashtag in filter(None, map(_hashtag, _names(post, policy))):
        found.setdefault(normalize("NFKC", hashtag).casefold(), hashtag)
    return tuple(found.values())[: max(0, policy.max)]


# GoToSocial takes no longer ones.
_LONGEST = 100
# The category that posts without one are in, as WordPress calls it in the languages with most sites.
_NO_CATEGORY = frozenset(
    {
        "uncategorized", "uncategorised", "allgemein", "non classé", "non-classe", "sin categoría", "sin-categoria",
        "sem categoria", "sem-categoria", "senza categoria", "senza-categoria", "geen categorie", "geen-categorie",
        "без рубрики", "未分類", "未分类", "미분류",
    }
)  # fmt: skip
# "C++", "C#", "A+": without its sign it would be another word. "LGBTQ+" stays itself.
_SIGN = regex.compile(r"\p{L}(?:\+\+|[#♯])|(?<!\w\w)\p{L}\+")
_TRADEMARK = regex.compile(r"[™℠®©]")
_APOSTROPHE = regex.compile(r"['’‘ʼ`´]")
# Between Arabic letters a zero-width non-joiner parts words; elsewhere joiners only shape letters.
_ARABIC_BREAK = regex.compile(r"\u200c(?=\p{Arabic})")
_JOINER = regex.compile(r"[\u200c\u200d]")
# Marks that belong to emoji rather than to letters.
_EMOJI_MARK = regex.compile(r"[\ufe00-\ufe0f\u20dd-\u20e4\U000e0100-\U000e01ef]")
_WORD = regex.compile(r"(?:[\p{L}\p{Nd}_]\p{M}*)+")
_LETTER = regex.compile(r"\p{L}")
# Scripts without capitals, where words that are run together can't be told apart; in East Asia that is usual.
_NEEDS_LINE = regex.compile(r"(?![\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}])\p{Lo}")


def _names(post: Post, policy: HashtagPolicy) -> Iterator[str]:
    for name in policy.fixed:
        yield name.lstrip("#＃ ")
    terms = {"tags": post.tags, "categories": post.categories}
    for source in policy.sources:
        yield from (plain(term.name) for term in terms.get(source, ()) if not _is_none(term))


def _is_none(term: Term) -> bool:
    return not {plain(term.name).casefold(), term.slug.casefold()}.isdisjoint(_NO_CATEGORY)


def _hashtag(name: str) -> str:
    """The name as a hashtag; '' where it has no letter, is too long or would say something else.

    A single word keeps the author's letters; several are run together, each with a capital unless it has some.
    """
    if _SIGN.search(name):
        return ""
    words = _WORD.findall(_cleaned(name))
    joined = "".join(_joined(words)) if len(words) > 1 else "".join(words)
    return f"#{joined}" if _LETTER.search(joined) and len(joined) <= _LONGEST else ""


def _cleaned(name: str) -> str:
    name = _APOSTROPHE.sub("", _TRADEMARK.sub("", normalize("NFC", name)))
    return _EMOJI_MARK.sub("", _JOINER.sub("", _ARABIC_BREAK.sub(" ", name)))


def _joined(words: list[str]) -> Iterator[str]:
    for position, word in enumerate(words):
        if position and _NEEDS_LINE.match(word):
            yield "_"
        yield _capitalised(word)


def _capitalised(word: str) -> str:
    capital = word[0].upper()
    return word if word != word.lower() or len(capital) > 1 else capital + word[1:]
