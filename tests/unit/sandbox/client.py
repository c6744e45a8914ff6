"""A small client without opinions: no redirects, no retries, one connection for each call."""

import http.client
import json
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.sandbox.images import png
from bot.sandbox.mastodon import SandboxMastodon
from tests.sandbox.wordpress import EditableWordPress

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


def publish(
    instance: SandboxMastodon,
    token: str,
    form: Form | str = "Hello",
    *,
    key: str = "",
    method: str = "POST",
    to: str = "",
) -> Reply:
    """Publish a status, or change it."""
    fields = {"status": form} if isinstance(form, str) else form
    headers = {"Idempotency-Key": key} if key else {}
    return call(f"{instance.url}/api/v1/statuses{to}", method, form=fields, token=token, headers=headers)


def upload(instance: SandboxMastodon, token: str, description: str = "") -> str:
    """Upload an image; its id."""
    reply = call(
        f"{instance.url}/api/v2/media", "POST", multipart=upload_body(png(), description=description), token=token
    )
    return str(reply.json()["id"])


def statuses_of(instance: SandboxMastodon, query: str = "", *, token: str = "") -> list[dict[str, Any]]:
    """The statuses of the account "uk", as they are listed."""
    account_id = instance.accounts["uk"].id
    rows: list[dict[str, Any]] = call(
        f"{instance.url}/api/v1/accounts/{account_id}/statuses?{query}", token=token
    ).json()
    return rows


def get(site: EditableWordPress, query: str = "", route: str = "posts") -> Reply:
    """What the REST API answers."""
    return call(f"{site.api_root}wp/v2/{route}{'?' if query else ''}{query}")


def ids_of(site: EditableWordPress, query: str = "") -> list[int]:
    """The ids of the posts that it lists."""
    return [post["id"] for post in get(site, query).json()]


def code_of(reply: Reply) -> tuple[int, str]:
    """The status of a refusal, and WordPress's own code."""
    return reply.status, reply.json()["code"]


def fill(site: EditableWordPress, number: int) -> list[int]:
    """So many posts, an hour apart."""
    return [site.publish(title=f"Post {n}", date=START - timedelta(hours=number - n)) for n in range(number)]
