"""A small client without opinions: no redirects, no retries, one connection for each call."""

import http.client
import json
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

Form = Mapping[str, str] | Sequence[tuple[str, str]]
START = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


class HandClock:
    """A clock that moves when it is told to."""

    def __init__(self, now: datetime = START) -> None:
        self.instant = now

    def __call__(self) -> datetime:
        """The present instant."""
        return self.instant

    def forward(self, **duration: float) -> None:
        """Let time pass, as timedelta counts it."""
        self.instant += timedelta(**duration)


def call(
    url: str,
    method: str = "GET",
    *,
    form: Form | None = None,
    json_body: Any = None,
    multipart: tuple[bytes, str] | None = None,
    token: str = "",
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Make one request on a connection of its own."""
    sent = dict(headers or {})
    if token:
        sent["Authorization"] = f"Bearer {token}"
    body = b""
    if form is not None:
        body, sent["Content-Type"] = urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"
    if json_body is not None:
        body, sent["Content-Type"] = json.dumps(json_body).encode(), "application/json"
    if multipart is not None:
        body, sent["Content-Type"] = multipart
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    try:
        connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, sent)
        answer = connection.getresponse()
        return Reply(status=answer.status, headers=answer.headers, body=answer.read())
    finally:
        connection.close()


def upload_body(data: bytes, **fields: str) -> tuple[bytes, str]:
    """A multipart form with a file and fields."""
    parts = [
        f'--cut\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    head = '--cut\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    body = "".join(parts).encode() + head.encode() + data + b"\r\n--cut--\r\n"
    return body, "multipart/form-data; boundary=cut"
