"""`howdah login`: let the instance make the token of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.cli.failures import say_warning
from bot.cli.options import account_names
from bot.cli.session import Session, known_account, pass_session
from bot.cli.terminal.output import say
from bot.errors import AccountBarredError, AccountUnavailableError, ConfigError, RefusedError, StoreError

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from datetime import timedelta
    from pathlib import Path

    from bot.config import Config
    from bot.domain.models import Limits, Profile
    from bot.ports import Account, Store

_UNAUTHORIZED = 401


@click.command()
@click.argument("account", shell_complete=account_names)
@click.option("--paste", is_flag=True, help="Read the code from the terminal, or from stdin: no browser comes back.")
@click.option("--scopes", metavar="SCOPES", default="", help="Ask for exactly these, where the instance wants others.")
@pass_session
def login(session: Session, account: str, *, paste: bool, scopes: str) -> None:
    """Sign in, and keep the token of an account.

    It prints the page of the instance on which you agree, and opens it where a browser is at hand. What howdah may do
    then is the least that it needs: see whose account it is, read its statuses, upload images, publish. The token
    goes into the account's token_file, which only you can read. A running daemon takes it up within a minute.

    \b
    howdah login blog
    howdah login blog --paste    where the browser is on another machine
    """
    config = session.config()
    path = token_path(config, known_account(config, account))
    settings = config.accounts[account]
    with _account(config, account, token=None) as asked:
        limits = public_limits(asked)
    token = sign_in(
        settings.instance,
        paste=paste,
        timeout=settings.timeout,
        allow_private=settings.allow_private,
        software=limits.software if limits else "",
        scopes=scopes,
        mentions=bool(settings.mentions),
    )
    profile = _whose(config, account, token)
    keep_token(path, token)
    _resume(config, account, profile)
    whom = f"signed in as @{profile.acct}" if profile else "signed in"
    say(f"{account}: {whom} at {settings.instance}; its token is in {path}")


def public_limits(account: Account) -> Limits | None:
    """What an instance tells of itself without a token; None where it tells strangers nothing."""
    try:
        return account.limits()
    except AccountBarredError as error:
        if error.code != _UNAUTHORIZED:
            raise
        return None


def token_path(config: Config, account: str) -> Path:
    """Where an account's token is kept; ConfigError where it comes from elsewhere, or nothing can be written there."""
    settings = config.accounts[account]
    if not settings.token_file:
        place = ("token_env",) if settings.token_env else ()
        problem = f'a new token is kept in a file (put token_file = "{account}.token" here, and no other token)'
        raise ConfigError(config.places.sentence(("accounts", account, *place), problem))
    path = config.folder / settings.token_file
    check_writable(path)
    return path


def check_writable(path: Path) -> None:
    """RefusedError where no file can be written at a path, found out before anybody is asked for anything."""
    import os

    if path.is_dir():
        raise RefusedError(f"{path} is a folder: name a file")
    if not os.access(path.parent, os.W_OK | os.X_OK):
        why = "may not be written to" if path.parent.is_dir() else "isn't there"
        raise RefusedError(f"the folder {path.parent} {why}: {path.name} can't be kept in it")


def sign_in(
    instance: str,
    *,
    paste: bool,
    timeout: timedelta,
    allow_private: bool,
    software: str,
    scopes: str = "",
    mentions: bool = False,
) -> str:
    """A new token that a person agreed to; raises AccountError or RefusedError."""
    from functools import partial

    from bot.cli.commands.login_steps import new_token
    from bot.wiring import open_sign_in

    with open_sign_in(instance, timeout=timeout, allow_private=allow_private) as opened:
        register = partial(opened.register, software=software, scopes=scopes, mentions=mentions)
        return new_token(opened, register, paste=paste)


def keep_token(path: Path, token: str) -> None:
    """Write a token into its file; RefusedError where that can't be."""
    from bot.config.private_files import replace_private

    try:
        replace_private(path, f"{token}\n")
    except OSError as error:
        raise RefusedError(f"the token can't be written to {path}: {error.strerror}") from error


def _whose(config: Config, account: str, token: str) -> Profile | None:
    """Whose token it is; None where the instance doesn't answer just now, which is no reason to throw it away."""
    with _account(config, account, token=token) as asked:
        try:
            return asked.verify()
        except AccountUnavailableError as error:
            say_warning(f"it can't be told whose token this is: {error}")
            return None


def _account(config: Config, account: str, *, token: str | None) -> AbstractContextManager[Account]:
    """The account by this token, whatever the config's is."""
    from bot.wiring import open_account

    settings = config.accounts[account]
    private = settings.allow_private
    return open_account(account, settings.instance, token=token, timeout=settings.timeout, allow_private=private)


def _resume(config: Config, account: str, profile: Profile | None) -> None:
    """End the pause that the old token caused; where the store can't be used, the daemon or its next try does.

    A person who signed in as somebody else is told so: what waits is published there.
    """
    from bot.wiring import open_store

    try:
        with open_store(config) as store:
            store.resume(account)
            if profile and (earlier := _of_another(store, account, config.accounts[account].instance, profile)):
                say_warning(
                    f"what was shared last on {account}, {earlier}, isn't @{profile.acct}'s: from now on its posts go "
                    f"to @{profile.acct}. `howdah login {account}` signs in anew, where this isn't meant"
                )
    except StoreError as error:
        say_warning(str(error))


def _of_another(store: Store, account: str, instance: str, profile: Profile) -> str:
    """The address of the newest status that was shared on an account, where it is another profile's; else ''."""
    from bot.domain.models import State
    from bot.domain.selecting.share_on_mastodon import identity, is_own

    newest = [share.url for share in store.page(account=account, state=State.SHARED, limit=1).shares if share.url]
    return next((url for url in newest if not is_own(url, identity(instance, profile))), "")
