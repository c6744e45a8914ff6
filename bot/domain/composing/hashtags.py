"""Hashtags from a post's tags and categories, valid on the strictest server; and those that an instance refuses.

Valid are letters, marks, digits and `_` with at least one letter: GoToSocial rejects a whole hashtag that has any
other character in it, Mastodon cuts it there.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from unicodedata import combining, digit, normalize

import regex
from msgspec.structs import replace

from bot.domain.models import Attempt, Post, Share
from bot.domain.policy import HashtagPolicy
from bot.domain.text.html import plain
from bot.domain.text.patterns import lazily
from bot.domain.text.terms import is_default


def hashtags(post: Post, policy: HashtagPolicy, *, refused: Collection[str] = ()) -> tuple[str, ...]:
    """The hashtags of a post with their `#`: the fixed ones first, no two alike, at most policy.max.

    refused: those that the instance doesn't take, the fixed ones among them; others come up in their place.
    """
    unwanted = set(map(_alike, refused))
    found: dict[str, str] = {}
    for hashtag in (*_made(policy.fixed), *_own(post, policy)):
        if _alike(hashtag) not in unwanted:
            found.setdefault(_alike(hashtag), hashtag)
    return tuple(found.values())[: max(0, policy.max)]


def category_hashtag(post: Post, policy: HashtagPolicy, *, refused: Collection[str] = ()) -> str:
    """The hashtag of the first of a post's categories that makes one; '' where none does."""
    of_categories = replace(policy, sources=("categories",), fixed=(), max=1)
    return next(iter(hashtags(post, of_categories, refused=refused)), "")


def hashtags_in(text: str) -> tuple[str, ...]:
    """The hashtags that a text has itself, with their `#`."""
    return tuple(f"#{found[1]}" for found in _IN_TEXT().finditer(text)) if "#" in text or "＃" in text else ()


def _own(post: Post, policy: HashtagPolicy) -> Iterator[str]:
    """Those of the post itself, as far as the policy lets them."""
    allowed, denied = set(map(_alike, _made(policy.allow))), set(map(_alike, _made(policy.deny)))
    for hashtag in _made(_names(post, policy)):
        if _alike(hashtag) not in denied and (not policy.allow or _alike(hashtag) in allowed):
            yield hashtag


def _made(names: Iterable[str]) -> Iterator[str]:
    return filter(None, (_hashtag(name.lstrip("#＃ ")) for name in names))


@lru_cache(maxsize=1024)
def _alike(hashtag: str) -> str:
    """What is the same for hashtags that are one hashtag to the servers."""
    return normalize("NFKC", hashtag).casefold().lstrip("#")


_IN_TEXT = lazily(r"(?<![\p{L}\p{N}_&/#＃])[#＃]([\p{L}\p{M}\p{N}_]*\p{L}[\p{L}\p{M}\p{N}_]*+)")
# GoToSocial takes no longer ones.
_LONGEST = 100
# "C++", "C#", "A+", "Q&A", "½ price", "P!nk": without its sign it would be another word. "LGBTQ+" stays itself.
_SIGN = regex.compile(
    r"\p{L}\s?(?:\+\+|[#♯](?!\p{L}))|(?<!\w\w)\p{L}(?:\+|\s\+\s)"
    r"|(?<![\p{L}\p{M}\p{N}])\p{L}\p{M}*(?:[&＆]|\s[&＆]\s\p{L}(?![\p{L}\p{M}\p{N}]))"
    r"|[&＆]\s?\p{L}(?![\p{L}\p{M}\p{N}])|[¼-¾⅐-⅟↉]|\p{L}[!$€£]\p{L}|€\p{L}"
)
# Numbers that are written high, low, in circles, or as one Roman sign.
_FINE_NUMBER = regex.compile(r"[\p{No}\p{Nl}]")
# Letters that are written low, in circles, in squares, or in a font of their own, and several in one sign: ₓ ⓐ ㎡ № 𝐛.
_FINE_LETTER = regex.compile(
    r"[\u2071\u207f\u2090-\u209c\u1d62-\u1d6a\u2c7c\u2100-\u214f\u24b6-\u24e9\u3200-\u33ff\U0001d400-\U0001d7ff"
    r"\U0001f100-\U0001f169]"
)
_TRADEMARK = regex.compile(r"[™℠®©]")
# With the dot that Catalan writes between two l's.
_APOSTROPHE = regex.compile(r"['’‘ʼ`´]|(?<=l)·(?=l)", regex.IGNORECASE)
# Between Arabic letters a zero-width non-joiner parts words; elsewhere joiners only shape letters.
_ARABIC_BREAK = regex.compile(r"\u200c(?=\p{Arabic})")
_JOINER = regex.compile(r"[\u200c\u200d]")
# Marks that belong to emoji rather than to letters.
_EMOJI_MARK = regex.compile(r"[\ufe00-\ufe0f\u20dd-\u20e4\U000e0100-\U000e01ef]")
_WORD = regex.compile(r"(?:[\p{L}\p{Nd}_]\p{M}*)+")
_LETTER = regex.compile(r"\p{L}")
# Scripts without capitals, where words that are run together can't be told apart; in East Asia that is usual.
_NEEDS_LINE = lazily(r"(?![\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}ªº])\p{Lo}")


def _names(post: Post, policy: HashtagPolicy) -> Iterator[str]:
    """What the post's terms are called, or what the owner calls them instead."""
    alias = {name.casefold(): instead for name, instead in policy.alias.items()}
    terms = {"tags": post.tags, "categories": post.categories}
    for term in (term for source in policy.sources for term in terms.get(source, ())):
        name = plain(term.name)
        instead = alias.get(name.casefold(), alias.get(term.slug.casefold()))
        if instead is not None:
            yield instead
        elif not is_default(term):
            yield name


@lru_cache(maxsize=1024)
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
    name = _FINE_NUMBER.sub(lambda found: str(digit(found[0], normalize("NFKC", found[0]))), normalize("NFC", name))
    name = _FINE_LETTER.sub(lambda found: normalize("NFKC", found[0]), _TRADEMARK.sub("", name))
    name = _APOSTROPHE.sub("", name)
    return _EMOJI_MARK.sub("", _JOINER.sub("", _ARABIC_BREAK.sub(" ", name)))


def _joined(words: list[str]) -> Iterator[str]:
    for position, word in enumerate(words):
        if position and _NEEDS_LINE().match(word):
            yield "_"
        yield _capitalised(word)


def _capitalised(word: str) -> str:
    capital = word[0].upper()
    return word if word != word.lower() or len(capital) > 1 else capital + word[1:]


# --- hashtags that an instance refuses --------------------------------------------------------------------------------
#
# Its owner has forbidden them, and Mastodon then refuses the whole status (422). No server says by a code that this was
# why, nor does any tell beforehand which hashtags it refuses; but in whatever language the refusal is, it names them.
# So a status that was refused is sent once more without those of its hashtags that are named. A refusal that names none
# is about something else. What the first try went without is remembered in the share's history.

# The outcome, in a share's history, of the publish that was refused; its detail is the hashtags.
WITHOUT_HASHTAGS = "without hashtags"

_HASHTAG = re.compile(r"(?<!\S)[#＃][^\s#＃]+")
_COLON = re.compile("[:：]")
_AROUND = "#＃.,;!?…()[]{}\"'“”„«»‹›「」、。،"


def to_leave_out(share: Share, message: str) -> tuple[str, ...]:
    """The hashtags to go without after a refusal with this message; () where it names none.

    A person's own words stay as they are.
    """
    if share.status is None or share.text_override:
        return ()
    found = dict.fromkeys(_HASHTAG.findall(share.status.text))
    used = (hashtag for hashtag in found if any(map(str.isalpha, hashtag)))
    named = _words(_COLON.split(message)[-1])
    return tuple(hashtag for hashtag in used if _folded(hashtag) in named)


def left_out(history: Iterable[Attempt]) -> tuple[str, ...]:
    """The hashtags that a share goes without, by its history."""
    without = (attempt.detail for attempt in history if attempt.outcome == WITHOUT_HASHTAGS)
    return tuple(hashtag for detail in without for hashtag in detail.split())


def _words(text: str) -> frozenset[str]:
    return frozenset(_folded(word.strip(_AROUND)) for word in re.split(r"[\s,、،]+", text)) - {""}


def _folded(name: str) -> str:
    """A hashtag as Mastodon compares them: without #, case, width and accents; spaces don't count either."""
    letters = normalize("NFKD", name).casefold()
    return "".join(letter for letter in letters if not combining(letter) and not letter.isspace()).lstrip("#＃")
