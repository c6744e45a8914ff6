"""The kinds of values that the config's keys take: each a type, the rules on it, and its face in the JSON Schema."""

from datetime import timedelta
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, Strict, ValidationInfo, WithJsonSchema

from bot.config import checks, urls
from bot.config.durations import PATTERN, format_duration, parse_duration
from bot.config.secret import Secret

_Item = TypeVar("_Item")
_HTTP = "^https?://[^ ]+$"


def _site_url(value: str, info: ValidationInfo) -> str:
    # Where allow_private is itself wrong, it is missing here: one problem is enough then.
    return urls.web_address(value, allow_private=info.data.get("allow_private", True))


def _instance(value: str, info: ValidationInfo) -> str:
    return urls.instance_address(value, allow_private=info.data.get("allow_private", True))


def _state_url(value: object) -> Secret:
    return Secret(urls.state_address(checks.text(value)))


def _masked(value: Secret) -> str:
    return urls.masked(value.reveal())


def _hidden(value: Secret) -> str:
    return "…" if value.reveal() else ""


def _token(value: object) -> Secret:
    return Secret(checks.token(checks.text(value)))


Text = Annotated[str, AfterValidator(checks.filled)]
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
Instance = Annotated[str, AfterValidator(_instance), WithJsonSchema({"type": "string", "pattern": _HTTP})]
Token = Annotated[Secret, BeforeValidator(_token), PlainSerializer(_hidden), WithJsonSchema({"type": "string"})]

FirstRunWord = Annotated[Literal["skip", "latest", "all"], BeforeValidator(checks.one_of("skip", "latest", "all"))]
Visibility = Annotated[
    Literal["public", "unlisted", "private", "direct"],
    BeforeValidator(checks.one_of("public", "unlisted", "private", "direct")),
]
ImagesWord = Annotated[Literal["attach", "card"], BeforeValidator(checks.one_of("attach", "card"))]
Source = Annotated[Literal["tags", "categories"], BeforeValidator(checks.one_of("tags", "categories"))]
MediaBudgetWord = Annotated[Literal["wait", "card"], BeforeValidator(checks.one_of("wait", "card"))]
OnEdit = Annotated[Literal["ignore", "edit"], BeforeValidator(checks.one_of("ignore", "edit"))]
OnDelete = Annotated[Literal["ignore", "delete"], BeforeValidator(checks.one_of("ignore", "delete"))]
OrderWord = Annotated[Literal["oldest", "newest"], BeforeValidator(checks.one_of("oldest", "newest"))]
