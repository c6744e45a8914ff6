"""The light listing that a look walks over, as large as the site grants it."""

from collections.abc import Collection

from msgspec import Struct
from msgspec.structs import replace

from bot.wordpress.client import Client, Refusal, RefusedFormError
from bot.wordpress.parse import rows
from bot.wordpress.payload import load_list
from bot.wordpress.reading import LISTED, PER_PAGE, fewer
from bot.wordpress.routes import Route
from bot.wordpress.walk import Ask, Listed, Walked, walk

# nginx takes a request line of 8 kB, Apache one of 8,190 bytes. IIS and the caches of some hosts take a query of
# 2,048, some firewalls one of 1,024, security plugins an address of 255. 0: without any ids.
_LONGEST_URLS = (7_500, 2_000, 1_000, 250, 0)
_LIGHT = 10
# A look is one request nearly always. A connection that is kept holds a worker of the site's server for seconds, and
# httpcore goes through all that it keeps at each request.
_NOTHING_FOLLOWS = {"Connection": "close"}


class Size(Struct, frozen=True, kw_only=True):
    """How long an address of the listing may be, and how many posts it asks for.

    plain: whether it asks for whole posts, in WordPress's own order: some firewalls take `_fields` or `orderby` amiss.
    """

    longest_url: int = _LONGEST_URLS[0]
    per_page: int = PER_PAGE[0]
    plain: bool = False


def smaller(size: Size, refusal: Refusal, *, excluding: bool) -> Size | None:
    """The next size to ask in after a refusal; None where there is none. excluding: whether it left out some ids."""
    shorter = next((longest for longest in _LONGEST_URLS if longest < size.longest_url), None)
    page = fewer(size.per_page)
    if refusal in (Refusal.LONG, Refusal.BAD_VALUE) and excluding and shorter is not None:
        return replace(size, longest_url=shorter)
    if refusal is Refusal.BAD_VALUE and page is not None:
        return replace(size, per_page=page)
    if refusal is Refusal.LONG and not size.plain:
        return replace(size, plain=True, per_page=_LIGHT)
    if refusal is Refusal.HEAVY and size.per_page > _LIGHT:
        return replace(size, per_page=_LIGHT)
    if refusal is Refusal.HEAVY and excluding and shorter is not None:
        return replace(size, longest_url=shorter)
    return None


class Lister:
    """Walks over the listing of one site's posts; may be used by several threads at once."""

    def __init__(self, client: Client) -> None:
        self._client = client
        # What the site has been found to grant. Threads that find it out at the same time find the same.
        self._size = Size()

    def walk(self, route: Route, *, after: str, seen: Collection[int]) -> Walked:
        """Walk to the end, in the largest size that the site grants. Raises SiteUnavailableError."""
        size: Size | None = self._size
        while size is not None:
            attempt = _Attempt(self._client, route, size)
            try:
                walked = walk(attempt.fetch, after=after, seen=seen, room=attempt.room(after))
            except RefusedFormError as error:
                size = smaller(size, error.refusal, excluding=attempt.excluding)
                if size is None:
                    raise
            else:
                self._size = size
                return walked
        raise AssertionError("a size that isn't there was raised for")


class _Attempt:
    """One walk in one size. excluding: whether the last request left out some ids."""

    def __init__(self, client: Client, route: Route, size: Size) -> None:
        self._client = client
        self._route = route
        self._size = size
        self.excluding = False

    def room(self, after: str) -> int:
        """How many characters a list of ids may have."""
        return max(0, self._size.longest_url - len(self._whole(after)) - len("&exclude="))

    def fetch(self, ask: Ask) -> Listed:
        """One page of the listing."""
        self.excluding = bool(ask.exclude)
        response, values = self._client.ask(self._address(ask), load_list, headers=_NOTHING_FOLLOWS)
        found = self._client.understood(response, lambda _: rows(values, base=self._client.home))
        return Listed(
            rows=found,
            total=_count(response.headers.get("x-wp-total", "")),
            pages=_count(response.headers.get("x-wp-totalpages", "")),
            unreadable=len(values) - len(found),
        )

    def _address(self, ask: Ask) -> str:
        whole = self._whole(ask.after)
        return f"{whole}&exclude={','.join(map(str, ask.exclude))}" if ask.exclude else whole

    def _whole(self, after: str) -> str:
        """The address without any ids."""
        parameters = {} if self._size.plain else {"_fields": LISTED, "orderby": "date"}
        parameters |= {"per_page": str(self._size.per_page), "order": "asc", "after": after}
        return self._route.all(parameters)


def _count(header: str) -> int | None:
    """A number of posts or pages; None where the site doesn't say."""
    return int(header) if header.isascii() and header.isdigit() and len(header) < 10 else None
