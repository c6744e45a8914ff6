"""The gap-free walk over a window of posts, as pure as it can be: it knows no HTTP, only a function that fetches.

No column of WordPress says when a post became visible, pages shift when posts are trashed between two requests, and
equal dates come in no order. So the walk goes by key: the posts after a date, oldest first, but for those at the
page's last second that were seen already. A key is the window's start or a `date` that the site itself gave, handed
back as it was; no arithmetic, no offset.

Why no post is missed: before each request, every post dated up to the key has been returned, and so have the
excluded ones. A page is the beginning of what comes after the key, so all posts dated before its last second are on
it; those at the last second that it cut off are neither before the next key nor excluded.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import Enum

from msgspec import Struct

from bot.wordpress.parse import Row

PAGES = 200
# A key inside the hour that a spring change leaves out is read as an hour later, and what lies between is skipped.
# Such dates exist where a person typed one, or the site changed its zone. Zones change their clocks in the night.
_DAY_BEGINS, _DAY_ENDS = "04:00:00", "22:00:00"


class Ask(Struct, frozen=True, kw_only=True):
    """What to fetch: the oldest posts dated after a key, but for these ids."""

    after: str
    exclude: tuple[int, ...] = ()


class Listed(Struct, frozen=True, kw_only=True):
    """What came: rows by ascending date, and how many match in all, on how many pages (None: the site doesn't say).

    unreadable: how many records came beside the rows that nothing can be made of.
    """

    rows: tuple[Row, ...]
    total: int | None
    pages: int | None = None
    unreadable: int = 0


class Walked(Struct, frozen=True, kw_only=True):
    """Every row that was found. complete is False where more may be there; note says why."""

    rows: tuple[Row, ...]
    complete: bool
    note: str = ""


Fetch = Callable[[Ask], Listed]


def walk(fetch: Fetch, *, after: str, seen: Collection[int], room: int) -> Walked:
    """Find all posts dated after an instant, with one request where nothing is new.

    seen: ids that needn't be found; as many as fit are left out, which only saves requests. room: how many characters
    a list of ids may have, so that no URL gets too long for a server. What fetch raises ends the walk.
    """
    first = _Walk(fetch, after=after, seen=tuple(seen), room=room)
    end = first.run()
    if end is not _End.STUCK or not seen:
        return _walked(end, first.rows)
    # Posts that a plugin hides from its listings still count in its totals: without what is between them, the seen
    # ones, the walk can't get past them. With those, it can.
    second = _Walk(fetch, after=after, seen=(), room=room)
    return _walked(second.run(), first.rows | second.rows)


def fitting(ids: Iterable[int], room: int) -> tuple[int, ...]:
    """As many of these ids, in order and each once, as a comma-separated list of that length holds."""
    fit: list[int] = []
    for number in dict.fromkeys(ids):
        room -= len(str(number)) + 1
        if room < -1:
            break
        fit.append(number)
    return tuple(fit)


class _End(Enum):
    """How a walk ended."""

    DONE = "done"
    STUCK = "the site counts more posts than it lists"
    CROWDED = "too many posts at the same time to ask for the rest"
    FLAWED = "the site lists posts that can't be read"
    LONG = f"more than {PAGES} pages of posts in the window"


def _walked(end: _End, rows: Mapping[int, Row]) -> Walked:
    complete = end is _End.DONE
    return Walked(rows=tuple(rows.values()), complete=complete, note="" if complete else end.value)


class _Walk:
    """One walk on its way; rows are what it found, by id."""

    def __init__(self, fetch: Fetch, *, after: str, seen: tuple[int, ...], room: int) -> None:
        self._fetch = fetch
        self._start = after
        self._seen = seen
        self._room = room
        self.rows: dict[int, Row] = {}
        self._key = after
        self._ties: tuple[int, ...] = ()
        self._tight = False
        self._flawed = False

    def run(self) -> _End:
        """Walk to the end, or to where it can't go on."""
        end = next((end for end in (self._step() for _ in range(PAGES)) if end is not None), _End.LONG)
        return _End.FLAWED if end is _End.DONE and self._flawed else end

    def _step(self) -> _End | None:
        """Fetch once, and move the key; how it ended, None where it goes on."""
        exclude = fitting((*self._ties, *self._seen), self._room)
        page = self._fetch(Ask(after=self._key, exclude=exclude))
        found = {row.post.id: row for row in page.rows}
        fresh = found.keys() - self.rows.keys()
        self.rows |= found
        self._flawed = self._flawed or page.unreadable > 0
        # A total below what came is no total: a cache or a proxy made it up.
        total = page.total if page.total is not None and page.total >= len(page.rows) + page.unreadable else None
        if total == len(found) + page.unreadable or (total is not None and page.pages == 1):
            # Where all is on one page, what is counted and not on it is hidden from everybody.
            return _End.DONE
        if not fresh and self._tight:
            return _End.CROWDED
        if not fresh:
            return _End.DONE if total is None else _End.STUCK
        return self._move(_last(page.rows))

    def _move(self, last: str) -> _End | None:
        """Take the next key: the nearest before the page's last second, by day; by night where there is no room.

        Where there is room for no ids at all, those at the last second come again with what is behind them.
        """
        before = [date for date in self._further() if date < last]
        by_day = [date for date in before if _DAY_BEGINS <= date[11:] < _DAY_ENDS]
        for dates in (by_day, before):
            key = max(dates, default=self._key)
            ties = self._after(key)
            if len(fitting(ties, self._room)) == len(ties):
                self._key, self._ties, self._tight = key, ties, False
                return None
        if key == self._key:
            return _End.CROWDED
        self._key, self._ties, self._tight = key, fitting(ties, self._room), True
        return None

    def _further(self) -> list[str]:
        """The dates found that lie beyond the present key: a key is only ever moved on."""
        dates = (row.post.date for row in self.rows.values() if row.post.date)
        return [date for date in dates if self._key == self._start or date > self._key]

    def _after(self, key: str) -> tuple[int, ...]:
        """What was found that a request after this key would return again."""
        return tuple(
            number
            for number, row in self.rows.items()
            if key == self._start or not row.post.date or row.post.date > key
        )


def _last(page: Sequence[Row]) -> str:
    """The date of a page's last row; '' where the page isn't in order, and proves nothing about what comes before."""
    dates = [row.post.date for row in page]
    return dates[-1] if "" not in dates and dates == sorted(dates) else ""
