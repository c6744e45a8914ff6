"""Secrets stay secret."""

import copy
import pickle
import traceback
from pathlib import Path

import pytest

from bot.config import Secret
from bot.config.showing import effective
from bot.errors import ConfigError
from tests.unit.config.files import ACCOUNT, SITE, loaded, problems

TOKEN = "Zx9-very-secret_token"


def test_never_shown() -> None:
    """No way of making text of a secret shows it."""
    secret = Secret(TOKEN)

    assert {"Secret(…)"} == {repr(secret), str(secret), f"{secret}", f"{secret:>40}", "%s" % secret}  # noqa: UP031


def test_never_pickled() -> None:
    """A secret, and whatever holds one, can't be pickled; copies are the same object."""
    secret = Secret(TOKEN)

    with pytest.raises(TypeError, match=r"^a Secret is not to be pickled$"):
        pickle.dumps({"token": secret})
    assert copy.copy(secret) is secret
    assert copy.deepcopy(secret) is secret


def test_equality() -> None:
    """Secrets are equal where their texts are, and never equal to a text."""
    assert Secret("é") == Secret("é")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1


def test_config_shows_none(tmp_path: Path) -> None:
    """Neither a literal token nor the database's password is in anything that a config shows."""
    text = f'[state]\nurl = "postgresql://me:{TOKEN}@db/h?password={TOKEN}"\n{SITE}[accounts.uk]\n'
    config = loaded(tmp_path, f'{text}instance = "https://social.example"\ntoken = "{TOKEN}"\n')

    assert TOKEN not in f"{config!r} {config} {config.state} {effective(config)} {config.warnings} {config.token('uk')}"
    assert TOKEN == config.token("uk").reveal()
    assert f"postgresql://me:{TOKEN}@db/h?password={TOKEN}" == config.state.url
    assert {TOKEN} == set(config.secrets())
    with pytest.raises(TypeError, match="pickle"):
        pickle.dumps(config)


@pytest.mark.parametrize(
    "lines",
    [
        f'instance = "https://me:{TOKEN}@social.example"',
        f'instance = "me:{TOKEN}@social.example"',
        f'instance = "https://me:{TOKEN}/@social.example"',
        f'instance = "https://social.example"\ntoken = "{TOKEN} {TOKEN}"',
        f'instance = "https://social.example"\ntoken = ["{TOKEN}"]',
        f'instance = "https://social.example"\ntokn = "{TOKEN}"',
        f'instance = "https://social.example"\ntoken_env = "{TOKEN}"',
        f'instance = "https://social.example"\ntoken = {TOKEN}',
        f'instance = "https://social.example"\n[state]\nurl = "postgres://me:{TOKEN}@db/h"',
        f'instance = "https://social.example"\n[state]\nurl = "postgresql://me:{TOKEN}/@db/h"',
        f'instance = "https://social.example"\n[state]\nurl = "mysql://me:{TOKEN}@db/h"',
    ],
)
def test_no_traceback_shows_any(tmp_path: Path, lines: str) -> None:
    """A misplaced secret is in no message, nor in the traceback of the whole chain of causes."""
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, f"{SITE}[accounts.uk]\n{lines}\n")

    assert TOKEN not in "".join(traceback.format_exception(caught.value))


def test_wrong_token_file_stays_unread(tmp_path: Path) -> None:
    """A token file isn't looked at while loading: preview and list need no token."""
    assert (loaded(tmp_path).accounts["uk"].token_file) == "uk.token"
    assert problems(tmp_path, SITE + ACCOUNT.replace("uk.token", "")) == [
        "config.toml:6: accounts.uk.token_file: is empty (leave the key out instead)"
    ]
