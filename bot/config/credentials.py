"""Where secrets come from: tokens, passwords, the keys that notices are signed with, addresses of receivers.

That is the config itself, the environment, a systemd credential or a file. Every function raises ValueError with a
sentence for a person, which never holds the secret.
"""

import base64
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from bot.config import checks
from bot.config.account_tables import AccountTable
from bot.config.files import Check, as_it_is, private, read_small
from bot.config.secret import Secret
from bot.config.site_tables import SiteTable

# As instances make them: letters and digits without a dot, longer than anybody names a file.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32,}")


def find_token(name: str, account: AccountTable, *, folder: Path, environ: Mapping[str, str]) -> Secret:
    """An account's token. folder: what a relative token_file is relative to.

    A systemd credential, named as the token file or else as the account (with `howdah_` before it where systemd
    loads a folder of credentials by that name), comes before the file. ValueError where there is none, or it is none.
    """
    if account.token.reveal():
        return account.token
    if account.token_env:
        return _from_environment(account.token_env, environ)
    given = credential(_path(account.token_file).name or name, environ)
    if given is not None:
        return _from_file(given, check=as_it_is)
    if not account.token_file:
        raise ValueError('has no token (add token_file = "FILE"; the instance makes one)')
    return _from_file(folder / _path(account.token_file), check=private)


def token_version(name: str, account: AccountTable, *, folder: Path, environ: Mapping[str, str]) -> object:
    """Something that is equal as long as an account's token and the file that holds it are the same.

    A file counts as another one when it was replaced or written anew, whatever it holds. None where there is no token.
    """
    path = credential(_path(account.token_file).name or name, environ) or folder / _path(account.token_file)
    try:
        token = find_token(name, account, folder=folder, environ=environ)
        found = path.stat()
    except ValueError:
        return None
    except OSError:
        return (token,)
    return (token, found.st_mtime_ns, found.st_ino)


@cache
def _path(text: str) -> Path:
    """A path, kept: making it anew for each request has Python copy its table of strings (bot/store/database.py)."""
    return Path(text)


def token_in(path: Path) -> Secret:
    """The token in a file that a person names, which its owner alone may read; ValueError where that doesn't hold."""
    return _from_file(path, check=private)


def looks_like_token(text: str) -> bool:
    """Whether a text is more likely a token than the name of a file."""
    return _TOKEN.fullmatch(text) is not None


def _from_environment(variable: str, environ: Mapping[str, str]) -> Secret:
    if variable not in environ:
        raise ValueError(f"the environment variable {variable} isn't set (set it to the access token)")
    try:
        return Secret(checks.token(environ[variable]))
    except ValueError as error:
        raise ValueError(f"the environment variable {variable} {error}") from error


def credential(name: str, environ: Mapping[str, str]) -> Path | None:
    """The systemd credential of this name; None where there is none."""
    folder = environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        return None
    # A folder that is loaded as `howdah` puts that before each of its files' names.
    paths = (Path(folder) / name, Path(folder) / f"howdah_{name}")
    return next((path for path in paths if path.is_file()), None)


def _from_file(path: Path, *, check: Check) -> Secret:
    """check: which files aren't to be read."""
    try:
        data = read_small(path, check=check)
        # Bytes that aren't UTF-8 become characters outside ASCII, which the rule names.
        return Secret(checks.token(data.decode("utf-8-sig", errors="replace")))
    except IsADirectoryError as error:
        raise ValueError(f"the token file {path} isn't a file (a file with the token alone is meant)") from error
    except FileNotFoundError as error:
        if looks_like_token(path.name):
            raise ValueError("seems to hold the token itself (put it into a file of its own, and name that)") from error
        raise ValueError(f"the token file {path} can't be read ({error.strerror})") from error
    except OSError as error:
        raise ValueError(f"the token file {path} can't be read ({error.strerror})") from error
    except ValueError as error:
        raise ValueError(f"the token file {path} {error}") from error


# --- passwords, secrets of notices, addresses: a systemd credential, named as the file, comes before it ---------------


def find_password(site: SiteTable, *, folder: Path, environ: Mapping[str, str]) -> Secret | None:
    """The Application Password of the site's user; None where it has no user, ValueError where it can't be read."""
    if not site.user:
        return None
    if not site.password_env:
        return read_password(site.password_file, folder=folder, environ=environ, what="password file")
    if site.password_env not in environ:
        raise ValueError(f"the environment variable {site.password_env} isn't set (set it to the Application Password)")
    return Secret(environ[site.password_env].strip())


def find_hook_key(site: SiteTable, *, folder: Path, environ: Mapping[str, str]) -> bytes | None:
    """The bytes that the site signs its notices with; None where it announces nothing, ValueError where it's no key."""
    if not site.hook_secret_file:
        return None
    secret = read_password(site.hook_secret_file, folder=folder, environ=environ, what="secret's file")
    try:
        checks.hook_secret(secret.reveal())
    except ValueError as error:
        raise ValueError(f"the secret's file {folder / site.hook_secret_file} {error}") from error
    return base64.b64decode(secret.reveal().removeprefix("whsec_"))


def read_password(name: str, *, folder: Path, environ: Mapping[str, str], what: str) -> Secret:
    """The one line that a file holds, without the space around it. what: what the file is called in a sentence.

    Raises ValueError where it can't be read, may be read by others, or holds something else.
    """
    path, text = _found(name, folder=folder, environ=environ, what=what)
    if not text.strip() or not text.strip().isprintable():
        raise ValueError(f"the {what} {path} has to hold one line of text, and nothing else")
    return Secret(text.strip())


def read_lines(name: str, *, folder: Path, environ: Mapping[str, str], what: str) -> tuple[tuple[int, Secret], ...]:
    """The lines of a file, each with its number from 1, but for empty ones and those that begin with #.

    Raises ValueError where it can't be read, or may be read by others.
    """
    _, text = _found(name, folder=folder, environ=environ, what=what)
    lines = enumerate(map(str.strip, text.splitlines()), start=1)
    return tuple((number, Secret(line)) for number, line in lines if line and not line.startswith("#"))


def _found(name: str, *, folder: Path, environ: Mapping[str, str], what: str) -> tuple[Path, str]:
    """The credential of that name, whatever its mode, else the file; and what it holds."""
    given = credential(Path(name).name, environ)
    path, check = (folder / name, private) if given is None else (given, as_it_is)
    return path, _text(path, what=what, check=check)


def _text(path: Path, *, what: str, check: Check) -> str:
    try:
        return read_small(path, check=check).decode()
    except UnicodeDecodeError as error:
        raise ValueError(f"the {what} {path} isn't UTF-8 text") from error
    except OSError as error:
        raise ValueError(f"the {what} {path} can't be read ({error.strerror or 'it is a folder'})") from error
    except ValueError as error:
        raise ValueError(f"the {what} {path} {error}") from error
