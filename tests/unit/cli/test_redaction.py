"""Tokens never leave."""

import pytest

from bot.cli.redaction import MARK, hidden, hide, remember

TOKEN = "ZK9f-q0_Ow7Jr4uT1xLmB2"


@pytest.mark.parametrize(
    "text",
    [
        "Basic principles of bee keeping",
        "Your password: 12345678, and how to do better",
        "the token file /etc/uk.token can't be read",
        'password=12345"x',
    ],
)
def test_other_words_stay(text: str) -> None:
    """What merely looks like a secret is left as it is."""
    assert text == hide(text)


class TestAKnownToken:
    """A command has read a token."""

    def test_is_hidden_wherever_it_stands(self) -> None:
        """In the middle of a word too, and it is handed on unchanged."""
        assert TOKEN == remember(TOKEN)
        assert f"x{MARK}y {MARK}" == hide(f"x{TOKEN}y {TOKEN}")

    def test_is_hidden_in_its_escaped_forms(self) -> None:
        """As it stands in a URL, and in an error that shows it as Python writes it."""
        remember("quo'te\\/ß-1234")

        assert f"{MARK} {MARK} {MARK}" == hide("quo'te\\/ß-1234 quo%27te%5C%2F%C3%9F-1234 quo'te\\\\/ß-1234")

    def test_is_hidden_in_json(self) -> None:
        """Before it is escaped, at any depth, so that what comes out can be read again."""
        remember('quo"te\\1234')
        remember(TOKEN)
        shown = hidden({"a": ['x quo"te\\1234', 7, None], "b": {"c": TOKEN, TOKEN: True}})

        assert {"a": [f"x {MARK}", 7, None], "b": {"c": MARK, MARK: True}} == shown

    def test_a_short_one_hides_no_words(self) -> None:
        """A token of three letters would blot out innocent text."""
        remember("and")

        assert "sand and water" == hide("sand and water")
