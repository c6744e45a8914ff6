"""The config for reading: as TOML with every default filled in, and as a JSON Schema for editors."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import NullableSchema, WithDefaultSchema

from bot.config.durations import format_duration
from bot.config.loaded import Config
from bot.config.model import Settings, StateTable
from bot.config.secret import Secret
from bot.config.toml_text import Key, dotted, value_text
from bot.config.urls import masked

# What an empty value stands for is said by leaving the key out.
_UNSET_WHEN_EMPTY = (
    "token_file",
    "token_env",
    "user",
    "password_file",
    "password_env",
    "hook_secret_file",
    "urls_file",
)
# The addresses of those who are told.
_SECRETS = ("urls", "heartbeat")
_TABLES_OF_THEIR_OWN = ("only", "rules")


def schema() -> dict[str, Any]:
    """The config's JSON Schema, with a title and a description for every key."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Settings.model_json_schema(schema_generator=_Schema),
        "title": "howdah's config",
    }


def effective(config: Config) -> str:
    """The config with all its defaults, as TOML that loads again but for a token: no secret is in it."""
    dumped = config.settings.model_dump(by_alias=True, exclude_none=True)
    tables = [_table(key, table) for key, table in _tables(dumped)]
    return "\n".join([f"# {config.path}\n", *tables])


class _Schema(GenerateJsonSchema):
    """With defaults as they are written in a config, and without null, which TOML doesn't have."""

    def nullable_schema(self, schema: NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        found = super().default_schema(schema)
        return {name: value for name, value in found.items() if (name, value) != ("default", None)}

    def encode_default(self, dft: Any) -> Any:
        match dft:
            case timedelta():
                return format_duration(dft)
            case StateTable():
                return {"url": self.encode_default(dft.url)}
            case Secret():
                return masked(dft.reveal())
            case _:
                return super().encode_default(dft)


def _tables(dumped: Mapping[str, Any]) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """Every table with its key; those of its values that are tables under a header of their own come after it."""
    for name, table in dumped.items():
        if name not in {"sites", "accounts"}:
            yield (name,), table
            continue
        for inner, keys in table.items():
            yield (name, inner), {key: value for key, value in keys.items() if key not in _TABLES_OF_THEIR_OWN}
            yield from (((name, inner, "only", account), only) for account, only in keys.get("only", {}).items())
            yield from (((name, inner, "rules", number), rule) for number, rule in enumerate(keys.get("rules", ())))


def _table(key: Key, table: Mapping[str, Any]) -> str:
    # The address comes first for readers, though the model checks allow_private before it.
    names = sorted(table, key=lambda name: name == "allow_private")
    lines = [line for name in names for line in _line(name, table[name])]
    header = f"[[{dotted(key)}]]" if isinstance(key[-1], int) else f"[{dotted(key)}]"
    return f"{header}\n" + "".join(f"{line}\n" for line in lines)


def _line(name: str, value: object) -> Iterator[str]:
    if name == "token":
        yield from ['# token = "…" (not shown)'] if value else []
    elif name in _SECRETS:
        yield from [f"# {name} = … (not shown)"] if value else []
    elif value or name not in _UNSET_WHEN_EMPTY:
        yield f"{name} = {value_text(value)}"
