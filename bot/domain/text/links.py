"""Links: one as it goes into a status, and whether two are the same.

Nothing here raises for a strange string but `safe_link`, which refuses what is no link.
"""

import re
from unicodedata import normalize
from urllib.parse import quote, unquote_to_bytes


class LinkError(ValueError):
    """This isn't a link that can be shared; the text says why."""


def safe_link(link: str) -> str:
    """A post's permalink as it goes into a status: what every server takes for one whole link, and that pings nobody.

    Characters that end a link somewhere are percent-encoded, and so is `@`: Mastodon looks for mentions in the raw
    text, links included. Escapes that are there stay. Raises LinkError for all that isn't http(s) with a plain host.
    """
    found = _WEB_LINK.fullmatch(_unescaped(link).strip())
    if not found:
        shown = _PASSWORD.sub("//…@", link)
        msg = f"{shown!r} can't be shared: it isn't an http:// or https:// link with a host and without a password"
        raise LinkError(msg)
    path, _, query = _UNSAFE.sub(_escape, found["rest"]).partition("?")
    link = found["origin"] + _PATH_END.sub(_escape, path)
    return f"{link}?{_QUERY_END.sub(_escape, query)}" if query else link


def same_link(a: str, b: str) -> bool:
    """Whether two links lead to the same post. An empty one is the same as none."""
    normal = normalise(a)
    return normal != "" and normal == normalise(b)


def same_host(a: str, b: str) -> bool:
    """Whether two links lead to the same host."""
    one, other = (re.split("[/?]", normalise(url), maxsplit=1)[0] for url in (a, b))
    return one == other


def lies_under(link: str, address: str) -> bool:
    """Whether a link leads to an address or to something below it, whatever parameters the address has."""
    bare, root = normalise(link), normalise(address.partition("?")[0])
    return bool(root) and (bare == root or bare.startswith((f"{root}/", f"{root}?")))


def normalise(url: str) -> str:
    """A URL without what doesn't tell two posts apart: for comparing and looking up only, never to be followed.

    Left out are the scheme of the web, `www.`, the scheme's port, the fragment, trailing slashes and parameters that
    only track. Escapes are brought to one form, hosts to punycode. Path and parameters else stay as they are, in
    their order and case: a false match would lose a post, while a miss makes a double only where a server, or a
    move of the site, changed the link in yet another way. http and https, with `www.` and without, are the same
    site for every WordPress, since it redirects to the one that is configured.
    """
    text, _, _ = _unescaped(url).strip().partition("#")
    text, _, query = text.partition("?")
    scheme = _WEB_SCHEME.match(text)
    host, slash, path = text[scheme.end() if scheme else 0 :].partition("/")
    path = _canonical(slash + path).rstrip("/")
    parameters = [_canonical(part) for part in query.split("&") if part and not _TRACKING.match(part)]
    return _host(host) + path + ("?" + "&".join(parameters) if parameters else "")


_AMPERSAND = re.compile(r"&(?:amp|#0*38|#x0*26);", re.IGNORECASE)
_WEB_SCHEME = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_WEB_LINK = re.compile(
    r"(?P<origin>https?://"
    r"(?:\[[0-9a-f:.]+\]|[^\s\x00-,/:-@\[-^`{-\x9f]+)"  # an IPv6 address, or a name in whatever script
    r"(?::[0-9]{1,5})?)"
    r"(?P<rest>(?:[/?#].*)?)",
    re.IGNORECASE | re.DOTALL,
)
_PASSWORD = re.compile(r"//[^/]*@")
# Parentheses and quotes are allowed in links, but links are put into parentheses and quotes.
_UNSAFE = re.compile(r"[^A-Za-z0-9_.~/?#&=+:;,!*$%-]|%(?![0-9A-Fa-f]{2})")
# Mastodon takes these for the end of the sentence that a link stands in, and doesn't read on behind them.
_PATH_END = re.compile(r"[.!*;:,$~=&]+\Z")
_QUERY_END = re.compile(r"[.!*;:,$~+?]+\Z")
_PORT = re.compile(r":(?:80|443)?\Z")
_TRACKING = re.compile(
    r"(?:utm_\w*|mtm_\w*|pk_\w*|mc_[ce]id|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|_gl|_ga)(?:=|\Z)",
    re.IGNORECASE,
)
# An escaped delimiter isn't the delimiter.
_ESCAPED_DELIMITER = re.compile(r"(%(?:2F|3F|23|26|3D|2B|25))", re.IGNORECASE)


def _unescaped(url: str) -> str:
    return _AMPERSAND.sub("&", url)


def _escape(found: re.Match[str]) -> str:
    """Percent-encode every byte, also of what needs no escape by itself."""
    return "".join(f"%{byte:02X}" for byte in _bytes(found[0]))


def _host(host: str) -> str:
    host = _PORT.sub("", host.lower()).rstrip(".").removeprefix("www.")
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return _canonical(host)


def _canonical(part: str) -> str:
    """Percent-encoding in one form: UTF-8 in NFC, capital digits, escaped only what has to be."""
    pieces = _ESCAPED_DELIMITER.split(part)
    pieces[::2] = [quote(_composed(unquote_to_bytes(_bytes(piece))), safe="/?&=+:;,!*$") for piece in pieces[::2]]
    pieces[1::2] = [piece.upper() for piece in pieces[1::2]]
    return "".join(pieces)


def _composed(data: bytes) -> bytes:
    try:
        return normalize("NFC", data.decode()).encode()
    except UnicodeDecodeError:
        return data


def _bytes(text: str) -> bytes:
    return text.encode(errors="replace")
