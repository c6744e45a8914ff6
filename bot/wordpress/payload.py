"""From the bytes of an answer to JSON, and to a few words about what came instead.

WordPress sites wrap their JSON in byte-order marks, in PHP's notices, code, scripts and styles before it and behind,
in cache plugins' comments, in a stray 0. All of that is taken off; what then isn't whole JSON of the expected kind is
no answer at all, and JSON within a page, or within its scripts, is a part of that page.
"""

import codecs
import html
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

_LONGEST = 200
# How much may stand before the JSON or behind it, and in front of a page's title: with bounds, no search takes seconds.
_AROUND = 200_000
_HEAD = 20_000
_TRIES = 8
_MOST_STARTS = 50
_LONGEST_SHOWN = 60
# What shows nothing at either end: white space, byte-order marks, NULs, the end of a text in DOS.
_NOTHING = " \t\r\n\f\v\xa0\u200b\ufeff\0\x1a"
_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# Python refuses to read longer numbers, for the time that they take.
_DIGITS = 4_000
# What JSON of WordPress's begins with: a list of objects or of nothing, an object with a name or with none.
_STARTS = {"[": re.compile(r"\[(?=\s*[\[{\]])"), "{": re.compile(r'\{(?=\s*["}])')}
_START_OF_LINE = re.compile(r"^[ \t]*(?=[\[{])", re.MULTILINE)
# Company that is closed in itself: scripts, styles, comments, PHP that didn't run.
_OPENING = re.compile(r"<(?:script|style)\b|<!--|<\?(?:php\b|=)", re.IGNORECASE)
_CLOSING = {
    "<script": re.compile(r"</script\s*>", re.IGNORECASE),
    "<style": re.compile(r"</style\s*>", re.IGNORECASE),
    "<!--": re.compile("-->"),
    "<?php": re.compile(r"\?>"),
    "<?=": re.compile(r"\?>"),
}
_PAGE = re.compile(r"<!doctype|</?(?:html|head|body|script|style)\b|<\?|<!--", re.IGNORECASE)
_BEHIND = re.compile(
    r"(?:-?[0-9]{0,3}|null|true|false)\Z|<|(?:PHP )?(?:Warning|Notice|Deprecated|Strict|Fatal error|Parse error)\b"
)
_MORE_JSON = re.compile(r'\[\s*\{|\{\s*"')
_TITLE = re.compile(r"<title[^>]{0,200}>(.{0,500}?)</title", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_OF_AN_ERROR = frozenset({"code", "message", "data", "additional_errors"})
_LONGEST_ERROR = 10_000


class UnreadableError(Exception):
    """An answer isn't what WordPress would have said. Its text is a clause for a person."""


def load_list(body: bytes) -> list[Any]:
    """The JSON list that an answer is; UnreadableError for anything else."""
    value = _load(body, opening="[")
    if isinstance(value, dict) and value and all(map(str.isdecimal, value)):
        return list(value.values())  # PHP writes a list with holes as an object
    if not isinstance(value, list):
        raise UnreadableError(f"answered with {_kind(body)} instead of a JSON list")
    return value


def load_object(body: bytes) -> dict[str, Any]:
    """The JSON object that an answer is; UnreadableError for anything else.

    An error, which some servers answer with status 200, is no object that lacks what was asked for.
    """
    value = _load(body, opening="{")
    if not isinstance(value, dict):
        raise UnreadableError(f"answered with {_kind(body)} instead of a JSON object")
    if _is_error(value):
        raise UnreadableError(f"answered with an error ({complaint(body)})")
    return value


def is_page(body: bytes) -> bool:
    """Whether an answer is a page or nothing at all, and so not WordPress's own."""
    return _text(body)[:1] in ("", "<")


def error_code(body: bytes) -> str:
    """WordPress's error code in an answer, such as "rest_no_route"; '' where it has none."""
    value = _load(body, opening="{")
    code = value.get("code") if isinstance(value, dict) else None
    return code if isinstance(code, str) and re.fullmatch(r"[\w.-]{1,80}", code) else ""


def stated_status(body: bytes) -> int:
    """The status that an error of WordPress's says it has; 0 where it says none, and for what is no error."""
    if len(body) > _LONGEST_ERROR or b'"code"' not in body:
        return 0
    value = _load(body, opening="{")
    data = value.get("data") if isinstance(value, dict) and _is_error(value) else None
    status = data.get("status") if isinstance(data, dict) else None
    return status if isinstance(status, int) and 400 <= status < 600 else 0


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


def _is_error(value: dict[str, Any]) -> bool:
    return {"code", "message"} <= value.keys() <= _OF_AN_ERROR


def _load(body: bytes, *, opening: str) -> Any:
    """The JSON value of an answer, what was wrapped around it taken off; None where there is none."""
    text = _text(body)
    whole = _decoded(text, 0, alone=True)
    if whole is not None:
        return whole
    starts = islice(_starts(text, opening), _TRIES)
    values = (_decoded(text, start, alone=alone) for start, alone in starts)
    return next((value for value in values if value is not None), None)


def _starts(text: str, opening: str) -> Iterator[tuple[int, bool]]:
    """Where the JSON may begin, and whether nothing stands before it but what is closed in itself; not in a page."""
    closed = list(_closed(text[:_AROUND]))
    lines = (found.end() for found in _START_OF_LINE.finditer(text, 0, _AROUND) if text[found.end()] == opening)
    anywhere = (found.start() for found in _STARTS[opening].finditer(text, 0, _AROUND))
    for start in dict.fromkeys((*islice(lines, _TRIES), *islice(anywhere, _MOST_STARTS))):
        within = any(first <= start < last for first, last in closed)
        before = "" if within else _without(closed, text, start)
        if not within and not _PAGE.search(before) and not _MORE_JSON.search(before):
            yield start, not before.strip(_NOTHING)


def _closed(text: str) -> Iterator[tuple[int, int]]:
    """Where what is closed in itself begins and ends. What is never closed is looked for once: many would take long."""
    place, never = 0, set[str]()
    while opening := _OPENING.search(text, place):
        kind, place = opening[0].lower(), opening.end()
        closing = None if kind in never else _CLOSING[kind].search(text, place)
        if closing is None:
            never.add(kind)
        else:
            place = closing.end()
            yield opening.start(), place


def _without(closed: list[tuple[int, int]], text: str, end: int) -> str:
    """What stands before the JSON, but for what is closed in itself."""
    kept, at = [], 0
    for first, last in closed:
        if last <= end:
            kept.append(text[at:first])
            at = last
    return "".join((*kept, text[at:end]))


def _decoded(text: str, start: int, *, alone: bool) -> Any:
    """The JSON value that begins here and reaches to the end, company aside; None where it doesn't.

    alone: nothing stands before it. An object that begins an answer, or a list of such, is the answer whatever comes
    behind it.
    """
    try:
        value, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    if len(text) - end > _AROUND:
        return None
    rest = text[end:].strip(_NOTHING)
    items = value if isinstance(value, list) else [value]
    says_something = alone and bool(value) and all(isinstance(item, dict) for item in items)
    return value if _is_more_of(rest, value) or _is_company(rest, anything=says_something) else None


def _is_more_of(rest: str, value: Any) -> bool:
    """Whether what stands behind the JSON is the same again, or the error of a plugin that died when all was said."""
    with suppress(ValueError, RecursionError):
        more = _DECODER.decode(rest)
        return bool(more == value or (isinstance(more, dict) and {"code", "message"} <= more.keys()))
    return False


def _is_company(rest: str, *, anything: bool) -> bool:
    """Whether what stands behind the JSON is what sites put there by mistake, and no more of the answer.

    anything: be it a page or a text.
    """
    open_rest = _without(list(_closed(rest)), rest, len(rest)).strip(_NOTHING)
    if _MORE_JSON.search(open_rest):
        return False
    return anything or (bool(_BEHIND.match(open_rest)) and not _PAGE.search(open_rest))


def _int(digits: str) -> int | None:
    """A number; None for one that no field of WordPress's has, instead of no answer at all."""
    return int(digits) if len(digits) <= _DIGITS else None


# Minifiers put line breaks into strings.
_DECODER = json.JSONDecoder(strict=False, parse_int=_int)


def _text(body: bytes) -> str:
    # A notice in another encoding must not cost the JSON behind it, which is ASCII as WordPress writes it.
    encoding = next((name for mark, name in _MARKS.items() if body.startswith(mark)), "utf-8")
    return body.decode(encoding, errors="replace").strip(_NOTHING)


def _kind(body: bytes) -> str:
    """What came instead of JSON, in a few words."""
    text = _text(body)
    if not text:
        return "nothing"
    if text.startswith("<") and not _surrounded(text):
        title = complaint(body)
        return f"a page ({title})" if title else "a page"
    if _decoded(text, 0, alone=True) is None:
        around = _surrounded(text)
        return f"broken JSON ({around})" if around else "broken JSON"
    said = complaint(body)
    return f"other JSON ({said})" if said else "other JSON"


def _surrounded(text: str) -> str:
    """What stands around JSON that can't be told from it; '' where there is none, or nothing around it."""
    if _PAGE.match(text):
        return ""
    for start in (
        found.start() for pattern in _STARTS.values() for found in islice(pattern.finditer(text, 0, _AROUND), 1)
    ):
        before = one_line(text[:start])[:_LONGEST_SHOWN]
        try:
            _, end = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        behind = one_line(text[end:])[:_LONGEST_SHOWN]
        said = (f"before it {before!r}" if before else "", f"behind it {behind!r}" if behind else "")
        return ", ".join(filter(None, said))
    return ""
