"""Mentions: who is notified, and who isn't."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.composing.mentions import defuse_mentions, mentions_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@bob", "@\u200bbob"),
        ("(@bob@example.org), mail a@b.org", "(@\u200bbob@example.org), mail a@b.org"),
        ("see https://a.org/@bob", "see https://a.org/%40bob"),
        ("@", "@\u200b"),
        ("3 @ 4", "3 @ 4"),
    ],
)
def test_nobody_is_notified(text: str, expected: str) -> None:
    """A zero-width space behind each `@` that a server could read; in a URL it is escaped."""
    assert expected == defuse_mentions(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("By @Alice and @bob", "By @Alice and @\u200bbob"),
        ("By @alice@example.org.", "By @\u200balice@example.org."),
        ("By @ann@example.org, @ann@example.org.evil.net", "By @ann@example.org, @\u200bann@example.org.evil.net"),
        ("@ann", "@\u200bann"),
        ("https://a.org/@alice", "https://a.org/%40alice"),
    ],
)
def test_who_is_allowed_is_notified(text: str, expected: str) -> None:
    """The whole handle counts, whatever its case, and with or without `@` in the list."""
    assert expected == defuse_mentions(text, ("@alice", "Ann@Example.org"))


def test_mentions_in() -> None:
    """In their order, none twice; neither e-mail addresses nor parts of URLs."""
    text = "@ann@example.org and (@bob) and @ann@example.org, c@d.org https://a.org/@eve @\u200bmallory @."

    assert mentions_in(text) == ("ann@example.org", "bob")


def test_an_address_in_another_script() -> None:
    """Behind a letter that isn't ASCII Misskey reads a mention: it is defused; Mastodon needn't be told of it."""
    assert defuse_mentions("日本語@bob, josé@bob") == "日本語@\u200bbob, josé@\u200bbob"
    assert mentions_in("日本語@bob, josé@bob") == ()


@given(st.text(alphabet="@ab.ä \u200b/:#-_", max_size=40))
def test_a_defused_text_mentions_nobody(text: str) -> None:
    """Whatever stands in it."""
    assert mentions_in(defuse_mentions(text)) == ()
