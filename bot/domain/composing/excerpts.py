"""What an article says first: its excerpt, or its first paragraph, without what themes and plugins add to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from bot.domain.composing.added_words import without_additions
from bot.domain.composing.additions import remove_additions
from bot.domain.composing.openings import SENTENCE_END, URL, WORD, is_scrap, joined, plain_opening
from bot.domain.composing.shortening import ELLIPSIS, without_loose_end
from bot.domain.text.html import BLOCKS, clean, decoded, lines_of, plain, remove, text_of, tree
from bot.domain.text.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import BeautifulSoup, Tag


def excerpt(html: str) -> str:
    """An excerpt as one line of text, without what themes and plugins add to it.

    Shortcodes, "continue reading" links and the feed's "appeared first on" go. Where a machine cut the excerpt short
    it ends with one "…", however the theme wrote that.
    """
    if paragraph := _PARAGRAPH.fullmatch(html):
        html = paragraph[1]
    if "<" not in html:
        return _ended(_said(plain(html)), linked=False)
    soup = tree(html)
    remove_additions(soup)
    _remove_footer(soup)
    linked = _remove_more_links(soup)
    text = _said(text_of(soup))
    return _ended(_ARROWS().sub("", text) if linked else text, linked=linked)


def is_cut(words: str) -> bool:
    """Whether a machine cut an excerpt short."""
    return words.endswith(ELLIPSIS)


def first_paragraph(html: str, *, least: int = 60) -> str:
    """The first paragraph of an article as one line of text; '' where it has none. Never raises.

    Captions, headings, tables, quotations and code are none. A byline or the like is passed over where something
    longer follows. An article that is only a list begins with its items, and with what introduces them. least: a
    paragraph of fewer characters comes with the next ones. Only the article's beginning is looked at.
    """
    return plain_opening(html, least) or _parsed_opening(html, least)


def _parsed_opening(html: str, least: int) -> str:
    soup = tree(_MARKED().sub(_mark, _beginning(html)))
    remove(soup.find_all(_NO_PARAGRAPHS))
    remove_additions(soup)
    remove(soup.find_all(_is_code_alone))
    blocks = list(_blocks(_without_shortcodes(lines_of(soup))))
    for kinds in _PREFERENCE:
        if text := joined((words for kind, words in blocks if kind in kinds and not is_scrap(words)), least):
            return text
    items = [words for kind, words in blocks if kind == _ITEM or words.endswith(_COLONS)]
    return joined(iter(items or [words for _, words in blocks[:1]]), least)


def article(html: str) -> str:
    """The whole article as one line of text, without the shortcodes that its site left in it."""
    return clean(_without_shortcodes(plain(html)))


def is_article(words: str, html: str) -> bool:
    """Whether an excerpt is an article's own words, and most of them: WordPress made it of one that is short.

    It runs words together that only tags keep apart, and headings into sentences.
    """
    if len(html) > len(words) * _MOST_MARKUP:
        return False
    said = "".join(clean(words).split())
    seen = "".join(decoded(decoded(_ANY_TAG.sub("", _DEAD_WEIGHT().sub("", html)))).split())
    if len(seen) > len(said) * 4:  # what nobody sees is hardly ever half of it, and takes long to look for
        return False
    whole = clean(seen)
    return len(said) * 2 >= len(whole) and said in whole


def without_title(words: str, title: str) -> str:
    """The words without the title at their beginning, punctuation and case aside; '' where nothing else is left.

    Only where the title stands by itself there: behind it comes a separator or the end of a sentence, or the
    beginning of another where the title is no short one. A title that a machine cut in two is one as well.
    """
    said, called = WORD.finditer(words), WORD.findall(title.casefold())
    end = 0
    for token in called:
        found = next(said, None)
        if found is None:
            return "" if end and is_cut(words) else words
        if found[0].casefold() != token:
            return words
        end = found.end()
    if not end or not _stands_alone(words, end, called):
        return words
    rest = words[end:]
    return _BETWEEN().sub("", rest) if WORD.search(rest) else ""


# --- the article --------------------------------------------------------------------------------------------------

# In characters of HTML, and in tags, many of which would be slow: first paragraphs stand within.
_BEGINNING, _MOST_TAGS = 30_000, 2_000
# What may be longer than that, and says nothing: comments, scripts, pictures that are in the HTML themselves. What is
# never closed reaches to the end, as in a browser.
_DEAD_WEIGHT = lazily(
    r"<!--.*?(?:-->|\Z)|<(script|style|svg)\b.*?(?:</\1\s*>|\Z)|<img\b[^<>]{500,}+>", regex.DOTALL | regex.IGNORECASE
)
# So much HTML for each character that is read is not looked through: most excerpts are a person's, of a long article.
_MOST_MARKUP = 50
_ANY_TAG = regex.compile(r"<[^<>]*+>")
_CAPTION = lazily(r"\[((?:wp_)?caption)\b[^\[\]]*+\][^\[]*+\[/\1\]")
# A poem is set like code, and is none.
_VERSE = lazily(r"<pre(?=[^<>]*\bwp-block-verse\b)", regex.IGNORECASE)
_NO_PARAGRAPHS = (
    "figure", "figcaption", "table", "pre", "blockquote", "aside", "nav", "header", "footer", "form", "dl", "summary",
    "button", "h1", "h2", "h3", "h4", "h5", "h6",
)  # fmt: skip
# Control characters, which no text holds, tell in the text of the tree what each part of it was.
_ITEM, _PARAGRAPH_BEGUN, _BLOCK, _LINE = "\x1c", "\x1d", "\x1e", "\x1f"
_MARKS = {"li": _ITEM, "p": _PARAGRAPH_BEGUN, "br": _LINE}
_FOREIGN_MARK = lazily(r"[\x1c-\x1f]")
_MARKED = lazily(rf"</?({BLOCKS})\b", regex.IGNORECASE)
_BLOCK_TEXT = lazily(r"([\x1c-\x1e])([^\x1c-\x1e]*+)")
# What the classic editor shows as a new paragraph.
_GAP = lazily(r"\x1f(?:[^\S\x1f]*\x1f)+|\n[^\S\n]*\n")
# Text that stands in no <p> is the article's only where no paragraph is; a list only where there is nothing else.
_PREFERENCE = (_PARAGRAPH_BEGUN, _PARAGRAPH_BEGUN + _BLOCK)
# A space is put before each block, and a mark.
_ALL_SPACE = regex.compile(r"[\s\x1c-\x1f]*")
_COLONS = (":", "：")


def _beginning(html: str) -> str:
    html = _VERSE().sub("<p", html)
    html = _CAPTION().sub("", _DEAD_WEIGHT().sub("", _FOREIGN_MARK().sub(" ", html)))
    begun = "<".join(html.split("<", _MOST_TAGS)[:_MOST_TAGS])[:_BEGINNING]
    # Behind a word or a tag, so that none is cut in two.
    return html if len(begun) == len(html) else begun[: max(begun.rfind(" "), begun.rfind(">") + 1)] or begun


def _mark(tag: regex.Match[str]) -> str:
    is_opening = tag[0][1] != "/"
    return (_MARKS.get(tag[1].lower(), _BLOCK) if is_opening else _BLOCK) + tag[0]


def _is_code_alone(tag: Tag) -> bool:
    return tag.name == "code" and (tag.parent or tag).name == "p" and _is_alone(tag)


def _is_alone(tag: Tag) -> bool:
    """Whether nothing but white space stands beside it."""
    beside = (tag.previous_sibling, tag.next_sibling)
    return all(one is None or (not hasattr(one, "children") and _ALL_SPACE.fullmatch(str(one))) for one in beside)


def _blocks(marked: str) -> Iterator[tuple[str, str]]:
    """The parts of the text, each with its mark; without those that say nothing."""
    for kind, text in _BLOCK_TEXT().findall(_BLOCK + marked):
        for words in map(clean, _GAP().split(text)):
            if WORD.search(words) and not URL.fullmatch(words):
                yield kind, words


# --- the title ----------------------------------------------------------------------------------------------------

# Behind a letter the same quotation marks may be closing that are opening before one.
_CLOSING = r"(?:[)\]」』）】]|[\"'“”‘’«»](?!\w))*"
_NEXT_SENTENCE = r"[\"'“„”‘‚«»‹›¿¡(\[]*[\p{Lu}\p{Lt}\p{Lo}\p{N}]"
_BETWEEN = lazily(r"\A(?:[\s)\]」』）】:;,.!?…|/、。！？：–—-]|[\"'“”‘’«»](?!\w))*")
_BREAK = lazily(
    rf"{_CLOSING}(?:\s*\Z|[：、。！？]|(?::|\s[|–—-]|[–—])\s|[.!?…]+{_CLOSING}(?:\s*\Z|\s+{_NEXT_SENTENCE}))"
)
_CAPITAL = lazily(rf"{_CLOSING}\s+{_NEXT_SENTENCE}")
# From so many words or characters on, a capital behind it begins a sentence rather than being the next word of this.
_WORDS, _LENGTH = 3, 15


def _stands_alone(words: str, end: int, called: list[str]) -> bool:
    is_long = len(called) >= _WORDS or sum(map(len, called)) >= _LENGTH
    return bool(_BREAK().match(words, end) or (is_long and _CAPITAL().match(words, end)))


# --- what themes, feeds and plugins add ---------------------------------------------------------------------------

# What WordPress itself makes of an excerpt.
_PARAGRAPH = regex.compile(r"\s*<p>([^<]*)</p>\s*")
_MORE_CLASS = lazily(r"more[-_]?link|link[-_]more|read[-_]?more|continue[-_]reading|moretag")
_MORE_WORDS = (
    r"continue reading|keep reading|(?:find out|learn|view) more"
    r"|read (?:more|on|(?:the )?(?:full|rest)(?: of)?(?: the| this)?(?: (?:article|entry|post|story))?)\b"
    r"|weiterlesen|mehr lesen|den ganzen (?:artikel|beitrag|eintrag|text)|lire (?:la suite|plus)"
    r"|en savoir plus|(?:seguir|continuar|sigue) leyendo"
    r"|leer m[aá]s|continua a leggere|leggi (?:tutto|di più|altro)|continue lendo|(?:leia|ler) mais"
    r"|lees (?:verder|meer)|verder lezen|czytaj (?:dalej|więcej)|läs (?:mer|vidare)|læs (?:mere|videre)"
    r"|les (?:mer|videre)|lue lisää"
    r"|číst (?:dál|více)|читать (?:далее|дальше|полностью)|читати далі|devamını oku|続きを読む|もっと読む"
    r"|继续阅读|阅读更多|阅读全文|繼續閱讀|閱讀更多|계속 읽기|더 보기|اقرأ المزيد"
)
_ABOUT = r"about|über|von|zu|sur|de|sobre|su|di|over|van|o|om|про|о"
_MORE_TEXT = lazily(rf"\W*(?:{_MORE_WORDS}|more\W*\Z)", regex.IGNORECASE)
_MORE_ALONE = lazily(rf"\W*(?:(?:{_MORE_WORDS})(?:\W*|\s+(?:{_ABOUT})\s.*)|more\W*)", regex.IGNORECASE | regex.DOTALL)
_STOPS = (".", "!", "?", ",", ";")
# So many strings before a link tell how the sentence before it ends.
_FEW = 10
_BRACKETED_MARK = r"(?:\[\s*(?:…|\.{3,}|→)\s*\]|\(\s*(?:…|\.{3,})\s*\))"
_MARK = rf"(?:{_BRACKETED_MARK}|…|\.{{3,}})"
_ARROW = r"[»›→➔➜⟶]"
# An arrow may stand behind it; one that may as well close a quotation only behind a bracket.
# Searched from the end of the text (?r), and a few of them at most, so that a long text is no burden.
_CUT_MARK = regex.compile(rf"(?r)(?:\s*(?:{_MARK}(?:\s*[→➔➜⟶]+)?|{_BRACKETED_MARK}\s*[»›]+)){{1,9}}\s*\Z")
_LONGEST_TAIL = 400
# What plugins that count characters leave of "&#8217;" and the like.
_TORN_ENTITY = lazily(r"(?r)&(?:#[0-9]{1,5}|amp?|nbsp?|hell?i?p?|[lr][ds]quo?|[mn]dash?|quot?)\Z")
# "Continue reading" and no link. Behind a cut mark or a sentence it may go on with the title; behind a sentence only
# with one that has no stop, for "Read more books!" is the author's own. With an arrow, or in brackets, it may stand
# anywhere, and so may WordPress's own "(more…)".
_MORE = rf"(?i:{_MORE_WORDS})"
_OWN_MORE = r"(?i:more|mehr|suite|más|altro|meer|mais|więcej|mera?|mere|více|devamı|далее|さらに|更多)"
_NEXT_TITLE = rf":?\s+(?:(?i:{_ABOUT})\s+)?(?=[\p{{Lu}}\p{{Lt}}\p{{Lo}}\p{{N}}\"'“„«‘])"
# Looked for first, as it is found in a sixth of the time: nearly all excerpts have none of it.
_ANY_MORE = regex.compile(rf"\b(?i:{_MORE_WORDS}|{_OWN_MORE})")
# What may stand behind an excerpt.
_TAIL = lazily(
    rf"(?<={_MARK})\W*{_MORE}(?:\W*|{_NEXT_TITLE}(?:(?![.!?。！？]\s).){{0,120}}+(?<!\.))\Z"
    rf"|(?<={_MARK})\W*(?i:more)[\W--[.!?]]*\Z"
    rf"|(?<=[.!?…。！？।؟][\"'”’»)]?)\s*\b{_MORE}(?:[\W--[.!?]]*|{_NEXT_TITLE}(?:\s*+[^\s.!?。！？]++){{1,10}}+\s*)\Z"
    rf"|(?:\A|\s){_MORE}\s*{_ARROW}+\Z"
    rf"|(?:\A|(?<=\W)\s){_MORE}\s*[:：]?\s*https?://\S+\Z"
    rf"|\s*[(\[（]\s*(?:{_MORE}\W*|{_OWN_MORE}\s*(?:…|\.{{3,}})\s*)[)\]）][\W--[.!?]]*\Z"
    rf"|\A\W*{_MORE}\W*\Z",
    regex.VERSION1,
)
# What Yoast SEO puts below each article of a feed; where a site shows it without its links.
_FEED_WORDS = (
    ("The post", "appeared first on", "first appeared on"),
    ("Der Beitrag", "erschien zuerst auf"),
    ("L[’']article", "est apparu en premier sur"),
    ("La entrada", "se publicó primero en", "aparece primero en", "apareció primero en"),
    ("L[’']articolo", "proviene da", "sembra essere il primo su"),
    ("O (?:post|conteúdo)", "apareceu primeiro em", "apareceu primeiro no", "aparece primeiro em"),
    ("Het bericht", "verscheen eerst op"),
    ("Artykuł", "pochodzi z serwisu"),
    ("Inlägget", "dök först upp på"),
    ("Indlægget", "blev først udgivet på"),
    ("Innlegget", "dukket først opp på"),
    ("Artikkeli", "julkaistiin ensimmäisen kerran"),
    ("Příspěvek", "pochází z", "se nejdříve objevil na"),
    ("(?:Сообщение|Запись)", "появились сначала на", "впервые появилась"),
    ("(?:Запис|Допис)", "спершу з’явився на", "спершу з'явився на", "з’явився спочатку на", "з'явився спочатку на"),
    ("投稿", "に最初に表示されました"),
    ("文章", "最先出现在", "首先出现在", "最早出現於"),
)
_FEED_TAILS = {
    words: lazily(
        rf"(?<!\w){begun}(?!\s*\p{{Ll}})(?:(?!{begun}(?!\p{{Ll}})).){{1,200}}?(?<!\b[Ii]t ){words}.{{0,80}}\Z"
    )
    for begun, *going_on in _FEED_WORDS
    for words in going_on
}
_ARROWS = lazily(rf"(?r)\s*{_ARROW}+\Z")

_WORD_CHARACTER = regex.compile(r"\w")

# What tells a shortcode from a word in brackets: an attribute, a slash, a closing tag, an underscore in its name, or
# a name that WordPress itself registers.
_SHORTCODE_NAME = r"[A-Za-z][\w-]*"
_CLOSING_SHORTCODE = lazily(rf"\[/({_SHORTCODE_NAME})\]")
_SHORTCODE = lazily(rf"\[(?:(?P<name>{_SHORTCODE_NAME})(?:\s[^\[\]]*)?+/?\]|/{_SHORTCODE_NAME}\])")
_ATTRIBUTE = lazily(rf"\[{_SHORTCODE_NAME}\s+(?:[^\[\]]*\s)?[\w-]+=\S")
_CUT_SHORTCODE = lazily(rf"\[{_SHORTCODE_NAME}\s+[\w-]+=[^\[\]]*+(?:\[\s*(?:…|\.{{3}})\s*\])?\Z")
_KNOWN_SHORTCODES = frozenset({
    "audio", "caption", "embed", "gallery", "playlist", "video",
    "toc", "ez-toc", "lwptoc", "simpletoc", "sharethis", "addtoany", "contact-form-7",
})  # fmt: skip
_WITHIN_A_SENTENCE = lazily(r"(?<=\p{L} )\[[^\[\]]{1,30}\] \p{Ll}")


def _remove_footer(soup: BeautifulSoup) -> None:
    """Remove a last paragraph that links to the post and then to its site, where a feed's words or marks are in it.

    Yoast SEO marks both links as not to be followed, in whatever language it says so.
    """
    for paragraph in soup.find_all("p")[-1:]:
        links = paragraph.find_all("a")
        there = [str(link.get("href", "")) for link in links]
        if len(links) != 2 or not there[1] or not there[0].startswith(there[1].rstrip("/") + "/"):
            continue
        is_marked = all("nofollow" in link.get_attribute_list("rel") for link in links)
        if is_marked or _is_feed_tail(clean(decoded(paragraph.get_text()))):
            paragraph.decompose()


def _is_feed_tail(text: str) -> bool:
    found = _feed_tail(text)
    return found is not None and found.start() == 0


def _remove_more_links(soup: BeautifulSoup) -> bool:
    """Remove the links to the rest of the post; whether there were any."""
    links = soup.find_all("a")
    more = [link for link in links if _has_more_class(link) or (link is links[-1] and _is_trailing_more(link))]
    remove(more)
    return bool(more)


def _has_more_class(link: Tag) -> bool:
    return bool(_MORE_CLASS().search(" ".join(map(str, link.get_attribute_list("class")))))


def _is_trailing_more(link: Tag) -> bool:
    """Whether a link is a theme's "continue reading": within a sentence only where it says nothing else."""
    said = decoded(link.get_text())
    if not _MORE_TEXT().match(said):
        return False
    # The link's own strings come first.
    behind = "".join(map(decoded, link.find_all_next(string=True)[len(link.find_all(string=True)) :]))
    if _WORD_CHARACTER.search(behind):
        return False
    return _stands_apart(link) or (bool(_MORE_ALONE().fullmatch(said)) and not behind.startswith(_STOPS))


def _stands_apart(link: Tag) -> bool:
    """Whether a sentence, a text that was cut or nothing stands before a link, or a paragraph begins with it."""
    before = "".join(map(decoded, reversed(link.find_all_previous(string=True, limit=_FEW)))).rstrip()
    around = link.parent
    begins = around is not None and around.name == "p" and around.get_text().strip().startswith(link.get_text().strip())
    return begins or bool(SENTENCE_END().search(before) or _CUT_MARK.search(before))


def _ended(text: str, *, linked: bool) -> str:
    """The text with one "…" where a machine cut it short; linked: a "continue reading" link stood behind it."""
    said = _without_tail(text)
    bare = _CUT_MARK.sub("", said)
    told = linked or said != text
    was_cut = bare != said or (told and not SENTENCE_END().search(bare))
    bare = without_loose_end(_TORN_ENTITY().sub("", bare)) if was_cut else bare
    return bare + ELLIPSIS if was_cut and bare else bare


def _without_tail(text: str) -> str:
    """The text without a theme's "continue reading" that is no link; a cut mark may stand behind that too."""
    for search in (_feed_tail, _more):
        bare = _CUT_MARK.sub("", text)
        found = search(bare, max(0, len(bare) - _LONGEST_TAIL))
        text = bare[: found.start()].rstrip() if found and (found.start() or search is _more) else text
    return text


def _feed_tail(text: str, begun: int = 0) -> regex.Match[str] | None:
    """Where it begins: a feed that was taken from another one may have two."""
    found = (tail().search(text, begun) for words, tail in _FEED_TAILS.items() if words in text)
    return min(filter(None, found), key=lambda each: each.start(), default=None)


def _more(text: str, begun: int) -> regex.Match[str] | None:
    return _TAIL().search(text, begun) if _ANY_MORE.search(text, begun) else None


def _said(text: str) -> str:
    """The text without shortcodes, and without what plugins added where the tags around it are gone."""
    return without_additions(clean(_without_shortcodes(text)))


def _without_shortcodes(text: str) -> str:
    if "[" not in text:
        return text
    closed = frozenset(_CLOSING_SHORTCODE().findall(text))

    def replacement(found: regex.Match[str]) -> str:
        name = found["name"]
        is_shortcode = (
            name is None
            or name in closed
            or (name in _KNOWN_SHORTCODES and not _WITHIN_A_SENTENCE().match(text, found.start()))
            or "_" in name
            or found[0].endswith("/]")
            or _ATTRIBUTE().match(found[0])
        )
        return "" if is_shortcode else found[0]

    return _CUT_SHORTCODE().sub(ELLIPSIS, _SHORTCODE().sub(replacement, text))
