"""What may be wrong with a config, as sentences for a person, each with the key that it is about."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from bot.config.account_tables import AccountTable
from bot.config.alert_tables import AlertTable
from bot.config.checks import suggestion
from bot.config.model import StateTable
from bot.config.site_tables import SiteTable
from bot.config.toml_text import Key, dotted, names, quoted, value_text
from bot.config.web_tables import WebTable

_HEADERS = {
    "state": "[state]",
    "sites": "[sites.NAME]",
    "accounts": "[accounts.NAME]",
    "web": "[web]",
    "alerts": "[alerts]",
}
_KINDS = (
    ("[sites.NAME]", SiteTable),
    ("[accounts.NAME]", AccountTable),
    ("[state]", StateTable),
    ("[web]", WebTable),
    ("[alerts]", AlertTable),
)
_EMPTY_GROUPS = {
    "sites": "there is no site (add one: [sites.blog] with url and accounts)",
    "accounts": "there is no account (add one: [accounts.blog] with instance and token_file)",
}


class Problem(Struct, frozen=True):
    """What is wrong (and what is meant) at a key."""

    key: Key
    sentence: str


def without_misspelt(found: Iterable[Problem], raw: Mapping[str, Any]) -> list[Problem]:
    """The problems that were found; a group of tables isn't called missing where only its name is misspelt."""
    misspelt = {meant for name in raw if (meant := suggestion(name, tuple(_HEADERS))) and name not in _HEADERS}
    return [
        problem for problem in found if not (problem.sentence in _EMPTY_GROUPS.values() and problem.key[0] in misspelt)
    ]


def unknown(key: Key, value: object, known: tuple[str, ...]) -> Iterator[Problem]:
    """A key or table that isn't known beside these; of a misspelt group, each table by itself.

    Values are never repeated.
    """
    *table, name = names(key)
    if not table and isinstance(value, Mapping):
        yield from _unknown_table(name, value)
        return
    homes = [header for header, kind in _KINDS if name in kind.__struct_encode_fields__]
    if homes:
        meant = f"it belongs into {' or '.join(homes)}"
    elif near := suggestion(name, known):
        meant = f"did you mean {quoted(near)}?"
    else:
        meant = f"known here: {', '.join(known)}"
    yield Problem(key, f"unknown key ({meant})")


def _unknown_table(name: str, value: Mapping[str, Any]) -> Iterator[Problem]:
    near = suggestion(name, tuple(_HEADERS))
    if near is None:
        yield Problem((name,), f"unknown table (known: {', '.join(_HEADERS.values())})")
    elif near in _EMPTY_GROUPS and any(isinstance(inner, Mapping) for inner in value.values()):
        for inner in value:
            yield Problem((name, inner), f"unknown table (did you mean [{dotted((near, inner))}]?)")
    else:
        yield Problem((name,), f"unknown table (did you mean {_HEADERS[near]}?)")


def missing(key: Key, example: object) -> str:
    """That a key, or every table of a group, isn't there."""
    return _EMPTY_GROUPS.get(dotted(key)) or f"is missing (for example: {key[-1]} = {value_text(example)})"


def no_table(key: Key, example: object) -> str:
    """That something else stands where a table has to."""
    match key:
        case (*list_of_tables, int()):
            return f"must be tables, each under a line of its own: [[{dotted(tuple(list_of_tables))}]]"
        case ("sites" | "accounts", _, _):
            return f"must be a table, such as {value_text(example)}"
        case ("sites" | "accounts" as group, *_) if len(key) < 3:
            return f"must be a table with a name of its own, such as [{group}.blog]"
        case _:
            return f"must be a table: [{dotted(key)}]"


def must_be(kind: str, key: Key, example: object) -> str:
    """That a value, or an item of a list, is of another kind."""
    each = "each item " if isinstance(key[-1], int) else ""
    return f"{each}must be {kind}, such as {value_text(example)}"
