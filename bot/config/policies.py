"""From the config's tables to the domain's policies, field by field of the same name."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar

from bot.config.account_tables import HashtagTable, RuleTable
from bot.config.site_tables import OnlyTable
from bot.config.table import Table
from bot.domain.policy import Filters, HashtagPolicy, Rule

_Policy = TypeVar("_Policy")

# What the tables within a table become.
_WITHIN: Mapping[type[Table], type[Any]] = {HashtagTable: HashtagPolicy, OnlyTable: Filters, RuleTable: Rule}


def policy_of(kind: type[_Policy], table: Table, **given: object) -> _Policy:
    """A policy of this kind whose every field has the value of the table's key of that name.

    given: the fields that no key of that name holds as the policy has it. AttributeError where a field has no key and
    isn't given: a policy and its table belong together.
    """
    names = [field.name for field in fields(kind) if field.name not in given]  # type: ignore[arg-type] # a dataclass
    return kind(**{name: _value(getattr(table, name)) for name in names}, **given)


def _value(value: object) -> object:
    if isinstance(value, Table):
        return policy_of(_WITHIN[type(value)], value)
    if isinstance(value, Mapping):
        return {key: _value(item) for key, item in value.items()}
    return tuple(map(_value, value)) if isinstance(value, tuple) else value
