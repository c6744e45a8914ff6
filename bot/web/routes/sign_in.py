"""Signing in and out, and the choice of colours, which is all that a browser remembers."""

from urllib.parse import urlsplit

from starlette.responses import Response

from bot.web.authenticator import COOKIE
from bot.web.calls import Access, Call, Path
from bot.web.forgery import check_origin
from bot.web.responses import go, page
from bot.web.sessions import LASTS
from bot.web.templating import THEMES

_YEAR = 365 * 86_400


def form(call: Call) -> Response:
    """The sign-in page."""
    return page(call, "login.html", wrong=False, following=_local(call.query.get("next", "")))


def sign_in(call: Call) -> Response:
    """Start a session where the password is right."""
    check_origin(call)
    fields = call.form()
    following = _local(fields.get("next", ""))
    kept = call.live.settings.read_password()
    token = call.process.authenticator.sign_in(fields.get("password", ""), kept=kept, address=call.peer.address)
    if token is None:
        return page(call, "login.html", status=403, wrong=True, following=following)
    response = go(following or "/")
    response.set_cookie(
        COOKIE, token, max_age=int(LASTS), httponly=True, samesite="lax", secure=call.peer.is_secure, path="/"
    )
    return response


def sign_out(call: Call) -> Response:
    """End the session."""
    call.process.authenticator.sign_out(call.cookies.get(COOKIE, ""))
    response = go("/login")
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=call.peer.is_secure)
    return response


def theme(call: Call) -> Response:
    """Remember light or dark colours, or leave it to the system again."""
    fields = call.form()
    response = go(_local(fields.get("next", "")) or "/")
    chosen = fields.get("theme", "")
    if chosen in THEMES:
        response.set_cookie(
            "howdah_theme", chosen, max_age=_YEAR, httponly=True, samesite="lax", secure=call.peer.is_secure, path="/"
        )
    return response


def _local(path: str) -> str:
    """A path of ours, '' for anything that leads elsewhere."""
    parts = urlsplit(path)
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return path if is_ours and path.isprintable() and "\\" not in path else ""


PATHS = (
    Path(path="/login", answer=form, access=Access.ANYONE),
    Path(path="/login", answer=sign_in, method="POST", access=Access.ANYONE),
    Path(path="/logout", answer=sign_out, method="POST"),
    Path(path="/theme", answer=theme, method="POST"),
)
