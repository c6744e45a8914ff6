"""`howdah config`: its JSON Schema, and what is in effect."""

from __future__ import annotations

import click

from bot.cli.session import Session, pass_session
from bot.cli.terminal.output import say


@click.group()
def config() -> None:
    """Show the config in effect, or its schema.

    \b
    howdah config show
    howdah config schema > config.schema.json
    """


@config.command()
def schema() -> None:
    """Print the config's JSON Schema.

    Editors complete and check TOML by it.

    \b
    howdah config schema > config.schema.json
    """
    import json

    from bot.config.json_schema import schema as json_schema

    click.echo(json.dumps(json_schema(), indent=2))


@config.command()
@pass_session
def show(session: Session) -> None:
    """Print the config in effect.

    With every default, and without any secret.

    \b
    howdah config show
    """
    from bot.config.showing import effective

    say(effective(session.config()).rstrip("\n"))
