"""Tokens never leave."""

import pytest

from bot.cli.redaction import MARK, hide, remember

TOKEN = "ZK9f-q0_Ow7Jr4uT1xLmB2"


class TestWhatLooksLikeAToken:
    """Nobody said that these are tokens."""

    @pytest.mark.parametrize(
        ("text", "hidden"),
        [
            ("Authorization: Bearer abc.DEF-123", f"Authorization: Bearer {MARK}"),
            ("authorization: basic dXNlcjpwdw==", f"authorization: basic {MARK}"),
            ("GET /api?access_token=abc123&limit=4", f"GET /api?access_token={MARK}&limit=4"),
            ("{'access_token': 'abc123', 'a': 1}", f"{{'access_token': '{MARK}', 'a': 1}}"),
            ('{"client_secret": "abc123"}', f'{{"client_secret": "{MARK}"}}'),
            ('token = "abc123"', f'token = "{MARK}"'),
            ("password: abc123", f"password: {MARK}"),
        ],
    )
    def test_is_hidden(self, text: str, hidden: str) -> None:
        """Its name stays, its value goes."""
        assert hidden == hide(text)

    @pytest.mark.parametrize(
        "text",
        [
            "the token file /etc/uk.token can't be read",
            "the instance refuses the token (401)",
            "accounts.uk.token_file: is empty",
            "uk/393174 on uk: shared: https://social.example/@uk/1151",
            "every post bears a title",
        ],
    )
    def test_other_words_stay(self, text: str) -> None:
        """What merely speaks of tokens is left as it is."""
        assert text == hide(text)


class TestAKnownToken:
    """A command has read a token."""

    def test_is_hidden_wherever_it_stands(self) -> None:
        """In the middle of a word too, and it is handed on unchanged."""
        assert TOKEN == remember(TOKEN)
        assert f"x{MARK}y {MARK}" == hide(f"x{TOKEN}y {TOKEN}")

    def test_is_hidden_in_its_escaped_forms(self) -> None:
        """As it stands in JSON and in a URL."""
        remember('quo"te/ß-1234')

        assert f"{MARK} {MARK} {MARK}" == hide(r"quo\"te/\u00df-1234 quo%22te%2F%C3%9F-1234 " + 'quo"te/ß-1234')

    def test_a_short_one_hides_no_words(self) -> None:
        """A token of three letters would blot out innocent text."""
        remember("and")

        assert "sand and water" == hide("sand and water")
