"""What came of one request to an instance."""

import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field


class Response(Struct, frozen=True, kw_only=True):
    """An answer.

    headers: found whatever their case. flaw: why its body could not be read to its end, '' where it could; then the
    body is empty. broken: whether that was because the connection broke.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    flaw: str = ""
    broken: bool = False

    def __repr__(self) -> str:
        return f"Response({self.status}, {self.flaw!r})"

    @property
    def ok(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body's value; None where it is no JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


class NoResponse(Struct, frozen=True, kw_only=True):
    """No answer. sent: whether a byte of the request may have left. reason: the rest of a sentence on the instance.

    broken: whether the connection broke, rather than that the time was up.
    """

    sent: bool
    reason: str
    broken: bool = False
    error: Exception | None = None


Result = Response | NoResponse
NEVER_ASKED = NoResponse(sent=False, reason="was not asked: no request could be made of this")
