"""`howdah alerts`: whether those arrive that would be told."""

from __future__ import annotations

import click

from bot.cli.failures import Failed
from bot.cli.session import Session, pass_session
from bot.cli.terminal.output import say
from bot.errors import ConfigError
from bot.report.wording import counted


@click.group()
def alerts() -> None:
    """Notices to people, when something needs them.

    \b
    howdah alerts test
    """


@alerts.command()
@pass_session
def test(session: Session) -> None:
    """Send a test notice to everyone.

    Exit code 1 where one of them didn't take it, with its place in the config.

    \b
    howdah alerts test
    """
    from bot.cli.watch import receivers_of

    config = session.config()
    receivers = receivers_of(config)
    if receivers is None:
        raise ConfigError(
            f"{config.path}: nobody is told: [alerts] has no urls (add some: docs/alerts.md has examples)"
        )
    failures = receivers.send("howdah: a test", "This is a test of howdah's alerts. Nothing needs you.", "info")
    arrived = receivers.receivers - len(failures)
    if arrived:
        say(f"The notice was taken by {counted(arrived, 'receiver')}.")
    if failures:
        raise Failed(*failures)
