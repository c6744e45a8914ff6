"""From the bytes of an answer to JSON, and to a few words about what came instead.

WordPress sites wrap their JSON in a byte-order mark, in PHP's notices before and cache plugins' comments after. All
of that is taken off; what then isn't whole JSON of the expected kind is no answer at all.
"""

import html
import json
import re
from itertools import islice
from typing import Any

_LONGEST = 200
# How much may stand before the JSON or behind it, and in front of a page's title: with bounds, no search takes seconds.
_AROUND = 200_000
_HEAD = 20_000
_TRIES = 3
_START = re.compile(r"^[ \t]*(?=[\[{])", re.MULTILINE)
_REST = re.compile(r"(?:\s|<!--.*?-->)*", re.DOTALL)
_TITLE = re.compile(r"<title[^>]{0,200}>(.{0,500}?)</title", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")


class UnreadableError(Exception):
    """An answer isn't what WordPress would have said. Its text is a clause for a person."""


def load_list(body: bytes) -> list[Any]:
    """The JSON list that an answer is; UnreadableError for anything else."""
    value = _load(body, opening="[")
    if not isinstance(value, list):
        raise UnreadableError(f"answered with {_kind(body)} instead of a JSON list")
    return value


def load_object(body: bytes) -> dict[str, Any]:
    """The JSON object that an answer is; UnreadableError for anything else."""
    value = _load(body, opening="{")
    if not isinstance(value, dict):
        raise UnreadableError(f"answered with {_kind(body)} instead of a JSON object")
    return value


def error_code(body: bytes) -> str:
    """WordPress's error code in an answer, such as "rest_no_route"; '' where it has none."""
    value = _load(body, opening="{")
    code = value.get("code") if isinstance(value, dict) else None
    return code if isinstance(code, str) and re.fullmatch(r"[\w.-]{1,80}", code) else ""


def complaint(body: bytes) -> str:
    """What an error's body says, for people: its code and message, or the title of a page; '' where nothing."""
    value = _load(body, opening="{")
    if isinstance(value, dict):
        message = value.get("message")
        words = one_line(message) if isinstance(message, str) else ""
        return ": ".join(filter(None, (error_code(body), words)))
    # Looked for at the beginning only: a hostile page could make the search through all of it endless.
    found = _TITLE.search(_text(body)[:_HEAD])
    return one_line(found[1]) if found else ""


def one_line(text: str) -> str:
    """A foreign text as part of a message: without tags and control characters, on one line, shortened."""
    bare = html.unescape(_TAG.sub(" ", text[: 10 * _LONGEST]))
    line = " ".join("".join(character if character.isprintable() else " " for character in bare).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def _load(body: bytes, *, opening: str) -> Any:
    """The JSON value of an answer, what was wrapped around it taken off; None where there is none."""
    text = _text(body)
    whole = _decoded(text, 0)
    if whole is not None or text.startswith(opening):
        return whole
    starts = (found.end() for found in _START.finditer(text, 0, _AROUND) if text[found.end()] == opening)
    values = (_decoded(text, start) for start in islice(starts, _TRIES))
    return next((value for value in values if value is not None), None)


def _decoded(text: str, start: int) -> Any:
    """The JSON value that begins here and reaches to the end, comments aside; None where it doesn't."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    if len(text) - end > _AROUND:
        return None
    # Not fullmatch: that would go back to try other ends of each comment.
    rest = _REST.match(text, end)
    return value if rest is not None and rest.end() == len(text) else None


_DECODER = json.JSONDecoder()


def _text(body: bytes) -> str:
    # A notice in another encoding must not cost the JSON behind it, which is ASCII as WordPress writes it.
    return body.decode("utf-8-sig", errors="replace").strip()


def _kind(body: bytes) -> str:
    """What came instead of JSON, in a few words."""
    text = _text(body)
    if not text:
        return "nothing"
    if text.startswith("<"):
        title = complaint(body)
        return f"a page ({title})" if title else "a page"
    if _decoded(text, 0) is None:
        return "broken JSON"
    said = complaint(body)
    return f"other JSON ({said})" if said else "other JSON"
