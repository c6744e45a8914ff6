"""The state files of other tools: which posts they have shared. Only what is needed is read of them, and no token."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from bot.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.crosspost.move_in import Entries

TOOLS = ("feed2toot", "feediverse", "feed2fedi", "share-on-mastodon")
_LARGEST = 200 * 1024 * 1024
_UPDATED = re.compile(r"""^updated:\s*['"]?([^'"\n]+?)['"]?\s*$""", re.MULTILINE)


def read_state(tool: str, file: Path) -> Entries:
    """What a tool's state file says; UserError where it can't be that tool's."""
    try:
        if file.stat().st_size > _LARGEST:
            raise UserError(f"{file} is larger than {_LARGEST // 1024**2} MB: is it the right file?")
        return _READERS[tool](file)
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UserError(f"{file} can't be read as the state of {tool}: {reason}") from error
    except (ValueError, RecursionError) as error:
        raise UserError(f"{file} isn't the state of {tool}: {error}") from error


def _feed2toot(file: Path) -> Entries:
    """A line for each entry of the feed: its id, which in WordPress is an address with ?p= in it."""
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
    links = [line for line in lines if line]
    if links and not any(map(_is_link, links)):
        raise ValueError("no line of it is an address (it is the cachefile of feed2toot.ini that is meant)")
    return _entries("feed2toot", {link: "" for link in links if _is_link(link)})


def _feediverse(file: Path) -> Entries:
    """Its config says up to when it has shared: all that is older is done."""
    found = _UPDATED.search(file.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError('it has no line "updated: …" (it is ~/.feediverse that is meant)')
    at = datetime.fromisoformat(found[1])
    return _entries("feediverse", {}, until=(at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC))


def _feed2fedi(file: Path) -> Entries:
    """A database with a row for each link."""
    with closing(sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro", uri=True)) as database:
        rows = database.execute("SELECT url FROM share").fetchall()
    return _entries("feed2fedi", {row[0]: "" for row in rows if _is_link(row[0])})


def _share_on_mastodon(file: Path) -> Entries:
    """The site's own REST listing, saved: share_on_mastodon of each post has the url of its status."""
    posts = [post for page in _documents(file.read_text(encoding="utf-8-sig")) for post in _list(page)]
    if posts and not any(isinstance(post, dict) and "share_on_mastodon" in post for post in posts):
        asked = "…/wp-json/wp/v2/posts?per_page=100&_fields=id,link,share_on_mastodon"
        raise ValueError(f"no post in it has share_on_mastodon, which the plugin shows while active (ask {asked})")
    carrying = [post for post in posts if isinstance(post, dict) and _is_link(post.get("link")) and _url(post)]
    found = {_url(post): post["link"] for post in sorted(carrying, key=_number, reverse=True)}
    return _entries("share-on-mastodon", {link: url for url, link in found.items()})


def _number(post: dict[str, Any]) -> int:
    """A post's id: of several with the same url the first one has it by right, the others are copies."""
    number = post.get("id")
    return number if isinstance(number, int) else 0


_READERS: dict[str, Callable[[Path], Entries]] = {
    "feed2toot": _feed2toot,
    "feediverse": _feediverse,
    "feed2fedi": _feed2fedi,
    "share-on-mastodon": _share_on_mastodon,
}


def _entries(tool: str, urls: dict[Any, str], *, until: datetime | None = None) -> Entries:
    from bot.crosspost.move_in import Entries

    return Entries(tool=tool, urls=urls, until=until)


def _is_link(value: object) -> bool:
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def _documents(text: str) -> Iterator[Any]:
    """Each JSON document of a text: pages of a listing may have been saved one after the other."""
    decoder, at = json.JSONDecoder(), 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        document, at = decoder.raw_decode(text, at)
        yield document


def _list(page: object) -> list[Any]:
    return page if isinstance(page, list) else [page]


def _url(post: dict[str, Any]) -> str:
    field = post.get("share_on_mastodon")
    url = field.get("url") if isinstance(field, dict) else ""
    return str(url) if _is_link(url) else ""
