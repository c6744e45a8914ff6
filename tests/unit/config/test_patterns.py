"""Patterns of the config: a few letters that would fill the memory are refused before they are compiled."""

import pytest

from bot.config.patterns import pattern

_MUCH = "repeats too much: written out, it has over 100,000 parts"
_NONE = "isn't a regular expression"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("((a{100}){100}){100}", _MUCH),
        ("(?:(?:ab|c){1000}){200,}", _MUCH),
        (r"(?=(\w{400,500}){400})x", _MUCH),
        ("([()]{500}){500}", _MUCH),
        (r"(\({500}){500}", _MUCH),
        ("a{1000000}", _MUCH),
        ("(?x)(?:(?:(?:a {300}) {300}) {300}) {300}", _MUCH),
        ("(?i)(?x:(?:(?:a\n{300})\n{300})\n{300})", _MUCH),
        ("(?x)(?:(?:a # one\n{300}) # two\n{300}) # three\n{300}", _MUCH),
        ("(?x)a { 1 000 000 }", _MUCH),
        ("(?:(?:(?:a(?#){300})(?#two){300})(?#){300})", _MUCH),
        ("a{99999999999}", _NONE),
        (f"a{{{'9' * 5000}}}", _NONE),
        ("(" * 5000 + ")" * 5000, _NONE),
        ("(a", _NONE),
        ("(?P<a>b)(?P<a>c)", _NONE),
    ],
)
def test_refused(value: str, said: str) -> None:
    """With what is wrong; the pattern itself is shortened."""
    with pytest.raises(ValueError, match=said) as refused:
        pattern(value)
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    "value",
    [
        r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        r"(?i)\b(?:ad|sponsored)\b",
        r"^.{1,200}(?:[A-Z]{3}\d{10}){2,5}$",
        "(?:(?:a{1,100}){1,100}){1,100}",
        "|".join(f"word{number}" for number in range(3000)),
        r"[]a]{3}[^]]\{99999\}",
        "a{,5}{",
        "[a-z]{1000} {200}",
        r"(?x)  \d{4} - \d{2}  # the day\n  [ ]{3} \ {2} [(?#]{2}",
    ],
)
def test_taken(value: str) -> None:
    """As it is, however long, and whatever is repeated at most."""
    assert value == pattern(value)
