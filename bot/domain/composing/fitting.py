"""What gives way where a status is too long for its instance, and in which order.

The excerpt is shortened, then left out; whole hashtags go from the end; the lesser values (author, categories, date,
site) go; the title is shortened. The link never gives way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from bot.domain.composing.counting import Rule, count
from bot.domain.composing.shortening import shorten
from bot.domain.composing.template import CATEGORY_HASHTAG, PARAGRAPH, Template

# An excerpt of which less than this would be left says nothing.
_SHORTEST_EXCERPT = 20
_LESSER = ("author", "categories", "category", CATEGORY_HASHTAG, "date", "site")
_EXCERPTS = ("content", PARAGRAPH, "excerpt")
# Stands for a value while what is around it is counted: a line of it stays in the text.
_MARK = "x"


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
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


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A status whose values can still give way."""

    template: Template
    values: Mapping[str, str]
    hashtags: tuple[str, ...]

    @cached_property
    def text(self) -> str:
        """The text as it stands."""
        return self.template.render({**self.values, "hashtags": " ".join(self.hashtags)})

    def put(self, **values: str) -> "Draft":
        """The draft with other values."""
        return replace(self, values={**self.values, **values})


def fitted(draft: Draft, room: Room) -> Draft:
    """The draft with as much of it as there is room for; it may be too long still where all has given way."""
    for give_way in (_shorten_excerpt, _drop_hashtags, _drop_lesser, _shorten_title):
        if room.holds(draft.text):
            break
        draft = give_way(draft, room)
    return draft


def _shorten_excerpt(draft: Draft, room: Room) -> Draft:
    for name in _EXCERPTS:
        if name in draft.template.names():
            shortened = _shortened(draft, name, room)
            draft = shortened if len(shortened.values[name]) >= _SHORTEST_EXCERPT else draft.put(**{name: ""})
    return draft


def _drop_hashtags(draft: Draft, room: Room) -> Draft:
    while draft.hashtags and not room.holds(draft.text):
        draft = replace(draft, hashtags=draft.hashtags[:-1])
    return draft


def _drop_lesser(draft: Draft, room: Room) -> Draft:
    for name in _LESSER:
        if not room.holds(draft.text):
            draft = draft.put(**{name: ""})
    return draft


def _shorten_title(draft: Draft, room: Room) -> Draft:
    return _shortened(draft, "title", room)


def _shortened(draft: Draft, name: str, room: Room) -> Draft:
    """The draft with as much of this value as there is room for.

    What stands around it is counted once. Together they may count otherwise: then every try is counted as a whole.
    """
    left = room.limit - room.length(draft.put(**{name: _MARK}).text) + len(_MARK)
    words = shorten(draft.values[name], lambda text: count(text, "", room.rule) <= left)
    shortened = draft.put(**{name: words})
    if _may_count_otherwise(draft, name) or (words and not room.holds(shortened.text)):
        words = shorten(draft.values[name], lambda text: room.holds(draft.put(**{name: text}).text))
        return draft.put(**{name: words})
    return shortened


def _may_count_otherwise(draft: Draft, name: str) -> bool:
    """Whether the value stands in the text more than once, or changed."""
    places = [part for part in draft.template.places if part.source == name]
    return len(places) != 1 or bool(places[0].filters)
