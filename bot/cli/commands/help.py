"""`howdah help`: the same as --help, for whoever asks in words."""

from __future__ import annotations

import click

from bot.cli.terminal.output import say


@click.command("help")
@click.argument("command", metavar="[COMMAND...]", nargs=-1)
@click.option("--man", "as_man", is_flag=True, help="Print all of it as a man page.")
@click.pass_context
def show_help(context: click.Context, command: tuple[str, ...], *, as_man: bool) -> None:
    """Show this help, or that of a command.

    \b
    howdah help share
    howdah help db backup
    howdah help --man > howdah.1
    """
    at = context.find_root()
    if as_man:
        from bot.cli.man_page import man_page

        click.echo(man_page(at), nl=False)
        return
    for name in command:
        if not isinstance(at.command, click.Group):
            raise click.UsageError(f"{at.command_path} has no commands of its own.")
        found, wanted, _ = at.command.resolve_command(at, [name])
        if wanted is None:
            raise click.UsageError(f"{at.command_path} has no command {name!r}.")
        at = click.Context(wanted, info_name=found, parent=at)
    say(at.get_help())
