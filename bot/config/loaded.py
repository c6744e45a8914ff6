"""The config as the command line and the wiring get it: checked, complete, frozen."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.config import checks
from bot.config.account_tables import AccountTable, HashtagTable, RuleTable
from bot.config.locate import Places
from bot.config.model import Settings
from bot.config.secret import Secret
from bot.config.site_tables import FilterTable, SiteTable
from bot.config.tokens import find_token
from bot.config.urls import absolute_state_address
from bot.domain.policy import (
    AccountPolicy,
    Filters,
    FirstRun,
    HashtagPolicy,
    Images,
    MediaBudget,
    OnDelete,
    OnEdit,
    Order,
    Rule,
    SitePolicy,
)
from bot.errors import ConfigError


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
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
        site = self.sites[name]
        return SitePolicy(
            name=name,
            accounts=site.accounts,
            poll_every=site.poll_every,
            settle=site.settle,
            first_run=FirstRun(site.first_run),
            max_age=site.max_age,
            max_burst=site.max_burst,
            filters=_filters(site),
            only={account: _filters(only) for account, only in site.only.items()},
        )

    def account_policy(self, name: str) -> AccountPolicy:
        """How statuses for this account look. KeyError where there is no such account."""
        account = self.accounts[name]
        return AccountPolicy(
            name=name,
            visibility=account.visibility,
            template=account.template,
            language=account.language,
            spoiler_text=account.spoiler_text,
            sensitive=account.sensitive,
            images=Images(account.images),
            max_images=account.max_images,
            media_budget=MediaBudget(account.media_budget),
            hashtags=_hashtags(account.hashtags),
            mentions=account.mentions,
            author_words=account.author_words,
            rules=tuple(map(_rule, account.rules)),
            on_edit=OnEdit(account.on_edit),
            on_delete=OnDelete(account.on_delete),
            follow_for=account.follow_for,
            order=Order(account.order),
            min_interval=account.min_interval,
            quiet_hours=checks.quiet_hours(account.quiet_hours) if account.quiet_hours else None,
            timeout=account.timeout,
            answer_deadline=account.answer_deadline,
            backoff=account.backoff,
            attempts=account.attempts,
        )

    def token(self, name: str, environ: Mapping[str, str] = os.environ) -> Secret:
        """This account's token, read now. ConfigError where it can't be had; KeyError for an unknown account."""
        account = self.accounts[name]
        try:
            return find_token(name, account, folder=self.folder, environ=environ)
        except ValueError as error:
            source = tuple(key for key in ("token_file", "token_env") if getattr(account, key))
            raise ConfigError(self.places.sentence(("accounts", name, *source), str(error))) from error


def _filters(table: FilterTable) -> Filters:
    return Filters(
        categories=table.categories,
        exclude_categories=table.exclude_categories,
        tags=table.tags,
        exclude_tags=table.exclude_tags,
        authors=table.authors,
        title=table.title,
        exclude_title=table.exclude_title,
        exclude_sticky=table.exclude_sticky,
        min_length=table.min_length,
    )


def _hashtags(table: HashtagTable) -> HashtagPolicy:
    return HashtagPolicy(
        sources=table.sources,
        fixed=table.fixed,
        max=table.max,
        alias=table.alias,
        allow=table.allow,
        deny=table.deny,
    )


def _rule(table: RuleTable) -> Rule:
    return Rule(
        sites=table.sites,
        categories=table.categories,
        tags=table.tags,
        authors=table.authors,
        template=table.template,
        visibility=table.visibility,
        language=table.language,
        spoiler_text=table.spoiler_text,
        sensitive=table.sensitive,
        images=None if table.images is None else Images(table.images),
    )
