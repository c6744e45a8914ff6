"""HTML as WordPress renders it → one line of plain text; and what a text needs before it goes into a status."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from itertools import islice

import regex
from bs4 import BeautifulSoup, Tag

ELLIPSIS = "…"


def plain(html: str) -> str:
    """An HTML fragment as one line of text; never raises, whatever the fragment.

    Entities are decoded, and once more where some remain: WordPress stores a title that was escaped before it came
    in as it is. Invisible characters go, but for those that shape letters or emoji. A bare `<` stays.
    """
    return _text(_parsed(html)) if "<" in html else clean(_decoded(_decoded(html)))


def excerpt(html: str) -> str:
    """An excerpt as one line of text, without what themes and plugins add to it.

    Shortcodes, "continue reading" links and the feed's "appeared first on" go. Where a machine cut the excerpt short
    it ends with one "…", however the theme wrote that.
    """
    if paragraph := _PARAGRAPH.fullmatch(html):
        html = paragraph[1]
    if "<" not in html:
        return _ended(_without_shortcodes(plain(html)), linked=False)
    soup = _parsed(html)
    _remove_footer(soup)
    linked = _remove_more_links(soup)
    text = _without_shortcodes(_text(soup))
    return _ended(_ARROWS.sub("", text) if linked else text, linked=linked)


def parsable(html: str) -> str:
    """The fragment without what Python's parser stumbles over: comments, declarations, a tag cut off at the end.

    It gives up at a malformed declaration; an open tag every version of it treats in another way, and some take
    minutes over many of them.
    """
    html = _COMMENT.sub("", html)
    end = html.rfind(">") + 1
    return html[:end] + _OPEN_TAG.sub("", html[end:])


def shorten(text: str, fits: Callable[[str], bool]) -> str:
    """The text where it fits, else the longest beginning of it that fits with one "…" behind; '' where none does.

    Cuts at a word's end, or between characters in scripts that know no spaces; where the first word is too long
    already, after any of its characters, but never inside a grapheme cluster nor a URL. fits must hold for what is
    shorter than something that fits, nearly always.
    """
    if fits(text):
        return text
    return _longest(text, _word_ends(text), fits) or _longest(text, _cluster_ends(text), fits)


def clean(text: str) -> str:
    """A text as one line: no control, bidi-control and invisible characters, every run of white space one space."""
    text = _JOINER_AT_EDGE.sub("", _INVISIBLE.sub("", text))
    return _SPACE.sub(" ", text).strip()


def defuse_mentions(text: str) -> str:
    """The text so that nobody is notified: a zero-width space behind every `@` that some server reads as a mention.

    Servers differ in what may stand before the `@`; behind a letter or digit, as in an e-mail address, it is safe
    with all of them. Inside a URL it becomes %40, which keeps the URL working. A hashtag in the text stays: it is
    the author's own word, and notifies nobody.
    """
    text = _URL.sub(lambda found: found[0].replace("@", "%40"), text)
    return _MENTION_SIGN.sub("@\u200b", text)


def unlink(text: str) -> str:
    """The text with its URLs as plain words, without `https://`.

    The first link in a status decides its preview card, and that has to be the post's own, wherever the template
    puts it. Cutting the URLs out would leave holes in sentences.
    """
    # What is left may make a scheme anew ("hthttps://tps://"); a space in its place makes none.
    return _SCHEME.sub(" ", _SCHEME.sub("", text))


# --- HTML ---------------------------------------------------------------------------------------------------------

_DROPPED = (
    "script", "style", "iframe", "noscript", "template", "svg", "math", "object", "audio", "video", "canvas", "select",
    "textarea", "title",
)  # fmt: skip
_BLOCKS = "|".join((
    "address", "article", "aside", "blockquote", "br", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p",
    "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
# Where a block begins or ends, words are apart; a space in the HTML says so in linear time, one in the tree doesn't.
_BLOCK_TAG = regex.compile(rf"(?=</?(?:{_BLOCKS})\b)", regex.IGNORECASE)
# With the "<" before it, which would make a declaration of what comes behind it.
_COMMENT = regex.compile(r"(?<!<)<++(?:!--.*?(?:-->|\Z)|[!?][^>]*+>?)", regex.DOTALL)
_OPEN_TAG = regex.compile(r"</?[A-Za-z].*\Z", regex.DOTALL)
# At most seven digits: enough for every character, and no number that Python refuses to read.
_ENTITY = regex.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")


def _parsed(html: str) -> BeautifulSoup:
    """The fragment's tree, its entities left for `_text`, so that the parser can't stumble over one."""
    html = _BLOCK_TAG.sub(" ", parsable(html))
    # The tag around is what keeps BeautifulSoup from warning about a title that looks like a file or a URL.
    return BeautifulSoup(f"<div>{html.replace('&', '&amp;')}", "html.parser")


def _text(soup: BeautifulSoup) -> str:
    _remove(soup.find_all(_DROPPED))
    for image in soup.find_all("img", class_=["emoji", "wp-smiley"]):
        image.append(str(image.get("alt", "")))  # in its place it would have to be looked for among its neighbours
    return clean(_decoded(_decoded(soup.get_text())))


def _remove(tags: Iterable[Tag]) -> None:
    for tag in tags:
        if not tag.decomposed:  # with the one around it; once more would be slow
            tag.decompose()


def _decoded(text: str) -> str:
    return _ENTITY.sub(lambda found: unescape(found[0]), text)


# --- what themes, feeds and plugins add ---------------------------------------------------------------------------

# What WordPress itself makes of an excerpt.
_PARAGRAPH = regex.compile(r"\s*<p>([^<]*)</p>\s*")
_MORE_CLASS = regex.compile(r"more[-_]?link|link[-_]more|read[-_]?more|continue[-_]reading|moretag")
_MORE_TEXT = regex.compile(
    r"\W*(?:continue reading|keep reading|read (?:more|on|the (?:full|rest)|full)|(?:find out|learn|view) more"
    r"|more\W*\Z"
    r"|weiterlesen|mehr lesen|den ganzen|lire (?:la suite|plus)|en savoir plus|(?:seguir|continuar|sigue) leyendo"
    r"|leer m[aá]s|continua a leggere|leggi (?:tutto|di più|altro)|continue lendo|(?:leia|ler) mais"
    r"|lees (?:verder|meer)|verder lezen|czytaj (?:dalej|więcej)|läs (?:mer|vidare)|læs (?:mere|videre)"
    r"|les (?:mer|videre)|lue lisää"
    r"|číst (?:dál|více)|читать (?:далее|дальше|полностью)|читати далі|devamını oku|続きを読む|もっと読む"
    r"|继续阅读|阅读更多|阅读全文|繼續閱讀|閱讀更多|계속 읽기|더 보기|اقرأ المزيد)",
    regex.IGNORECASE,
)
# Searched from the end of the text (?r), so that a long text is no burden.
_CUT_MARK = regex.compile(r"(?r)(?:\s*(?:\[\s*(?:…|\.{3,})\s*\]|\(\s*(?:…|\.{3,})\s*\)|…|\.{3,}))+\s*\Z")
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
    _remove(soup.find_all(class_="screen-reader-text"))
    links = soup.find_all("a")
    more = [link for link in links if _has_more_class(link) or (link is links[-1] and _is_trailing_more(link))]
    _remove(more)
    return bool(more)


def _has_more_class(link: Tag) -> bool:
    return bool(_MORE_CLASS.search(" ".join(map(str, link.get_attribute_list("class")))))


def _is_trailing_more(link: Tag) -> bool:
    if not _MORE_TEXT.match(link.get_text()):
        return False
    # The link's own strings come first.
    behind = link.find_all_next(string=True)[len(link.find_all(string=True)) :]
    return not any(_WORD_CHARACTER.search(_decoded(text)) for text in behind)


def _ended(text: str, *, linked: bool) -> str:
    """The text with one "…" where a machine cut it short; linked: a "continue reading" link stood behind it."""
    bare = _CUT_MARK.sub("", text)
    is_cut = bare != text or (linked and not _SENTENCE_END.search(bare))
    bare = _LOOSE_END.sub("", bare) if is_cut else bare
    return bare + ELLIPSIS if is_cut and bare else bare


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


# --- characters ---------------------------------------------------------------------------------------------------

_SPACE = regex.compile(r"\s+")
# Control characters but white space, surrogates, noncharacters; soft hyphen, zero-width space, word joiner, byte order
# mark; the bidi controls that reach over text, which would turn the rest of the status around.
_INVISIBLE = regex.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff0-\uffff\ufdd0-\ufdef\p{Cs}"
    + "".join(rf"\U{plane:04x}fffe\U{plane:04x}ffff" for plane in range(1, 17))
    + "]"
)
_JOINER_AT_EDGE = regex.compile(r"(?<!\S)[\u200c\u200d]+|(?<![\u200c\u200d])[\u200c\u200d]++(?!\S)")

_URL = regex.compile(r"[a-z][a-z0-9+.-]{0,20}://\S+", regex.IGNORECASE)
_SCHEME = regex.compile(r"(?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://", regex.IGNORECASE)
# Behind the `@` a name begins, or the text ends, to which the template may add something.
_MENTION_SIGN = regex.compile(r"(?<![\p{L}\p{M}\p{Nd}])@(?=[\p{L}\p{N}_.-]|\Z)")

# --- shortening ---------------------------------------------------------------------------------------------------

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
    """Where the text may be cut: behind each cluster that isn't loose, outside URLs."""
    urls = _URL.finditer(text)
    url = next(urls, None)
    for cluster in _CLUSTER.finditer(text):
        end = cluster.end()
        while url and url.end() < end:
            url = next(urls, None)
        if not _ALL_LOOSE.fullmatch(cluster[0]) and not (url and url.start() < end):
            yield end
