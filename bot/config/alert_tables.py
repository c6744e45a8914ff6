"""[alerts]: who is told when something needs a person, and who is told that howdah works."""

from datetime import timedelta
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, ValidationInfo, WithJsonSchema

from bot.config import checks, urls
from bot.config.kinds import Duration, FileName, Several, Table
from bot.config.secret import Secret

_KindWord = Literal["account", "failed", "held", "site", "queue", "disk", "config"]
KINDS: tuple[_KindWord, ...] = get_args(_KindWord)


def _receiver(value: object) -> Secret:
    """An Apprise address. It isn't repeated: most hold a password."""
    text = checks.text(value).strip()
    scheme, colon, rest = text.partition("://")
    if not colon or not rest or not scheme.replace("+", "").replace("-", "").isalnum():
        raise ValueError('isn\'t an Apprise address (such as "ntfy://topic"; see the Apprise documentation)')
    return Secret(text)


def _heartbeat(value: object, info: ValidationInfo) -> Secret:
    """An address to call. It isn't repeated: its path is a secret."""
    try:
        return Secret(urls.web_address(checks.text(value), allow_private=info.data.get("allow_private", True)))
    except ValueError:
        # Its own words may repeat the address.
        raise ValueError(
            "isn't an address to call (write it as https://HOST/PATH; "
            "one in your own network needs allow_private = true)"
        ) from None


Receiver = Annotated[
    Secret,
    BeforeValidator(_receiver),
    PlainSerializer(lambda _value: "…"),
    WithJsonSchema({"type": "string", "pattern": "^[a-z0-9+-]+://."}),
]
Heartbeat = Annotated[
    Secret,
    BeforeValidator(_heartbeat),
    PlainSerializer(lambda value: "…" if value.reveal() else ""),
    WithJsonSchema({"type": "string", "pattern": "^https?://[^ ]+$"}),
]
Kind = Annotated[_KindWord, BeforeValidator(checks.one_of(*KINDS))]


class AlertTable(Table):
    """Who is told, by Apprise addresses; and a heartbeat for a watchdog elsewhere."""

    allow_private: bool = Field(
        default=False,
        description="Permit receivers on loopback or private addresses.",
        examples=[True],
    )
    urls: Several[Receiver] = Field(
        default=(),
        description="Apprise addresses of those who are told.",
        examples=[["ntfy://topic"]],
    )
    urls_file: FileName = Field(
        default="",
        description="A file with more of them, one a line, relative to the config file; for its owner alone.",
        examples=["alerts.urls"],
    )
    on: Annotated[Several[Kind], AfterValidator(checks.distinct)] = Field(
        default=KINDS,
        description="What is told.",
        examples=[["account", "failed"]],
    )
    remind_every: Annotated[Duration, AfterValidator(checks.within("10m", "365d"))] = Field(
        default=timedelta(days=1),
        description="How often a person is reminded of what is still so.",
        examples=["1d"],
    )
    heartbeat: Heartbeat = Field(
        default=Secret(""),
        description="An address that is called while howdah works (healthchecks style).",
        examples=["https://hc-ping.com/UUID"],
    )
