"""`howdah help`: the same as --help, for whoever asks in words; and all of it as a man page (roff, see man(7))."""

from __future__ import annotations

import re
from inspect import cleandoc
from typing import TYPE_CHECKING

import click

from bot import __version__
from bot.cli.terminal.output import say

if TYPE_CHECKING:
    from collections.abc import Iterator


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


def man_page(root: click.Context) -> str:
    """howdah(1)."""
    return "\n".join([_title(), *_head(root), *_commands(root), *_foot()]) + "\n"


def _title() -> str:
    return f'.TH HOWDAH 1 "" "howdah {__version__}" "User Commands"'


def _head(root: click.Context) -> Iterator[str]:
    yield from (".SH NAME", r"howdah \- share WordPress posts on Mastodon and the fediverse")
    yield from (".SH SYNOPSIS", r"\fBhowdah\fR [\fIOPTIONS\fR] \fICOMMAND\fR [\fIARGS\fR]...")
    yield ".SH DESCRIPTION"
    yield from _prose(root.command.help or "")
    yield ".SH OPTIONS"
    yield from _options(root)


def _commands(root: click.Context) -> Iterator[str]:
    yield ".SH COMMANDS"
    for context in _all_commands(root):
        usage = " ".join(context.command.collect_usage_pieces(context))
        yield f".SS {_escaped(context.command_path)} {_escaped(usage)}".rstrip()
        yield from _prose(context.command.help or "")
        yield from _options(context)


def _foot() -> Iterator[str]:
    yield from (
        ".SH FILES",
        "The config is sought in: \\fB\\-\\-config\\fR, \\fI$HOWDAH_CONFIG\\fR, \\fI./config.toml\\fR,",
        "\\fI~/.config/howdah/config.toml\\fR, \\fI/etc/howdah/config.toml\\fR.",
    )
    yield from (
        ".SH EXIT STATUS",
        "0: done. 1: something was left undone or refused; stderr says what.",
        "2: the command line or the config is wrong.",
    )


def _all_commands(at: click.Context) -> Iterator[click.Context]:
    """Every command, with those of groups after their group."""
    if not isinstance(at.command, click.Group):
        return
    for name in at.command.list_commands(at):
        command = at.command.get_command(at, name)
        if command is not None and not command.hidden:
            context = click.Context(command, info_name=name, parent=at)
            yield context
            yield from _all_commands(context)


def _options(context: click.Context) -> Iterator[str]:
    for parameter in context.command.get_params(context):
        record = parameter.get_help_record(context)
        if record is not None and record[1]:  # an argument's name alone says nothing
            yield from (".TP", rf"\fB{_escaped(record[0])}\fR", _escaped(record[1]))


def _prose(text: str) -> Iterator[str]:
    """Paragraphs; those that begin with click's mark keep their lines."""
    for paragraph in re.split(r"\n\s*\n", cleandoc(text)):
        kept = paragraph.startswith("\b")
        lines = [_escaped(line.strip() if not kept else line) for line in paragraph.lstrip("\b\n").splitlines()]
        yield ".PP"
        yield from [".nf", *lines, ".fi"] if kept else [" ".join(lines)]


def _escaped(text: str) -> str:
    """A text as roff takes it: no escape of its own, no line that would be a request."""
    text = text.replace("\\", r"\e").replace("-", r"\-")
    return rf"\&{text}" if text.startswith((".", "'")) else text
