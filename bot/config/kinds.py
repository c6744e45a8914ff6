"""What the config's tables are made of: their base, and the kinds of values that their keys take.

A table describes itself to msgspec. What its types can't say stands in a key's Meta, in `extra`, for validation.py,
showing.py and json_schema.py:
checks: each takes the value and gives it back, perhaps in its one normal form, or raises ValueError for a person.
address: as a check, but it takes allow_private too, as the table around has it.
before: what makes of the written value the one that is read, or raises ValueError as a check does.
show: what makes the written value of a value again. schema: its JSON Schema, in place of the type's own.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal, cast, get_args

from msgspec import Meta, Struct, inspect

from bot.config import checks, urls
from bot.config.secret import Secret

HTTP = "^https?://[^ ]+$"
"""What an editor may check an address with."""


class Table(Struct, frozen=True, kw_only=True):
    """A table of the config."""


def keys_of(table: type[Struct]) -> list[inspect.Field]:
    """A table's keys as msgspec describes them, those that it inherits last: a site's address before its filters."""
    inherited = {name for base in table.__bases__ if issubclass(base, Table) for name in base.__struct_fields__}
    keys = cast("inspect.StructType", inspect.type_info(table)).fields
    return sorted(keys, key=lambda key: key.name in inherited)


def checked(*rules: Callable[[Any], Any], **schema: object) -> Meta:
    """That a value passes these checks, one after the other; schema: what of it an editor may check."""
    return Meta(extra={"checks": rules}, extra_json_schema=schema)


def within(shortest: str, longest: str) -> Meta:
    """That a duration is between these two, both allowed."""
    return checked(checks.within(shortest, longest))


def address(check: Callable[..., Any], pattern: str) -> Meta:
    """That a value is an address as this check wants it, with what the table permits."""
    return Meta(extra={"address": check}, extra_json_schema={"pattern": pattern})


def in_order(words: object) -> Meta:
    """That a value is one of a Literal's words, which a person is told as they are written: msgspec sorts them."""
    known: tuple[str, ...] = get_args(words)
    return Meta(extra={"before": checks.one_of(*known), "schema": {"type": "string", "enum": list(known)}})


def _feed_url(value: str, *, allow_private: bool) -> str:
    return value and urls.feed_address(value, allow_private=allow_private)


def _state_url(value: str) -> Secret:
    return Secret(urls.state_address(value))


def _masked(value: Secret) -> str:
    return urls.masked(value.reveal())


def _token(value: str) -> Secret:
    return Secret(checks.token(value))


def _several(written: object) -> object:
    return [written] if isinstance(written, str) else written


def _one_or_several(value: tuple[str, ...]) -> str | list[str]:
    return value[0] if len(value) == 1 else list(value)


Text = Annotated[str, checked(checks.filled)]
FileName = Annotated[str, checked(checks.file_name)]
Name = Annotated[str, checked(checks.name)]
Hashtag = Annotated[str, checked(checks.hashtag)]
Template = Annotated[str, checked(checks.filled, checks.template)]
Language = Annotated[str, checked(checks.filled, checks.language)]
LanguageOrNone = Annotated[str, checked(checks.language)]
UserName = Annotated[str, checked(checks.filled, checks.user_name)]
Variable = Annotated[str, checked(checks.variable)]
_Visibility = Literal["public", "unlisted", "private", "direct"]
Visibility = Annotated[_Visibility, in_order(_Visibility)]
_Terms = Literal["tags", "categories"]
Terms = Annotated[_Terms, in_order(_Terms)]
SiteUrl = Annotated[str, address(urls.site_address, HTTP)]
FeedUrl = Annotated[str, address(_feed_url, f"^$|{HTTP}")]
Instance = Annotated[str, address(urls.instance_address, HTTP)]
StateUrl = Annotated[
    Secret,
    Meta(
        extra={"checks": (_state_url,), "show": _masked},
        extra_json_schema={"pattern": "^(sqlite:///.|postgresql://)"},
    ),
]
Token = Annotated[Secret, checked(_token)]
# One, or a list of them.
PostTypes = Annotated[
    tuple[str, ...],
    Meta(
        extra={
            "before": _several,
            "checks": (checks.post_types,),
            "show": _one_or_several,
            "schema": {
                "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}, "minItems": 1}],
            },
        },
    ),
]
