"""Who may come in: by a session that was signed in to, or by the password with each request.

The password is plain or an argon2 hash in its file, and compared so that time tells nothing.
"""

import base64
import binascii
import hmac
import secrets
import threading
import time
from collections.abc import Callable
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from msgspec import Struct

from bot.web.errors import WebError
from bot.web.proxies import neighbourhood
from bot.web.sessions import Sessions
from bot.web.throttle import Throttle

COOKIE = "howdah_session"
# How an argon2 hash begins, which may stand in the password file for the password.
_HASH = "$argon2"
_REALM = 'Basic realm="howdah", charset="UTF-8"'


class Caller(Struct, frozen=True, kw_only=True):
    """Somebody who knows the password. csrf: what their forms have to bring along; by_cookie: a browser's session."""

    csrf: str
    by_cookie: bool


class Authenticator:
    """Knows who is signed in. It outlasts a reload of the config; another password ends every session.

    kept, in every method: the password file's text as it is now. address: whom a request comes from.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._kept = ""  # the password file's text that the sessions belong to
        self._basic_csrf = ""
        self._passwords = Passwords()
        self._sessions = Sessions()
        self._throttle = Throttle()
        self._turn = threading.Lock()  # one try at a time: several right ones at once would count as wrong meanwhile

    def admit(self, cookie: str, authorization: str, *, kept: str, address: str) -> Caller:
        """Who sent this session's cookie, or this header. WebError 401 for nobody, 429 where they tried too often."""
        self._note(kept)
        session = self._sessions.find(cookie, now=self._clock())
        if session is not None:
            return Caller(csrf=session.csrf, by_cookie=True)
        given = _basic_password(authorization)
        if given is None or not self._is_right(given, kept=kept, address=address):
            raise WebError(401, "password", "This needs the password.", "Give it by HTTP Basic, with any user name.")
        return Caller(csrf=self._basic_csrf, by_cookie=False)

    def sign_in(self, given: str, *, kept: str, address: str) -> str | None:
        """A new session's cookie; None where the password is wrong. WebError 429 where they tried too often."""
        self._note(kept)
        return self._sessions.start(now=self._clock()) if self._is_right(given, kept=kept, address=address) else None

    def sign_out(self, cookie: str) -> None:
        """End the session."""
        self._sessions.end(cookie)

    def _note(self, kept: str) -> None:
        """Another password ends every session."""
        with self._lock:
            if kept != self._kept:
                self._kept = kept
                self._basic_csrf = secrets.token_urlsafe(32)
                self._sessions.end_all()

    def _is_right(self, given: str, *, kept: str, address: str) -> bool:
        address, now = neighbourhood(address), self._clock()
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


class Passwords:
    """Compares passwords with what the file says at the time.

    A hash takes its time on purpose. The right password is remembered, as a digest under a key that only this process
    has, so that a program that gives it with every request isn't slow.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._right: tuple[str, bytes] = ("", b"")

    def is_right(self, given: str, kept: str) -> bool:
        """Whether this password is the one that is kept in the file."""
        digest = self._digest(given)
        known_for, known = self._right
        if known_for == kept and hmac.compare_digest(known, digest):
            return True
        if not _matches(given, kept):
            return False
        self._right = (kept, digest)
        return True

    def _digest(self, text: str) -> bytes:
        return hmac.digest(self._key, text.encode(errors="replace"), sha256)


def _matches(given: str, kept: str) -> bool:
    if not kept.startswith(_HASH):
        return hmac.compare_digest(given.encode(errors="replace"), kept.encode())
    try:
        return PasswordHasher().verify(kept, given)
    except (Argon2Error, InvalidHashError):
        return False
