"""What a text that isn't TOML was probably meant to be, as a hint behind the reader's own words."""

import re
from collections.abc import Iterator

_TYPOGRAPHIC = "[“”„‟«»‘’‚‛]"
_YAML = r"---\s*$|[A-Za-z_]+:(\s|$)"
_TOML = 'TOML has [sites.NAME] on a line of its own, and key = "text" below it'
BACKSLASH = "between double quotes a backslash is written twice, between single ones once: 'a\\b'"
_SAID = {
    "Unescaped '\\'": BACKSLASH,
    "Invalid hex value": BACKSLASH,
    "Escaped character": BACKSLASH,
    "Illegal character": "the quotes aren't closed",
    "Unterminated string": "the quotes aren't closed",
    'Expected "\'"': "the quotes aren't closed",
    "Cannot declare": "this table stands there twice: join the two, or give one another name",
    "Cannot overwrite a value": "the same key stands there twice",
    "Invalid value": 'text stands in quotes: key = "text"',
}
_WORDS = {"True": "true", "False": "false", "yes": "true", "no": "false", "on": "true", "off": "false"}


def syntax_problem(message: str, *, text: str) -> tuple[int, str]:
    """The line at which a text stops being TOML, the first being 1, and what is wrong there, with a hint."""
    place_said = re.compile(r" \(at line (\d+), column (\d+)\)$")
    found = place_said.search(message)
    what = place_said.sub("", message).removesuffix(" (at end of document)")
    lines = text.splitlines() or [""]
    number = int(found[1]) if found else len(lines)
    hint = next(_hints(what, lines[min(number, len(lines)) - 1], text=text), "")
    place = f" at column {found[2]}" if found else ""
    return number, f"isn't TOML: {what}{place}{hint}"


def _hints(what: str, line: str, *, text: str) -> Iterator[str]:
    """What may be meant, the likeliest first: by the whole text, by the line, by what the reader says."""
    if text.lstrip().startswith("{"):
        yield f" (this is JSON: {_TOML})"
    if re.match(_YAML, line):
        yield f" (this looks like YAML: {_TOML})"
    if re.search(_TYPOGRAPHIC, line):
        yield ' (typographic quotes: write straight ones, ")'
    word = line.partition("=")[2].partition("#")[0].strip()
    if word in _WORDS:
        yield f" (write {_WORDS[word]})"
    yield from (f" ({hint})" for beginning, hint in _SAID.items() if what.startswith(beginning))
