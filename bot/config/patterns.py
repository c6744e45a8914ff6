"""Whether a regular expression of the config may be searched with."""

import re
import warnings
from collections.abc import Callable

from bot.config.toml_text import shown

# Compiled, what is repeated n times at least stands there n times: nested, a few letters fill any memory.
_MOST_PARTS = 100_000
# What stands for itself, or for one character; a count; groups.
_ONE = r"\\.|\[\^?\]?(?:\\.|[^\]\\])*+\]"
_PART = _ONE + r"|\{([0-9]+)(?:,[0-9]*)?\}|."
# What may stand between a part and its count: comments, and in a verbose pattern whitespace and comments by lines.
_VERBOSE = r"\(\?[a-zA-Z0-9]*x"
_COMMENT = r"|\(\?#[^)]*\)"
_BETWEEN = (f"({_ONE}){_COMMENT}",)
_BETWEEN_VERBOSE = tuple(rf"({_ONE}){_COMMENT}|\s+{lines}" for lines in ("", r"|#[^\n]*"))


def pattern(value: str) -> str:
    """A regular expression that compiles to a moderate size, and that Python doesn't find doubtful."""
    import regex  # what it is searched with; it takes a while to load: only where there is a pattern

    _compile(re.compile, value, re.error)
    if _most_parts(value) > _MOST_PARTS:
        raise ValueError(
            f"{shown(value)} repeats too much: written out, it has over {_MOST_PARTS:,} parts (a title has 2,000 "
            f"characters at most)"
        )
    _compile(regex.compile, value, regex.error)
    return value


def _compile(compiled: Callable[[str], object], value: str, refused: type[Exception]) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compiled(value)
    except (refused, MemoryError, OverflowError, RecursionError, ValueError, Warning) as error:
        raise ValueError(f"{shown(value)} isn't a regular expression ({error})") from error


def _most_parts(value: str) -> int:
    """How many parts a pattern has at the most, by each way to read what stands between a part and its count."""
    ways = _BETWEEN_VERBOSE if re.search(_VERBOSE, value) else ()
    return max(_parts(re.sub(between, r"\1", value, flags=re.DOTALL)) for between in _BETWEEN + ways)


def _parts(value: str) -> int:
    """How many parts a pattern has, as often as each is repeated at least."""
    open_groups, last = [0], 0
    for found in re.finditer(_PART, value, re.DOTALL):
        part, count = found[0], found[1]
        if part == "(":
            open_groups.append(0)
            last = 0
            continue
        if part == ")" and len(open_groups) > 1:
            last = open_groups.pop()
        elif count is not None:
            repeated = max(last, 1) * max(int(count), 1)
            open_groups[-1], last = open_groups[-1] - last, repeated
        else:
            last = 1
        open_groups[-1] += last
    return sum(open_groups)
