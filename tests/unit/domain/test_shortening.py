"""Shortening at the end of a sentence, where one is near."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.shortening import shorten, without_loose_end


def short(text: str, most: int) -> str:
    """The text, at most so many characters of it."""
    return shorten(text, lambda words: len(words) <= most)


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("It blows hard. Nobody sails today.", 20, "It blows hard."),
        ("It blows hard! Nobody sails today.", 20, "It blows hard!"),
        ("“It blows hard.” Nobody sails today.", 20, "“It blows hard.”"),
        ("今日は雨。傘が要る。明日は晴れ。", 11, "今日は雨。傘が要る。"),
        ("क्या हुआ। कुछ नहीं।", 12, "क्या हुआ।"),
        ("It blows hard. Nobody sails today.", 30, "It blows hard. Nobody sails…"),
        ("It blows hard and then Dr. Moe says so.", 30, "It blows hard and then Dr…"),
        ("It blows hard, wrote Ann M. Moe of late.", 32, "It blows hard, wrote Ann M. Moe…"),
        ("It blows hard in the U.S. Nobody sails.", 30, "It blows hard in the U.S…"),
        ("Es stürmt schon seit dem 3. Oktober hier.", 36, "Es stürmt schon seit dem 3. Oktober…"),
        ("It has blown hard since 2024. Nobody sails.", 36, "It has blown hard since 2024."),
        ("It blows hard. nobody sails today.", 22, "It blows hard. nobody…"),
    ],
)
def test_sentences(text: str, most: int, expected: str) -> None:
    """A whole sentence needs no ellipsis; what only looks like its end is none."""
    assert expected == short(text, most)


def test_a_sentence_just_fits() -> None:
    """Its full stop takes the place that the ellipsis would have."""
    assert short("It blows hard. Nobody sails.", 14) == "It blows hard."


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("Storm #ferries", 10, "Storm…"),
        ("嵐#フェリーの話", 6, "嵐…"),
        ("#ferries", 5, ""),
    ],
)
def test_no_half_hashtags(text: str, most: int, expected: str) -> None:
    """A hashtag that was cut would be another one."""
    assert expected == short(text, most)


def test_without_loose_end() -> None:
    """What looks torn off before an ellipsis goes."""
    assert without_loose_end("It blows – “") == "It blows"


PIECES = st.sampled_from(
    ["It blows. ", "Dr. ", "#storm ", "https://a.org/b ", "日本語。", "👩‍👩‍👧‍👦", "word ", "? ", "”", "… "]
)


@given(st.lists(PIECES, max_size=30).map("".join), st.integers(0, 60))
def test_whatever_the_text(text: str, most: int) -> None:
    """It fits, it is a beginning of the text, and nothing in it was cut in two."""
    words = short(text, most)
    kept = words if text.startswith(words) else words.removesuffix("…")

    assert len(words) <= most
    assert text.startswith(kept)
    assert regex.findall(r"\X", text)[: len(regex.findall(r"\X", kept))] == regex.findall(r"\X", kept)
    assert set(regex.findall(r"#\w+|https?://\S+", kept)) <= set(regex.findall(r"#\w+|https?://\S+", text))
