"""Tokens never leave: whatever is printed or logged goes through hide()."""

import re

MARK = "[hidden]"

# Shorter values would blot out innocent words; no server's tokens are so short.
_SHORTEST = 6
_known: set[str] = set()
_LIKE_A_TOKEN = re.compile(
    r"""(\b(?:Bearer|Basic)\s+ | \b(?:access_token|refresh_token|client_secret|token|password)["']?\s*[=:]\s*["']?)"""
    r"""[^\s"'&,;(){}\[\]]{6,}""",
    re.IGNORECASE | re.VERBOSE,
)


def remember(value: str) -> str:
    """Hide this value from now on, also where it is escaped; returns it."""
    import json
    from urllib.parse import quote

    if len(value) >= _SHORTEST:
        _known.update((value, json.dumps(value)[1:-1], quote(value, safe="")))
    return value


def hide(text: str) -> str:
    """The text without the values that are to be hidden, and without what looks like a token."""
    for value in sorted(_known, key=len, reverse=True):
        text = text.replace(value, MARK)
    return _LIKE_A_TOKEN.sub(rf"\g<1>{MARK}", text)
