"""Where each key of a config stands, so that every problem can name its line.

The standard library's TOML reader gives values without their places. This scanner finds the places in a text that
the reader has already accepted; it knows all forms that keys and values take, and checks nothing.
"""

import re
import tomllib
from collections.abc import Callable, Mapping

from msgspec import Struct

from bot.config.toml_text import Key, dotted

_SKIPPED = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
# A closing delimiter of a multi-line string may follow one or two quotes that belong to the text.
_STRING = re.compile(
    r"""\"{3}(?:\\.|[^\\])*?"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\])*"|'[^']*'""",
    re.DOTALL,
)
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"[^,\]}#\r\n]+")


class Places(Struct, frozen=True):
    """The lines of a config's keys, the first line being 1. file: the config's name as it was given."""

    file: str
    lines: Mapping[Key, int]

    def line(self, key: Key) -> int:
        """The line of a key, or that of the innermost table around it that is there; 1 where nothing is."""
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)

    def sentence(self, key: Key, problem: str) -> str:
        """A problem with its place: `FILE:LINE: KEY: what is wrong (what is meant)`."""
        return f"{self.file}:{self.line(key)}: {dotted(key)}: {problem}"


def locate(text: str) -> dict[Key, int]:
    """The line of every key, table header and item of a list in a valid TOML text."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


class _Scanner:
    """One walk over the text; `at` is the offset of what comes next."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Key, int] = {}
        self._text = text
        # Of each list of tables that has begun ([[…]]), the index of its last one.
        self._last: dict[Key, int] = {}
        self._at = 0
        self._line = 1
        self._counted = 0

    def document(self) -> None:
        """Headers and `key = value` lines until the end."""
        table: Key = ()
        self._skip(_SKIPPED)
        while self._at < len(self._text):
            if self._next("["):
                table = self._header()
            else:
                self._pair(table)
            self._skip(_SKIPPED)

    def _header(self) -> Key:
        one_of_several = self._next("[[")
        while self._next("["):
            self._at += 1
        table = self._key(())
        while self._next("]"):
            self._at += 1
        return self._one_more(table) if one_of_several else table

    def _one_more(self, tables: Key) -> Key:
        self._last[tables] = self._last.get(tables, -1) + 1
        table = (*tables, self._last[tables])
        self.lines[table] = self._line_here()
        return table

    def _pair(self, table: Key) -> None:
        key = self._key(table)
        self._at += 1  # the equals sign
        self._value(key)

    def _key(self, table: Key) -> Key:
        """A dotted key, with the spaces around it; every part's line is remembered."""
        key = table
        while True:
            self._skip(_SPACE)
            key = (*key, self._part())
            self.lines.setdefault(key, self._line_here())
            self._skip(_SPACE)
            if not self._next("."):
                return key
            if key in self._last:
                key = (*key, self._last[key])
            self._at += 1

    def _part(self) -> str:
        bare = self._skip(_BARE_KEY)
        # The standard library knows the escapes of a quoted key.
        return bare or str(tomllib.loads(f"key = {self._skip(_STRING)}")["key"])

    def _value(self, key: Key) -> None:
        self._skip(_SPACE)
        if self._next("["):
            self._items("]", lambda number: self._item((*key, number)))
        elif self._next("{"):
            self._items("}", lambda _number: self._pair(key))
        elif not self._skip(_STRING):
            self._skip(_BARE_VALUE)

    def _item(self, key: Key) -> None:
        self.lines[key] = self._line_here()
        self._value(key)

    def _items(self, end: str, item: Callable[[int], None]) -> None:
        """The values of a list or the pairs of an inline table, each with its number, up to the closing bracket."""
        number = 0
        self._at += 1
        self._skip(_SKIPPED)
        while not self._next(end):
            item(number)
            number += 1
            self._skip(_SKIPPED)
            if self._next(","):
                self._at += 1
                self._skip(_SKIPPED)
        self._at += 1

    def _next(self, character: str) -> bool:
        return self._text.startswith(character, self._at)

    def _skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self._text, self._at)
        if found is None:
            return ""
        self._at = found.end()
        return found.group()

    def _line_here(self) -> int:
        """Counted onwards from the last place, so that a long config is still read once."""
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        return self._line
