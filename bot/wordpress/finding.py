"""From a post's link to its id, with as few requests as its form allows."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

from bot.domain.text.links import same_link
from bot.wordpress.client import Client, is_success
from bot.wordpress.http import HTML, Response
from bot.wordpress.page_head import Link, links
from bot.wordpress.parse import post_id, rows
from bot.wordpress.payload import UnreadableError, error_code, load_list, load_object
from bot.wordpress.routes import Route, as_root, is_plain, same_home, same_host

_FIELDS = {"_fields": "id,link"}
_ID = re.compile(r"[1-9][0-9]{0,17}")


def find_post(client: Client, route: Route, *, home: str, link: str) -> int | None:
    """The id of the post that has this link; None where the site knows none. home is the site's address.

    A link leads to a post by its `?p=`, by the id or the slug at the end of its path, or by what its page says.
    Only pages of the site's own host are asked.
    """
    short = _short_id(link, home=home)
    if short is not None:
        return short if _link_of(client, route, short) is not None else None
    for slug in slugs(link):
        found = _by_id(client, route, slug, link=link) or _by_slug(client, route, slug, link=link)
        if found is not None:
            return found
    return _by_page(client, route, home=home, link=link)


def has_id(link: str) -> bool:
    """Whether a link may have the post's id in it, rather than its slug."""
    return any(_ID.fullmatch(slug) for slug in slugs(link)) or "p" in parse_qs(urlsplit(link).query)


def _short_id(link: str, *, home: str) -> int | None:
    """The id in a link of the form `https://site.example/?p=ID`."""
    if not same_home(link, home):
        return None
    asked = parse_qs(urlsplit(link).query).get("p", [""])[0]
    return int(asked) if _ID.fullmatch(asked) else None


def slugs(link: str) -> Iterator[str]:
    """What the end of a link may be called: as it stands, and without an ending such as ".html"."""
    last = unquote(urlsplit(link).path.rstrip("/").rpartition("/")[2])
    stem = re.sub(r"\.(html?|php|aspx?)\Z", "", last)
    yield from dict.fromkeys(filter(None, (stem, last)))


def _by_id(client: Client, route: Route, slug: str, *, link: str) -> int | None:
    """The post whose id is all that its link ends in, as some permalinks have it."""
    if not _ID.fullmatch(slug):
        return None
    number = int(slug)
    return number if same_link(_link_of(client, route, number) or "", link) else None


def _by_slug(client: Client, route: Route, slug: str, *, link: str) -> int | None:
    # A comma would make a list of slugs of it.
    _, records = client.ask(route.all({"slug": slug.replace(",", ""), **_FIELDS}), _records)
    return next((number for number, own in records if same_link(own, link)), None)


def _by_page(client: Client, route: Route, *, home: str, link: str) -> int | None:
    """The id that the page itself names. A page that has moved, or isn't the post's own, names none or another."""
    if not same_host(link, home):
        return None
    page = client.get(link, accept=HTML)
    if not is_success(page):
        return None
    ids = (_named_id(found, route=route, home=home) for found in links(page))
    number = next((number for number in ids if number is not None), None)
    return number if number is not None and _link_of(client, route, number) is not None else None


def _named_id(link: Link, *, route: Route, home: str) -> int | None:
    """The post's id in a link of its own page: its REST record, or its short link."""
    if link.rel == "shortlink":
        return _short_id(link.target, home=home)
    if link.rel != "alternate" or link.type != "application/json":
        return None
    tail = _place(as_root(link.target)).removeprefix(_place(as_root(route.all({})))).rstrip("/")
    return int(tail) if _ID.fullmatch(tail) else None


def _place(root: str) -> str:
    """A root without its scheme and the parameters of its own."""
    place = root.partition("://")[2]
    return place if is_plain(root) else place.partition("?")[0]


def _link_of(client: Client, route: Route, number: int) -> str | None:
    """The link of the public post with this id; None where there is none."""
    response = client.get(route.one(number, _FIELDS))
    if _is_unknown(response):
        return None
    return client.understood(response, _record_link)


def _is_unknown(response: Response) -> bool:
    return response.status in (401, 403, 404) and error_code(response.body) in (
        "rest_post_invalid_id",
        "rest_forbidden",
    )


def _record_link(body: bytes) -> str:
    record = load_object(body)
    post_id(record)
    return _link(record)


def _records(body: bytes) -> list[tuple[int, str]]:
    return [(found.post.id, found.post.link) for found in rows(load_list(body))]


def _link(record: dict[str, object]) -> str:
    link = record.get("link")
    if not isinstance(link, str):
        raise UnreadableError("answered with a record that has no link")
    return link
