"""What several commands take: names of sites and accounts, which a shell completes, a person's words, and times.

A time is a date, a date with a time, a time of day, or how long from now or ago.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

Command = TypeVar("Command", bound="Callable[..., Any]")
_FIELD = re.compile(r"\{(title|excerpt|content|link|hashtags|author|category|categories|date|site)[|}]")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_EXAMPLES = '"2026-12-01", "2026-12-01 08:30", "2026-12-01T08:30Z", "08:30" or "3d"'


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


# --- times --------------------------------------------------------------------------------------------------------


def later(text: str) -> datetime:
    """A time to come, in UTC: a bare duration counts from now, a time of day is the next one. For click's type=."""
    return _instant(text, now=datetime.now().astimezone(), sign=1)


def earlier(text: str) -> datetime:
    """A time that has passed, in UTC: a bare duration counts back from now, a time of day is the last one."""
    return _instant(text, now=datetime.now().astimezone(), sign=-1)


def _instant(text: str, *, now: datetime, sign: int) -> datetime:
    """What a text means. What has no time zone is by now's."""
    text = text.strip()
    length = _length(text)
    try:
        if length is not None:
            return (now + sign * length).astimezone(UTC)
        if clock := _CLOCK.fullmatch(text):
            return _nearest(time(int(clock[1]), int(clock[2])), now=now, sign=sign).astimezone(UTC)
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.astimezone()).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(f"{text!r} is no time. Write it like {_EXAMPLES}.") from error


def _nearest(clock: time, *, now: datetime, sign: int) -> datetime:
    """When the clock shows this next, or showed it last."""
    at = datetime.combine(now.date(), clock).astimezone()
    passed = at <= now
    return at if passed == (sign < 0) else datetime.combine(now.date() + timedelta(days=sign), clock).astimezone()


def _length(text: str) -> timedelta | None:
    from bot.config import parse_duration

    try:
        return parse_duration(text)
    except ValueError:
        return None
