"""Who is signed in. Kept in memory alone: a restart ends every session, and so does another password."""

import hmac
import secrets
import threading
from collections import OrderedDict
from hashlib import sha256

from msgspec import Struct

LASTS = 14 * 86_400.0  # seconds
_MOST = 200


class Session(Struct, frozen=True, kw_only=True):
    """One browser that is signed in. csrf: what its forms have to bring along. until: in the clock's seconds."""

    csrf: str
    until: float


class Sessions:
    """The sessions, found by a token of which only the digest is kept. May be used by several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Session] = OrderedDict()

    def start(self, *, now: float) -> str:
        """A new session; its token. Where there are too many, the oldest ends."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._known[_digest(token)] = Session(csrf=secrets.token_urlsafe(32), until=now + LASTS)
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
        return token

    def find(self, token: str, *, now: float) -> Session | None:
        """The session of this token; None where there is none (any more)."""
        with self._lock:
            session = self._known.get(_digest(token))
        return session if session is not None and now < session.until else None

    def end(self, token: str) -> None:
        """End one."""
        with self._lock:
            self._known.pop(_digest(token), None)

    def end_all(self) -> None:
        """End every one."""
        with self._lock:
            self._known.clear()


def same(given: str, expected: str) -> bool:
    """Whether two secrets are the same, in a time that doesn't tell how much of them is."""
    return hmac.compare_digest(given.encode(errors="replace"), expected.encode())


def _digest(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
