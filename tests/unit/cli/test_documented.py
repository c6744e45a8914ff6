"""What the documentation and the helps tell people to type is a command that exists, with options that it has."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from bot.cli import cli

ROOT = Path(__file__).parents[3]
# What quotes howdah's own texts has commands in them that a person completes.
_QUOTES = ROOT / "docs" / "errors.md"
PAGES = [ROOT / "README.md", ROOT / "config.example.toml", *sorted({*(ROOT / "docs").glob("*.md")} - {_QUOTES})]
# `howdah …` in a sentence, and a line of its own in a block.
_CODE = re.compile(r"`((?:\S*/)?howdah [^`\n]+)`|^(?: {4}|\t)(?:[\w.-]+\$ )?((?:\S*/)?howdah [^\n]+)$", re.MULTILINE)
# What a table explains: of docs/errors.md that is a text of howdah's, and often begins with its name.
_EXPLAINED = re.compile(r"^\| .+? (?<!\\)\| ", re.MULTILINE)
_END = re.compile(r"\s\\?[|>;&#].*|\s{3,}.*|\s2?>.*")


def commands_in(text: str) -> Iterator[list[str]]:
    """The arguments of each howdah that is called there; what stands behind it for the shell, or for people, is cut."""
    for found in _CODE.finditer(text):
        line = _END.sub("", found[1] or found[2]).strip()
        if "…" not in line and "..." not in line:
            yield shlex.split(line)[1:]


def check(arguments: list[str]) -> None:
    """Raise click.UsageError where a call makes no sense; nothing is run."""
    context = cli.make_context("howdah", list(arguments))
    command: click.Command = cli
    while isinstance(command, click.Group):
        rest = [*context._protected_args, *context.args]
        if not rest:
            return  # a group by itself, in a sentence
        name, found, rest = command.resolve_command(context, rest)
        assert found is not None
        if not rest and not isinstance(found, click.Group):
            return  # a command by its name alone, in a sentence
        context, command = found.make_context(name, rest, parent=context), found


def documented() -> Iterator[tuple[str, list[str]]]:
    """Each call, with where it is."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for arguments in commands_in(_EXPLAINED.sub("", text) if page.name == "errors.md" else text):
            if "COMMAND" not in arguments:
                yield page.name, arguments


def test_each_call_in_the_documentation_makes_sense() -> None:
    """Whoever copies it gets what the page says, not a usage error."""
    wrong = []
    for page, arguments in documented():
        try:
            check(arguments)
        except click.UsageError as error:
            wrong.append(f"{page}: howdah {shlex.join(arguments)}: {error.format_message()}")
        except click.exceptions.Exit:
            pass  # --help, --version

    assert [] == wrong


def test_there_are_some() -> None:
    """The pages are found, and what is looked for in them."""
    assert 30 < len(list(documented()))


def commands(at: click.Context = click.Context(cli)) -> Iterator[tuple[str, ...]]:  # noqa: B008 - of no state
    """Each command by its words, those of groups among them."""
    assert isinstance(at.command, click.Group)
    for name in at.command.list_commands(at):
        yield (name,)
        command = at.command.get_command(at, name)
        if isinstance(command, click.Group):
            yield from ((name, *words) for words in commands(click.Context(command)))


def examples_of(words: tuple[str, ...]) -> Iterator[list[str]]:
    """The arguments of each call in a command's help."""
    command: click.Command = cli
    for word in words:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), word)
        assert found is not None
        command = found
    lines = [line.strip() for line in (command.help or "").replace("\\\n", "").splitlines()]
    return (shlex.split(_END.sub("", line))[1:] for line in lines if line.startswith("howdah "))


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_each_help_has_an_example_that_makes_sense(words: tuple[str, ...]) -> None:
    """Of its own command, or of one of its group."""
    examples = list(examples_of(words))

    assert any(set(words) <= set(example) for example in examples)
    for example in examples:
        check(example)
