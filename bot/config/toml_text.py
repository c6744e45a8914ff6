"""Small pieces of TOML as text, for messages and for the effective config."""

import json
import re
from collections.abc import Mapping, Sequence

Key = tuple[str | int, ...]
"""A key's path from the root of the config: ("sites", "uk", "url"). Items of lists have their index, from 0."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_SHOWN = 60


def dotted(key: Key) -> str:
    """The path as TOML writes it, each part quoted where it has to be: `sites."u k".url`. It writes no indices."""
    return ".".join(part if _BARE.fullmatch(part) else quoted(part) for part in names(key))


def names(key: Key) -> tuple[str, ...]:
    """The path without the indices of lists."""
    return tuple(part for part in key if isinstance(part, str))


def quoted(text: str) -> str:
    """A basic string. JSON's escapes are TOML's, but for DEL, which TOML wants escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def value_text(value: object) -> str:
    """A value on one line. Dates and times, which no key of ours takes, come out as they are said."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return quoted(value)
        case Mapping() if not value:
            return "{}"
        case Mapping():
            return "{ " + ", ".join(f"{dotted((key,))} = {value_text(item)}" for key, item in value.items()) + " }"
        case Sequence():
            return "[" + ", ".join(map(value_text, value)) + "]"
        case _:
            return str(value)


def shown(value: object) -> str:
    """A value as a message shows it: in one line, and cut where it is long. Never called with a secret."""
    text = value_text(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
