"""What every command starts from: the config that was asked for, and what stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from msgspec import Struct

from bot.cli import failures, redaction
from bot.errors import ConfigError, UserError
from bot.report.wording import did_you_mean, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.config import Config
    from bot.wiring import TokenSource


class Session(Struct, frozen=True, kw_only=True):
    """The options that every command has.

    logs_warnings: the config's warnings go to the log, not to the person.
    """

    config_file: str | None = None
    quiet: bool = False
    logs_warnings: bool = False

    def config(self) -> Config:
        """Find and read the config, now; ConfigError with all its problems. What it warns of is said."""
        import os
        from pathlib import Path

        from bot.config import find, load

        named = Path(self.config_file) if self.config_file else None
        config = load(find(named, os.environ, Path.cwd()), named=named is not None)
        for secret in config.secrets():
            redaction.remember(secret)
        for warning in config.warnings:
            self._warn(warning)
        return config

    def _warn(self, warning: str) -> None:
        if self.logs_warnings:
            from bot.crosspost.events import tell
            from bot.crosspost.events.process import ConfigWarning

            tell(ConfigWarning(warning=warning))
        elif not self.quiet:
            failures.say_warning(warning)


pass_session = click.make_pass_decorator(Session)


def tokens(config: Config, accounts: Iterable[str] | None = None) -> TokenSource:
    """The tokens of these accounts, or of all.

    ConfigError where none of them can be read, so that nothing could be done, and where a post would be shared twice.
    """
    wanted = tuple(config.accounts if accounts is None else accounts)
    broken = unreadable_tokens(config, wanted)
    if wanted and len(broken) == len(wanted):
        raise ConfigError(*broken.values())
    _refuse_doubled(config, [name for name in wanted if name not in broken])
    return hidden_tokens(config, wanted)


def _refuse_doubled(config: Config, readable: Sequence[str]) -> None:
    """ConfigError where two accounts have the same token, and would share a post twice."""
    known = {name: (config.accounts[name].instance, config.token(name)) for name in readable}
    doubled = config.doubled(known.get)
    if doubled:
        raise ConfigError(*doubled)


def hidden_tokens(config: Config, accounts: Iterable[str]) -> TokenSource:
    """The tokens of these accounts; each is hidden from then on in whatever is printed or logged."""
    wanted = frozenset(accounts)

    def token_of(name: str) -> str | None:
        return redaction.remember(config.token(name).reveal()) if name in wanted else None

    return token_of


def unreadable_tokens(config: Config, accounts: Iterable[str] | None = None) -> dict[str, str]:
    """The accounts, of these or of all, whose token can't be read, each with the reason."""
    wanted = config.accounts if accounts is None else accounts
    return {name: error for name in wanted if (error := config.token_error(name))}


def known_site(config: Config, name: str) -> str:
    """The name, where the config has a site of that name; UserError otherwise."""
    return _known("site", name, config.sites)


def known_account(config: Config, name: str) -> str:
    """The name, where the config has an account of that name; UserError otherwise."""
    return _known("account", name, config.accounts)


def _known(what: str, name: str, names: Iterable[str]) -> str:
    if name in names:
        return name
    meant = did_you_mean(name, names) or f" The config has {listed(sorted(names))}."
    raise UserError(f"There is no {what} {name!r} in the config.{meant}")
