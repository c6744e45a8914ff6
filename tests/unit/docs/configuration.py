"""The keys in docs/configuration.md, made from the config's schema: `python -m tests.unit.docs.configuration`."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.config.json_schema import schema
from bot.config.toml_text import value_text

PAGE = Path(__file__).parents[3] / "docs" / "configuration.md"
_PLACE = re.compile(r"(?<=<!-- keys -->\n).*?(?=<!-- end -->)", re.DOTALL)
# Where in a config each kind of table stands.
_TABLES = {
    "StateTable": "[state]",
    "SiteTable": "[sites.NAME]",
    "OnlyTable": "[sites.NAME.only.ACCOUNT]",
    "AccountTable": "[accounts.NAME]",
    "HashtagTable": "[accounts.NAME.hashtags]",
    "RuleTable": "[[accounts.NAME.rules]]",
    "AlertTable": "[alerts]",
    "WebTable": "[web]",
}

Schema = dict[str, Any]


def page(text: str) -> str:
    """The page with the keys as the schema has them now."""
    return _PLACE.sub(lambda _: "\n" + "\n".join(_lines()) + "\n", text)


def _lines() -> Iterator[str]:
    kinds = schema()["$defs"]
    assert set(kinds) == set(_TABLES), "a new kind of table needs its place in a config"
    for kind, place in _TABLES.items():
        table = kinds[kind]
        yield from (f"### `{place}`", "", table["description"], "")
        yield from ("| key | where it isn't set | what it says |", "|---|---|---|")
        for key, value in table["properties"].items():
            unset = "has to be set" if key in table.get("required", ()) else _unset(value)
            yield f"| `{key}` | {unset} | {_cell(value['description'])}{_bounds(value)} |"
        yield ""


def _unset(value: Schema) -> str:
    default = value.get("default")
    return "" if default in (None, "", [], {}) or isinstance(default, dict) else f"`{_cell(value_text(default))}`"


def _bounds(value: Schema) -> str:
    """The values or the numbers that are allowed, as a sentence of its own; '' where the description says all."""
    if "enum" in value:
        return " One of " + ", ".join(f"`{value_text(one)}`" for one in value["enum"]) + "."
    if "minimum" in value and "maximum" in value:
        return f" From {value['minimum']:,} to {value['maximum']:,}."
    return ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
