"""What answers at a path, who may ask for it, and one request as it gets it: read whole, bounded, with who asks."""

import json
from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from msgspec import Struct, field
from starlette.responses import Response

from bot.web.authenticator import Authenticator, Caller
from bot.web.counters import Counters
from bot.web.errors import WebError
from bot.web.live import Live
from bot.web.proxies import Peer

MOST_FIELDS = 100
MOST_BYTES = 65_536


class ProcessState(Struct, frozen=True, kw_only=True):
    """What outlasts a reload of the config: who is signed in, and what was counted. One for the life of the process."""

    authenticator: Authenticator = field(default_factory=Authenticator)
    counters: Counters = field(default_factory=Counters)


class Call(Struct, frozen=True, kw_only=True):
    """One request. names: what stands in the path; query: the last value of each; headers: in lower case.

    caller: None where nobody had to say who they are.
    """

    method: str
    path: str
    names: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    body: bytes
    peer: Peer
    live: Live
    process: ProcessState
    caller: Caller | None = None

    @property
    def address(self) -> str:
        """The path with its query."""
        return f"{quote(self.path)}?{urlencode(self.query)}" if self.query else quote(self.path)

    @property
    def pressed_on(self) -> str:
        """The page that the button with this address is on; '' where that is none of ours."""
        above = quote(self.path).rpartition("/")[0]
        return "" if above.startswith("//") else above

    @property
    def is_change(self) -> bool:
        """Whether it may change something."""
        return self.method not in ("GET", "HEAD", "OPTIONS")

    @property
    def is_api(self) -> bool:
        """Whether a program asks: errors are JSON then."""
        return self.path.startswith(("/api/", "/openapi.json", "/hooks/", "/metrics"))

    def form(self) -> dict[str, str]:
        """The fields of a form that was sent; WebError where it is none."""
        try:
            pairs = parse_qsl(self.body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError as error:
            raise WebError(400, "bad_form", "The form can't be read.", "Go back, load the page again.") from error
        return dict(pairs)

    def json(self) -> dict[str, Any]:
        """The JSON object that was sent; WebError where it is none."""
        if self.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise WebError(415, "not_json", "The body has to be JSON.", "Send Content-Type: application/json.")
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise WebError(400, "bad_json", "The body can't be read as JSON.", "Send one JSON object.") from error
        if not isinstance(value, dict):
            raise WebError(400, "bad_json", "The body isn't a JSON object.", 'Send one, such as {"post": "uk/1"}.')
        return value


class Access(Enum):
    """Who may ask."""

    PASSWORD = auto()
    """Whoever gives the password; a change has to come from our own page, or be JSON."""
    ANYONE = auto()
    """Everyone; the function itself looks at who it is, where that matters."""
    METRICS = auto()
    """Everyone where metrics_public stands in the config, else whoever gives the password."""


class Path(Struct, frozen=True, kw_only=True):
    """What answers at a path: a function that may block, run in a worker thread. most_bytes: of the body.

    blocks: False where it never does: it is answered though every worker waits for something.
    """

    path: str
    answer: Callable[[Call], Response]
    method: str = "GET"
    access: Access = Access.PASSWORD
    most_bytes: int = MOST_BYTES
    blocks: bool = True
