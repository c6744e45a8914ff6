"""What a post's author wrote for its status, as the plugin Share on Mastodon keeps it.

The plugin has a template of its own, with `%title%` and the like, and keeps it with each post: where the author wrote
nothing else, that isn't the author's own words.
"""

import re
from collections.abc import Callable, Collection, Iterator

from bot.domain.composing.mentions import defuse_mentions
from bot.domain.composing.template import CATEGORY_HASHTAG, Literal, Placeholder, Template
from bot.domain.text.html import clean
from bot.domain.text.links import same_link

_PLACEHOLDERS = {
    "%title%": "title",
    "%excerpt%": "excerpt",
    "%tags%": "hashtags",
    "%category%": CATEGORY_HASHTAG,
    "%permalink%": "link",
}
_PLACEHOLDER = re.compile("|".join(_PLACEHOLDERS), re.IGNORECASE)
_MEANS_SOMETHING = re.compile(r"[^\W_]")
_WORD = re.compile(r"\S+")
# In characters and lines: no status is longer than that, and a template is rendered often.
_LONGEST, _MOST_LINES = 10_000, 100


def author_template(
    words: str, link: str, *, mentions: Collection[str] = (), unmarked: Callable[[str], str] = str
) -> Template | None:
    """The author's words as a template, the link added where it isn't in it; None where they are none.

    mentions: the handles that may be mentioned; whoever else is named in it isn't notified. unmarked: what keeps a
    line from being markup on the status's server.
    """
    text = "\n".join(unmarked(clean(line)) for line in words[:_LONGEST].splitlines()[:_MOST_LINES]).strip()
    if not _MEANS_SOMETHING.search(_PLACEHOLDER.sub("", text)):
        return None
    text = _WORD.sub(lambda word: "%permalink%" if _is_link(word[0], link) else word[0], text)
    parts = [*_parts(text, mentions)]
    if Placeholder("link") not in parts:
        parts += [Literal("\n\n" if "\n" in text else " "), Placeholder("link")]
    return Template(tuple(parts))


def _is_link(word: str, link: str) -> bool:
    return "://" in word and same_link(word, link)


def _parts(text: str, mentions: Collection[str]) -> Iterator[Literal | Placeholder]:
    position = 0
    for found in _PLACEHOLDER.finditer(text):
        yield Literal(defuse_mentions(text[position : found.start()], mentions))
        yield Placeholder(_PLACEHOLDERS[found[0].lower()])
        position = found.end()
    yield Literal(defuse_mentions(text[position:], mentions))
