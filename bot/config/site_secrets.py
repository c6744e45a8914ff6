"""Where a site's secrets come from: the user's password, and what its notices are signed with.

Every function raises ValueError with a sentence for a person, which never holds the secret. A systemd credential,
named as the file, comes before the file.
"""

import base64
from collections.abc import Mapping
from pathlib import Path

from bot.config import checks
from bot.config.files import as_it_is
from bot.config.passwords import read_password
from bot.config.secret import Secret
from bot.config.site_tables import SiteTable
from bot.config.tokens import credential


def find_password(site: SiteTable, *, folder: Path, environ: Mapping[str, str]) -> Secret | None:
    """The Application Password of the site's user; None where the site has no user."""
    if not site.user:
        return None
    if not site.password_env:
        return _from_file(site.password_file, folder=folder, environ=environ, what="password file")
    if site.password_env not in environ:
        raise ValueError(f"the environment variable {site.password_env} isn't set (set it to the Application Password)")
    return Secret(environ[site.password_env].strip())


def find_hook_key(site: SiteTable, *, folder: Path, environ: Mapping[str, str]) -> bytes | None:
    """The bytes that the site signs its notices with; None where it announces nothing."""
    if not site.hook_secret_file:
        return None
    secret = _from_file(site.hook_secret_file, folder=folder, environ=environ, what="secret's file")
    try:
        checks.hook_secret(secret.reveal())
    except ValueError as error:
        raise ValueError(f"the secret's file {folder / site.hook_secret_file} {error}") from error
    return base64.b64decode(secret.reveal().removeprefix("whsec_"))


def _from_file(name: str, *, folder: Path, environ: Mapping[str, str], what: str) -> Secret:
    given = credential(Path(name).name, environ)
    if given is not None:
        return read_password(given, what=what, check=as_it_is)
    return read_password(folder / name, what=what)
