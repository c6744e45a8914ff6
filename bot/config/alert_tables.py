"""[alerts]: who is told when something needs a person, and who is told that howdah works."""

from datetime import timedelta
from typing import Annotated, Literal, get_args

from msgspec import Meta

from bot.config import checks, urls
from bot.config.kinds import HTTP, FileName, Table, address, checked, in_order, within
from bot.config.secret import Secret

Kind = Literal["account", "failed", "held", "site", "queue", "disk", "config"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def _receiver(value: str) -> Secret:
    """An Apprise address. It isn't repeated: most hold a password."""
    text = value.strip()
    scheme, colon, rest = text.partition("://")
    if not colon or not rest or not scheme.replace("+", "").replace("-", "").isalnum():
        raise ValueError('isn\'t an Apprise address (such as "ntfy://topic"; see the Apprise documentation)')
    return Secret(text)


def _heartbeat(value: str, *, allow_private: bool) -> Secret:
    """An address to call. It isn't repeated: its path is a secret."""
    try:
        return Secret(urls.web_address(value, allow_private=allow_private))
    except ValueError:
        # Its own words may repeat the address.
        raise ValueError(
            "isn't an address to call (write it as https://HOST/PATH; "
            "one in your own network needs allow_private = true)"
        ) from None


Receiver = Annotated[Secret, checked(_receiver, pattern="^[a-z0-9+-]+://.")]
Heartbeat = Annotated[Secret, address(_heartbeat, HTTP)]


class AlertTable(Table, frozen=True, kw_only=True):
    """Who is told, by Apprise addresses; and a heartbeat for a watchdog elsewhere."""

    allow_private: Annotated[
        bool, Meta(description="Permit receivers on loopback or private addresses.", examples=[True])
    ] = False
    urls: Annotated[
        tuple[Receiver, ...], Meta(description="Apprise addresses of those who are told.", examples=[["ntfy://topic"]])
    ] = ()
    urls_file: Annotated[
        FileName,
        Meta(
            description="A file with more of them, one a line, relative to the config file; for its owner alone.",
            examples=["alerts.urls"],
        ),
    ] = ""
    on: Annotated[
        tuple[Annotated[Kind, in_order(Kind)], ...],
        checked(checks.distinct),
        Meta(description="What is told.", examples=[["account", "failed"]]),
    ] = KINDS
    remind_every: Annotated[
        timedelta,
        within("10m", "365d"),
        Meta(description="How often a person is reminded of what is still so.", examples=["1d"]),
    ] = timedelta(days=1)
    heartbeat: Annotated[
        Heartbeat,
        Meta(
            description="An address that is called while howdah works (healthchecks style).",
            examples=["https://hc-ping.com/UUID"],
        ),
    ] = Secret("")
