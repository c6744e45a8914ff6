"""How long a status is: each server family counts in its own way, and refuses what is too long by its own count.

Mastodon's way (`app/validators/status_length_validator.rb`): a URL weighs 23, a mention its local part, all else
one for each grapheme cluster. What a URL is follows twitter-text with Mastodon's changes; the parts of the pattern
below keep its oddities, such as the frozen list of top-level domains, because a URL that Mastodon doesn't know is
counted letter by letter.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache, lru_cache

import regex

from bot.domain.composing.known_tlds import is_known_tld, known_tlds
from bot.domain.text.patterns import lazily


class Rule(StrEnum):
    """What a server counts. SAFE is for servers that nobody looked into: never less than any of the others."""

    MASTODON = "mastodon"
    CODE_POINTS = "code_points"
    GRAPHEMES = "graphemes"
    UTF16 = "utf16"
    SAFE = "safe"


# By the names of nodeinfo. Forks of Mastodon that call themselves so (glitch-soc, kmyblue) count as it does; of those
# with names of their own (fedibird, corgidon) nobody looked into it. Pixelfed, Laravel's `max:`, leaves the content
# warning out of it.
_RULES = {
    "mastodon": Rule.MASTODON,
    "glitch": Rule.MASTODON,
    "glitch-soc": Rule.MASTODON,
    "hometown": Rule.MASTODON,
    "gotosocial": Rule.CODE_POINTS,
    "takahe": Rule.CODE_POINTS,
    "takahē": Rule.CODE_POINTS,
    "pleroma": Rule.GRAPHEMES,
    "akkoma": Rule.GRAPHEMES,
    "pixelfed": Rule.CODE_POINTS,
    "iceshrimp.net": Rule.UTF16,
    "iceshrimp": Rule.UTF16,
    "sharkey": Rule.UTF16,
    "misskey": Rule.UTF16,
    "firefish": Rule.UTF16,
    "calckey": Rule.UTF16,
    "foundkey": Rule.UTF16,
}
# "2.7.2 (compatible; Pleroma 2.5.1)": what a server is that calls itself Mastodon of some version for old clients.
_COMPATIBLE = regex.compile(r"\(compatible; *([^\s;)]+)")


@lru_cache(maxsize=64)
def rule_for(software: str, version: str) -> Rule:
    """How a server of this software counts."""
    return _RULES.get(named_software(software, version), Rule.SAFE)


@lru_cache(maxsize=64)
def named_software(software: str, version: str) -> str:
    """The software's name, lower case. A version that names what it is in truth outweighs that name."""
    named = _COMPATIBLE.search(version)
    return (named[1] if named else software).lower()


@lru_cache(maxsize=64)
def count(text: str, spoiler_text: str, rule: Rule) -> int:
    """The length of a status by a rule, the content warning included.

    Exact for MASTODON but for Indic conjuncts, see `_graphemes`: there it may be more than the server's, never less.
    """
    # As Ruby strips: a no-break space at the edge counts.
    text, spoiler_text = text.strip(_STRIPPED), spoiler_text.strip(_STRIPPED)
    match rule:
        case Rule.MASTODON:
            return _graphemes(spoiler_text + _weighed(text))
        case Rule.CODE_POINTS:
            return len(text) + len(spoiler_text)
        case Rule.GRAPHEMES:
            return _graphemes(text + spoiler_text)
        case Rule.UTF16:
            return _utf16(text) + _utf16(spoiler_text)
    # A code point is one UTF-16 unit or two, a grapheme one code point or more (a conjunct, counted twice, three or
    # more): so UTF-16 units are never fewer than code points or graphemes.
    return max(count(text, spoiler_text, Rule.MASTODON), count(text, spoiler_text, Rule.UTF16))


# --- units --------------------------------------------------------------------------------------------------------

_STRIPPED = "\0\t\n\v\f\r "
_CLUSTER = regex.compile(r"\X")
# Latin letters, and the dashes and quotation marks that a text has most: found quickly, and never joined.
_BEYOND_LATIN = re.compile("[^\0-\x0c\x0e-\u02ff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf]")
# Without one of these each code point is a cluster of its own.
_JOINED = lazily(
    r"[\r\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=RI}\p{GCB=Prepend}\p{GCB=SpacingMark}\p{GCB=L}\p{GCB=V}\p{GCB=T}]"
)
_CONJUNCT = lazily(r"(?=\p{InCB=Linker}[\p{InCB=Extend}\p{InCB=Linker}]*\p{InCB=Consonant})")


def _graphemes(text: str) -> int:
    """Extended grapheme clusters, at least as many as any server sees.

    Since Unicode 15.1 consonants that a virama joins are one cluster; before, and so in Ruby until 3.4, they are two.
    """
    if text.isascii():
        return len(text) - text.count("\r\n")
    if not _BEYOND_LATIN.search(text) or not _JOINED().search(text):
        return len(text)
    return sum(1 for _ in _CLUSTER.finditer(text)) + sum(1 for _ in _CONJUNCT().finditer(text))


def _utf16(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


# --- Mastodon's URLs and mentions ---------------------------------------------------------------------------------

_URL_WEIGHT = "x" * 23
_LONGEST_URL = 4096
_LONGEST_MENTION_DOMAIN = 253
_LONGEST_SHORT_LINK = 40

_SCHEMES = "(?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)"
_BIDI = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_NEVER = r"\ufeff\ufffe\uffff"
_ACCENTED = (
    r"\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289\u028b"
    r"\u02bb\u0300-\u036f\u1e00-\u1eff"
)
# A label of a domain: whatever script, no ASCII punctuation. Longer ones than 63 are no domain by IDNA anyway. Nobody
# has a domain of more than 12 labels; one would be counted letter by letter, which is never less. These bounds keep
# the search linear in texts without spaces, and a link made of nothing but dots from taking seconds.
_MOST_SUBDOMAINS = 10
_LETTER = rf"[^\p{{White_Space}}\u180e\x00-\x1f\x7f!-/:-@\[\]^_`{{-~{_BIDI}{_NEVER}]"
_SUBDOMAIN = rf"{_LETTER}(?:(?:{_LETTER}|[_-]){{0,62}}{_LETTER})?\."
_DOMAIN_NAME = rf"{_LETTER}(?:(?:{_LETTER}|-){{0,62}}{_LETTER})?\."
_TLD = r"(?:\L<tlds>(?![0-9a-z@+-])|xn--[0-9a-z]+)"
# A path: anything but spaces, angle brackets, question marks and unbalanced parentheses, up to its last character that
# isn't punctuation. Parentheses at its very end are held to the narrower alphabet of twitter-text.
_IN_PATH = r"[^\p{White_Space}<>()?]"
_IN_NARROW = rf"[a-z0-9\p{{Cyrillic}}\p{{Pd}}!*';:=+,.$/%#\[\]_~&|@{_ACCENTED}]"
_IN_PARENTHESES = r"\((?:{0}+|{0}*\({0}+\){0}*)\)"
_PATH = (
    rf"/(?:(?:{_IN_PATH}|{_IN_PARENTHESES.format(_IN_PATH)})*"
    rf"(?:[^\p{{White_Space}}()?!*\"'「」<>;:=,.$%\[\]~&|@]|{_IN_PARENTHESES.format(_IN_NARROW)}))?"
)
_BEYOND_ASCII = (
    r"\u00a0-\ud7ff\ue000-\ufdcf\ufdf0-\uffef"
    + "".join(rf"\U{plane:04x}0000-\U{plane:04x}fffd" for plane in range(1, 14))
    + r"\U000e1000-\U000efffd\U000f0000-\U000ffffd\U00100000-\U0010fffd"
)
_QUERY = rf"\?[a-z0-9!?*'();:&=+$/%#\[\]_.,~|@^{_BEYOND_ASCII}-]*[a-z0-9_&=#/{_BEYOND_ASCII}-]"
# Without its scheme it isn't a URL, but Mastodon's search has read past it: a URL inside its path isn't found any more.


@cache
def _url() -> regex.Pattern[str]:
    """The pattern of a URL, compiled at its first use: the top-level domains make that take a tenth of a second."""
    return regex.compile(
        rf"(?<![A-Z0-9@＠$#＃{_NEVER}])"
        rf"(?P<scheme>{_SCHEMES}://)?"
        rf"(?P<domain>(?:{_SUBDOMAIN}){{0,{_MOST_SUBDOMAINS}}}{_DOMAIN_NAME}{_TLD})(?::[0-9]+)?(?:{_PATH})?(?:{_QUERY})?",
        regex.IGNORECASE,
        tlds=known_tlds(),
    )


_SCHEME = regex.compile(rf"{_SCHEMES}://", regex.IGNORECASE)
_BREAK, _BREAK_BEFORE = regex.compile(r"[ \t\n\v\f\r]"), regex.compile(r"(?r)[ \t\n\v\f\r]")
# Most links: a word that is nothing but a URL, of which no part is doubtful. The pattern of all others takes long.
_PLAIN_URL = regex.compile(
    r"https?://(?!t\.co/)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}(?P<tld>[a-z]{2,63})(?:/[a-z0-9/_-]*)?",
    regex.IGNORECASE | regex.ASCII,
)
_SHORT_LINK = lazily(r"https?://t\.co/([a-z0-9]+)", regex.IGNORECASE)

_WORD = r"\p{L}\p{M}\p{Nd}\p{Pc}"
_MENTION = lazily(
    rf"(?<![=/{_WORD}])@(?P<user>[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)(?:@(?P<domain>[{_WORD}]+(?:[.-]+[{_WORD}]+)*))?",
    regex.IGNORECASE,
)
_AFTER_NO_MENTION = lazily(rf"[@＠{_ACCENTED}]|://")

_Entity = tuple[int, int, str]


def _weighed(text: str) -> str:
    """The text with every URL and mention replaced by what it weighs; of two that overlap the earlier one counts."""
    if "://" not in text and "@" not in text:
        return text
    parts = []
    position = 0
    for start, end, weight in sorted([*_urls(text), *_mentions(text)]):
        if start >= position:
            parts += [text[position:start], weight]
            position = end
    return "".join([*parts, text[position:]])


def _urls(text: str) -> Iterator[_Entity]:
    # No URL reaches over one of these spaces; words without a scheme need no closer look.
    place = text.find("://")
    while place >= 0:
        before, behind = _BREAK_BEFORE.search(text, 0, place), _BREAK.search(text, place)
        begun, end = before.end() if before else 0, behind.start() if behind else len(text)
        if _SCHEME.search(text, begun, end):
            for start, stop, weight in _urls_in(text[begun:end]):
                yield begun + start, begun + stop, weight
        place = text.find("://", end)


@lru_cache(maxsize=64)
def _urls_in(word: str) -> tuple[_Entity, ...]:
    """The URLs in a text without spaces. A status is counted at each try to shorten it, always with the same links."""
    plain = _PLAIN_URL.fullmatch(word)
    if plain and is_known_tld(plain["tld"].lower()) and len(word) <= _LONGEST_URL:
        return ((0, len(word), _URL_WEIGHT),)
    return tuple(entity for found in _url().finditer(word) for entity in _weighty(found))


def _weighty(found: regex.Match[str]) -> Iterator[_Entity]:
    if not found["scheme"]:
        return
    short = _SHORT_LINK().match(found[0])
    end = found.start() + (short.end() if short else len(found[0]))
    if _is_valid(found["domain"], length=end - found.start(), slug=short[1] if short else ""):
        yield found.start(), end, _URL_WEIGHT


def _is_valid(domain: str, *, length: int, slug: str) -> bool:
    if length > _LONGEST_URL or len(slug) > _LONGEST_SHORT_LINK:
        return False
    try:
        encoded = domain.encode("idna")
    except UnicodeError:
        return False
    return length + max(0, len(encoded) - len(domain)) <= _LONGEST_URL


def _mentions(text: str) -> Iterator[_Entity]:
    for found in _MENTION().finditer(text) if "@" in text else ():
        longest = len(found["domain"] or "") > _LONGEST_MENTION_DOMAIN
        if not longest and not _AFTER_NO_MENTION().match(text, found.end()):
            yield found.start(), found.end(), f"@{found['user']}"
