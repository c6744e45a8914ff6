"""The whole config, and which table stands where. The words in it describe each key to editors.

A key is checked by itself (validation.py), so that all problems come out at once; what concerns several is in
relations.py.
"""

from typing import Annotated

from msgspec import Meta

from bot.config.account_tables import AccountTable
from bot.config.alert_tables import AlertTable
from bot.config.kinds import Name, StateUrl, Table
from bot.config.secret import Secret
from bot.config.site_tables import SiteTable
from bot.config.web_tables import WebTable


class StateTable(Table, frozen=True, kw_only=True):
    """Where howdah remembers what it has seen and shared."""

    url: Annotated[
        StateUrl,
        Meta(
            description="The state store: an SQLite file (relative to the config file) or a PostgreSQL database.",
            examples=["sqlite:///howdah.db", "postgresql://howdah@db.example.org/howdah"],
        ),
    ] = Secret("sqlite:///howdah.db")


class Settings(Table, frozen=True, kw_only=True):
    """The whole config of howdah."""

    state: Annotated[StateTable, Meta(description="The state store.")] = StateTable()
    sites: Annotated[
        dict[Name, SiteTable],
        Meta(min_length=1, description="The WordPress sites, each under a name of its own: [sites.NAME]."),
    ]
    accounts: Annotated[
        dict[Name, AccountTable],
        Meta(
            min_length=1, description="The accounts that are shared on, each under a name of its own: [accounts.NAME]."
        ),
    ]
    web: Annotated[WebTable | None, Meta(description="The status page; absent: off.")] = None
    alerts: Annotated[
        AlertTable | None, Meta(description="Who is told when something needs a person; absent: nobody.")
    ] = None
