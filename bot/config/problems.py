"""What pydantic found, as sentences for a person, each with the key that it is about."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from msgspec import Struct
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.config.account_tables import AccountTable
from bot.config.alert_tables import AlertTable
from bot.config.checks import suggestion
from bot.config.model import StateTable, keys_of, table_at
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
Names = tuple[str, ...]
_EMPTY_GROUPS = {
    "sites": "there is no site (add one: [sites.blog] with url and accounts)",
    "accounts": "there is no account (add one: [accounts.blog] with instance and token_file)",
}


class Problem(Struct, frozen=True):
    """What is wrong (and what is meant) at a key."""

    key: Key
    sentence: str


def problems_in(error: ValidationError, raw: Mapping[str, Any]) -> list[Problem]:
    """A problem for each error; a group of tables isn't called missing where only its name is misspelt."""
    found = [problem for details in error.errors(include_url=False) for problem in _problems(details)]
    misspelt = {meant for name in raw if (meant := suggestion(name, tuple(_HEADERS))) and name not in _HEADERS}
    return [
        problem for problem in found if not (problem.sentence in _EMPTY_GROUPS.values() and problem.key[0] in misspelt)
    ]


def _problems(details: ErrorDetails) -> Iterator[Problem]:
    key: Key = details["loc"]
    if details["type"] == "extra_forbidden":
        yield from _unknown(key, details["input"])
    elif key[2:] == ("[key]",):  # pydantic's way to say that the table's name is meant, not the table
        yield Problem(key[:2], str(details["ctx"]["error"]))
    else:
        sentence = _SENTENCES.get(details["type"], _as_said)
        yield Problem(key, sentence(names(key), details))


def _unknown(key: Key, value: object) -> Iterator[Problem]:
    """A key or table that isn't known; of a misspelt group, each table by itself. Values are never repeated."""
    *table, name = names(key)
    if not table and isinstance(value, Mapping):
        yield from _unknown_table(name, value)
        return
    known = tuple(keys_of(table_at(tuple(table))))
    homes = [header for header, kind in _KINDS if name in keys_of(kind)]
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


def _example(key: Names) -> str:
    """An example for a key; for a name that is the config's owner's choice, one for the whole table of names."""
    if key[3:4] == ("alias",):
        key = key[:4]
    (example, *_) = keys_of(table_at(key[:-1]))[key[-1]].examples
    return value_text(example)


def _missing(key: Names, _details: ErrorDetails) -> str:
    return _EMPTY_GROUPS.get(dotted(key)) or f"is missing (for example: {key[-1]} = {_example(key)})"


def _no_table(key: Names, _details: ErrorDetails) -> str:
    match key:
        case ("accounts", _, "rules"):
            return _no_rules(key)
        case ("sites" | "accounts", _, _):
            return f"must be a table, such as {_example(key)}"
        case ("sites" | "accounts" as group, *_) if len(key) < 3:
            return f"must be a table with a name of its own, such as [{group}.blog]"
        case _:
            return f"must be a table: [{dotted(key)}]"


def _no_rules(key: Names) -> str:
    return f"must be tables, each under a line of its own: [[{dotted(key)}]]"


def _no_list(key: Names, details: ErrorDetails) -> str:
    return _no_rules(key) if key[2:] == ("rules",) else _must_be("a list")(key, details)


def _must_be(kind: str) -> Callable[[Names, ErrorDetails], str]:
    def sentence(key: Names, details: ErrorDetails) -> str:
        each = "each item " if isinstance(details["loc"][-1], int) else ""
        return f"{each}must be {kind}, such as {_example(key)}"

    return sentence


def _true_or_false(_key: Names, _details: ErrorDetails) -> str:
    return "must be true or false, without quotes"


def _at_least(_key: Names, details: ErrorDetails) -> str:
    return f"{details['input']} is out of bounds (at least {details['ctx']['ge']})"


def _at_most(_key: Names, details: ErrorDetails) -> str:
    return f"{details['input']} is out of bounds (at most {details['ctx']['le']})"


def _as_said(_key: Names, details: ErrorDetails) -> str:
    """What a rule of our own said."""
    return str(details["ctx"]["error"])


_SENTENCES: dict[str, Callable[[Names, ErrorDetails], str]] = {
    "missing": _missing,
    "too_short": _missing,
    "model_type": _no_table,
    "dict_type": _no_table,
    "string_type": _must_be("text in quotes"),
    "int_type": _must_be("a whole number"),
    "tuple_type": _no_list,
    "bool_type": _true_or_false,
    "greater_than_equal": _at_least,
    "less_than_equal": _at_most,
}
