"""What a template may do to a value before it stands in the status: `{excerpt|words:20}`."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct

from bot.domain.composing.shortening import shorten

DATE_FORMAT = "%Y-%m-%d"

_Change = Callable[[str, str], str]


class FilterError(ValueError):
    """The filter can't be used; the text says what is wrong with it, and what would be right."""


class Filter(Struct, frozen=True):
    """A filter as it stands in a template; argument is '' where it has none."""

    name: str
    argument: str = ""

    def of(self, value: str) -> str:
        """The value, changed."""
        return _KINDS[self.name].change(value, self.argument)


def filter_of(written: str, *, placeholder: str) -> Filter:
    """A filter from what is written behind a `|`; raises FilterError for what is none, or makes no sense there."""
    name, colon, argument = (part.strip() for part in written.partition(":"))
    kind = _KINDS.get(name)
    if kind is None:
        from difflib import get_close_matches  # only where something is misspelt

        nearest = get_close_matches(name.lower(), _KINDS, n=1, cutoff=0)[0]
        known = ", ".join(_KINDS)
        msg = f"the template has an unknown filter {name!r}: did you mean {nearest!r}? There are {known}"
        raise FilterError(msg)
    if kind.only and placeholder not in kind.only:
        where = " and ".join(f"{{{only}}}" for only in kind.only)
        raise FilterError(f"the template has the filter {name!r} on {{{placeholder}}}: it is for {where}")
    if not kind.argument.fullmatch(argument) or (colon and not argument):
        raise FilterError(f"the template has {{{placeholder}|{written}}}: write it as {kind.example}")
    return Filter(name, argument)


def _short(value: str, most: str) -> str:
    return shorten(value, lambda text: len(text) <= int(most))


def _words(value: str, most: str) -> str:
    return shorten(value, lambda text: len(text.split()) <= int(most))


def _format(value: str, form: str) -> str:
    return datetime.fromisoformat(value).strftime(form) if value else ""


class _Kind(Struct, frozen=True, kw_only=True):
    """What a filter does, what its argument looks like, and the placeholders that it is for (all where none)."""

    change: _Change
    argument: re.Pattern[str]
    example: str
    only: tuple[str, ...] = ()


_NUMBER = re.compile(r"[1-9][0-9]{0,4}")
_NOTHING = re.compile("")
# What strftime knows everywhere, and text around it. Not %Z: a post's date is by its site's clock, without a zone.
_DATE = re.compile(r"(?:[^%]|%[YymdBbAaHIMpj%])+")
_KINDS: Mapping[str, _Kind] = {
    "short": _Kind(change=_short, argument=_NUMBER, example="{excerpt|short:200}: at most so many characters"),
    "words": _Kind(change=_words, argument=_NUMBER, example="{excerpt|words:20}: at most so many words"),
    # Which text that is, the composition knows: see Placeholder.source.
    "paragraph": _Kind(
        change=lambda value, _: value,
        argument=_NOTHING,
        example="{excerpt|paragraph}",
        only=("excerpt", "content"),
    ),
    "upper": _Kind(change=lambda value, _: value.upper(), argument=_NOTHING, example="{title|upper}"),
    "lower": _Kind(change=lambda value, _: value.lower(), argument=_NOTHING, example="{author|lower}"),
    "format": _Kind(
        change=_format,
        argument=_DATE,
        example="{date|format:%d.%m.%Y}, with %Y %y %m %d %B %b %A %a %H %I %p %M %j, "
        "by the site's clock: it tells no zone",
        only=("date",),
    ),
}
