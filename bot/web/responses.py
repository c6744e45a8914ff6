"""Answers: a page from a template, JSON, a way to another page, and what went wrong."""

import json
from typing import Any
from urllib.parse import quote

from starlette.responses import RedirectResponse, Response

from bot.web.authenticator import challenge
from bot.web.calls import Call
from bot.web.errors import WebError
from bot.web.templating import render


def page(call: Call, template: str, *, status: int = 200, **values: Any) -> Response:
    """A page from a template."""
    return Response(render(call, template, **values), status, media_type="text/html")


def json_answer(value: object, *, status: int = 200) -> Response:
    """JSON."""
    return Response(json.dumps(value, ensure_ascii=False), status, media_type="application/json")


def go(path: str) -> Response:
    """See another page of ours: what a form that changed something ends with."""
    return RedirectResponse(path, 303)


def failure(call: Call, error: WebError) -> Response:
    """What went wrong: JSON for programs, a page for people; the sign-in page where a person has to sign in."""
    if error.status == 401 and not call.is_api and _is_browser(call):
        following = call.pressed_on if call.is_change else call.address
        return go(f"/login?next={quote(following)}" if following not in ("", "/") else "/login")
    if call.is_api or not _is_browser(call):
        response = json_answer(error.object(), status=error.status)
    else:
        response = page(call, "error.html", status=error.status, error=error)
    if error.status == 401:
        response.headers.update(challenge())
    if error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _is_browser(call: Call) -> bool:
    return "text/html" in call.headers.get("accept", "") and "authorization" not in call.headers
