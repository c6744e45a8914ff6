"""What the config's tables are made of: their base, and the kinds of values that their keys take.

A kind is a type, the rules on it, and its face in the JSON Schema.
"""

import re
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    Strict,
    ValidationInfo,
    WithJsonSchema,
)

from bot.config import checks, urls
from bot.config.durations import PATTERN, format_duration, parse_duration
from bot.config.secret import Secret
from bot.domain.policy import FirstRun, Images, MediaBudget, OnDelete, OnEdit, Order, Plugin
from bot.domain.policy import Source as SiteSource


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


_Item = TypeVar("_Item")
_HTTP = "^https?://[^ ]+$"


def _site_url(value: str, info: ValidationInfo) -> str:
    # Where allow_private is itself wrong, it is missing here: one problem is enough then.
    return urls.site_address(value, allow_private=info.data.get("allow_private", True))


def _feed_url(value: str, info: ValidationInfo) -> str:
    return value and urls.feed_address(value, allow_private=info.data.get("allow_private", True))


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _one_or_several(value: tuple[str, ...]) -> str | list[str]:
    return value[0] if len(value) == 1 else list(value)


def _instance(value: str, info: ValidationInfo) -> str:
    return urls.instance_address(value, allow_private=info.data.get("allow_private", True))


def _state_url(value: object) -> Secret:
    return Secret(urls.state_address(checks.text(value)))


def _masked(value: Secret) -> str:
    return urls.masked(value.reveal())


def _hidden(value: Secret) -> str:
    return "…" if value.reveal() else ""


def _schema_of(kind: type[StrEnum]) -> WithJsonSchema:
    title = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__)
    return WithJsonSchema({"title": title, "type": "string", "enum": [str(word) for word in kind]})


def _token(value: object) -> Secret:
    return Secret(checks.token(checks.text(value)))


Text = Annotated[str, AfterValidator(checks.filled)]
FileName = Annotated[str, AfterValidator(checks.file_name)]
Name = Annotated[str, AfterValidator(checks.name)]
Hashtag = Annotated[str, AfterValidator(checks.hashtag)]
# TOML has lists, we keep tuples: the list itself is converted, its items are not.
Several = Annotated[tuple[_Item, ...], Strict(strict=False)]
Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration),
    WithJsonSchema({"type": "string", "pattern": PATTERN}),
]
StateUrl = Annotated[
    Secret,
    BeforeValidator(_state_url),
    PlainSerializer(_masked),
    WithJsonSchema({"type": "string", "pattern": "^(sqlite:///.|postgresql://)"}),
]
SiteUrl = Annotated[str, AfterValidator(_site_url), WithJsonSchema({"type": "string", "pattern": _HTTP})]
FeedUrl = Annotated[str, AfterValidator(_feed_url), WithJsonSchema({"type": "string", "pattern": f"^$|{_HTTP}"})]
# One, or a list of them.
PostTypes = Annotated[
    tuple[str, ...],
    Strict(strict=False),
    BeforeValidator(_several),
    AfterValidator(checks.post_types),
    PlainSerializer(_one_or_several),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}]}),
]
Language = Annotated[str, AfterValidator(checks.filled), AfterValidator(checks.language)]
Instance = Annotated[str, AfterValidator(_instance), WithJsonSchema({"type": "string", "pattern": _HTTP})]
Token = Annotated[Secret, BeforeValidator(_token), PlainSerializer(_hidden), WithJsonSchema({"type": "string"})]

FirstRunWord = Annotated[FirstRun, BeforeValidator(checks.word_of(FirstRun)), _schema_of(FirstRun)]
SourceWord = Annotated[SiteSource, BeforeValidator(checks.word_of(SiteSource)), _schema_of(SiteSource)]
Visibility = Annotated[
    Literal["public", "unlisted", "private", "direct"],
    BeforeValidator(checks.one_of("public", "unlisted", "private", "direct")),
]
ImagesWord = Annotated[Images, BeforeValidator(checks.word_of(Images)), _schema_of(Images)]
Source = Annotated[Literal["tags", "categories"], BeforeValidator(checks.one_of("tags", "categories"))]
MediaBudgetWord = Annotated[MediaBudget, BeforeValidator(checks.word_of(MediaBudget)), _schema_of(MediaBudget)]
OnEditWord = Annotated[OnEdit, BeforeValidator(checks.word_of(OnEdit)), _schema_of(OnEdit)]
OnDeleteWord = Annotated[OnDelete, BeforeValidator(checks.word_of(OnDelete)), _schema_of(OnDelete)]
OrderWord = Annotated[Order, BeforeValidator(checks.word_of(Order)), _schema_of(Order)]
PluginWord = Annotated[Plugin, BeforeValidator(checks.word_of(Plugin)), _schema_of(Plugin)]
