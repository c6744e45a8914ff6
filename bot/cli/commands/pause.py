"""`howdah pause` and `howdah resume`: a person lets a site or an account rest."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from bot.cli.options import all_names, later
from bot.cli.session import Session, pass_session
from bot.cli.terminal.output import say
from bot.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Collection

    from bot.config import Config
    from bot.ports import Store

_ONLY = (
    click.option("--site", "kind", flag_value="site", help="The site of that name alone."),
    click.option("--account", "kind", flag_value="account", help="The account of that name alone."),
)


@click.command()
@click.argument("name", shell_complete=all_names)
@click.option("--until", type=later, metavar="TIME", help='Until then: "18:00", "2026-12-01 08:30", "3d".')
@_ONLY[0]
@_ONLY[1]
@pass_session
def pause(session: Session, name: str, *, until: datetime | None, kind: str | None) -> None:
    """Let a site or an account rest.

    Nothing of it is shared until then, or until it is resumed; a site isn't looked at either. What comes up meanwhile
    goes out afterwards; after a site's rest, what isn't older than its max_age by then. NAME is a site or an account of
    the config; where both have it, both rest.

    \b
    howdah pause blog
    howdah pause blog --until 18:00
    """
    from bot.crosspost.resting import pause_account, pause_site
    from bot.report.sentences import rest_words
    from bot.wiring import open_store

    config = session.config()
    kinds = _kinds(config, name, kind)
    with open_store(config) as store:
        now = datetime.now(UTC)
        if "site" in kinds:
            pause_site(store, name, until=until, now=now)
            say(f"site {name}: {rest_words(store.site(name))}")
        if "account" in kinds:
            pause_account(store, name, until=until, now=now)
            say(f"account {name}: {rest_words(store.account(name))}")


@click.command()
@click.argument("name", shell_complete=all_names)
@_ONLY[0]
@_ONLY[1]
@pass_session
def resume(session: Session, name: str, *, kind: str | None) -> None:
    """Let a site or an account that rests go on.

    It ends what `howdah pause` began, and the pause that an account's own trouble caused.

    \b
    howdah resume blog
    """
    from bot.wiring import open_store

    config = session.config()
    kinds = _kinds(config, name, kind)
    with open_store(config) as store:
        _resume(store, name, kinds)
    for each in kinds:
        say(f"{each} {name} goes on")


def _resume(store: Store, name: str, kinds: Collection[str]) -> None:
    from bot.crosspost.resting import resume_account, resume_site

    if "site" in kinds:
        resume_site(store, name)
    if "account" in kinds:
        resume_account(store, name)


def _kinds(config: Config, name: str, kind: str | None) -> tuple[str, ...]:
    """What has this name, "site" and "account" or one of them; UserError where nothing has."""
    from bot.report.wording import did_you_mean, listed

    known = {"site": config.sites, "account": config.accounts}
    kinds = tuple(each for each in known if name in known[each] and kind in (None, each))
    if kinds:
        return kinds
    names = {other for each in known for other in known[each] if kind in (None, each)}
    meant = did_you_mean(name, names) or f" The config has {listed(sorted(names))}."
    raise UserError(f"There is no {kind or 'site or account'} {name!r} in the config.{meant}")
