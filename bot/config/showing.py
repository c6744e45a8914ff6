"""The config for reading: as TOML with every default filled in."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from msgspec import inspect

from bot.config.durations import format_duration
from bot.config.kinds import Table, keys_of
from bot.config.loaded import Config
from bot.config.model import Settings
from bot.config.secret import Secret
from bot.config.toml_text import Key, dotted, value_text

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


def effective(config: Config) -> str:
    """The config with all its defaults, as TOML that loads again but for a token: no secret is in it."""
    tables = [_table(key, table) for key, table in _tables(written(inspect.type_info(Settings), config.settings))]
    return "\n".join([f"# {config.path}\n", *tables])


def written(kind: inspect.Type, value: Any) -> Any:
    """A value of this kind as a config has it, without what is None; of a secret, only whether it is there."""
    match kind:
        case inspect.Metadata():
            show = (kind.extra or {}).get("show")
            return show(value) if show else written(kind.type, value)
        case inspect.UnionType(types=(inner, inspect.NoneType())) if value is not None:
            return written(inner, value)
        case inspect.DictType():
            return {name: written(kind.value_type, part) for name, part in value.items()}
        case inspect.VarTupleType():
            return [written(kind.item_type, part) for part in value]
        case _:
            return _single(value)


def _single(value: Any) -> Any:
    match value:
        case Table():
            parts = ((key.encode_name, written(key.type, getattr(value, key.name))) for key in keys_of(type(value)))
            return {name: part for name, part in parts if part is not None}
        case timedelta():
            return format_duration(value)
        case Secret():
            return "…" if value.reveal() else ""
        case _:
            return value


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
    lines = [line for name, value in table.items() for line in _line(name, value)]
    header = f"[[{dotted(key)}]]" if isinstance(key[-1], int) else f"[{dotted(key)}]"
    return f"{header}\n" + "".join(f"{line}\n" for line in lines)


def _line(name: str, value: object) -> Iterator[str]:
    if name == "token":
        yield from ['# token = "…" (not shown)'] if value else []
    elif name in _SECRETS:
        yield from [f"# {name} = … (not shown)"] if value else []
    elif value or name not in _UNSET_WHEN_EMPTY:
        yield f"{name} = {value_text(value)}"
