"""What gives way where a status is too long for its instance, and in which order.

The excerpt is shortened, then left out; whole hashtags go from the end; the lesser values (author, categories, date,
site) go; the title is shortened. The link never gives way.
"""

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from bot.domain.composing.counting import Rule, count
from bot.domain.composing.shortening import shorten
from bot.domain.composing.template import CATEGORY_HASHTAG, PARAGRAPH, Template

# An excerpt of which less than this would be left says nothing.
_SHORTEST_EXCERPT = 20
_LESSER = ("author", "categories", "category", CATEGORY_HASHTAG, "date", "site")
_EXCERPTS = ("content", PARAGRAPH, "excerpt")
# Stands for a value while what is around it is counted: a line of it stays in the text.
_MARK = "x"


class Room(Struct, frozen=True, kw_only=True):
    """How much text there is room for, by the instance's own way to count."""

    limit: int
    rule: Rule
    spoiler_text: str

    def length(self, text: str) -> int:
        """How long the status is with this text."""
        return count(text, self.spoiler_text, self.rule)

    def holds(self, text: str) -> bool:
        """Whether there is room for this text."""
        return self.length(text) <= self.limit


class Shortenable(Struct, frozen=True, kw_only=True, dict=True):
    """A status whose values can still give way."""

    template: Template
    values: Mapping[str, str]
    hashtags: tuple[str, ...]

    @cached_property
    def text(self) -> str:
        """The text as it stands."""
        return self.template.render({**self.values, "hashtags": " ".join(self.hashtags)})

    def put(self, **values: str) -> "Shortenable":
        """The status with other values."""
        return replace(self, values={**self.values, **values})


def fitted(status: Shortenable, room: Room) -> Shortenable:
    """The status with as much of it as there is room for; it may be too long still where all has given way."""
    for give_way in (_shorten_excerpt, _drop_hashtags, _drop_lesser, _shorten_title):
        if room.holds(status.text):
            break
        status = give_way(status, room)
    return status


def _shorten_excerpt(status: Shortenable, room: Room) -> Shortenable:
    for name in _EXCERPTS:
        if name in status.template.names():
            shortened = _shortened(status, name, room)
            status = shortened if len(shortened.values[name]) >= _SHORTEST_EXCERPT else status.put(**{name: ""})
    return status


def _drop_hashtags(status: Shortenable, room: Room) -> Shortenable:
    while status.hashtags and not room.holds(status.text):
        status = replace(status, hashtags=status.hashtags[:-1])
    return status


def _drop_lesser(status: Shortenable, room: Room) -> Shortenable:
    for name in _LESSER:
        if not room.holds(status.text):
            status = status.put(**{name: ""})
    return status


def _shorten_title(status: Shortenable, room: Room) -> Shortenable:
    return _shortened(status, "title", room)


def _shortened(status: Shortenable, name: str, room: Room) -> Shortenable:
    """The status with as much of this value as there is room for.

    What stands around it is counted once. Together they may count otherwise: then every try is counted as a whole.
    """
    left = room.limit - room.length(status.put(**{name: _MARK}).text) + len(_MARK)
    words = shorten(status.values[name], lambda text: count(text, "", room.rule) <= left)
    shortened = status.put(**{name: words})
    if _may_count_otherwise(status, name) or (words and not room.holds(shortened.text)):
        words = shorten(status.values[name], lambda text: room.holds(status.put(**{name: text}).text))
        return status.put(**{name: words})
    return shortened


def _may_count_otherwise(status: Shortenable, name: str) -> bool:
    """Whether the value stands in the text more than once, or changed."""
    places = [part for part in status.template.places if part.source == name]
    return len(places) != 1 or bool(places[0].filters)
