"""Where an account's token comes from: the config, the environment, a systemd credential or a file.

Every function raises ValueError with a sentence for a person, which never holds the token.
"""

import hashlib
import shlex
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.config import checks
from bot.config.account_tables import AccountTable
from bot.config.secret import Secret

_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def find_token(name: str, account: AccountTable, *, folder: Path, environ: Mapping[str, str]) -> Secret:
    """An account's token. folder: what a relative token_file is relative to.

    A systemd credential, named as the token file or else as the account, comes before the file.
    """
    if account.token.reveal():
        return account.token
    if account.token_env:
        return _from_environment(account.token_env, environ)
    credential = _credential(Path(account.token_file).name or name, environ)
    if credential is not None:
        return _from_file(credential, check=_as_it_is)
    if not account.token_file:
        raise ValueError('has no token (add token_file = "FILE"; the instance makes one)')
    return _from_file(folder / account.token_file, check=_private)


def stamp(path: Path) -> str:
    """What a token file looks like: its time, its inode and a digest of its content; '' where it can't be read."""
    try:
        about = path.stat()
        return f"{about.st_mtime_ns} {about.st_ino} {hashlib.sha256(path.read_bytes()).hexdigest()}"
    except OSError:
        return ""


def _from_environment(variable: str, environ: Mapping[str, str]) -> Secret:
    if variable not in environ:
        raise ValueError(f"the environment variable {variable} isn't set (set it to the access token)")
    try:
        return Secret(checks.token(environ[variable]))
    except ValueError as error:
        raise ValueError(f"the environment variable {variable} {error}") from error


def _credential(name: str, environ: Mapping[str, str]) -> Path | None:
    folder = environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        return None
    path = Path(folder) / name
    return path if path.is_file() else None


def _from_file(path: Path, *, check: Callable[[Path], None]) -> Secret:
    """check: raises ValueError where a file isn't to be read, OSError where it can't be."""
    try:
        check(path)
        # Bytes that aren't UTF-8 become characters outside ASCII, which the rule names.
        return Secret(checks.token(path.read_text(encoding="utf-8", errors="replace")))
    except OSError as error:
        raise ValueError(f"the token file {path} can't be read ({error.strerror})") from error
    except ValueError as error:
        raise ValueError(f"the token file {path} {error}") from error


def _as_it_is(_path: Path) -> None:
    """Systemd's own files: they may look open, because its access list shows as rights of the group."""


def _private(path: Path) -> None:
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        raise ValueError("isn't a file (a file with the token alone is meant)")
    if mode & _OTHERS:
        raise ValueError(f"is open to others (run: chmod 600 {shlex.quote(str(path))})")
