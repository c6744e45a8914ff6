"""The parameters of a WordPress collection, checked and applied as the REST posts controller does."""

import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.messages import Answer, Request, json_answer
from bot.sandbox.wordpress_posts import Post

_DATE = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d(:?\d\d)?)?")
_ORDERBY = frozenset(
    "author date id include modified parent relevance slug include_slugs title".split()  # noqa: SIM905 - a word list
)
_DATES = ("after", "before", "modified_after", "modified_before")
_IDS = ("exclude", "include", "categories", "tags", "author", "categories_exclude", "tags_exclude")


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is wanted of a collection. The dates are the site's local clock; bounds are exclusive."""

    per_page: int = 10
    page: int = 1
    offset: int | None = None
    order: str = "desc"
    orderby: str = "date"
    search: str = ""
    slugs: tuple[str, ...] = ()
    dates: dict[str, str] = field(default_factory=dict)
    ids: dict[str, frozenset[int]] = field(default_factory=dict)

    @property
    def start(self) -> int:
        """How many rows are left out; an offset goes before a page."""
        return self.offset if self.offset is not None else (self.page - 1) * self.per_page


class _Checker:
    """Reads parameters and collects what is wrong with them, all at once as WordPress does."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.wrong: dict[str, str] = {}

    def number(self, name: str, *, lowest: int, highest: int | None = None) -> int | None:
        text = self.request.param(name)
        if name not in self.request.params:
            return None
        if re.fullmatch(r"-?\d{1,20}", text) is None:
            self.wrong[name] = f"{name} is not of type integer."
            return None
        number = int(text)
        if number < lowest or (highest is not None and number > highest):
            bounds = f"between {lowest} (inclusive) and {highest} (inclusive)"
            self.wrong[name] = f"{name} must be {bounds if highest else f'greater than or equal to {lowest}'}"
        return number

    def choice(self, name: str, default: str, choices: Iterable[str]) -> str:
        value = self.request.param(name, default)
        if value not in choices:
            self.wrong[name] = f"{name} is not one of {', '.join(sorted(choices))}."
        return value

    def dates(self, zone: ZoneInfo) -> dict[str, str]:
        found = {}
        for name in _DATES:
            text = self.request.param(name)
            if name not in self.request.params:
                continue
            try:
                found[name] = site_time(text, zone)
            except ValueError:
                self.wrong[name] = "Invalid date."
        return found

    def ids(self) -> dict[str, frozenset[int]]:
        found = {}
        for name in _IDS:
            values = [part for value in self.request.values(name) for part in value.split(",") if part]
            if any(re.fullmatch(r"\d{1,20}", value.strip()) is None for value in values):
                self.wrong[name] = f"{name}[0] is not of type integer."
            elif values:
                found[name] = frozenset(int(value) for value in values)
        return found


def site_time(text: str, zone: ZoneInfo) -> str:
    """A date parameter on the site's own clock; without an offset it is the site's already.

    A time that the spring change leaves out moves an hour on, as PHP moves it. Raises ValueError where the form is not
    the one that WordPress reads: date only, a lower-case z, a "+" that became a space.
    """
    if _DATE.fullmatch(text) is None:
        raise ValueError(text)
    instant = datetime.fromisoformat(text.upper())
    local = instant if instant.tzinfo else instant.replace(tzinfo=zone)
    return local.astimezone(UTC).astimezone(zone).strftime("%Y-%m-%dT%H:%M:%S")


def read_query(request: Request, zone: ZoneInfo) -> Query | Answer:
    """The query of a request; or the 400 that names every parameter that is wrong."""
    checker = _Checker(request)
    checker.choice("status", "publish", ("publish",))
    query = Query(
        per_page=_or(checker.number("per_page", lowest=1, highest=100), 10),
        page=_or(checker.number("page", lowest=1), 1),
        offset=checker.number("offset", lowest=0),
        order=checker.choice("order", "desc", ("asc", "desc")),
        orderby=checker.choice("orderby", "date", _ORDERBY),
        search=request.param("search").lower(),
        slugs=tuple(slug for slug in request.param("slug").split(",") if slug),
        dates=checker.dates(zone),
        ids=checker.ids(),
    )
    return invalid_parameters(checker.wrong) if checker.wrong else query


def invalid_parameters(wrong: dict[str, str]) -> Answer:
    """The 400 for parameters that are wrong."""
    details = {
        name: {"code": "rest_invalid_param", "message": message, "data": None} for name, message in wrong.items()
    }
    return rest_error(
        "rest_invalid_param",
        f"Invalid parameter(s): {', '.join(wrong)}",
        status=400,
        data={"params": wrong, "details": details},
    )


def rest_error(code: str, message: str, *, status: int, data: dict[str, Any] | None = None) -> Answer:
    """An error in WordPress's shape."""
    value = {"code": code, "message": message, "data": {"status": status, **(data or {})}}
    return json_answer(value, status=status)


def select(posts: Iterable[Post], query: Query, *, salt: int) -> tuple[list[Post], int]:
    """The rows of the page, and how many match. Rows that are equal in the order's column come in no dependable order.

    WordPress orders by one column without a tie-breaker; the salt shuffles equal rows anew for each request.
    """
    found = [post for post in posts if post.status == "publish" and _matches(post, query)]
    found.sort(key=lambda post: zlib.crc32(f"{salt} {post.id}".encode()))
    found.sort(key=lambda post: _column(post, query.orderby), reverse=query.order == "desc")
    page = found[query.start : query.start + query.per_page]
    # SQL gives no total with an offset past the end.
    total = 0 if query.offset is not None and query.offset >= len(found) else len(found)
    return page, total


def _matches(post: Post, query: Query) -> bool:
    """Whether a post fits; a look at thousands asks only for what was asked."""
    return (
        (not query.dates or _dated(post, query.dates))
        and (not query.ids or _chosen(post, query.ids))
        and (not (query.slugs or query.search) or _named(post, query))
    )


def _dated(post: Post, dates: dict[str, str]) -> bool:
    return all(
        (post.date > bound, post.date < bound, post.modified > bound, post.modified < bound)[_DATES.index(name)]
        for name, bound in dates.items()
    )


def _chosen(post: Post, ids: dict[str, frozenset[int]]) -> bool:
    own = {
        "include": {post.id},
        "exclude": {post.id},
        "author": {post.author},
        "categories": set(post.categories),
        "categories_exclude": set(post.categories),
        "tags": set(post.tags),
        "tags_exclude": set(post.tags),
    }
    return all(bool(own[name] & wanted) != name.endswith("exclude") for name, wanted in ids.items())


def _named(post: Post, query: Query) -> bool:
    if query.slugs and post.slug not in query.slugs:
        return False
    return query.search in f"{post.title} {post.excerpt} {post.content}".lower()


def _column(post: Post, orderby: str) -> str | int:
    match orderby:
        case "id" | "author":
            return post.id if orderby == "id" else post.author
        case "modified" | "slug" | "title":
            return str(getattr(post, orderby))
        case _:
            return post.date


def _or(number: int | None, default: int) -> int:
    return default if number is None else number
