"""`howdah completion`: what a shell needs to complete howdah's commands and options."""

from __future__ import annotations

import click

_VARIABLE = "_HOWDAH_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print the completion script for a shell.

    \b
    howdah completion bash > ~/.local/share/bash-completion/completions/howdah
    howdah completion zsh  > "${fpath[1]}/_howdah"
    howdah completion fish > ~/.config/fish/completions/howdah.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - for the type checker: the choices are click's own
    made = kind(context.find_root().command, {}, "howdah", _VARIABLE)
    # Not source(): it would call bash to ask for its version, which is the business of whoever uses the script.
    click.echo(made.source_template % made.source_vars())
