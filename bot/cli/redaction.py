"""Secrets never leave: whatever is printed or logged goes through hide().

Only what is known to be a secret is hidden. What merely looks like one is left: titles and errors speak of passwords,
too, and what is guessed away can't be read any more.
"""

MARK = "[hidden]"

# Shorter values would blot out innocent words; no server's tokens are so short.
_SHORTEST = 6
_known: set[str] = set()


def remember(value: str) -> str:
    """Hide this value from now on, also where it stands in a URL or in an error's repr; returns it."""
    from urllib.parse import quote

    if len(value) >= _SHORTEST:
        _known.update((value, repr(value)[1:-1], quote(value, safe="")))
    return value


def hide(text: str) -> str:
    """The text without the values that are to be hidden."""
    for value in sorted(_known, key=len, reverse=True):
        text = text.replace(value, MARK)
    return text


def hidden(value: object) -> object:
    """A value of JSON with every text in it as hide() leaves it: before it is escaped, so that it stays JSON."""
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, dict):
        return {hide(str(key)): hidden(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [hidden(item) for item in value]
    return value
