"""What a person wrote for a status on the command line."""

import re

import click

_FIELD = re.compile(r"\{(title|excerpt|content|link|hashtags|author|category|categories|date|site)[|}]")


def own_words(text: str) -> str:
    """The text as it was given; UsageError where it can't be what is meant: nothing, or a template."""
    if not text.strip():
        raise click.UsageError("--text is empty. Write the words that the status is to have.")
    if field := _FIELD.search(text):
        raise click.UsageError(f"--text is published as it is: {{{field[1]}}} isn't filled in. Write it out.")
    return text
