"""Where a password that stands in a file comes from.

ValueError with a sentence for a person, which never holds the password.
"""

from pathlib import Path

from bot.config.files import Check, private, read_small
from bot.config.secret import Secret


def read_password(path: Path, *, what: str, check: Check = private) -> Secret:
    """The one line that a file holds, without the space around it. what: what the file is called in a sentence.

    check: which files aren't to be read.
    """
    try:
        text = read_small(path, check=check).decode().strip()
    except UnicodeDecodeError as error:
        raise ValueError(f"the {what} {path} isn't UTF-8 text") from error
    except OSError as error:
        raise ValueError(f"the {what} {path} can't be read ({error.strerror or 'it is a folder'})") from error
    except ValueError as error:
        raise ValueError(f"the {what} {path} {error}") from error
    if not text or not text.isprintable():
        raise ValueError(f"the {what} {path} has to hold one line of text, and nothing else")
    return Secret(text)
