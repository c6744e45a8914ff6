"""The config for readers: the effective one, the schema, the example."""

import re
import tomllib
from pathlib import Path
from typing import Any

from msgspec import inspect
from msgspec.structs import replace

from bot.config import load
from bot.config.account_tables import AccountTable, HashtagTable, RuleTable
from bot.config.alert_tables import AlertTable
from bot.config.json_schema import schema
from bot.config.kinds import Table, keys_of
from bot.config.model import StateTable
from bot.config.showing import effective
from bot.config.site_tables import OnlyTable, SiteTable
from bot.config.validation import validated
from bot.config.web_tables import WebTable
from tests.unit.config.files import ACCOUNT, SITE, loaded, write

EXAMPLE = Path(__file__).parents[3] / "config.example.toml"
ODD = (
    '[state]\nurl = "postgresql://me@db/h"\n[sites."u.k"]\nurl = "https://news.example"\naccounts = ["d.e"]\n'
    'exclude_title = "\\"\\\\d\\n\\u007f\\té"\n'
    '[accounts."d.e"]\ninstance = "https://social.example"\ntoken_env = "T"\nmin_interval = "1h250ms"\n'
    'hashtags.fixed = ["a", "b"]\nhashtags.max = 2\nquiet_hours = "23:00-07:00 UTC"\nattempts = 3\n'
    'mentions = ["@alice@example.org"]\nhashtags.alias."a b" = "c"\nhashtags.alias.d = ""\n'
    '[[accounts."d.e".rules]]\nsites = ["u.k"]\nlanguage = ""\nsensitive = false\n'
    '[[accounts."d.e".rules]]\ntags = ["a\\"b"]\ntemplate = "{title}\\n{link}"\nimages = "card"\n'
    '[sites."u.k".only."d.e"]\ntitle = "^x"\nexclude_sticky = true\n'
    '[web]\npassword_file = "p"\n'
)


def test_effective_is_complete(tmp_path: Path) -> None:
    """Every key is there with its default, the address first; what is unset is left out."""
    config = loaded(tmp_path)

    assert (
        f"""\
# {tmp_path}/config.toml

[state]
url = "sqlite:///howdah.db"

[sites.uk]
url = "https://news.example/uk"
allow_private = false
accounts = ["uk"]
poll_every = "2m"
settle = "1m"
first_run = "skip"
max_age = "2d"
max_burst = 60
post_type = "post"
source = "auto"
feed_url = ""
link_host = ""
write_back = false
plugin = "adopt"
defer_for = "10m"
categories = []
exclude_categories = []
tags = []
exclude_tags = []
authors = []
title = ""
exclude_title = ""
exclude_sticky = false
min_length = 0
languages = []

[accounts.uk]
instance = "https://social.example"
allow_private = false
token_file = "uk.token"
visibility = "public"
template = "{{title}}\\n\\n{{excerpt}}\\n\\n{{link}}\\n\\n{{hashtags}}"
language = ""
spoiler_text = ""
sensitive = false
images = "attach"
max_images = 1
media_budget = "wait"
hashtags = {{ from = ["tags", "categories"], fixed = [], max = 5, alias = {{}}, allow = [], deny = [] }}
mentions = []
author_words = true
on_edit = "ignore"
on_delete = "ignore"
follow_for = "30d"
order = "oldest"
min_interval = "0s"
max_per_day = 0
quiet_hours = ""
timeout = "30s"
answer_deadline = "2m30s"
backoff = "30s"
attempts = 8
"""
    ) == effective(config)


def test_effective_loads_again(tmp_path: Path) -> None:
    """What is shown is a config that means the same."""
    config = loaded(tmp_path, ODD)
    again = load(write(tmp_path, effective(config)))

    assert config.settings == again.settings
    assert effective(config) == effective(again)
    assert load(write(tmp_path, effective(loaded(tmp_path)))).accounts["uk"].quiet_hours == ""


def test_effective_shows_tables_of_their_own(tmp_path: Path) -> None:
    """What is only for one account comes under its site, a rule under its account; of a rule, only what it sets."""
    shown = effective(loaded(tmp_path, ODD))

    assert '[sites."u.k".only."d.e"]\ncategories = []\n' in shown
    assert (
        '[[accounts."d.e".rules]]\nsites = ["u.k"]\ncategories = []\ntags = []\nauthors = []\nlanguage = ""\n'
        'sensitive = false\n\n[[accounts."d.e".rules]]\n'
    ) in shown


def test_effective_without_token(tmp_path: Path) -> None:
    """A literal token is only said to be there."""
    shown = effective(loaded(tmp_path, SITE + ACCOUNT.replace('token_file = "uk.token"', 'token = "s3cret"')))

    assert '# token = "…" (not shown)' in shown.splitlines()
    assert "s3cret" not in shown


def test_schema_describes_every_key() -> None:
    """An editor finds a title or a table, and a description, at each key; and no null, which TOML doesn't have."""
    written = schema()
    tables: list[dict[str, Any]] = [written, *written["$defs"].values()]
    described = [keys for table in tables for keys in table["properties"].values()]

    assert all(keys["description"] and ("title" in keys or "$ref" in keys) for keys in described)
    assert "null" not in str(written)
    assert all(table["additionalProperties"] is False for table in tables)


def test_schema_of_durations() -> None:
    """A duration is a text with a pattern, its default written as people do."""
    poll_every = schema()["$defs"]["SiteTable"]["properties"]["poll_every"]

    assert ("string", "2m", ["2m"]) == (poll_every["type"], poll_every["default"], poll_every["examples"])
    assert re.search(poll_every["pattern"], "1h30m")
    assert not re.search(poll_every["pattern"], "2min")


def test_schema_examples_hold() -> None:
    """Every example in the schema is accepted by the schema's own table."""
    tables: list[tuple[type[Table], dict[str, Any]]] = [
        (SiteTable, {"url": "https://n.example", "accounts": ["uk"]}),
        (AccountTable, {"instance": "https://n.example"}),
        (OnlyTable, {}),
        (HashtagTable, {}),
        (RuleTable, {}),
        (StateTable, {}),
        (WebTable, {"password_file": "web.password"}),
        (AlertTable, {}),
    ]
    for table, required in tables:
        for key in keys_of(table):
            assert isinstance(key.type, inspect.Metadata)
            for example in (key.type.extra_json_schema or {}).get("examples", ()):
                validated(table, {**required, key.encode_name: example})


def test_example_as_it_is() -> None:
    """The example is a config that works, without a warning."""
    assert load(EXAMPLE).warnings == ()


def test_example_in_full(tmp_path: Path) -> None:
    """With the mark before each key taken away it still works, and the values are the defaults where they say so."""
    text = re.sub(r"^#(?=[a-z\[])", "", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    text = text.removeprefix(EXAMPLE.read_text(encoding="utf-8").partition("\n")[0])
    config = loaded(tmp_path, text)
    plain = load(EXAMPLE)

    assert {"uk", "de"} == set(config.sites)
    assert config.settings.state == plain.settings.state
    assert [("Politics", "Elections"), ()] == [rule.categories for rule in config.accounts["uk"].rules]
    assert plain.accounts["uk"] == replace(config.accounts["uk"], language="", quiet_hours="", rules=())
    lists = ("categories", "tags", "authors", "exclude_categories", "exclude_tags", "languages")
    texts = ("title", "exclude_title", "user", "password_file", "hook_secret_file", "feed_url", "link_host")
    examples = {**dict.fromkeys(lists, ()), **dict.fromkeys(texts, ""), "only": {}}
    assert plain.sites["uk"] == replace(config.sites["uk"], **examples)


def test_example_has_every_key() -> None:
    """No key is left unexplained."""
    text = EXAMPLE.read_text(encoding="utf-8")
    tables = (StateTable, SiteTable, OnlyTable, AccountTable, WebTable, AlertTable, HashtagTable, RuleTable)
    keys = {key.encode_name for table in tables for key in keys_of(table)}

    assert set() == {key for key in keys if not re.search(rf"\b{key} = |\[(sites|accounts)\.uk\.{key}\b", text)}
    tomllib.loads(text)
