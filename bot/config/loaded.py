"""The config as the command line and the wiring get it: checked, complete, frozen."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from msgspec import Struct

from bot.config import checks
from bot.config.account_tables import AccountTable, HashtagTable, RuleTable
from bot.config.credentials import (
    find_hook_key,
    find_password,
    find_token,
    looks_like_token,
    read_lines,
    read_password,
    token_version,
)
from bot.config.doubles import Who, doubled_pairs, met_before, shared_limits
from bot.config.kinds import Table
from bot.config.locate import Places
from bot.config.model import Settings
from bot.config.problems import Problem
from bot.config.secret import Secret
from bot.config.site_tables import OnlyTable, SiteTable
from bot.config.urls import absolute_state_address
from bot.domain.policy import AccountPolicy, Filters, HashtagPolicy, Rule, SitePolicy
from bot.errors import ConfigError

_Policy = TypeVar("_Policy", bound=Struct)

# What the tables within a table become.
_WITHIN: Mapping[type[Table], type[Any]] = {HashtagTable: HashtagPolicy, OnlyTable: Filters, RuleTable: Rule}


class State(Struct, frozen=True, kw_only=True):
    """Where the state store is. address: as it is written in the config; folder: the config's."""

    address: Secret
    folder: Path

    @property
    def url(self) -> str:
        """The store's address with a relative SQLite file made absolute, and with its password."""
        return absolute_state_address(self.address.reveal(), self.folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What stands in a config file. warnings: what works, but is probably not what is meant; a sentence each."""

    path: Path
    settings: Settings
    warnings: tuple[str, ...] = ()
    places: Places = field(repr=False)
    # Made where they are asked for, once: the watch asks for all of them every few seconds.
    _site_policies: dict[str, SitePolicy] = field(default_factory=dict, init=False, repr=False, compare=False)
    _account_policies: dict[str, AccountPolicy] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def state(self) -> State:
        """Where the state store is."""
        return State(address=self.settings.state.url, folder=self.folder)

    @property
    def folder(self) -> Path:
        """The config file's folder, which the config's paths are relative to."""
        return self.path.parent

    @property
    def sites(self) -> Mapping[str, SiteTable]:
        """The sites by name, in the config's order."""
        return self.settings.sites

    @property
    def accounts(self) -> Mapping[str, AccountTable]:
        """The accounts by name, in the config's order."""
        return self.settings.accounts

    def site_policy(self, name: str) -> SitePolicy:
        """How this site is looked at. KeyError where there is no such site."""
        if name not in self._site_policies:
            site = self.sites[name]
            policy = _policy_of(SitePolicy, site, name=name, filters=_policy_of(Filters, site))
            self._site_policies[name] = policy
        return self._site_policies[name]

    def account_policy(self, name: str) -> AccountPolicy:
        """How statuses for this account look. KeyError where there is no such account."""
        if name not in self._account_policies:
            account = self.accounts[name]
            quiet_hours = checks.quiet_hours(account.quiet_hours) if account.quiet_hours else None
            policy = _policy_of(AccountPolicy, account, name=name, quiet_hours=quiet_hours)
            self._account_policies[name] = policy
        return self._account_policies[name]

    def token(self, name: str, environ: Mapping[str, str] = os.environ) -> Secret:
        """This account's token, read now. ConfigError where it can't be had; KeyError for an unknown account."""
        account = self.accounts[name]
        try:
            return find_token(name, account, folder=self.folder, environ=environ)
        except ValueError as error:
            source = tuple(key for key in ("token_file", "token_env") if getattr(account, key))
            raise ConfigError(self.places.sentence(("accounts", name, *source), str(error))) from error

    def token_error(self, name: str) -> str:
        """Why this account's token can't be had now; '' where it can."""
        try:
            self.token(name)
        except ConfigError as error:
            return str(error)
        return ""

    def doubled(self, who: Who) -> tuple[str, ...]:
        """What would be shared twice where these accounts are the same, as sentences with their places."""
        return self._sentences(doubled_pairs(self.settings, who))

    def met_before(self) -> dict[str, tuple[str, ...]]:
        """For each account those of its instance that are named before it, and that the same post may go to."""
        return met_before(self.settings)

    def shared_limits(self, who: Who) -> tuple[str, ...]:
        """Which accounts share their limits where they are the same, as sentences with their places."""
        return self._sentences(shared_limits(self.settings, who))

    def _sentences(self, problems: Iterable[Problem]) -> tuple[str, ...]:
        return tuple(self.places.sentence(problem.key, problem.sentence) for problem in problems)

    def secrets(self) -> Iterator[str]:
        """What stands in the config itself and is never to be shown: tokens, also misplaced ones, and passwords."""
        address = urlsplit(self.settings.state.url.reveal())
        for password in filter(None, (address.password, *parse_qs(address.query).get("password", ()))):
            yield password
            yield unquote(password)
        for account in self.accounts.values():
            if account.token.reveal():
                yield account.token.reveal()
            if looks_like_token(account.token_file):
                yield account.token_file

    def token_version(self, name: str, environ: Mapping[str, str] = os.environ) -> object:
        """Something that changes when this account's token, or the file that holds it, does; None where there is none.

        KeyError for an unknown account.
        """
        return token_version(name, self.accounts[name], folder=self.folder, environ=environ)

    def token_mark(self, name: str, environ: Mapping[str, str] = os.environ) -> str:
        """A digest of this account's token, too short to tell anything of it; '' where there is none."""
        try:
            token = self.token(name, environ)
        except ConfigError:
            return ""
        from hashlib import blake2b

        told = f"{self.accounts[name].instance}\n{token.reveal()}"
        return blake2b(told.encode(), digest_size=8).hexdigest()

    def web_password(self, environ: Mapping[str, str] = os.environ) -> Secret:
        """What the status page's password file holds, read now. ConfigError where it can't be had, or there is none."""
        web = self.settings.web
        if web is None:
            raise ConfigError(f"{self.path}: there is no table [web]")
        try:
            return read_password(web.password_file, folder=self.folder, environ=environ, what="password file")
        except ValueError as error:
            raise ConfigError(self.places.sentence(("web", "password_file"), str(error))) from error

    def password(self, name: str, environ: Mapping[str, str] = os.environ) -> Secret | None:
        """The password of this site's user, read now; None where it has none. ConfigError where it can't be had."""
        try:
            return find_password(self.sites[name], folder=self.folder, environ=environ)
        except ValueError as error:
            key = "password_env" if self.sites[name].password_env else "password_file"
            raise ConfigError(self.places.sentence(("sites", name, key), str(error))) from error

    def hook_key(self, name: str, environ: Mapping[str, str] = os.environ) -> bytes | None:
        """What this site signs its notices with, read now; None where it sends none. ConfigError as password()."""
        try:
            return find_hook_key(self.sites[name], folder=self.folder, environ=environ)
        except ValueError as error:
            raise ConfigError(self.places.sentence(("sites", name, "hook_secret_file"), str(error))) from error

    def alert_addresses(self, environ: Mapping[str, str] = os.environ) -> tuple[tuple[str, Secret], ...]:
        """The addresses of those who are told, each with its place in words.

        ConfigError where their file can't be read.
        """
        table = self.settings.alerts
        if table is None:
            return ()
        named = tuple((f"alerts.urls[{place}]", address) for place, address in enumerate(table.urls))
        if not table.urls_file:
            return named
        try:
            lines = read_lines(table.urls_file, folder=self.folder, environ=environ, what="file of addresses")
        except ValueError as error:
            raise ConfigError(self.places.sentence(("alerts", "urls_file"), str(error))) from error
        return (*named, *((f"alerts.urls_file line {number}", address) for number, address in lines))


def _policy_of(kind: type[_Policy], table: Table, **given: object) -> _Policy:
    """A policy of this kind whose every field has the value of the table's key of that name.

    given: the fields that no key of that name holds as the policy has it. AttributeError where a field has no key and
    isn't given: a policy and its table belong together.
    """
    names = [name for name in kind.__struct_fields__ if name not in given]
    return kind(**{name: _value(getattr(table, name)) for name in names}, **given)


def _value(value: object) -> object:
    if isinstance(value, Table):
        return _policy_of(_WITHIN[type(value)], value)
    if isinstance(value, Mapping):
        return {key: _value(item) for key, item in value.items()}
    return tuple(map(_value, value)) if isinstance(value, tuple) else value
