"""A group of commands that imports each one only when it is wanted, and turns every error into words and a code."""

import importlib
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import click

from bot.cli import failures


class Place(NamedTuple):
    """Where a command is ("module:attribute"), and what it does, as the first line of its own help has it."""

    where: str
    does: str


class LazyGroup(click.Group):
    """A click group; commands_at says where each command is, by its name."""

    def __init__(self, *args: Any, commands_at: Mapping[str, Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._commands_at = commands_at

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The names of the commands, sorted."""
        return sorted(self._commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's
        """The command of this name, imported now; None where there is none."""
        if cmd_name not in self._commands_at:
            return None
        module, _, attribute = self._commands_at[cmd_name].where.partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)  # noqa: S101 - for the type checker
        _also_behind(command, [option for option in self.params if isinstance(option, click.Option)])
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's
        """List the commands, none of them imported."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self._commands_at[name].does) for name in sorted(self._commands_at)])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was called; where there is none of that name, ask whether a like one is meant."""
        if args and not args[0].startswith("-") and args[0] not in self._commands_at:
            from bot.report.wording import did_you_mean

            ctx.fail(f"No such command {args[0]!r}.{did_you_mean(args[0], self._commands_at)}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command that was called. Whatever goes wrong leaves here as words and an exit code."""
        with failures.as_failures(verbose=lambda: bool(ctx.params.get("verbose"))):
            return super().invoke(ctx)


def _also_behind(command: click.Command, options: Sequence[click.Option]) -> None:
    """Let the options that stand in front of a command also stand behind it. Its help doesn't repeat them."""
    if isinstance(command, click.Group):
        for name in command.list_commands(click.Context(command)):
            _also_behind(command.commands[name], options)
    known = {option.name for option in command.params}
    command.params += [_behind(option) for option in options if not option.is_eager and option.name not in known]


def _behind(option: click.Option) -> click.Option:
    return click.Option(
        [*option.opts, str(option.name)],
        is_flag=option.is_flag,
        type=option.type,
        hidden=True,
        help=option.help,
        expose_value=False,
        callback=_said_behind,
    )


def _said_behind(ctx: click.Context, param: click.Parameter, value: object) -> object:
    """Begin anew as if the option stood in front."""
    if value and param.name:
        root = ctx.find_root()
        root.params[param.name] = value
        if root.command.callback is not None:
            root.invoke(root.command.callback, **root.params)
        at: click.Context | None = ctx
        while at is not None:
            at.obj, at = root.obj, at.parent
    return value
