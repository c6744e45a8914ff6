"""Whether a change is surely meant by who is signed in, and sent by no other site."""

from bot.web.calls import Call
from bot.web.errors import WebError
from bot.web.sessions import same

_FORGED = (
    "forged",
    "This change didn't come from howdah's own page.",
    "Load the page again. Behind a proxy: name it in trusted_proxies, and let it hand on Host and X-Forwarded-Proto.",
)


def check_origin(call: Call) -> None:
    """WebError 403 where a browser says that another site sent it here.

    A page of ours sends "null": it tells nobody where it came from. What a form brings along tells it from others.
    """
    site = call.headers.get("sec-fetch-site", "same-origin")
    origin = call.headers.get("origin", "null")
    if site not in ("same-origin", "none") or origin.lower() not in ("null", call.peer.origin.lower()):
        raise WebError(403, *_FORGED)


def check_change(call: Call) -> None:
    """WebError 403 where a change isn't surely meant by who is signed in."""
    if not call.is_change or call.caller is None:
        return
    check_origin(call)
    if call.is_api and not call.caller.by_cookie:
        call.json()  # no form can send it, and no other site's script may
        return
    given = call.headers.get("x-csrf-token", "") or ("" if call.is_api else call.form().get("csrf", ""))
    if not same(given, call.caller.csrf):
        raise WebError(403, *_FORGED)
