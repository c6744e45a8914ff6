"""The page's own style and script. They say nothing of anyone, and are kept for a day."""

from functools import cache
from importlib.resources import files

from starlette.responses import Response

from bot.web.calls import Access, Call, Path
from bot.web.errors import not_found

_TYPES = {"style.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}


def asset(call: Call) -> Response:
    """One of the page's own files."""
    name = call.names["name"]
    if name not in _TYPES:
        raise not_found("such file")
    headers = {"Cache-Control": "public, max-age=86400"}
    return Response(_read(name), media_type=_TYPES[name], headers=headers)


@cache
def _read(name: str) -> bytes:
    return (files("bot.web") / "static" / name).read_bytes()


PATHS = (Path(path="/static/{name}", answer=asset, access=Access.ANYONE),)
