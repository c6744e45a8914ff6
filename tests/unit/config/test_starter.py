"""The first config."""

import re

import pytest

from bot.config.starter import Answers, name_for, starter
from bot.domain.policy import OnEdit
from tests.unit.config.files import loaded

ANSWERS = Answers(
    name="blog",
    site="https://blog.example",
    instance="https://social.example",
    token_file="blog.token",
    allow_private=False,
)


def test_it_is_a_config_without_a_warning(tmp_path):
    """One site and one account, with the answers."""
    config = loaded(tmp_path, starter(ANSWERS))

    assert () == config.warnings
    assert ("https://blog.example", ("blog",)) == (config.sites["blog"].url, config.sites["blog"].accounts)
    assert ("https://social.example", "blog.token") == (
        config.accounts["blog"].instance,
        config.accounts["blog"].token_file,
    )


def test_each_key_that_it_shows_is_one(tmp_path):
    """With every # taken away it is a config still."""
    config = loaded(tmp_path, re.sub(r"^#(?=[a-z])", "", starter(ANSWERS), flags=re.MULTILINE))

    assert OnEdit.IGNORE is config.accounts["blog"].on_edit


def test_private_addresses_are_permitted_in_both(tmp_path):
    """Where they were."""
    answers = Answers(name="a.b", site="http://10.0.0.1", instance="http://x", token_file='a"b', allow_private=True)
    config = loaded(tmp_path, starter(answers))

    assert (True, True) == (config.sites["a.b"].allow_private, config.accounts["a.b"].allow_private)


@pytest.mark.parametrize(
    ("site", "name"),
    [
        ("https://www.europesays.com/uk", "europesays"),
        ("https://blog.example", "blog"),
        ("http://127.0.0.1:8080", "127"),
        ("https://bücher.example", "xn--bcher-kva"),
        ("https://[::1]", "blog"),
    ],
)
def test_its_name_is_the_hosts(site, name):
    """The first label, without www."""
    assert name == name_for(site)
