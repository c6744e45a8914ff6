"""The template of a status: literal text, placeholders in braces, and optional parts in double brackets."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from msgspec import Struct

from bot.domain.composing.template_filters import DATE_FORMAT, Filter, FilterError, filter_of

PLACEHOLDERS = (
    "title", "excerpt", "content", "link", "hashtags", "author", "category", "categories", "date", "site",
)  # fmt: skip
# The keys of values that only filters and authors ask for: the article's first paragraph, a category as a hashtag.
PARAGRAPH, CATEGORY_HASHTAG = "paragraph", "category hashtag"


class TemplateError(ValueError):
    """The template can't be used; the text says what is wrong with it, and what would be right."""


class Literal(Struct, frozen=True):
    """Text that stands in the status as it is."""

    text: str


class Placeholder(Struct, frozen=True):
    """A place that a value of the post takes, changed by its filters."""

    name: str
    filters: tuple[Filter, ...] = ()

    @property
    def source(self) -> str:
        """The key of the value that it shows."""
        return PARAGRAPH if self.filters and any(found.name == "paragraph" for found in self.filters) else self.name

    def shown(self, values: Mapping[str, str]) -> str:
        """What stands in this place."""
        value = values.get(self.source, "")
        for found in self.filters:
            value = found.of(value)
        return value


class OptionalPart(Struct, frozen=True):
    """A part that vanishes where one of its placeholders is empty."""

    parts: tuple[Literal | Placeholder, ...]


_Simple = Literal | Placeholder
Part = _Simple | OptionalPart


class Template(Struct, frozen=True, dict=True):
    """A template that was parsed."""

    parts: tuple[Part, ...]

    @cached_property
    def places(self) -> tuple[Placeholder, ...]:
        """The placeholders in it, in their order."""
        return tuple(part for part in _simple(self.parts) if isinstance(part, Placeholder))

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(place.source for place in self.places)

    def names(self) -> frozenset[str]:
        """Which values the template shows, by their keys."""
        return self._names

    def literals(self) -> tuple[str, ...]:
        """The literal texts in it."""
        return tuple(part.text for part in _simple(self.parts) if isinstance(part, Literal))

    def render(self, values: Mapping[str, str]) -> str:
        """The text with these values in place; one that is missing is empty. A date is ISO 8601.

        An optional part goes where one of its placeholders is empty, a line where all of them are, with their literal
        text. Spaces and blank lines that are left over go too. Links and hashtags are set apart by spaces where the
        template doesn't do so: servers find them only there.
        """
        parts = tuple(part for part in self.parts for part in _left(part, values))
        lines = [line for line in (_line(line, values) for line in _lines(parts)) if line is not None]
        return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


@lru_cache(maxsize=64)
def parse(template: str) -> Template:
    """Parse a template; raises TemplateError. `{{` and `}}` are literal braces; {link} has to be in it for certain."""
    parsed = Template(tuple(_parsed(template)))
    certain = [part.name for part in parsed.parts if isinstance(part, Placeholder)]
    if "link" not in certain:
        where = " outside of [[ ]]" if "link" in parsed.names() else ""
        raise TemplateError(
            f"the template has no {{link}}{where}: every status needs the post's link, so add {{link}} to it"
        )
    return parsed


_TOKEN = re.compile(r"\{\{|\}\}|\[\[|\]\]|\{([^{}]*)\}|[{}]|(?:(?!\[\[|\]\])[^{}])+")
_BRACES = {"{{": "{", "}}": "}"}
_SET_APART = frozenset({"link", "hashtags"})
_SPACES = re.compile(r"[ \t]{2,}")
_BLANK_LINES = re.compile(r"\n{3,}")
_DATE = Filter("format", DATE_FORMAT)


# --- reading ------------------------------------------------------------------------------------------------------


def _parsed(template: str) -> Iterator[Part]:
    optional: list[_Simple] | None = None
    for token in _TOKEN.finditer(template):
        if token[0] == "[[" and optional is None:
            optional = []
        elif token[0] == "]]" and optional is not None:
            yield OptionalPart(tuple(optional))
            optional = None
        elif token[0] in ("[[", "]]"):
            raise TemplateError(f"the template has a {token[0]!r} too many: an optional part is [[ by {{author}}]]")
        elif optional is not None:
            optional.append(_part(token))
        else:
            yield _part(token)
    if optional is not None:
        raise TemplateError("the template has a '[[' without its ']]': an optional part is [[ by {author}]]")


def _part(token: re.Match[str]) -> _Simple:
    text, written = token[0], token[1]
    if written is not None:
        return _placeholder(written)
    if text in ("{", "}"):
        raise TemplateError(f"the template has a single {text!r}: write {text * 2!r} for a brace that is to be seen")
    return Literal(_BRACES.get(text, text))


def _placeholder(written: str) -> Placeholder:
    name, *filters = (part.strip() for part in written.split("|"))
    if name not in PLACEHOLDERS:
        from difflib import get_close_matches  # only where something is misspelt

        nearest = get_close_matches(name.lower(), PLACEHOLDERS, n=1, cutoff=0)[0]
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        msg = f"the template has an unknown placeholder {{{name}}}: did you mean {{{nearest}}}? There are {known}"
        raise TemplateError(msg)
    if name in _SET_APART and filters:
        raise TemplateError(f"the template has {{{written}}}: {{{name}}} stands as it is, without filters")
    try:
        found = tuple(filter_of(one, placeholder=name) for one in filters)
    except FilterError as error:
        raise TemplateError(str(error)) from error
    dated = name == "date" and not any(one.name == "format" for one in found)
    return Placeholder(name, (_DATE, *found) if dated else found)


def _simple(parts: Iterable[Part]) -> Iterator[_Simple]:
    for part in parts:
        if isinstance(part, OptionalPart):
            yield from part.parts
        else:
            yield part


# --- rendering ----------------------------------------------------------------------------------------------------


def _left(part: Part, values: Mapping[str, str]) -> tuple[_Simple, ...]:
    if not isinstance(part, OptionalPart):
        return (part,)
    shown = all(inner.shown(values) for inner in part.parts if isinstance(inner, Placeholder))
    return part.parts if shown else ()


def _set_apart(parts: Sequence[_Simple]) -> list[_Simple]:
    apart: list[_Simple] = []
    for part in parts:
        if apart and _touch(apart[-1], part):
            apart.append(Literal(" "))
        apart.append(part)
    return apart


def _touch(left: _Simple, right: _Simple) -> bool:
    """Whether a link or a hashtag would stand against other text here."""
    apart = any(isinstance(part, Placeholder) and part.name in _SET_APART for part in (left, right))
    spaced = (isinstance(left, Literal) and left.text.endswith((" ", "\t", "\n"))) or (
        isinstance(right, Literal) and right.text.startswith((" ", "\t", "\n"))
    )
    return apart and not spaced


@lru_cache(maxsize=64)
def _lines(parts: tuple[_Simple, ...]) -> tuple[tuple[_Simple, ...], ...]:
    """The lines of a template, what has to be set apart set apart; a template is rendered often."""
    lines: list[list[_Simple]] = [[]]
    for part in _set_apart(parts):
        texts = part.text.split("\n") if isinstance(part, Literal) else ()
        for position, text in enumerate(texts):
            if position:
                lines.append([])
            lines[-1].append(Literal(text))
        if isinstance(part, Placeholder):
            lines[-1].append(part)
    return tuple(map(tuple, lines))


def _line(line: Sequence[_Simple], values: Mapping[str, str]) -> str | None:
    """A line with its values; None where it has placeholders and all of them are empty."""
    shown = [part.text if isinstance(part, Literal) else part.shown(values) for part in line]
    places = [text for part, text in zip(line, shown, strict=True) if isinstance(part, Placeholder)]
    if places and not any(places):
        return None
    text = "".join(shown)
    return (_SPACES.sub(" ", text) if "  " in text or "\t" in text else text).strip(" \t")
