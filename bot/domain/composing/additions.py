"""What themes, plugins and page builders add to an article, as the tags tell in which it stands."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import regex

from bot.domain.text.html import is_removed, remove
from bot.domain.text.patterns import lazily

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag


def remove_additions(soup: BeautifulSoup) -> None:
    """Remove from a tree what isn't the article's text: footnote marks, share buttons, tables of contents, notices.

    What is named like one stays where the article itself stands in it.
    """
    added = soup.find_all(_is_addition)
    around = {id(tag): tag for tag in added[:_MOST_WRAPPERS] if _may_hold_article(tag)}
    remove(tag for tag in added if id(tag) not in around)
    length = len(soup.get_text(strip=True)) if around else 0
    remove(tag for tag in around.values() if not is_removed(tag) and not _holds_nearly_all(tag, length))
    loose = soup.find_all(_is_loosely_named)
    length = len(soup.get_text(strip=True)) if loose else 0
    remove(tag for tag in loose if not is_removed(tag) and not _is_article(tag, length))


def is_added(classes: str) -> bool:
    """Whether these classes (and the id) of a tag tell that it isn't the article's text."""
    return bool(_ADDED().search(classes) or _LOOSE().search(classes))


_SCRIPTED = frozenset({"sup", "sub", "a"})
# The mark of a footnote: a number, a letter, stars and daggers, perhaps in brackets.
_SIGN = r"\s*[\[({]?\s*(?:\p{N}{1,3}|[a-z]|[ivxl]{1,5}|[*†‡§¶↩↑^]{1,3}\ufe0e?)\s*[\])}]?\s*"
_MARK = lazily(rf"{_SIGN}(?:[,;–-]{_SIGN}){{0,9}}", regex.IGNORECASE)
_FEW = 20
# Where the entries of a table of contents stand, and what beside them.
_ENTRY_PLACES, _BESIDE_ENTRIES = frozenset({"li", "p", "td"}), frozenset({"br", "ul", "ol"})
_SAYS, _PLACE = regex.compile(r"\p{L}"), regex.compile(r"#\S")
_BRACKETED = lazily(r"\s*(?:\[[^\[\]]{1,30}\]\s*){1,9}")
# In parts of classes, apart by hyphens, underscores and spaces. What has something of the kind isn't it.
_APART = r"(?<![^\s_-])(?<!\b(?:has|no|with)[_-])"
_ADDED = lazily(
    rf"{_APART}(?:caption|credits?|byline|dateline|share|sharing|sharedaddy|addtoany|a2a|ssba|essb|heateor|sfsi"
    r"|shareaholic|addthis|sharethis|swp|et_social|scriptlesssocialsharing|ns-buttons|dpsp|tm-click-to-tweet|bctt"
    r"|related|relatedposts|yarpp|crp|rp4wp|toc|lwptoc|simpletoc|table-of-contents?|contents-table|breadcrumbs?"
    r"|subscribe|subscriptions|newsletter|mc4wp|tnp|mailpoet|reading-time|read-time|time-to-read|post-views|post-modified-info"
    r"|edit-link|recipe-(?:jump|print|snippet)|recipes-quick-links|post-ratings|disclosure|gtranslate"
    r"|blocked-content|castos|screen-reader-text|sr-only|visually-hidden|footnotes?|fnref|noteref|mejs|audioplayer"
    r"|powerpress|podlove|paywall|members-only|mepr-unauthorized|pmpro_content_message|rcp_restricted"
    r"|restriction-message|social-links?|social-icons?|mashsb|ssbp|shariff|novashare|wabtn|simplesocialbuttons"
    r"|ss-inline-share|hupso|sd-title|sidenote-number|skip-link|printfriendly|wpulike|kksr"
    r"|adsbygoogle|advertisement|adinserter|code-block-\d+|wordads|author-box|saboxplugin)(?![^\s_-])",
    regex.IGNORECASE,
)
# Themes name what holds the article by such words as well.
_LOOSE = lazily(
    rf"{_APART}(?:likes-widget|post-navigation|nav-links|sidenotes?|marginnote|post-meta|entry-meta|posted-on|cat-links"
    r"|tags-links|author-bio|post-author|post-terms|latest-posts|homepage-articles|also-read|read-also|ad-container"
    r"|ad-slot)"
    r"(?![^\s_-]|[_-](?:content|wrapper)\b)",
    regex.IGNORECASE,
)
# Of a members' wall what stands in it is never the article.
_WALL = lazily(r"paywall|members-only|unauthorized|restrict|content_message|blocked", regex.IGNORECASE)
# Paragraphs of so many characters may be an article; a list of links, a title or a button has fewer.
_LEAST_ARTICLE, _MOST_PARAGRAPHS, _MOST_WRAPPERS = 40, 20, 20
# So many tags and texts are looked at within one; what has more is the article.
_MOST_WITHIN = 500
_HIDDEN = lazily(r"display\s*:\s*none|visibility\s*:\s*hidden", regex.IGNORECASE)
_NOTE_ROLES = frozenset({"doc-noteref", "doc-backlink", "doc-endnotes", "doc-footnote", "doc-toc"})
_NOTE_ADDRESS = lazily(
    r"#(?:_?(?:ftn|edn|fn|note|foot|cite|easy-foot|mfn|modern-foot|efn|endnote)|ref\b|r\d)", regex.IGNORECASE
)


def _is_addition(tag: Tag) -> bool:
    return _is_no_text(tag) or bool(tag.attrs and _ADDED().search(_names(tag)))


def _is_no_text(tag: Tag) -> bool:
    """Whether it is none whatever it is called: a note's mark, entries of a table of contents, what nobody sees."""
    if tag.name in _SCRIPTED and _is_note(tag):
        return True
    if tag.name in _ENTRY_PLACES and _has_entries(tag):
        return True
    if not tag.attrs:
        return False
    return (
        tag.has_attr("hidden")
        or str(tag.get("aria-hidden", "")) == "true"
        or bool(_HIDDEN().search(str(tag.get("style", ""))))
        or str(tag.get("role", "")) in _NOTE_ROLES
    )


def _names(tag: Tag) -> str:
    return " ".join(map(str, (*tag.get_attribute_list("class"), tag.get("id", ""))))


def _may_hold_article(tag: Tag) -> bool:
    """Whether an addition is one by its name alone, and has paragraphs that make most of its text."""
    if _is_no_text(tag) or _WALL().search(_names(tag)):
        return False
    paragraphs = [tag] if tag.name == "p" else tag.find_all("p", limit=_MOST_PARAGRAPHS)
    said = sum(len(paragraph.get_text(strip=True)) for paragraph in paragraphs)
    return said >= _LEAST_ARTICLE and 2 * said >= len(tag.get_text(strip=True))


def _holds_nearly_all(tag: Tag, length: int) -> bool:
    return 10 * len(tag.get_text(strip=True)) >= 9 * length


def _is_loosely_named(tag: Tag) -> bool:
    return bool(tag.attrs and _LOOSE().search(_names(tag)))


def _is_article(tag: Tag, length: int) -> bool:
    """Whether a tag holds the article's paragraphs, or all its text; length: of all text in the tree."""
    within = [tag, *islice(tag.descendants, _MOST_WITHIN)]
    if len(within) > _MOST_WITHIN:
        return True
    own = len(tag.get_text(strip=True))
    has_paragraphs = any(getattr(one, "name", None) == "p" for one in within)
    return own == length or (has_paragraphs and 2 * own > length)


def _is_note(tag: Tag) -> bool:
    """Whether it is a footnote's mark. A number that is only written high or low is a part of the word before it."""
    if tag.has_attr("data-fn") or tag.has_attr("data-footnote") or tag.has_attr("data-mfn"):
        return True
    if not _is_small(tag):
        return False
    text = tag.get_text()
    if tag.name == "sup" and _BRACKETED().fullmatch(text):
        return True
    if not _MARK().fullmatch(text):
        return False
    links = [tag] if tag.name == "a" else tag.find_all("a") if tag.name in _SCRIPTED else []
    addresses = [str(link.get("href", "")) for link in links]
    return any(_NOTE_ADDRESS().search(url) or (tag.name == "sup" and "#" in url) for url in addresses)


def _has_entries(tag: Tag) -> bool:
    """Whether nothing stands here but entries of a table of contents: links to places in the article.

    Only an item of a list may have a single one.
    """
    nodes = tag.contents[: _FEW + 1]
    entries = sum(map(_is_entry, nodes))
    is_enough = entries > 1 or (entries == 1 and tag.name == "li")
    return is_enough and len(nodes) <= _FEW and all(_is_entry(node) or _is_beside_entries(node) for node in nodes)


def _is_entry(node: Any) -> bool:
    return hasattr(node, "attrs") and bool(_PLACE.match(str(node.get("href", ""))))


def _is_beside_entries(node: Any) -> bool:
    return node.name in _BESIDE_ENTRIES if hasattr(node, "attrs") else not _SAYS.search(str(node))


def _is_small(tag: Tag) -> bool:
    """Whether there is little within it; what has more is no mark, and nested thousands deep would be slow to read."""
    left: list[Any] = [tag]
    for _ in range(_FEW):
        if not left:
            return True
        left.extend(getattr(left.pop(), "contents", ())[:_FEW])
    return False
