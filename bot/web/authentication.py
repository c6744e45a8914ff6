"""Authentication: who may come in, and who may change something."""

import base64
import binascii
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from bot.web.calls import Call, Caller
from bot.web.errors import WebError
from bot.web.live import Live
from bot.web.passwords import Passwords
from bot.web.proxies import neighbourhood
from bot.web.sessions import Sessions, same
from bot.web.throttle import Throttle

COOKIE = "howdah_session"
_REALM = 'Basic realm="howdah", charset="UTF-8"'
_FORGED = (
    "forged",
    "This change didn't come from howdah's own page.",
    "Load the page again. Behind a proxy: name it in trusted_proxies, and let it hand on Host and X-Forwarded-Proto.",
)


class Authenticator:
    """Knows who is signed in. It outlasts a reload of the config; another password ends every session."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept = ""  # the password file's text that the sessions belong to
        self._basic_csrf = ""
        self._passwords = Passwords()
        self._sessions = Sessions()
        self._throttle = Throttle()
        self._turn = threading.Lock()  # one try at a time: several right ones at once would count as wrong meanwhile

    def admit(self, call: Call) -> Call:
        """The call with its caller. WebError 401 where they don't give the password, 429 where they tried too often."""
        kept = self._current(call.live)
        session = self._sessions.find(call.cookies.get(COOKIE, ""), now=self._clock())
        if session is not None:
            return replace(call, caller=Caller(csrf=session.csrf, by_cookie=True))
        given = _basic_password(call.headers.get("authorization", ""))
        if given is None or not self._is_right(call, given, kept):
            raise WebError(401, "password", "This needs the password.", "Give it by HTTP Basic, with any user name.")
        return replace(call, caller=Caller(csrf=self._basic_csrf, by_cookie=False))

    def sign_in(self, call: Call, given: str) -> str | None:
        """A new session's token; None where the password is wrong. WebError 429 where they tried too often."""
        if not self._is_right(call, given, self._current(call.live)):
            return None
        return self._sessions.start(now=self._clock())

    def sign_out(self, call: Call) -> None:
        """End the session."""
        self._sessions.end(call.cookies.get(COOKIE, ""))

    def _current(self, live: Live) -> str:
        """What the password file says now."""
        kept = live.settings.read_password()
        with self._lock:
            if kept != self._kept:
                self._kept = kept
                self._basic_csrf = secrets.token_urlsafe(32)
                self._sessions.end_all()
        return kept

    def _is_right(self, call: Call, given: str, kept: str) -> bool:
        address, now = neighbourhood(call.peer.address), self._clock()
        with self._turn:
            wait = self._throttle.begin(address, now=now)
            right = wait <= 0 and self._passwords.is_right(given, kept)
            if right:
                self._throttle.right(address, now=now)
        if wait > 0:
            seconds = int(wait) + 1
            raise WebError(
                429, "too_often", "Too many wrong passwords.", f"Wait {seconds} s, then try again.", retry_after=seconds
            )
        return right


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


def challenge() -> dict[str, str]:
    """The header that asks a program for the password."""
    return {"WWW-Authenticate": _REALM}


def _basic_password(authorization: str) -> str | None:
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    _, colon, password = decoded.partition(":")
    return password if colon else None
