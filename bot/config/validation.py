"""What is written in a config, as its tables take it: their values, or all that is wrong with them at once.

The tables describe their keys to msgspec, whose descriptions are read here. msgspec's own conversion would stop at the
first error, and may repeat a value in its message, which might be a secret at the wrong place.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from msgspec import Struct, inspect

from bot.config import checks
from bot.config.durations import parse_duration
from bot.config.kinds import Table, keys_of
from bot.config.problems import Problem, missing, must_be, no_table, unknown
from bot.config.toml_text import Key

_Table = TypeVar("_Table", bound=Table)

# What a value has to be, in words.
_WORDS: Mapping[type[inspect.Type], str] = {
    inspect.StrType: "text in quotes",
    inspect.IntType: "a whole number",
    inspect.VarTupleType: "a list",
}


class InvalidError(Exception):
    """What is written isn't what its table takes. problems: all of them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"problems: {len(problems)}")
        self.problems = problems


def validated(table: type[_Table], written: object) -> _Table:
    """A table of this kind as it is written, with a default for each key that isn't. InvalidError where it is wrong."""
    walk = _Walk()
    value: _Table = walk.read(inspect.type_info(table), written, _Place())
    if walk.problems:
        raise InvalidError(tuple(walk.problems))
    return value


class _Place(Struct, frozen=True):
    """Where a value is written: its key, an example of its key's values, and what the table around it permits."""

    key: Key = ()
    example: object = None
    allow_private: bool = False

    def within(self, part: str | int) -> "_Place":
        """The place of a part of the value."""
        return _Place(key=(*self.key, part), example=self.example, allow_private=self.allow_private)


class _Walk:
    """One walk over what is written. problems: what was wrong so far; what is returned then is of no use."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def read(self, kind: inspect.Type, written: object, place: _Place) -> Any:
        """The value; what is wrong with it is noted."""
        try:
            return self._value(kind, written, place)
        except ValueError as error:
            self.problems.append(Problem(place.key, str(error)))
            return None

    def _value(self, kind: inspect.Type, written: object, place: _Place) -> Any:
        """The value. ValueError where it is wrong as a whole; what is wrong with its parts is noted."""
        match kind, written:
            case inspect.Metadata(), _:
                return self._checked(kind, written, place)
            case inspect.UnionType(types=(inner, inspect.NoneType())), _:
                return self._value(inner, written, place)
            case inspect.StructType(), dict():
                return self._table(kind, written, place)
            case inspect.DictType(), dict():
                return self._by_name(kind, written, place)
            case inspect.VarTupleType(), list():
                parts = [self.read(kind.item_type, part, place.within(number)) for number, part in enumerate(written)]
                return tuple(parts)
            case _:
                return _single(kind, written, place)

    def _checked(self, kind: inspect.Metadata, written: object, place: _Place) -> Any:
        rules: Mapping[str, Any] = kind.extra or {}
        before = len(self.problems)
        value = self._value(kind.type, rules["before"](written) if "before" in rules else written, place)
        if len(self.problems) > before:
            return value
        if "address" in rules:
            value = rules["address"](value, allow_private=place.allow_private)
        for check in rules.get("checks", ()):
            value = check(value)
        return value

    def _table(self, kind: inspect.StructType, written: Mapping[str, object], place: _Place) -> Any:
        # Where allow_private is itself wrong, that is problem enough.
        permits = written.get("allow_private", False) is not False
        values = {
            field.name: self._key(field, written, _Place((*place.key, field.encode_name), _example(field), permits))
            for field in kind.fields
            if field.required or field.encode_name in written
        }
        for name in (name for name in written if name not in kind.cls.__struct_encode_fields__):
            known = tuple(field.encode_name for field in keys_of(kind.cls))
            self.problems += unknown((*place.key, name), written[name], known)
        return kind.cls(**values)

    def _key(self, field: inspect.Field, written: Mapping[str, object], place: _Place) -> Any:
        if field.encode_name in written:
            return self.read(field.type, written[field.encode_name], place)
        self.problems.append(Problem(place.key, missing(place.key, place.example)))
        return None

    def _by_name(self, kind: inspect.DictType, written: Mapping[str, object], place: _Place) -> dict[str, Any]:
        if len(written) < (kind.min_length or 0):
            raise ValueError(missing(place.key, place.example))
        for name in written:
            self.read(kind.key_type, name, place.within(name))
        return {name: self.read(kind.value_type, value, place.within(name)) for name, value in written.items()}


def _example(field: inspect.Field) -> object:
    schema = (isinstance(field.type, inspect.Metadata) and field.type.extra_json_schema) or {}
    return next(iter(schema.get("examples", ())), None)


def _single(kind: inspect.Type, written: object, place: _Place) -> Any:
    """A value that has no parts. ValueError where it has to have some."""
    match kind:
        case inspect.TimeDeltaType():
            return parse_duration(written)
        case inspect.EnumType():
            return kind.cls(checks.one_of(*(word.value for word in kind.cls))(written))
        case inspect.LiteralType():
            return checks.one_of(*map(str, kind.values))(written)
        case inspect.CustomType():  # a secret, which its checks make of a text
            return checks.text(written)
        case inspect.StructType() | inspect.DictType():
            raise ValueError(no_table(place.key, place.example))
        case inspect.VarTupleType(item_type=inspect.StructType()):
            raise ValueError(no_table((*place.key, 0), place.example))
        case _:
            return _plain(kind, written, place)


def _plain(kind: inspect.Type, written: object, place: _Place) -> Any:
    """A value as TOML has it."""
    match kind, written:
        case (inspect.BoolType(), bool()) | (inspect.StrType(), str()):
            return written
        case inspect.IntType(), int() if not isinstance(written, bool):
            return _in_bounds(kind, written)
        case inspect.BoolType(), _:
            raise ValueError("must be true or false, without quotes")
        case _:
            raise ValueError(must_be(_WORDS[type(kind)], place.key, place.example))


def _in_bounds(kind: inspect.IntType, value: int) -> int:
    if kind.ge is not None and value < kind.ge:
        raise ValueError(f"{value} is out of bounds (at least {kind.ge})")
    if kind.le is not None and value > kind.le:
        raise ValueError(f"{value} is out of bounds (at most {kind.le})")
    return value
