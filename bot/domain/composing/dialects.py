"""What a server makes of a status's text beyond what Mastodon does: markup, links without a scheme, language tags.

A site's words are meant as they are. So where a server can be told that a text is plain it is told; where it reads
Markdown whatever it is told, and where it makes a link of a bare domain, what would mean something is kept from it by
a zero-width space, or by a sign that looks alike.
"""

import regex

from bot.domain.composing.counting import Rule, named_software, rule_for
from bot.domain.models import Limits
from bot.domain.text.patterns import lazily

PLAIN_TEXT = "text/plain"

_ZERO_WIDTH = "\u200b"
_TOLD = frozenset({"gotosocial", "glitch", "glitch-soc", "pleroma", "akkoma"})
# Misskey and what came of it read MFM, which is much like it.
_READS_MFM = frozenset({"iceshrimp", "iceshrimp.net", "sharkey", "misskey", "firefish", "calckey", "foundkey"})
_READS_MARKDOWN = frozenset({"snac", "friendica"}) | _READS_MFM
_READS_BBCODE = frozenset({"friendica"})
# What glitch-soc says of itself in Mastodon's version: "4.4.0+glitch".
_GLITCH = "+glitch"


def content_type(limits: Limits) -> str:
    """The content type that is said with a status; '' where the server knows no such thing.

    Without one GoToSocial and glitch-soc go by the account's own default, which may be Markdown.
    """
    is_glitch = _GLITCH in limits.version.lower()
    return PLAIN_TEXT if is_glitch or named_software(limits.software, limits.version) in _TOLD else ""


def foreign(text: str, limits: Limits) -> str:
    """A site's one-line text as it may stand in a status on this server, so that it means nothing but its words."""
    name = named_software(limits.software, limits.version)
    if rule_for(limits.software, limits.version) is not Rule.MASTODON and name not in _NEEDS_SCHEME:
        text = _DOT().sub(f".{_ZERO_WIDTH}", _SCHEME().sub(_ZERO_WIDTH, text))
    return authors(_SCHEME().sub(_ZERO_WIDTH, text) if name in _READS_MARKDOWN else text, limits)


def authors(line: str, limits: Limits) -> str:
    """A line of what an author wrote for the status, so that it is no markup on this server; its links stay links."""
    name = named_software(limits.software, limits.version)
    if name not in _READS_MARKDOWN:
        return line
    return _unmarked(_BBCODE().sub(f"[{_ZERO_WIDTH}", line) if name in _READS_BBCODE else line)


def takes_any_language(limits: Limits) -> bool:
    """Whether the server takes a language with its script and region, rather than one of Mastodon's list."""
    return rule_for(limits.software, limits.version) not in (Rule.MASTODON, Rule.SAFE) or (
        named_software(limits.software, limits.version) in _READS_MARKDOWN
    )


# Servers beside Mastodon that make links of addresses with their scheme alone.
_NEEDS_SCHEME = _READS_MARKDOWN | {"takahe", "takahē"}
# GoToSocial links words that begin with "www." and "ftp:", Pleroma every domain that it knows the end of, snac every
# "scheme://", "mailto:" and "xmpp:".
# What is left of a handle with its host is meant to be a mention.
_DOT = lazily(r"@[\w.-]+@[\w.-]+(*SKIP)(*FAIL)|(?<=[\p{L}\p{N}])\.(?=\p{L}[\p{L}\p{N}-])")
_SCHEME = lazily(
    r"(?<=(?<![\p{L}\p{N}])(?:ftps?|sftp|mailto|xmpp|matrix|magnet|tel))(?=:\S)|(?<=[A-Za-z0-9])(?=://)",
    regex.IGNORECASE,
)

_LEAD = lazily(r"\A(?=(?:[-*+>]|#{1,6}|[0-9]{1,9}[.)])\s|>|```|~~~|-{3,}|={3,}|[-=]+\s*\Z|\|)")
# A link's text has ended, or a function of MFM's begins.
_LINK = lazily(r"(?<=\])(?=[(\[])|(?<=\$)(?=\[)")
# HTML means something wherever Markdown does, some of it at least.
_TAG = lazily(r"<(?=[A-Za-z/!?])")
_BBCODE = lazily(
    r"\[(?=/?(?:[biuso]|h[1-6]|url|img|quote|code|size|color|font|center|list|li|ul|ol|table|tr|t[dh]|share|attachment"
    r"|bookmark|video|audio|youtube|vimeo|embed|iframe|noparse|pre|spoiler|abstract|map|event|mail|zrl|zmg|hr)[\]=\s])",
    regex.IGNORECASE,
)
_STRUCK = regex.compile(r"~(?=~)")
# Hashtags, and links: what keeps its letters.
_KEPT = lazily(r"([#＃][\p{L}\p{M}\p{N}\p{Pc}]+|(?i:https?)://\S+)")
# Any two of these mark what is between them, also within words.
_ALIKE = {"*": "∗", "_": "＿", "`": "ˋ"}


def _unmarked(text: str) -> str:
    """The text so that Markdown finds nothing in it; a hashtag and a link keep their letters."""
    text = _TAG().sub(f"<{_ZERO_WIDTH}", text)
    text = _STRUCK.sub(f"~{_ZERO_WIDTH}", _LINK().sub(_ZERO_WIDTH, _LEAD().sub(_ZERO_WIDTH, text)))
    for sign, alike in _ALIKE.items():
        parts = _KEPT().split(text)
        if sum(part.count(sign) for part in parts[::2]) > 1:
            parts[::2] = [part.replace(sign, alike) for part in parts[::2]]
            text = "".join(parts)
    return text
