"""What an article says first: its excerpt, or its first paragraph, without what themes and plugins add to it."""

import re
from collections.abc import Iterable
from itertools import accumulate, islice

import regex
from bs4 import BeautifulSoup, Tag

from bot.domain.shortening import ELLIPSIS, without_loose_end
from bot.domain.text import clean, decoded, plain, remove, text_of, tree


def excerpt(html: str) -> str:
    """An excerpt as one line of text, without what themes and plugins add to it.

    Shortcodes, "continue reading" links and the feed's "appeared first on" go. Where a machine cut the excerpt short
    it ends with one "…", however the theme wrote that.
    """
    if paragraph := _PARAGRAPH.fullmatch(html):
        html = paragraph[1]
    if "<" not in html:
        return _ended(_without_shortcodes(plain(html)), linked=False)
    soup = tree(html)
    _remove_footer(soup)
    linked = _remove_more_links(soup)
    text = _without_shortcodes(text_of(soup))
    return _ended(_ARROWS.sub("", text) if linked else text, linked=linked)


def is_cut(words: str) -> bool:
    """Whether a machine cut an excerpt short."""
    return words.endswith(ELLIPSIS)


def first_paragraph(html: str, *, least: int = 60) -> str:
    """The first paragraph of an article as one line of text; '' where it has none. Never raises.

    Captions, headings, tables, quotations and code are none. A byline or the like is passed over where something
    longer follows. least: a paragraph of fewer characters comes with the next ones.
    """
    soup = tree(html[:_BEGINNING])
    remove(soup.find_all(_NO_PARAGRAPHS))
    remove(soup.find_all(class_=_CAPTION))
    paragraphs = [words for words in map(_words, soup.find_all("p")) if words] or [_words(soup)]
    telling = [words for words in paragraphs if not _is_scrap(words)] or paragraphs
    return " ".join(islice(telling, _needed(telling, least)))


def without_title(words: str, title: str) -> str:
    """The words without the title at their beginning, punctuation and case aside; '' where nothing else is left.

    Only where the title stands by itself there: behind it comes punctuation, or a capital after several words.
    """
    said, called = _TOKEN.finditer(words), _TOKEN.findall(title.casefold())
    last = None
    for token in called:
        last = next(said, None)
        if last is None or last[0].casefold() != token:
            return words
    if last is None or not _stands_alone(words, last.end(), len(called)):
        return words
    rest = _BETWEEN.sub("", words[last.end() :])
    return rest if _TOKEN.search(rest) else ""


# --- the article --------------------------------------------------------------------------------------------------

# In characters of HTML: first paragraphs stand within.
_BEGINNING = 30_000
_NO_PARAGRAPHS = (
    "figure", "figcaption", "table", "pre", "code", "blockquote", "aside", "nav", "header", "footer", "form", "dl",
    "h1", "h2", "h3", "h4", "h5", "h6",
)  # fmt: skip
_CAPTION = re.compile(r"caption|credit|byline|share|related", re.IGNORECASE)
_SCRAP_LENGTH, _SCRAP_WORDS = 25, 4


def _words(tag: Tag) -> str:
    return _without_shortcodes(text_of(tag))


def _is_scrap(words: str) -> bool:
    """Whether these are a byline or the like rather than a sentence."""
    return len(words) < _SCRAP_LENGTH and len(words.split()) < _SCRAP_WORDS and not _SENTENCE_END.search(words)


def _needed(paragraphs: Iterable[str], least: int) -> int:
    """How many of these paragraphs have so many characters together; at least one."""
    lengths = accumulate(len(words) + 1 for words in paragraphs)
    return 1 + sum(length <= least for length in lengths)


# --- the title ----------------------------------------------------------------------------------------------------

_TOKEN = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_BETWEEN = regex.compile(r"\A[\s\"'”’»)\]]*[\s:;,.!?…。！？、：|/–—-]*")
_BREAK = regex.compile(r"[\s\"'”’»)\]]*(?:[:;.!?…。！？、：|–—-]|\Z)")
_CAPITAL = regex.compile(r"[\s\"'”’»)\]]*\s[\"'“„«‹(\[]*[\p{Lu}\p{Lt}]")
# With so many words before it, a capital begins a sentence rather than being the next word of this one.
_SEVERAL = 3


def _stands_alone(words: str, end: int, count: int) -> bool:
    return bool(_BREAK.match(words, end) or (count >= _SEVERAL and _CAPITAL.match(words, end)))


# --- what themes, feeds and plugins add ---------------------------------------------------------------------------

# What WordPress itself makes of an excerpt.
_PARAGRAPH = regex.compile(r"\s*<p>([^<]*)</p>\s*")
_MORE_CLASS = regex.compile(r"more[-_]?link|link[-_]more|read[-_]?more|continue[-_]reading|moretag")
_MORE_WORDS = (
    r"continue reading|keep reading|read (?:more|on|the (?:full|rest)|full)|(?:find out|learn|view) more"
    r"|weiterlesen|mehr lesen|den ganzen|lire (?:la suite|plus)|en savoir plus|(?:seguir|continuar|sigue) leyendo"
    r"|leer m[aá]s|continua a leggere|leggi (?:tutto|di più|altro)|continue lendo|(?:leia|ler) mais"
    r"|lees (?:verder|meer)|verder lezen|czytaj (?:dalej|więcej)|läs (?:mer|vidare)|læs (?:mere|videre)"
    r"|les (?:mer|videre)|lue lisää"
    r"|číst (?:dál|více)|читать (?:далее|дальше|полностью)|читати далі|devamını oku|続きを読む|もっと読む"
    r"|继续阅读|阅读更多|阅读全文|繼續閱讀|閱讀更多|계속 읽기|더 보기|اقرأ المزيد"
)
_MORE_TEXT = regex.compile(rf"\W*(?:{_MORE_WORDS}|more\W*\Z)", regex.IGNORECASE)
# Searched from the end of the text (?r), so that a long text is no burden.
_CUT_MARK = regex.compile(r"(?r)(?:\s*(?:\[\s*(?:…|\.{3,})\s*\]|\(\s*(?:…|\.{3,})\s*\)|…|\.{3,}))+\s*\Z")
_LONGEST_TAIL = 300
# Behind a cut mark it may go on with the title; behind a sentence only by itself: "Read more books!" is the author's.
_TAIL = regex.compile(
    rf"(?<=…|\.\.\.|\]|\))\s*(?:{_MORE_WORDS})(?:(?!\.\s).){{0,120}}\Z"
    rf"|(?<=[.!?。！？][\"'”’»)]?)\s+(?:{_MORE_WORDS})[\s:.…→➔»›]*\Z",
    regex.IGNORECASE,
)
_FEED_TAIL = regex.compile(
    r"(?:\A|(?<=[.!?…\]]))\s*The post .{1,200} (?:appeared first on|first appeared on) .{1,80}\Z"
)
_ARROWS = regex.compile(r"(?r)\s*[»›→➔]+\Z")
_SENTENCE_END = regex.compile(r"[.!?…。！？।؟][\"'”’»)\]]*\Z|\A\Z")

_WORD_CHARACTER = regex.compile(r"\w")

# What tells a shortcode from a word in brackets: an attribute, a slash, a closing tag, an underscore in its name, or
# a name that WordPress itself registers.
_SHORTCODE_NAME = r"[A-Za-z][\w-]*"
_CLOSING_SHORTCODE = regex.compile(rf"\[/({_SHORTCODE_NAME})\]")
_SHORTCODE = regex.compile(rf"\[(?:(?P<name>{_SHORTCODE_NAME})(?:\s[^\[\]]*)?+/?\]|/{_SHORTCODE_NAME}\])")
_ATTRIBUTE = regex.compile(rf"\[{_SHORTCODE_NAME}\s+(?:[^\[\]]*\s)?[\w-]+=\S")
_CUT_SHORTCODE = regex.compile(rf"\[{_SHORTCODE_NAME}\s+[\w-]+=[^\[\]]*+(?:\[\s*(?:…|\.{{3}})\s*\])?\Z")
_CORE_SHORTCODES = frozenset({"audio", "caption", "embed", "gallery", "playlist", "video", "wp_caption"})


def _remove_footer(soup: BeautifulSoup) -> None:
    """Remove a last paragraph that links to the post and then to its site, in whatever language it says so."""
    last = soup.find_all("p")[-1:]
    links = [str(link.get("href", "")) for paragraph in last for link in paragraph.find_all("a")]
    if len(links) == 2 and links[1] and links[0].startswith(links[1].rstrip("/") + "/"):
        footer = last[0].extract()
        if not soup.get_text(strip=True):
            soup.append(footer)


def _remove_more_links(soup: BeautifulSoup) -> bool:
    """Remove the links to the rest of the post; whether there were any."""
    remove(soup.find_all(class_="screen-reader-text"))
    links = soup.find_all("a")
    more = [link for link in links if _has_more_class(link) or (link is links[-1] and _is_trailing_more(link))]
    remove(more)
    return bool(more)


def _has_more_class(link: Tag) -> bool:
    return bool(_MORE_CLASS.search(" ".join(map(str, link.get_attribute_list("class")))))


def _is_trailing_more(link: Tag) -> bool:
    if not _MORE_TEXT.match(link.get_text()):
        return False
    # The link's own strings come first.
    behind = link.find_all_next(string=True)[len(link.find_all(string=True)) :]
    return not any(_WORD_CHARACTER.search(decoded(text)) for text in behind)


def _ended(text: str, *, linked: bool) -> str:
    """The text with one "…" where a machine cut it short; linked: a "continue reading" link stood behind it."""
    text, told = _without_tail(text)
    bare = _CUT_MARK.sub("", text)
    is_cut = bare != text or ((linked or told) and not _SENTENCE_END.search(bare))
    bare = without_loose_end(bare) if is_cut else bare
    return bare + ELLIPSIS if is_cut and bare else bare


def _without_tail(text: str) -> tuple[str, bool]:
    """The text without a theme's "continue reading" that is no link; whether there was one."""
    start = max(0, len(text) - _LONGEST_TAIL)
    found = _TAIL.search(text, start) or _FEED_TAIL.search(text, start)
    return (text[: found.start()].rstrip(), True) if found else (text, False)


def _without_shortcodes(text: str) -> str:
    closed = frozenset(_CLOSING_SHORTCODE.findall(text))

    def replacement(found: regex.Match[str]) -> str:
        name = found["name"]
        is_shortcode = (
            name is None
            or name in closed
            or name in _CORE_SHORTCODES
            or "_" in name
            or found[0].endswith("/]")
            or _ATTRIBUTE.match(found[0])
        )
        return "" if is_shortcode else found[0]

    return clean(_CUT_SHORTCODE.sub(ELLIPSIS, _SHORTCODE.sub(replacement, text)))
