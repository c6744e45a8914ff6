"""The password: plain or as an argon2 hash in its file, compared so that time tells nothing."""

import hmac
import secrets
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

_HASH = "$argon2"


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
