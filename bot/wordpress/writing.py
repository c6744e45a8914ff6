"""The field `share_on_mastodon` of a post: read and written as the client's user of the site."""

import json
from typing import Any

from bot.domain.models import ShareField
from bot.errors import PostGoneError, SiteUnavailableError, WriteRefusedError
from bot.wordpress.client import Client, is_success
from bot.wordpress.http import Response
from bot.wordpress.payload import complaint, error_code, load_object
from bot.wordpress.routes import Route

FIELD = "share_on_mastodon"
# With the id: of a record without the field nothing would be left, and WordPress writes that as a list.
_FIELDS = {"_fields": f"id,{FIELD}"}
_GONE = "rest_post_invalid_id"


def read_field(client: Client, route: Route, post_id: int) -> ShareField:
    """What the site shows of a post; as this user where there is a login, so that no cache answers."""
    url = route.one(post_id, _FIELDS)
    answer = client.get(url) if client.login is None else _send(client, route.root, url)
    if not is_success(answer):
        raise _refusal(client, answer, post_id)
    return _field(client.understood(answer, load_object))


def write_field(client: Client, route: Route, post_id: int, field: ShareField) -> None:
    """Write a post's field and read it back.

    WriteRefusedError where the login may not, or where the site shows something else afterwards; PostGoneError
    where there is no such post; SiteUnavailableError where the site can't be asked now.
    """
    body = json.dumps({FIELD: {"url": field.url, "error": field.error}}).encode()
    answer = _send(client, route.root, route.one(post_id, _FIELDS), body)
    if not is_success(answer):
        raise _refusal(client, answer, post_id)
    there = read_field(client, route, post_id)
    # WordPress tidies an error up; whether there is one has to be right.
    if there.url != field.url or bool(there.error) != bool(field.error):
        raise WriteRefusedError(
            f"site {client.site}: answered {answer.status} to a write to post {post_id}, and shows "
            f"{there.url or there.error or 'nothing'} instead of {field.url or field.error or 'nothing'}"
        )


def _send(client: Client, root: str, url: str, body: bytes | None = None) -> Response:
    if client.login is None:
        raise WriteRefusedError(f"site {client.site}: there is no login to write with (user and password_file)")
    reason = client.objection(root)
    if reason:
        raise WriteRefusedError(f"site {client.site}: {reason}")
    return client.send(url, client.login, body=body)


def _refusal(
    client: Client, answer: Response, post_id: int
) -> PostGoneError | SiteUnavailableError | WriteRefusedError:
    site = client.site
    if answer.status == 404 and error_code(answer.body) == _GONE:
        return PostGoneError(f"site {site}: there is no post {post_id} (any more)")
    said = complaint(answer.body) or "without a word"
    if answer.status == 401:
        return WriteRefusedError(f"site {site}: takes the login for nobody's (401: {said})")
    if answer.status == 403:
        return WriteRefusedError(f"site {site}: the login may not edit post {post_id} (403: {said})")
    return client.refusal(answer)


def _field(record: dict[str, Any]) -> ShareField:
    value = record.get(FIELD)
    shown = value if isinstance(value, dict) else {}
    url, error = shown.get("url"), shown.get("error")
    return ShareField(url=url if isinstance(url, str) else "", error=error if isinstance(error, str) else "")
