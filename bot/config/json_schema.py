"""The config's JSON Schema, by which an editor completes and checks a config."""

from typing import Any

from msgspec import NODEFAULT, inspect

from bot.config.account_tables import AccountTable, HashtagTable, RuleTable
from bot.config.alert_tables import AlertTable
from bot.config.durations import PATTERN
from bot.config.kinds import Table, keys_of
from bot.config.model import Settings, StateTable
from bot.config.showing import written
from bot.config.site_tables import OnlyTable, SiteTable
from bot.config.web_tables import WebTable

# The tables within the config.
_TABLES = (StateTable, SiteTable, OnlyTable, AccountTable, HashtagTable, RuleTable, WebTable, AlertTable)


def schema() -> dict[str, Any]:
    """The config's JSON Schema, with a title and a description for every key."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$defs": {table.__name__: _of_table(table) for table in _TABLES},
        **_of_table(Settings),
        "title": "howdah's config",
    }


def _of_table(table: type[Table]) -> dict[str, Any]:
    keys = keys_of(table)
    required = [field.encode_name for field in keys if field.required]
    return {
        "title": table.__name__.removesuffix("Table"),
        "description": table.__doc__,
        "type": "object",
        "properties": {field.encode_name: _of_key(field) for field in keys},
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _of_key(field: inspect.Field) -> dict[str, Any]:
    titled = {"title": field.encode_name.replace("_", " ").title(), **_of(field.type)}
    default = _default(field)
    return titled if default is None else {**titled, "default": default}


def _default(field: inspect.Field) -> Any:
    """What a key is without being written; None where it has to be, or is nothing then."""
    if field.default is not NODEFAULT:
        return written(field.type, field.default)
    return None if field.required else written(field.type, field.default_factory())


def _of(kind: inspect.Type) -> dict[str, Any]:
    match kind:
        case inspect.Metadata():
            own = (kind.extra or {}).get("schema") or _of(kind.type)
            return {**own, **(kind.extra_json_schema or {})}
        case inspect.StructType():
            return {"$ref": f"#/$defs/{kind.cls.__name__}"}
        case inspect.DictType():
            return _of_names(kind)
        case inspect.VarTupleType():
            return {"type": "array", "items": _of(kind.item_type)}
        case inspect.UnionType(types=(inner, inspect.NoneType())):
            return _of(inner)
        case _:
            return _of_single(kind)


def _of_names(kind: inspect.DictType) -> dict[str, Any]:
    least = {"minProperties": kind.min_length} if kind.min_length else {}
    return {"type": "object", "additionalProperties": _of(kind.value_type), **least}


def _of_single(kind: inspect.Type) -> dict[str, Any]:
    match kind:
        case inspect.IntType():
            bounds = {"minimum": kind.ge, "maximum": kind.le}
            return {"type": "integer", **{name: bound for name, bound in bounds.items() if bound is not None}}
        case inspect.BoolType():
            return {"type": "boolean"}
        case inspect.TimeDeltaType():
            return {"type": "string", "pattern": PATTERN}
        case inspect.EnumType():
            return {"type": "string", "enum": [str(word) for word in kind.cls]}
        case inspect.LiteralType():
            return {"type": "string", "enum": list(kind.values)}
        case _:
            return {"type": "string"}
