"""What all tables of the config have in common."""

from pydantic import BaseModel, ConfigDict


class Table(BaseModel):
    """What all tables have in common. Messages of pydantic's own never hold a value: it might be a secret."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        strict=True,
        # The schema of a table within a table is built with the whole config's, not twice.
        defer_build=True,
        arbitrary_types_allowed=True,
        hide_input_in_errors=True,
        model_title_generator=lambda table: table.__name__.removesuffix("Table"),
    )
