"""Config files for tests."""

from pathlib import Path

import pytest

from bot.config import Config, load
from bot.errors import ConfigError

SITE = '[sites.uk]\nurl = "https://news.example/uk"\naccounts = ["uk"]\n'
ACCOUNT = '[accounts.uk]\ninstance = "https://social.example"\ntoken_file = "uk.token"\n'


def write(folder: Path, text: str = SITE + ACCOUNT) -> Path:
    """A config file with this text."""
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def loaded(folder: Path, text: str = SITE + ACCOUNT) -> Config:
    """The config of this text."""
    return load(write(folder, text))


def problems(folder: Path, text: str) -> list[str]:
    """What is wrong with a config of this text, without the folder's name."""
    path = write(folder, text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    return [problem.removeprefix(f"{folder}/") for problem in caught.value.problems]


def problems_of_site(folder: Path, lines: str) -> list[str]:
    """What is wrong with these lines, the first being line 1, in the table [sites.uk]; place and table cut off."""
    return _cut(problems(folder, f"{ACCOUNT}[sites.uk]\n{lines}"), "config.toml:5: sites.uk.")


def problems_of_account(folder: Path, lines: str) -> list[str]:
    """The same for [accounts.uk]."""
    return _cut(problems(folder, f"{SITE}[accounts.uk]\n{lines}"), "config.toml:5: accounts.uk.")


def _cut(found: list[str], place: str) -> list[str]:
    return [problem.removeprefix(place) for problem in found]
