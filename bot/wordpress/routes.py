"""Addresses of the REST API, made by hand.

A root ends in "/" and takes its parameters after "?", or it is a "…?rest_route=/" root (plain permalinks) and takes
them after "&". Commas and colons stay as they are: they are allowed in a query, and as %2C a list of ids would be a
third longer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urlsplit, urlunsplit

_PLAIN = "rest_route"
_SAFE = ",:/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
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
    mark = "&" if is_plain(root) else "?"
    return root + quote(route) + (mark + query if query else "")


def is_plain(root: str) -> bool:
    """Whether this root takes its route as a parameter."""
    return f"{_PLAIN}=" in urlsplit(root).query


def as_root(address: str) -> str:
    """An address of the REST index as a root: other parameters dropped, "/" at the end; '' where it can't be one."""
    parts = split(address)
    if parts is None:
        return ""
    route = dict(parse_qsl(parts.query)).get(_PLAIN)
    if route is not None:
        return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", f"{_PLAIN}={_closed(route)}", ""))
    return urlunsplit((parts.scheme, parts.netloc, _closed(parts.path), "", ""))


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


def _home(parts: SplitResult) -> tuple[str, str]:
    return _host(parts), parts.path.removesuffix("index.php").rstrip("/")


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}:{parts.port}" if parts.port else host


def _closed(path: str) -> str:
    return path if path.endswith("/") else path + "/"
