"""Shortening: at the end of a sentence or of a word, and never inside of what has to stay whole."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.composing.shortening import shorten, without_loose_end


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("Hello world", 11, "Hello world"),
        ("Hello world", 10, "Hello…"),
        ("Hello, world", 9, "Hello…"),
        ("one – two", 6, "one…"),
        ("one state-of-the-art", 12, "one…"),
        ("wait… what", 8, "wait…"),
        ("3.5 million", 5, "3.5…"),
        ("Incomprehensible", 6, "Incom…"),
        ("这是一个没有空格的。段落", 6, "这是一个没…"),
        ("สวัสดีชาวโลก", 6, "สวัส…"),
        ("see https://example.com/long/path now", 30, "see…"),
        ("https://example.com/long/path", 10, ""),
        ("one\n\ntwo", 6, "one…"),
        ("— — —", 3, ""),
        ("abc", 1, ""),
    ],
)
def test_shorten(text: str, length: int, expected: str) -> None:
    """Cut at a word's end, or between the characters of scripts without spaces; never within a URL."""
    assert expected == shorten(text, lambda part: len(part) <= length)


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("It rained. The kites stayed home today.", 14, "It rained."),
        ("It rained. The kites stayed home today.", 24, "It rained. The kites…"),
        ("They won! “Never again,” he said", 15, "They won!"),
        ("He said “Never.” Then he left the place", 20, "He said “Never.”"),
        ("Great news... And then it was gone", 16, "Great news..."),
        ("Is it so? #kites fly", 12, "Is it so?"),
        ("We ate it. Then we slept", 14, "We ate it."),
        ("It was in 2024. Then came more", 18, "It was in 2024."),
        ("It rained (a lot). Then it snowed", 21, "It rained (a lot)."),
        ("今天下雨了。明天天晴吗？不知道。", 8, "今天下雨了。"),
        ("「雨です。」と言った人", 7, "「雨です。」"),
        ("هل تمطر؟ نعم تمطر كثيرا", 12, "هل تمطر؟"),
        ("हम घर गए। वे आए थे कल", 12, "हम घर गए।"),
        ("이것은 끝이다. 그리고 나는 간다", 12, "이것은 끝이다."),
    ],
)
def test_a_sentence_that_ends_near_is_the_end(text: str, length: int, expected: str) -> None:
    """A whole sentence needs no ellipsis, in whatever script; one that ends long before leaves too much out."""
    assert expected == shorten(text, lambda part: len(part) <= length)


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("We met Dr. Miller at noon there", 14, "We met Dr…"),
        ("We met Prof. Miller at noon there", 17, "We met Prof…"),
        ("Er aß gern z. B. Brot mit Soße", 16, "Er aß gern z. B…"),
        ("The old U.S. Army came home", 15, "The old U.S…"),
        ("Written by J. Miller himself", 16, "Written by J…"),
        ("He paid 3.5 million to them", 10, "He paid…"),
        ("Am 3. Mai kam er heim", 8, "Am 3…"),
        ("See the book, chapter. 5 begins it", 24, "See the book, chapter…"),
        ("Es kam Ludwig XIV. Besuch hatte er", 20, "Es kam Ludwig XIV…"),
        ("He spoke. then he went on", 15, "He spoke. then…"),
        ("Wait. iPhones are here", 12, "Wait…"),
    ],
)
def test_what_ends_no_sentence(text: str, length: int, expected: str) -> None:
    """Abbreviations, initials, ordinals and what goes on with a small letter."""
    assert expected == shorten(text, lambda part: len(part) <= length)


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("Go there #kites #fly", 18, "Go there #kites…"),
        ("Go there #kites #fly", 14, "Go there…"),
        ("#kites", 4, ""),
        ("#क्षत्रिय है", 5, ""),
        ("我去#风筝节日 好", 6, "我去…"),
        ("@bob@example.com", 10, ""),
        ("See https://a.com/吗。吗吗 now and then", 22, "See…"),
        ("See https://a.com/吗。吗吗", 20, "See…"),
        ("雨が降った。\u0301雨が降る", 8, "雨が降った。\u0301…"),
    ],
)
def test_what_is_never_cut_in_two(text: str, length: int, expected: str) -> None:
    """Hashtags, mentions, URLs and clusters, not even at what looks like a sentence's end."""
    assert expected == shorten(text, lambda part: len(part) <= length)


WORDS = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=8) | st.sampled_from(
    [
        "It",
        "ended.",
        "Dr.",
        "Then!",
        "“So?”",
        "#kite",
        "#日本語",
        "雨。",
        "👩‍👩‍👧‍👦.",
        "https://a.com/b.C",
        "@bob",
        "–",
        "…",
        "x.\u0301",
    ]
)
TEXTS = st.text() | st.lists(WORDS, min_size=1, max_size=20).map(" ".join)


@given(TEXTS, st.integers(0, 80))
def test_what_is_left_is_a_beginning(text: str, length: int) -> None:
    """It fits, is a beginning of the text but for the ellipsis, and ends between two grapheme clusters."""
    short = shorten(text, lambda part: len(part) <= length)

    assert len(short) <= length
    bare = short if text.startswith(short) else short.removesuffix("…")
    assert text.startswith(bare)
    assert len(bare) in {0} | {match.end() for match in regex.finditer(r"\X", text)}


@given(TEXTS, st.integers(0, 80))
def test_no_half_a_hashtag_or_url_is_left(text: str, length: int) -> None:
    """What follows the cut is no part of a hashtag or URL that begins before it."""
    short = shorten(text, lambda part: len(part) <= length)
    bare = short if text.startswith(short) else short.removesuffix("…")

    for whole in regex.finditer(r"#[\p{L}\p{M}\p{N}_]+|[a-z]+://\S+", text):
        assert not whole.start() < len(bare) < whole.end()


@given(st.text(max_size=600), st.integers(0, 400))
def test_as_much_as_fits_is_left(words: str, length: int) -> None:
    """A text that fits is left as it is; of words in a row at most one that would have fitted is missing."""
    text = " ".join("abcde" for _ in words)
    short = shorten(text, lambda part: len(part) <= length)

    assert short == text or length - 6 < len(short) <= length or (length < 2 and short == "")


def test_shorten_looks_no_further_than_it_has_to() -> None:
    """A long text is measured a few times only, and as a whole but once."""
    measured: list[int] = []

    def fits(part: str) -> bool:
        measured.append(len(part))
        return len(part) <= 500

    assert 490 <= len(shorten("word " * 20_000, fits)) <= 500
    assert len(measured) < 30
    assert sum(measured) < 110_000


@pytest.mark.parametrize("noise", ["a", "。", ". A", "#a", "@a.", "a://", "日本", '."', "\u0301"])
def test_long_noise_is_no_burden(noise: str) -> None:
    """A hundred kilobytes of anything are measured a few times only, nearly all of them short."""
    measured: list[int] = []

    def fits(part: str) -> bool:
        measured.append(len(part))
        return len(part) <= 500

    assert len(shorten(noise * (100_000 // len(noise)), fits)) <= 500
    assert len(measured) < 60
    assert sum(measured) < 150_000


def test_loose_ends() -> None:
    """What looks torn off before an ellipsis goes."""
    assert without_loose_end("one, – “") == "one"
    assert without_loose_end("one!") == "one!"


@pytest.mark.parametrize("quoted", ["„Ja“", "‚Nein.‘", "»Ja«", "›Ja!‹", "“Yes”", "Er sagte „Ja“"])
def test_closing_quotation_marks_are_no_loose_ends(quoted: str) -> None:
    """What opens a quotation in one language closes it in another: behind a word it closes, behind a space it opens."""
    assert without_loose_end(quoted) == quoted
    assert shorten(f"{quoted} und noch vieles mehr", lambda text: len(text) <= len(quoted) + 1) == f"{quoted}…"
