"""A path and who may ask for it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from starlette.responses import Response

from bot.web.calls import Call

MOST_BYTES = 65_536


class Access(Enum):
    """Who may ask."""

    PASSWORD = auto()
    """Whoever gives the password; a change has to come from our own page, or be JSON."""
    ANYONE = auto()
    """Everyone; the function itself looks at who it is, where that matters."""
    METRICS = auto()
    """Everyone where metrics_public stands in the config, else whoever gives the password."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """What answers at a path: a function that may block, run in a worker thread. most_bytes: of the body.

    blocks: False where it never does: it is answered though every worker waits for something.
    """

    path: str
    answer: Callable[[Call], Response]
    method: str = "GET"
    access: Access = Access.PASSWORD
    most_bytes: int = MOST_BYTES
    blocks: bool = True
