"""Options that several commands have: names of sites and accounts, which a shell completes, and a person's words."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

Command = TypeVar("Command", bound="Callable[..., Any]")
_FIELD = re.compile(r"\{(title|excerpt|content|link|hashtags|author|category|categories|date|site)[|}]")


def site_option(says: str, *, required: bool = False) -> Callable[[Command], Command]:
    """--site NAME. says: its help."""
    return click.option("--site", metavar="NAME", required=required, shell_complete=site_names, help=says)


def account_option(says: str) -> Callable[[Command], Command]:
    """--account NAME. says: its help."""
    return click.option("--account", metavar="NAME", shell_complete=account_names, help=says)


def site_names(context: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The sites whose names begin so."""
    return _names(context, ("sites",), incomplete)


def account_names(context: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The accounts whose names begin so."""
    return _names(context, ("accounts",), incomplete)


def all_names(context: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """The sites and accounts whose names begin so."""
    return _names(context, ("sites", "accounts"), incomplete)


def own_words(text: str) -> str:
    """The text as it was given; UsageError where it can't be what is meant: nothing, or a template."""
    from bot.domain.text.html import clean

    if not clean(text):
        raise click.UsageError("--text is empty. Write the words that the status is to have.")
    if field := _FIELD.search(text):
        raise click.UsageError(f"--text is published as it is: {{{field[1]}}} isn't filled in. Write it out.")
    return text


def _names(context: click.Context, tables: tuple[str, ...], incomplete: str) -> list[str]:
    """Names out of the config as it is written; nothing of it is checked, since a half-written one has names, too."""
    import os
    import tomllib
    from pathlib import Path

    from bot.config import find
    from bot.config.files import as_it_is, read_small
    from bot.errors import ConfigError

    named = context.find_root().params.get("config_file")
    with suppress(ConfigError, OSError, ValueError):
        path = find(Path(named) if named else None, os.environ, Path.cwd())
        written = tomllib.loads(read_small(path, check=as_it_is).decode("utf-8-sig"))
        found = {name for table in tables if isinstance(written.get(table), dict) for name in written[table]}
        return sorted(name for name in found if name.startswith(incomplete))
    return []
