"""Mentions: nobody is notified by accident, and who is meant to be stays so."""

from collections.abc import Collection, Iterator

import regex

from bot.domain.text.patterns import lazily

# Behind the `@` a name begins, or the text ends, to which the template may add something. Misskey and what came of it
# (`mfm.js`) take only an ASCII letter or digit before it for a part of an address.
_LIVE_SIGN = lazily(r"(?<![A-Za-z0-9])@(?=[\p{L}\p{N}_.-]|\Z)")
# Mastodon takes a letter of any script for one, and it alone is told whom a status may mention.
_SIGN = lazily(r"(?<![\p{L}\p{M}\p{Nd}])@(?=[\p{L}\p{N}_.-]|\Z)")
_HANDLE = lazily(
    r"@(?P<handle>[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*(?:@[\p{L}\p{M}\p{Nd}]+(?:[.-]+[\p{L}\p{M}\p{Nd}]+)*)?)"
)
_URL = regex.compile(r"[a-z][a-z0-9+.-]{0,20}://\S+", regex.IGNORECASE)


def defuse_mentions(text: str, allowed: Collection[str] = ()) -> str:
    """The text so that nobody is notified but those allowed: a zero-width space behind every other live `@`.

    Servers differ in what may stand before the `@`; behind an ASCII letter or digit, as in most e-mail addresses, it is
    safe with all of them. Inside a URL it becomes %40, which keeps the URL working. A hashtag in the text stays: it is
    the author's own word, and notifies nobody. allowed: handles, with or without their `@`, whatever their case.
    """
    if "@" not in text:
        return text
    known = frozenset(map(_folded, allowed))
    text = _URL.sub(lambda found: found[0].replace("@", "%40"), text)
    return _LIVE_SIGN().sub(lambda found: "@" if _handle_at(text, found.start()) in known else "@\u200b", text)


def mentions_in(text: str) -> tuple[str, ...]:
    """The handles that a text mentions on Mastodon, without their first `@`, in their order, none twice."""
    return tuple(dict.fromkeys(_handles(text))) if "@" in text else ()


def _handles(text: str) -> Iterator[str]:
    bare = _URL.sub(lambda found: " " * len(found[0]), text)
    for sign in _SIGN().finditer(bare):
        found = _HANDLE().match(bare, sign.start())
        if found is not None:
            yield found["handle"]


def _handle_at(text: str, position: int) -> str:
    """The handle that begins here, to be compared; '' where none does."""
    found = _HANDLE().match(text, position)
    return _folded(found["handle"]) if found is not None else ""


def _folded(handle: str) -> str:
    return handle.removeprefix("@").casefold()
