"""Where passwords, secrets of notices, and addresses that stand in a file of their own come from.

Every function raises ValueError with a sentence for a person, which never holds what is in the file. A systemd
credential, named as the file, comes before it.
"""

import base64
from collections.abc import Mapping
from pathlib import Path

from bot.config import checks
from bot.config.files import Check, as_it_is, private, read_small
from bot.config.secret import Secret
from bot.config.site_tables import SiteTable
from bot.config.tokens import credential


def find_password(site: SiteTable, *, folder: Path, environ: Mapping[str, str]) -> Secret | None:
    """The Application Password of the site's user; None where the site has no user."""
    if not site.user:
        return None
    if not site.password_env:
        return read_password(site.password_file, folder=folder, environ=environ, what="password file")
    if site.password_env not in environ:
        raise ValueError(f"the environment variable {site.password_env} isn't set (set it to the Application Password)")
    return Secret(environ[site.password_env].strip())


def find_hook_key(site: SiteTable, *, folder: Path, environ: Mapping[str, str]) -> bytes | None:
    """The bytes that the site signs its notices with; None where it announces nothing."""
    if not site.hook_secret_file:
        return None
    secret = read_password(site.hook_secret_file, folder=folder, environ=environ, what="secret's file")
    try:
        checks.hook_secret(secret.reveal())
    except ValueError as error:
        raise ValueError(f"the secret's file {folder / site.hook_secret_file} {error}") from error
    return base64.b64decode(secret.reveal().removeprefix("whsec_"))


def read_password(name: str, *, folder: Path, environ: Mapping[str, str], what: str) -> Secret:
    """The one line that a file holds, without the space around it. what: what the file is called in a sentence."""
    path, text = _found(name, folder=folder, environ=environ, what=what)
    if not text.strip() or not text.strip().isprintable():
        raise ValueError(f"the {what} {path} has to hold one line of text, and nothing else")
    return Secret(text.strip())


def read_lines(name: str, *, folder: Path, environ: Mapping[str, str], what: str) -> tuple[tuple[int, Secret], ...]:
    """The lines of a file, each with its number from 1, but for empty ones and those that begin with #."""
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
