"""A pure model of what WordPress lists: local dates, keys as PHP reads them, ties in no order, totals, hidden posts."""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.models import ListedPost
from bot.sandbox.wordpress_query import site_time
from bot.wordpress.parse import Row
from bot.wordpress.walk import Ask, Listed


def row(number: int, date: str) -> Row:
    """A row of a listing, of which the walk needs only the id and the date."""
    post = ListedPost(id=number, date=date, published_at=None, modified_at=None, link="")
    return Row(post=post, status="publish", type="post")


@dataclass
class Listing:
    """A listing that answers as WordPress does, and remembers what it was asked.

    posts: local dates by id. hidden: counted and cut like the others, but left out of the answer. between is called
    after each answer: what authors do meanwhile. totals: whether the site says how many there are.
    """

    posts: dict[int, str]
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Berlin"))
    per_page: int = 100
    hidden: frozenset[int] = frozenset()
    totals: bool = True
    rng: random.Random = field(default_factory=lambda: random.Random(1))
    between: Callable[[], None] = lambda: None
    asked: list[Ask] = field(default_factory=list)

    def fetch(self, ask: Ask) -> Listed:
        """One page: the oldest posts after the key, but for the excluded ones."""
        self.asked.append(ask)
        after = site_time(ask.after, self.zone)
        found = [number for number, date in self.posts.items() if date > after and number not in ask.exclude]
        self.rng.shuffle(found)
        found.sort(key=lambda number: self.posts[number])
        rows = [row(number, self.posts[number]) for number in found[: self.per_page] if number not in self.hidden]
        self.between()
        return Listed(rows=tuple(rows), total=len(found) if self.totals else None)


def local(instant: datetime, zone: str = "Europe/Berlin") -> str:
    """An instant as a site in that zone writes it."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat()


def ids(rows: Iterable[Row]) -> set[int]:
    """The ids of rows."""
    return {found.post.id for found in rows}
