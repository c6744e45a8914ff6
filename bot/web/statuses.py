"""A status as it looks on its account: links, hashtags and mentions lead somewhere; all the rest is text."""

import re

from markupsafe import Markup, escape

# A link ends before the signs that end a sentence; a hashtag or a mention begins where a word does.
_LEADS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)\]'’”]|(?<![\w/&#@])#\w+|(?<![\w/@.])@[\w.-]+(?:@[\w.-]+\w)?")


def shown(text: str, instance: str) -> Markup:
    """The text with its links, as HTML. instance: the address of the account's own, which hashtags lead to."""
    pieces, end = [], 0
    for found in _LEADS.finditer(text):
        pieces += [escape(text[end : found.start()]), _link(found[0], instance.rstrip("/"))]
        end = found.end()
    return Markup("").join([*pieces, escape(text[end:])])


def _link(word: str, instance: str) -> Markup:
    if word.startswith("#"):
        address = f"{instance}/tags/{word[1:]}"
    elif word.startswith("@"):
        address = f"{instance}/{word}"
    else:
        address = word
    return Markup('<a href="{}" rel="noreferrer noopener nofollow">{}</a>').format(address, word)
