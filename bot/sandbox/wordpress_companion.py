"""What a user of the sandbox's WordPress may write: the companion plugin's field, as it behaves."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from bot.sandbox.messages import Answer, Request, json_answer
from bot.sandbox.wordpress_posts import Post
from bot.sandbox.wordpress_query import rest_error

NAMESPACE = "howdah/v1"
_FIELD = "share_on_mastodon"


def user_of(request: Request, logins: Mapping[str, str]) -> str | None:
    """The user whose Application Password came along; None for nobody. Spaces in it don't count."""
    scheme, _, credentials = request.header("authorization").partition(" ")
    if scheme != "Basic":
        return None
    try:
        user, _, password = base64.b64decode(credentials).decode().partition(":")
    except ValueError:
        return None
    known = logins.get(user)
    return user if known is not None and known.replace(" ", "") == password.replace(" ", "") else None


def write(request: Request, post: Post | None, *, user: str | None, companion: bool) -> Answer | None:
    """Save a post as a request wants it; None where it is done, else the refusal.

    Without the companion the field is ignored, and the answer says 200 all the same.
    """
    if post is None:
        return rest_error("rest_post_invalid_id", "Invalid post ID.", status=404)
    if user is None:
        return rest_error("rest_cannot_edit", "Sorry, you are not allowed to edit this post.", status=401)
    field = _sent(request).get(_FIELD)
    if companion and isinstance(field, dict):
        url, error = str(field.get("url", "")), str(field.get("error", ""))
        post.share_on_mastodon = {"url": url, "error": "" if url else " ".join(error.split())}
    return None


def me(user: str | None) -> Answer:
    """Who the user is."""
    if user is None:
        return rest_error("rest_not_logged_in", "You are not currently logged in.", status=401)
    return json_answer({"id": 1, "name": user, "slug": user})


def _sent(request: Request) -> dict[str, Any]:
    try:
        sent = json.loads(request.body)
    except ValueError:
        return {}
    return sent if isinstance(sent, dict) else {}
