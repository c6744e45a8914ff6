"""Addresses of the REST API, made by hand.

A root ends in "/" and takes its parameters after "?", or it is a "…?rest_route=/" root (plain permalinks) and takes
them after "&". Either may carry parameters of its own (`?lang=fr`), which every address below it keeps. WordPress.com
has roots of another kind, "…/wp/v2/sites/SITE/", below which there is only what lies below "wp/v2/" elsewhere.

Commas and colons stay as they are: they are allowed in a query, and as %2C a list of ids would be a third longer.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

from msgspec import Struct

_PLAIN = "rest_route"
_SAFE = ",:/"
_CORE = "wp/v2/"
_HOSTED = re.compile(r"/wp/v2/sites/[^/]+/")
# WordPress.com's own API of old, which people still have at hand.
_HOSTED_OF_OLD = re.compile(r"\A/rest/v1(?:\.[0-9])?/sites/([^/]+)/.*\Z")
_CORE_ROUTE = re.compile(r"wp/v2/(?:[\w-]+/(?:[0-9]+/)?)?\Z")
# Addresses whose parts are kept: a look asks for those of the site itself with each post, and of its link twice.
_KEPT = 64
_QUESTIONS = frozenset(
    {"per_page", "page", "context", "include", "exclude", "after", "before", "order", "orderby", "slug"}
)


class Route(Struct, frozen=True, kw_only=True):
    """Where a root has the posts of one type: path is "wp/v2/posts" for ordinary ones."""

    root: str
    path: str

    def all(self, parameters: Mapping[str, str]) -> str:
        """The address of the listing."""
        return join(self.root, self.path, parameters)

    def one(self, post_id: int, parameters: Mapping[str, str]) -> str:
        """The address of one post."""
        return join(self.root, f"{self.path}/{post_id}", parameters)


def join(root: str, route: str, parameters: Mapping[str, str]) -> str:
    """The address of a route below a root, with its parameters."""
    query = urlencode(parameters, safe=_SAFE)
    if is_plain(root):
        return root + quote(route) + (f"&{query}" if query else "")
    place, _, own = root.partition("?")
    below = route.removeprefix(_CORE) if is_hosted(root) else route
    asked = "&".join(filter(None, (own, query)))
    return place + quote(below) + (f"?{asked}" if asked else "")


def is_plain(root: str) -> bool:
    """Whether this root takes its route as a parameter."""
    return f"{_PLAIN}=" in urlsplit(root).query


def is_hosted(root: str) -> bool:
    """Whether this is a root as WordPress.com has them."""
    return _HOSTED.search(urlsplit(root).path) is not None


def as_root(address: str) -> str:
    """An address of the REST index as a root; '' where it can't be one.

    With "/" at the end, with the parameters that belong to the root and without those of a question.
    """
    parts = split(address)
    if parts is None:
        return ""
    pairs = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _is_asked(name)]
    own = [(name, value) for name, value in pairs if name != _PLAIN]
    route = dict(pairs).get(_PLAIN)
    if route is not None:
        query = "&".join(filter(None, (urlencode(own, safe=_SAFE), f"{_PLAIN}={_closed(route)}")))
        return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", query, ""))
    path = _HOSTED_OF_OLD.sub(r"/wp/v2/sites/\1/", _closed(parts.path))
    if is_hosted(urlunsplit(("", "", path, "", ""))):
        path = path.removesuffix("posts/")
    return urlunsplit((parts.scheme, parts.netloc, path, urlencode(own, safe=_SAFE), ""))


def above(root: str) -> str:
    """The root above an address that names a route of it, such as …/wp-json/wp/v2/posts/; else the same."""
    if is_hosted(root):
        return root
    if is_plain(root):
        return _CORE_ROUTE.sub("", root)
    path, mark, own = root.partition("?")
    return f"{_CORE_ROUTE.sub('', path)}{mark}{own}"


def below(root: str, place: str, route: str = "") -> str:
    """The root at a place below an address that has the form of a root: "wp-json/", or "" with a route."""
    path, _, own = root.partition("?")
    query = "&".join(filter(None, (own, f"{_PLAIN}={route}" if route else "")))
    return f"{path}{place}" + (f"?{query}" if query else "")


def with_parameters(root: str, address: str) -> str:
    """A root with the parameters of the site's own address (`?lang=fr`), where it names none of them itself."""
    own, given = urlsplit(root).query, urlsplit(as_root(address)).query
    named = {name for name, _ in parse_qsl(own, keep_blank_values=True)}
    pairs = parse_qsl(given, keep_blank_values=True)
    lacking = urlencode([pair for pair in pairs if pair[0] != _PLAIN and pair[0] not in named], safe=_SAFE)
    return urlunsplit(urlsplit(root)._replace(query="&".join(filter(None, (lacking, own)))))


def _is_asked(name: str) -> bool:
    """Whether a parameter is a question's, and no root's own."""
    return name.startswith("_") or name in _QUESTIONS


@lru_cache(_KEPT)
def split(address: str) -> SplitResult | None:
    """The parts of an absolute web address; None for anything else."""
    try:
        parts = urlsplit(address.strip())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if usable and address.isprintable() else None


def same_home(one: str, other: str) -> bool:
    """Whether two addresses are the same page, but for scheme, "www.", query, index.php and a slash at the end."""
    first, second = split(one), split(other)
    return first is not None and second is not None and _home(first) == _home(second)


def same_host(one: str, other: str) -> bool:
    """Whether two addresses are on the same host, "www." aside."""
    first, second = split(one), split(other)
    return first is not None and second is not None and _host(first) == _host(second)


@lru_cache(_KEPT)
def host_of(address: str) -> str:
    """The host of an address, in punycode, with its port where that isn't the scheme's; '' where it has none."""
    parts = split(address)
    if parts is None:
        return ""
    name = parts.hostname or ""
    host = f"[{name}]" if ":" in name else _ascii(name)
    return host if parts.port in (None, {"http": 80, "https": 443}[parts.scheme]) else f"{host}:{parts.port}"


def with_host(address: str, host: str) -> str:
    """An address with another host; what is no address stays as it is."""
    parts = split(address)
    return urlunsplit(parts._replace(netloc=host)) if parts is not None else address


def _home(parts: SplitResult) -> tuple[str, str]:
    return _host(parts), parts.path.removesuffix("index.php").rstrip("/")


def _host(parts: SplitResult) -> str:
    host = _ascii((parts.hostname or "").removeprefix("www."))
    return f"{host}:{parts.port}" if parts.port else host


def _ascii(host: str) -> str:
    """A name in the one spelling that names go by."""
    try:
        return host.encode("idna").decode()
    except UnicodeError:
        return host


def _closed(path: str) -> str:
    return path if path.endswith("/") else path + "/"
