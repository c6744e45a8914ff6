"""Where passwords and addresses that stand in a file of their own come from.

Every function raises ValueError with a sentence for a person, which never holds what is in the file.
"""

from pathlib import Path

from bot.config.files import Check, private, read_small
from bot.config.secret import Secret


def read_password(path: Path, *, what: str, check: Check = private) -> Secret:
    """The one line that a file holds, without the space around it. what: what the file is called in a sentence.

    check: which files aren't to be read.
    """
    text = _text(path, what=what, check=check).strip()
    if not text or not text.isprintable():
        raise ValueError(f"the {what} {path} has to hold one line of text, and nothing else")
    return Secret(text)


def read_lines(path: Path, *, what: str) -> tuple[tuple[int, Secret], ...]:
    """The lines of a file, each with its number from 1, but for empty ones and those that begin with #."""
    lines = enumerate(map(str.strip, _text(path, what=what, check=private).splitlines()), start=1)
    return tuple((number, Secret(line)) for number, line in lines if line and not line.startswith("#"))


def _text(path: Path, *, what: str, check: Check) -> str:
    try:
        return read_small(path, check=check).decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"the {what} {path} isn't UTF-8 text") from error
    except OSError as error:
        raise ValueError(f"the {what} {path} can't be read ({error.strerror or 'it is a folder'})") from error
    except ValueError as error:
        raise ValueError(f"the {what} {path} {error}") from error
