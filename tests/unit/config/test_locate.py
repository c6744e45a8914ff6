"""The scanner that knows on which line each key stands."""

import tomllib
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.config.locate import Places, locate
from bot.config.toml_text import Key

TEXT = '''\
# a comment = [sites]
[state]
url = "sqlite:///x.db" # url = "no"

[sites."u k"]
url = 'https://news.example'
accounts = [
  "uk", # accounts = ["no"]
  "[de]",
]
nested . dotted."key\\u0021" = 1979-05-27 07:32:00
after = """
key = "not a key"
\\""" [no]
two quotes"""""
literal = \'\'\'
[no]\'\'\'
[accounts.uk]
hashtags = { from = ["tags"], max = 5, deep = { fixed = [ ] } }
[[list.of]]
tables = true
[list.of.below]
it = 1
[[list.of]]
tables = 1.5e3
'''


def test_lines_of_every_form() -> None:
    """Tables, quoted and dotted keys, inline tables, long strings and lists: each key has its own line."""
    expected = {
        ("state",): 2,
        ("state", "url"): 3,
        ("sites",): 5,
        ("sites", "u k"): 5,
        ("sites", "u k", "url"): 6,
        ("sites", "u k", "accounts"): 7,
        ("sites", "u k", "accounts", 0): 8,
        ("sites", "u k", "accounts", 1): 9,
        ("sites", "u k", "nested"): 11,
        ("sites", "u k", "nested", "dotted"): 11,
        ("sites", "u k", "nested", "dotted", "key!"): 11,
        ("sites", "u k", "after"): 12,
        ("sites", "u k", "literal"): 16,
        ("accounts",): 18,
        ("accounts", "uk"): 18,
        ("accounts", "uk", "hashtags"): 19,
        ("accounts", "uk", "hashtags", "from"): 19,
        ("accounts", "uk", "hashtags", "from", 0): 19,
        ("accounts", "uk", "hashtags", "max"): 19,
        ("accounts", "uk", "hashtags", "deep"): 19,
        ("accounts", "uk", "hashtags", "deep", "fixed"): 19,
        ("list",): 20,
        ("list", "of"): 20,
        ("list", "of", 0): 20,
        ("list", "of", 0, "tables"): 21,
        ("list", "of", 0, "below"): 22,
        ("list", "of", 0, "below", "it"): 23,
        ("list", "of", 1): 24,
        ("list", "of", 1, "tables"): 25,
    }

    assert expected == locate(TEXT)


def test_line_of_what_isn_t_there() -> None:
    """A key that is missing stands on the line of its table, and on the first where there is none."""
    places = Places("c.toml", {("sites",): 3, ("sites", "uk"): 3, ("list", "of"): 2, ("list", "of", 1): 3})

    assert places.line(("sites", "uk", "url")) == 3
    assert places.line(("accounts",)) == 1
    assert "c.toml:3: list.of.x: is missing" == places.sentence(("list", "of", 1, "x"), "is missing")
    assert 'c.toml:3: sites."u k".url: is missing' == places.sentence(("sites", "u k", "url"), "is missing")


KEYS = st.sampled_from(["a", "b", "c-1", '"q u"', "'l#]'", '"\\u00e9"', '""', "a.b", 'a . "x=y"', "'[t]'.c"])
VALUES = st.sampled_from(
    [
        "1", "-1.5e3", "true", "1979-05-27 07:32:00", "07:32:00", "inf", "0xff", '""', '"a # b"', '"\\"]"', "''",
        "'\\'", '"""\n[x]\ny = 1\n"""', '""""quoted""""', '"""\\\n  \\""" z = 1"""', "'''\n'z'\n'''", "''''x'''''",
        "[]", "[1, 2,]", '[ # no ]\n "]", [ "}" ],\n]', "[{ i = 1 }, { j = [2] }]", "{}", '{ "k.l" = 1, m.n = "}" }',
    ]
)  # fmt: skip
LINES = st.one_of(
    st.builds("{} = {}".format, KEYS, VALUES),
    st.builds("  {}={} # {}".format, KEYS, VALUES, st.just('x = "')),
    st.builds("[{}]".format, KEYS),
    st.builds("[ {} ] # c".format, KEYS),
    st.builds("[[{}]]".format, KEYS),
    st.builds("[[{}.{}]]".format, KEYS, KEYS),
    st.builds("[{}.{}]".format, KEYS, KEYS),
    st.sampled_from(["", "# [x]", "\t"]),
)


@given(st.lists(LINES, max_size=8).map("\n".join))
def test_knows_every_key(text: str) -> None:
    """Of any text that is TOML, exactly its keys and items are found, each on one of its lines."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    lines = locate(text)

    assert set(_keys(data, ())) == set(lines)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines.values())


@given(st.lists(st.tuples(VALUES, st.integers(0, 3)), min_size=1, max_size=6))
def test_knows_every_line(values: list[tuple[str, int]]) -> None:
    """Whatever values and blank lines stand before it, a key's line is the one it stands on."""
    text, expected = "", {}
    for number, (value, blank) in enumerate(values):
        text += "\n" * blank
        expected[f"key{number}",] = text.count("\n") + 1
        text += f"key{number} = {value}\n"
    found = {key: line for key, line in locate(text).items() if len(key) == 1}

    assert expected == found


def _keys(value: Any, key: Key) -> Iterator[Key]:
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield (*key, number)
            yield from _keys(item, (*key, number))
    if isinstance(value, dict):
        for name, item in value.items():
            yield (*key, name)
            yield from _keys(item, (*key, name))
