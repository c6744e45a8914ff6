"""Whatever stands at a key, a person gets sentences."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bot.config.account_tables import AccountTable, HashtagTable, RuleTable
from bot.config.alert_tables import AlertTable
from bot.config.kinds import Table, keys_of
from bot.config.model import StateTable
from bot.config.site_tables import OnlyTable, SiteTable
from bot.config.web_tables import WebTable
from bot.errors import ConfigError
from tests.unit.config.files import ACCOUNT, SITE, loaded

TABLES: dict[str, type[Table]] = {
    "state": StateTable,
    "sites.uk": SiteTable,
    "sites.uk.only.uk": OnlyTable,
    "accounts.uk": AccountTable,
    "accounts.uk.hashtags": HashtagTable,
    "web": WebTable,
    "alerts": AlertTable,
}
ODD = [
    "true", "-1", "99999999999999999999999", "1.5", "nan", "-inf", '""', '" "', '"\\u0000"', '"é"', "[]", "[[]]",
    '["uk", "uk"]', "[{}]", "[true]", "{}", "{ x = 1 }", '{ "" = {} }', "1979-05-27", "07:32:00",
    '"' + "9" * 5000 + '"',
    '"https://["', '"-"', '"{"', '"(?P<x"', '"a{99999999999}"', '"0:0-0:1 UTC/.."',
]  # fmt: skip


def names() -> Iterator[str]:
    """Every key of the config, every table, and some that aren't there."""
    for table, kind in TABLES.items():
        yield from (f"{table}.{key.encode_name}" for key in keys_of(kind))
    yield from [*TABLES, "sites", "accounts", "sites.uk.x", "x", '"[key]"', 'sites.uk."[key]"', 'sites."[key]"', "x.y"]
    yield from ["sites.uk.only.uk.x", 'sites.uk.only."[key]"', "accounts.uk.hashtags.alias.x", "accounts.uk.rules.x"]
    yield 'accounts.uk.hashtags.alias."[key]"'


@pytest.mark.parametrize("name", sorted(set(names())))
def test_odd_values(tmp_path: Path, name: str) -> None:
    """Any value at any key loads, or is refused with at least one sentence of one line that has a place."""
    group = name.partition(".")[0]
    others = {"sites": ACCOUNT, "accounts": SITE}.get(group, SITE + ACCOUNT)
    for value in ODD:
        text = f"{name} = {value}\n{others}"
        with suppress(ConfigError):
            loaded(tmp_path, text)
            continue
        said = refusal(tmp_path, text)

        assert said
        assert all(line.startswith(f"{tmp_path}/config.toml:") and line.isprintable() for line in said), value


@pytest.mark.parametrize("key", [*RuleTable.__struct_encode_fields__, "x"])
def test_odd_rules(tmp_path: Path, key: str) -> None:
    """The same for a key of a rule, which is named on its own line."""
    for value in ODD:
        text = f'{SITE}{ACCOUNT}[[accounts.uk.rules]]\ntags = ["a"]\n[[accounts.uk.rules]]\n{key} = {value}\n'
        said = refusal(tmp_path, text)

        assert all(re.match(rf"{tmp_path}/config\.toml:([79]|10): accounts\.uk\.rules", line) for line in said), value


def refusal(folder: Path, text: str) -> tuple[str, ...]:
    """What is said instead of loading this text."""
    with pytest.raises(ConfigError) as caught:
        loaded(folder, text)
    return caught.value.problems
