"""The template of a status: literal text and placeholders in braces."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

PLACEHOLDERS = ("title", "excerpt", "link", "hashtags", "author", "categories", "date", "site")


class TemplateError(ValueError):
    """The template can't be used; the text says what is wrong with it, and what would be right."""


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that stands in the status as it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A place that a value of the post takes."""

    name: str


Part = Literal | Placeholder


@dataclass(frozen=True, slots=True)
class Template:
    """A template that was parsed, line by line."""

    lines: tuple[tuple[Part, ...], ...]

    def names(self) -> frozenset[str]:
        """Which placeholders there are."""
        return frozenset(part.name for line in self.lines for part in line if isinstance(part, Placeholder))

    def render(self, values: Mapping[str, str]) -> str:
        """The text with these values in place; one that is missing is empty.

        A line whose placeholders are all empty goes as a whole, with its literal text. Spaces and blank lines that
        are left over go too.
        """
        lines = [_line(line, values) for line in self.lines if _stays(line, values)]
        return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def parse(template: str) -> Template:
    """Parse a template; raises TemplateError. `{{` and `}}` are literal braces; {link} has to be in it.

    Links and hashtags are set apart by spaces where the template doesn't do so: servers find them only there.
    """
    parsed = Template(tuple(_parsed(line) for line in template.splitlines()))
    if "link" not in parsed.names():
        msg = "the template has no {link}: every status needs the post's link, so add {link} to it"
        raise TemplateError(msg)
    return parsed


_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")
_BRACES = {"{{": "{", "}}": "}"}
_SET_APART = frozenset({"link", "hashtags"})
_SPACES = re.compile(r"[ \t]{2,}")
_BLANK_LINES = re.compile(r"\n{3,}")


def _parsed(line: str) -> tuple[Part, ...]:
    parts: list[Part] = []
    for token in _TOKEN.finditer(line):
        part = _part(token)
        if parts and _touch(parts[-1], part):
            parts.append(Literal(" "))
        parts.append(part)
    return tuple(parts)


def _part(token: re.Match[str]) -> Part:
    text, name = token[0], token[1]
    if name is None:
        if text in {"{", "}"}:
            msg = f"the template has a single {text!r}: write {text * 2!r} for a brace that is to be seen"
            raise TemplateError(msg)
        return Literal(_BRACES.get(text, text))
    if name not in PLACEHOLDERS:
        nearest = get_close_matches(name.strip().lower(), PLACEHOLDERS, n=1, cutoff=0)[0]
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        msg = f"the template has an unknown placeholder {{{name}}}: did you mean {{{nearest}}}? There are {known}"
        raise TemplateError(msg)
    return Placeholder(name)


def _touch(left: Part, right: Part) -> bool:
    """Whether a link or a hashtag would stand against other text here."""
    apart = any(isinstance(part, Placeholder) and part.name in _SET_APART for part in (left, right))
    spaced = (isinstance(left, Literal) and left.text.endswith((" ", "\t"))) or (
        isinstance(right, Literal) and right.text.startswith((" ", "\t"))
    )
    return apart and not spaced


def _stays(line: Iterable[Part], values: Mapping[str, str]) -> bool:
    names = [part.name for part in line if isinstance(part, Placeholder)]
    return not names or any(values.get(name) for name in names)


def _line(line: Iterable[Part], values: Mapping[str, str]) -> str:
    texts = (part.text if isinstance(part, Literal) else values.get(part.name, "") for part in line)
    return _SPACES.sub(" ", "".join(texts)).strip(" \t")
