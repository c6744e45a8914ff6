"""The whole config, and which table stands where. The words in it describe each key to editors.

A table checks one key at a time, so that all problems come out at once; what concerns several is in relations.py.
allow_private stands first in its tables because the address after it is checked by it.
"""

from typing import Any

from pydantic import Field

from bot.config.account_tables import AccountTable, HashtagTable, RuleTable
from bot.config.alert_tables import AlertTable
from bot.config.kinds import Name, StateUrl, Table
from bot.config.secret import Secret
from bot.config.site_tables import OnlyTable, SiteTable
from bot.config.toml_text import Key
from bot.config.web_tables import WebTable


class StateTable(Table):
    """Where howdah remembers what it has seen and shared."""

    url: StateUrl = Field(
        default=Secret("sqlite:///howdah.db"),
        description="The state store: an SQLite file (relative to the config file) or a PostgreSQL database.",
        examples=["sqlite:///howdah.db", "postgresql://howdah@db.example.org/howdah"],
    )


class Settings(Table):
    """The whole config of howdah."""

    state: StateTable = Field(
        default=StateTable.model_construct(),
        description="The state store.",
    )
    sites: dict[Name, SiteTable] = Field(
        min_length=1,
        description="The WordPress sites, each under a name of its own: [sites.NAME].",
    )
    accounts: dict[Name, AccountTable] = Field(
        min_length=1,
        description="The accounts that are shared on, each under a name of its own: [accounts.NAME].",
    )
    web: WebTable | None = Field(
        default=None,
        description="The status page; absent: off.",
    )
    alerts: AlertTable | None = Field(
        default=None,
        description="Who is told when something needs a person; absent: nobody.",
    )


def table_at(key: Key) -> type[Table]:
    """The kind of table that stands at a key without indices. KeyError where the config has no table there."""
    match key:
        case ():
            return Settings
        case ("sites", _, "only", _):
            return OnlyTable
        case ("accounts", _, "hashtags"):
            return HashtagTable
        case ("accounts", _, "rules"):
            return RuleTable
        case _:
            return _TABLES[key[0], len(key)]


def keys_of(table: type[Table]) -> dict[str, Any]:
    """A table's keys as they are written in the config, each with its field."""
    return {field.alias or name: field for name, field in table.model_fields.items()}


_TABLES: dict[tuple[str | int, int], type[Table]] = {
    ("state", 1): StateTable,
    ("sites", 2): SiteTable,
    ("accounts", 2): AccountTable,
    ("web", 1): WebTable,
    ("alerts", 1): AlertTable,
}
