"""How Mastodon counts a status' text and turns it into HTML.

Graphemes are approximated: code points, but for combining marks, variation selectors, skin tones, what a zero-width
joiner joins, the second half of a flag, and the line feed after a carriage return. The list of top-level domains is
approximated too: two letters, xn--…, and the common long ones.
"""

import html
import re
import unicodedata
from collections.abc import Collection

_URL_LENGTH = 23
_LONGEST_URL = 4096
_SHOWN = 30
_KNOWN = frozenset(
    "com org net info biz edu gov mil int news app dev blog page site online zip social media press tv "  # noqa: SIM905
    "website space cloud shop store tech world today live xyz club agency africa asia berlin london paris".split()
)
_URL = re.compile(
    r"(?<![A-Za-z0-9@＠$#＃])(?:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://"
    r"(?P<host>[^\s/:?#<>()@\"']+)(?::\d+)?(?P<rest>[/?#][^\s<>]*)?",
    re.IGNORECASE,
)
_MENTION = re.compile(
    r"(?<![=/\w])@(?P<user>[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)(?P<domain>@\w+(?:[.-]+\w+)*(?::\d+)?)?(?![@＠]|://)",
    re.IGNORECASE | re.ASCII,
)
_TOKEN = re.compile(r"https?://\S+|(?<!\S)#\w*[^\W\d_]\w*|@[\w.-]+(?:@[\w.:-]+)?", re.IGNORECASE)


def count(text: str, spoiler_text: str = "") -> int:
    """The length that Mastodon holds against its limit: a known URL is 23, a mention its local part."""
    weighed = _without_mention_domains(_without_urls(text.strip()))
    return _graphemes(spoiler_text.strip()) + _graphemes(weighed)


def mentioned(text: str, *, domain: str) -> list[str]:
    """The local names that a text mentions, in order and once each."""
    found = [match["user"] for match in _MENTION.finditer(text) if match["domain"] in (None, f"@{domain}")]
    return list(dict.fromkeys(found))


def render(text: str, *, origin: str, local: Collection[str], linked: str) -> str:
    """A text as the HTML of a status: paragraphs, breaks, links, hashtags, and mentions of local accounts.

    linked "known" links only URLs whose top-level domain Mastodon knows, as Mastodon does: not those of loopback
    addresses. "all" links every http(s) URL, as other servers do.
    """
    parts = re.split(r"\n{2,}", text.replace("\r\n", "\n").strip())
    return "".join(f"<p>{_inline(part, origin=origin, local=local, linked=linked)}</p>" for part in parts if part)


def url_at(text: str, *, linked: str) -> str:
    """The URL that a text begins with, without what only follows it; '' where Mastodon sees none."""
    found = _URL.match(text)
    if found is None:
        return ""
    url = _trimmed(found[0])
    return url if linked == "all" or (_known(found["host"]) and len(url) <= _LONGEST_URL) else ""


def _without_urls(text: str) -> str:
    """The text with each URL that is counted as 23 replaced by so many letters."""
    pieces: list[str] = []
    end = 0
    for found in _URL.finditer(text):
        url = _trimmed(found[0])
        if _known(found["host"]) and len(url) <= _LONGEST_URL:
            pieces += [text[end : found.start()], "x" * _URL_LENGTH]
            end = found.start() + len(url)
    return "".join(pieces) + text[end:]


def _without_mention_domains(text: str) -> str:
    return _MENTION.sub(lambda found: f"@{found['user']}" if _short(found["domain"]) else found[0], text)


def _short(domain: str | None) -> bool:
    return len(domain or "") <= 254  # the "@" and 253 characters


def _known(host: str) -> bool:
    """Whether a host ends in a top-level domain that Mastodon knows."""
    name, dot, tld = host.rstrip(".,;!").lower().rpartition(".")
    return bool(name and dot) and (tld in _KNOWN or tld.startswith("xn--") or re.fullmatch("[a-z]{2}", tld) is not None)


def _trimmed(url: str) -> str:
    """A URL without the punctuation that follows it, and without a parenthesis that it didn't open."""
    while url[-1] in "!?.,:;*\"'「」<>=$%[]~&|" or (url[-1] == ")" and url.count("(") < url.count(")")):
        url = url[:-1]
    return url


def _graphemes(text: str) -> int:
    number, joined, flag = 0, False, False
    for character in text.replace("\r\n", "\n"):
        half = "\U0001f1e6" <= character <= "\U0001f1ff"
        if joined or (half and flag) or _extends(character):
            flag = False if half else flag
        else:
            number += 1
            flag = half
        joined = character == "\u200d"
    return number


def _extends(character: str) -> bool:
    """Whether a code point belongs to the grapheme before it."""
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc")
        or character == "\u200d"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
    )


def _inline(text: str, *, origin: str, local: Collection[str], linked: str) -> str:
    pieces: list[str] = []
    end = 0
    for found in _TOKEN.finditer(text):
        token, markup = _markup(found[0], origin=origin, local=local, linked=linked)
        pieces += [html.escape(text[end : found.start()]), markup]
        end = found.start() + len(token)
    return ("".join(pieces) + html.escape(text[end:])).replace("\n", "<br />")


def _markup(token: str, *, origin: str, local: Collection[str], linked: str) -> tuple[str, str]:
    """What of a token is one, and its HTML."""
    if token.startswith("#"):
        tag = token[1:]
        address = html.escape(f"{origin}/tags/{tag.lower()}")
        return token, f'<a href="{address}" class="mention hashtag" rel="tag">#<span>{html.escape(tag)}</span></a>'
    if token.startswith("@"):
        return token, _mention(token, origin=origin, local=local)
    url = url_at(token, linked=linked)
    return (url, _anchor(url)) if url else (token, html.escape(token))


def _mention(token: str, *, origin: str, local: Collection[str]) -> str:
    user, _, domain = token[1:].rstrip(".-").partition("@")
    if user not in local or domain not in ("", origin.partition("://")[2]):
        return html.escape(token)
    address = html.escape(f"{origin}/@{user}")
    rest = html.escape(token[1:][len(token[1:].rstrip(".-")) :])
    return (
        f'<span class="h-card" translate="no"><a href="{address}" class="u-url mention">@<span>{user}</span></a></span>'
        f"{rest}"
    )


def _anchor(url: str) -> str:
    """A link as Mastodon shows it: no scheme, thirty characters, the rest there but not seen."""
    prefix = re.match(r"https?://(?:www\.)?|", url, re.IGNORECASE)
    start = prefix.end() if prefix else 0
    shown, hidden = url[start : start + _SHOWN], url[start + _SHOWN :]
    kind = "ellipsis" if hidden else ""
    return (
        f'<a href="{html.escape(url)}" target="_blank" rel="nofollow noopener" translate="no">'
        f'<span class="invisible">{html.escape(url[:start])}</span><span class="{kind}">{html.escape(shown)}</span>'
        f'<span class="invisible">{html.escape(hidden)}</span></a>'
    )
